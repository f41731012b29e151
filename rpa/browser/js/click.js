// Where to click for a spot: buttons, links, tiles, tabs, menu items, cells' actions, pictures.
// Needs dom, names, controls, find, wait, and picture for pictures.

const PUSHABLE =
  "button, a, summary, area, input[type=button], input[type=submit], input[type=reset], input[type=image], [onclick], [role=button], [role=link], [role=tab], [role=menuitem], [role=option], [role=treeitem]";
const BUTTONS = "button, input, [role=button], a[class*=btn], a[class*=button]";
const LINKS = "a, area, [role=link], [onclick]:not(button, input, [role=button])";
const OFF = ":disabled, [aria-disabled=true], .layui-btn-disabled, .is-disabled, .l-btn-disabled, .layui-disabled";
const FIELD_KINDS = ["text", "select", "checkbox", "radio", "date", "file"];

const disabled = (el) => el.matches(OFF) || el.closest("[aria-disabled=true], fieldset:disabled") !== null;

/** What a button or link says. */
function caption(el) {
  if (el.matches("input")) return [el.value || el.alt || el.title];
  const said = text(el);
  const named = [el.getAttribute("aria-label"), el.title, el.getAttribute("alt")];
  const pictures = Array.from(el.querySelectorAll("img[alt]"), (picture) => picture.alt);
  return said ? [said, el.getAttribute("aria-label")] : [...named, ...pictures];
}

const pushable = (el) => el.closest(PUSHABLE) ?? (getComputedStyle(el).cursor === "pointer" ? el : null);

const COUNT = /\d+[条项个件笔]?$/; // a tile may show how many wait behind it

/** Elements of one document that say something of about this length, as candidates. */
function* sayings(root, length) {
  for (const el of root.querySelectorAll("*")) {
    if (el.matches("script, style, option, select, textarea") || el.textContent.length > length) continue;
    const names = (el.matches(PUSHABLE) ? caption(el) : [el.textContent]).map(normalise).filter(Boolean);
    const counted = names.map((name) => name.replace(COUNT, "")).filter(Boolean);
    if (names.length > 0) yield { el, box: el, labels: names, hints: counted };
  }
}

/** One candidate for each thing to push: of nested elements the one that reacts, else the innermost. */
function merged(candidates) {
  const pushed = candidates.map((candidate) => ({ ...candidate, push: pushable(candidate.el) }));
  const reacting = pushed.filter((candidate) => candidate.push !== null);
  const kept = reacting.length > 0 ? reacting : pushed;
  return kept.filter((one) => !kept.some((other) => other !== one && one.el.contains(other.el)));
}

function ofKind(candidate, kind) {
  const wanted = { button: BUTTONS, link: LINKS }[kind];
  return !wanted || candidate.el.closest(wanted) !== null;
}

const bodies = () => Array.from(documents(), (found) => found.document.body).filter(Boolean);

function findPush(spot, roots = bodies()) {
  const wanted = wantedNames(spot);
  const length = Math.max(...wanted.map((name) => name.length)) * 4 + 80;
  const found = [];
  for (const root of roots) {
    for (const candidate of sayings(root, length)) {
      const names = [...candidate.labels, ...candidate.hints];
      if (fit(names, wanted, false) !== null && visible(candidate.el)) found.push(candidate);
    }
  }
  const inPlace = keepWithin(found, spot.within).filter((candidate) => ofKind(candidate, spot.kind));
  return choose(merged(best(inPlace, spot, false)), { ...spot, within: "" }, false);
}

function findAny(spot) {
  if (FIELD_KINDS.includes(spot.kind)) return findControl(spot, true);
  if (spot.kind === "picture") return findPicture(spot);
  const pushed = findPush(spot);
  return pushed.missing && spot.kind === "any" ? findControl(spot, true) : pushed;
}

const unready = (found) => ({ wait: found.missing ? "missing" : "ambiguous", places: found.places ?? [] });

/** Whether what covers a picture is drawn over it in its own holder, as the mask of a QR code that has lapsed. */
const isMask = (el, cover) => el.matches("img, canvas") && el.parentElement.contains(cover) && !cover.contains(el);

/** `{point}` in the root's viewport once `el` can be clicked, else what it waits for. */
function clickPoint(el) {
  if (disabled(el)) return { wait: "disabled" };
  if (moving(el)) return { wait: "moving" };
  const cover = uncover(el);
  if (cover !== null && !isMask(el, cover)) return { wait: "covered", by: normalise(words(cover)).slice(0, 20) };
  const at = middle(el);
  const box = el.getBoundingClientRect();
  const whole = place(el);
  return { point: { x: at.x - box.left + whole.x, y: at.y - box.top + whole.y } };
}

let unwatch = () => {};

/**
 * A press and its release are two events. Where the page draws the target anew in between, no click comes of them;
 * then what stands there now, and is the same thing to a person, is clicked from here.
 */
function insist(el, seek) {
  unwatch();
  const view = el.ownerDocument.defaultView;
  let [pressed, clicked] = [false, false];
  const watch = {
    mousedown: () => { pressed = el.isConnected; },
    click: ({ target }) => { clicked ||= [el, seek().one?.box].some((meant) => meant?.contains(target)); },
    mouseup: () => setTimeout(() => {
      stop();
      if (pressed && !clicked && !el.isConnected) seek().one?.box.click();
    }),
  };
  const stop = () => Object.entries(watch).forEach(([name, act]) => view.removeEventListener(name, act, true));
  Object.entries(watch).forEach(([name, act]) => view.addEventListener(name, act, true));
  unwatch = stop;
}

/** Wait until what `seek` finds can be clicked, and say where. */
async function aimAt(job, seek) {
  let target = null;
  const check = () => {
    const found = seek();
    if (!found.one) return found.wait ? found : unready(found);
    target = found.one.box;
    return clickPoint(target);
  };
  const answer = await until(check, performance.now() + job.milliseconds);
  if (answer.point) insist(target, seek);
  return answer;
}

/** Wait until the spot can be clicked and say where. */
const aim = (job) => aimAt(job, () => findAny(job.spot));

/** The rectangle of a spot: where it stands, scrolled into view. */
function measure(job) {
  const check = () => {
    const found = findAny(job.spot);
    if (!found.one) return unready(found);
    if (!inView(found.one.box)) uncover(found.one.box);
    return { box: place(found.one.box) };
  };
  return until(check, performance.now() + job.milliseconds);
}
