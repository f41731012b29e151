// Where to click for a spot: buttons, links, tiles, tabs, menu items, cells' actions, pictures.
// Needs dom, geometry, names, controls, find, wait, press, and picture for pictures.

const PUSHABLE =
  "button, a, summary, area, input[type=button], input[type=submit], input[type=reset], input[type=image], [onclick], [role=button], [role=link], [role=tab], [role=menuitem], [role=option], [role=treeitem]";
const BUTTONS = "button, input, [role=button], a[class*=btn], a[class*=button]";
const CALLED_BUTTON = "[class*=btn], [class*=button]";
const LINKS = "a, area, [role=link], [onclick]:not(button, input, [role=button])";
const OFF = ":disabled, [aria-disabled=true], .layui-btn-disabled, .is-disabled, .l-btn-disabled, .layui-disabled";
const FIELD_KINDS = ["text", "select", "checkbox", "radio", "date", "file"];

const disabled = (el) => el.matches(OFF) || nearest(el, "[aria-disabled=true], fieldset:disabled") !== null;

/** What a button or link says. */
function caption(el) {
  if (el.matches("input")) return [el.value || el.alt || el.title];
  const said = text(el);
  const named = [el.getAttribute("aria-label"), el.title, el.getAttribute("alt")];
  const pictures = Array.from(el.querySelectorAll("img[alt]"), (picture) => picture.alt);
  return said ? [said, el.getAttribute("aria-label")] : [...named, ...pictures];
}

const pushable = (el) => nearest(el, PUSHABLE) ?? (getComputedStyle(el).cursor === "pointer" ? el : null);

const COUNT = /\d+[条项个件笔]?$/; // a tile may show how many wait behind it

/** Elements of one part of the page that say something of about this length, as candidates. */
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
  return kept.filter((one) => !kept.some((other) => other !== one && inside(one.el, other.el)));
}

/** Whether something that is no button by its element calls itself one, and reacts as one: `<div class="btn">`. */
function actsAsButton(el) {
  const called = nearest(el, CALLED_BUTTON);
  return called !== null && getComputedStyle(called).cursor === "pointer" && !holdsField(called) && !called.querySelector(BUTTONS);
}

function ofKind(candidate, kind) {
  const wanted = { button: BUTTONS, link: LINKS }[kind];
  return !wanted || nearest(candidate.el, wanted) !== null || (kind === "button" && actsAsButton(candidate.el));
}

const trunks = () => Array.from(roots(), ({ trunk }) => trunk).filter(Boolean);

const ONLY_CLOSES = /^(?:[×✕✖x]|关闭|取消|返回|否)?$/;

/** The only thing to push, of those that float above the page where any does, that does more than close. */
function onlyPush(spot) {
  const called = everywhere(CALLED_BUTTON).filter((el) => !el.matches(PUSHABLE) && actsAsButton(el));
  const known = pushables([...everywhere(PUSHABLE), ...called]).filter((one) => ofKind(one, spot.kind));
  // A box whose button is a mere <span> that the pointer changes over.
  const bare = spot.above && spot.kind === "button" && !known.some(({ box }) => floats(box));
  const mere = bare ? pushables(everywhere("div, span, p, li, b, em").filter((el) => turnsPointer(el) && floats(el))) : [];
  return choose(merged(mere.length > 0 ? mere : known), spot, false);
}

/** Those of some elements that may be pushed and do more than close, as candidates. */
function pushables(elements) {
  const all = elements.filter((el) => visible(el) && !holdsField(el) && !ONLY_CLOSES.test(caption(el).map(normalise).find(Boolean) ?? ""));
  return all.map((el) => ({ el, box: el, labels: [], hints: [] }));
}

/** Whether the pointer changes over an element and its words, and not around it. */
function turnsPointer(el) {
  const points = (node) => node !== null && getComputedStyle(node).cursor === "pointer";
  return points(el) && !points(el.parentElement) && normalise(el.textContent) !== "" && !holdsField(el);
}

function findPush(spot, parts = trunks()) {
  if (!spot.label) return onlyPush(spot);
  const wanted = wantedNames(spot);
  const length = Math.max(...wanted.map((name) => name.length)) * 4 + 80;
  const found = [];
  for (const part of parts) {
    for (const candidate of sayings(part, length)) {
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

/** `{point}` in the root's viewport once `el` can be clicked, else what it waits for. `seek` finds it again. */
function clickPoint(el, seek) {
  if (disabled(el)) return { wait: "disabled" };
  if (!ready(el.ownerDocument)) return { wait: "moving" };
  if (moving(el) || leaving(el)) return { wait: "moving" };
  const cover = uncover(el);
  if (cover !== null && !isMask(el, cover)) return { wait: "covered", by: opening(cover) };
  const map = toTop(el.ownerDocument);
  if (!map) return { wait: "covered" };
  takeAim(el, seek);
  const { x, y } = map.transformPoint(middle(el));
  return { point: { x, y } };
}

/** Wait until what `seek` finds can be clicked, and say where. */
function aimAt(job, seek) {
  const check = () => {
    const found = seek();
    if (!found.one) return found.wait ? found : unready(found);
    return clickPoint(found.one.box, seek);
  };
  return until(check, performance.now() + job.milliseconds);
}

/** Wait until the spot can be clicked and say where. */
const aim = (job) => aimAt(job, () => findAny(job.spot));

/** The rectangle of a spot: where it stands, scrolled into view. */
function measure(job) {
  const check = () => {
    const found = findAny(job.spot);
    if (!found.one) return unready(found);
    if (!inView(found.one.box)) uncover(found.one.box);
    const box = place(found.one.box);
    return box ? { box } : { wait: "covered" };
  };
  return until(check, performance.now() + job.milliseconds);
}

/** A rectangle in a frame of another origin, as one in the viewport of the root that the frame stands in. */
function throughFrame({ frame, box }) {
  if (!visible(frame)) return { wait: "missing" };
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const shows = () => {
    const [own, above] = [outward(frame), toTop(frame.ownerDocument)];
    if (!own || !above) return null;
    const free = Array.from(pointsUp(frame, own.transformPoint(at))).every(
      ({ node, x, y }) => hitAt(node.ownerDocument, x, y) === node,
    );
    return free ? mapped(above.multiply(own), box) : null;
  };
  const first = shows();
  if (first) return { box: first };
  frame.scrollIntoView({ block: "center", behavior: "instant" });
  const then = shows();
  return then ? { box: then } : { wait: "covered" };
}
