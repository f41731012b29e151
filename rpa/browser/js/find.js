// Which control a spot means. Needs dom, names, controls.
// A spot: {label, aliases, kind, within}. Two that fit are an answer of their own, never a guess.

const DECORATION = /^(?:[(（][^()（）]*[)）]|\d+[.、)]|[一二三四五六七八九十]+、|请(?:输入|选择|填写|录入))+|(?:[(（\[【][^()（）\[\]【】]*[)）\]】]|[>»›▼▾:：*×✕✖])+$/g;

/** A name without brackets, numbering and 请输入 around it. */
const plain = (name) => normalise(name.replace(DECORATION, "")) || name;

/** How well a name fits: 0 the same, 1 the same but for brackets, numbers and 请输入, 2 a longer name with the same head. */
function fit(names, wanted, longer) {
  if (names.some((name) => wanted.includes(name))) return 0;
  if (names.some((name) => wanted.includes(plain(name)))) return 1;
  // Chinese compounds end with what they are: 单位名称 is a 名称, 联系人电话 is no 联系人.
  return longer && names.some((name) => wanted.some((word) => plain(name).endsWith(word))) ? 2 : null;
}

const wantedNames = (spot) => [spot.label, ...spot.aliases].map(normalise);

/** The candidates that fit best; each carries `names` (tried first) and `hints`. */
function best(candidates, spot, longer) {
  const wanted = wantedNames(spot);
  const tiers = new Map();
  for (const candidate of candidates) {
    const named = fit(candidate.labels, wanted, longer);
    const hinted = fit(candidate.hints, wanted, longer);
    const tier = Math.min(named === null ? 9 : named * 2, hinted === null ? 9 : hinted * 2 + 1);
    if (tier < 9) tiers.set(tier, [...(tiers.get(tier) ?? []), candidate]);
  }
  return tiers.get(Math.min(...tiers.keys())) ?? [];
}

// -- within: a visible heading, legend, dialog title or row text --

/** Whether `inner` stands in `outer`, across frames of one origin. */
function inside(outer, inner) {
  let node = inner;
  while (node && node.ownerDocument !== outer.ownerDocument) node = frameOf(node.ownerDocument.defaultView);
  return node !== null && node !== undefined && outer.contains(node) ? node : null;
}

/** Elements whose whole text is `title`, the innermost of each. */
function titled(title) {
  const found = [];
  for (const { document } of documents()) {
    for (const el of document.body?.querySelectorAll("*") ?? []) {
      if (el.matches("script, style, option") || el.textContent.length > title.length * 3 + 60) continue;
      const said = normalise(el.textContent);
      if ((said === title || plain(said) === title) && visible(el)) found.push(el);
    }
  }
  return found.filter((el) => !found.some((other) => other !== el && el.contains(other)));
}

const BESIDE_TITLES = /^(?:[^\p{L}]|x|关闭|收起|展开|最大化|最小化|刷新)*$/iu;

/** Whether an element is only the bar of a title: a close button or an icon may stand beside it. */
function isBar(el, said, control) {
  const whole = normalise(el.textContent);
  if (whole === said) return true;
  if (!control || el.matches("tr, li, dl, fieldset") || inside(el, control) || countFields(el, []) > 0) return false;
  return BESIDE_TITLES.test(whole.replace(said, ""));
}

/** What a title heads: the title with its bar, and the element in which that stands. */
function section(title, control = null) {
  const said = normalise(title.textContent);
  let head = title;
  while (head.parentElement && isBar(head.parentElement, said, control)) head = head.parentElement;
  return { head, holder: head.parentElement ?? head };
}

/** Whether another title of the same looks stands between a title and a control behind it. */
function headedByAnother(head, branch) {
  for (let next = head.nextElementSibling; next && next !== branch; next = next.nextElementSibling) {
    const alike = next.nodeName === head.nodeName && next.className === head.className;
    if (alike && next.childElementCount === head.childElementCount && countFields(next, []) === 0) return true;
  }
  return false;
}

function isUnder(title, control) {
  const { head, holder } = section(title, control);
  const node = inside(holder, control);
  if (!node || head.contains(node)) return Boolean(node) && title !== node;
  if (holder.matches("tr")) return true;
  let branch = node;
  while (branch.parentElement && branch.parentElement !== holder) branch = branch.parentElement;
  const behind = head.compareDocumentPosition(branch) & Node.DOCUMENT_POSITION_FOLLOWING;
  return Boolean(behind) && !headedByAnother(head, branch);
}

function keepWithin(candidates, within) {
  if (!within) return candidates;
  const titles = titled(normalise(within));
  return candidates.filter((candidate) => titles.some((title) => isUnder(title, candidate.box)));
}

// -- what a person could click now --

/** The middle of an element's first visible line box, in its own document. */
function middle(el) {
  const boxes = Array.from(el.getClientRects()).filter((box) => box.width > 0 && box.height > 0);
  const box = boxes[0] ?? el.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** What covers the middle of an element, up to the topmost window: null when nothing does. */
function coveredBy(el) {
  let node = el;
  let { x, y } = middle(el);
  while (node) {
    const hit = node.ownerDocument.elementFromPoint(x, y);
    if (!hit) return node.ownerDocument.documentElement;
    if (hit !== node && !node.contains(hit) && !(hit.matches("label") && hit.control === node)) return hit;
    node = frameOf(node.ownerDocument.defaultView);
    if (!node) break;
    const corner = contentCorner(node);
    [x, y] = [x + corner.x, y + corner.y];
  }
  return null;
}

function inView(el) {
  let node = el;
  let { x, y } = middle(el);
  while (node) {
    const view = node.ownerDocument.defaultView;
    if (x < 0 || y < 0 || x >= view.innerWidth || y >= view.innerHeight) return false;
    node = frameOf(view);
    if (!node) break;
    const corner = contentCorner(node);
    [x, y] = [x + corner.x, y + corner.y];
  }
  return true;
}

/** Bring an element into view at once (pages may ask for smooth scrolling) and say what covers it. */
function uncover(el) {
  if (inView(el) && coveredBy(el) === null) return null;
  el.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  return coveredBy(el);
}

/** With several candidates, those under an open dialog do not count. */
function keepOnTop(candidates) {
  if (candidates.length < 2) return candidates;
  const onTop = candidates.filter((candidate) => uncover(candidate.box) === null);
  return onTop.length > 0 ? onTop : candidates;
}

// -- the answer --

/** Where a candidate stands, in words for the operator; never what it holds. */
function placeWords(candidate) {
  const { x, y } = place(candidate.box);
  const row = candidate.box.closest("tr");
  const line = row ? `第${row.rowIndex + 1}行，` : "";
  const heads = candidate.box.ownerDocument.querySelectorAll("legend, h1, h2, h3, h4, h5, h6, [class*=title], caption");
  const above = Array.from(heads).filter((head) => visible(head) && words(head).trim() && isUnder(head, candidate.box));
  const head = above.length ? `“${normalise(words(above[above.length - 1])).slice(0, 20)}”下，` : "";
  return `${head}${line}左${Math.round(x)}上${Math.round(y)}`;
}

/** `{one}`, or why there is none: `{missing}` or `{places}` of the several that fit. */
function choose(candidates, spot, longer) {
  const found = keepOnTop(best(keepWithin(candidates, spot.within), spot, longer));
  if (found.length === 0) return { missing: true };
  if (found.length > 1) return { places: found.map(placeWords) };
  return { one: found[0] };
}

const TEXT_LIKE = ["text", "date"];

function fitsKind(control, kind) {
  if (kind === "any") return true;
  return control.kind === kind || (TEXT_LIKE.includes(control.kind) && TEXT_LIKE.includes(kind));
}

/** The control that a spot means. A single radio button is meant by `true`/`false`, its group by an option. */
function findControl(spot, single) {
  const controls = allControls().filter(
    (control) => fitsKind(control, spot.kind) && (control.kind !== "radio" || (control.members === null) === single),
  );
  return choose(controls, spot, true);
}
