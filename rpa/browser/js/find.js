// Which control a spot means. Needs dom, geometry, names, controls, wait.
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

/** Elements whose whole text is `title`, the innermost of each. */
function titled(title) {
  const found = [];
  for (const { trunk } of roots()) {
    for (const el of trunk?.querySelectorAll("*") ?? []) {
      if (el.matches("script, style, option") || el.textContent.length > title.length * 3 + 60) continue;
      const said = normalise(el.textContent);
      if ((said === title || plain(said) === title) && visible(el)) found.push(el);
    }
  }
  return found.filter((el) => !found.some((other) => other !== el && el.contains(other)));
}

const BESIDE_TITLES = /^(?:[^\p{L}]|x|关闭|收起|展开|详细|概览|最大化|最小化|刷新|非?必[录填传选]|选填|可选)*$/iu;

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
  return { head, holder: isShadow(head.parentNode) ? head.parentNode : (head.parentElement ?? head) };
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
  if (holder.matches?.("tr")) return true;
  let branch = node;
  while (branch.parentNode && branch.parentNode !== holder) branch = branch.parentNode;
  const behind = head.compareDocumentPosition(branch) & Node.DOCUMENT_POSITION_FOLLOWING;
  return Boolean(behind) && !headedByAnother(head, branch);
}

function keepWithin(candidates, within) {
  if (!within) return candidates;
  const titles = titled(normalise(within));
  return candidates.filter((candidate) => titles.some((title) => isUnder(title, candidate.box)));
}

// -- what a person could use now --

const FAINT = 0.1; // of full strength
/** Marks of what is on its way out, as libraries write them: it may stand there a while longer. */
const LEAVING =
  ".ng-leave, .ng-hide-add, [class*=-leave-], [class*='-leave '], [class$=-leave], .layer-anim-close, .modal.fade:not(.in, .show)";

const endsFaint = (animation) => Number(animation.effect?.getKeyframes?.().at(-1)?.opacity ?? 1) < FAINT;
const jQueryHides = ({ anim }) => (anim?.tweens ?? []).some(({ prop, end }) => prop === "opacity" && end < FAINT);

/** Whether an element goes: marked as leaving, or fading out. */
function leaving(el) {
  const fading = movements(el).some((one) => endsFaint(one) || jQueryHides(one));
  return fading || nearest(el, LEAVING) !== null;
}

/** Whether a person sees nothing of an element that is at rest: a twin that is kept for later. */
function faint(el) {
  for (let node = el; node; node = parentOf(node)) {
    if (Number(getComputedStyle(node).opacity) < FAINT) return movements(el).length === 0;
  }
  return false;
}

/** What floats above the page around an element, such as a dialog; null where it lies in the page. */
function layerOf(el) {
  for (let node = el; node; node = parentOf(node)) {
    const { position, zIndex } = getComputedStyle(node);
    if (position === "fixed" || (position === "absolute" && zIndex !== "auto") || node.matches("dialog")) return node;
  }
  return null;
}

/** Whether the layer of `el` lies under that of `other` where the two meet. */
function isLower(el, other) {
  const [own, upper] = [layerOf(el), layerOf(other)];
  if (!own || !upper || own.ownerDocument !== upper.ownerDocument || inside(own, upper) || inside(upper, own)) return false;
  const [one, two] = [own.getBoundingClientRect(), upper.getBoundingClientRect()];
  const middleOf = (low, high) => (Math.max(one[low], two[low]) + Math.min(one[high], two[high])) / 2;
  const meet = one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
  const hit = meet && hitAt(own.ownerDocument, middleOf("left", "right"), middleOf("top", "bottom"));
  return Boolean(hit) && inside(upper, hit) !== null;
}

/** Whether an element floats above its page, or stands in a frame that does. */
function floats(el) {
  for (let node = el; node; node = frameOf(node.ownerDocument.defaultView)) if (layerOf(node)) return true;
  return false;
}

const thoseIfAny = (list, test) => (list.some(test) ? list.filter(test) : list);

/** With several candidates, those do not count that leave, that nobody sees, or that lie under an open dialog. */
function keepOnTop(candidates) {
  if (candidates.length < 2) return candidates;
  const staying = thoseIfAny(candidates, ({ box }) => !leaving(box) && !faint(box));
  const free = thoseIfAny(staying, ({ box }) => reachable(box));
  return thoseIfAny(free, ({ box }) => !free.some((other) => other.box !== box && isLower(box, other.box)));
}

const keepAbove = (candidates, spot) => (spot.above ? thoseIfAny(candidates, ({ box }) => floats(box)) : candidates);

// -- the answer --

/** Where a candidate stands, in words for the operator; never what it holds. */
function placeWords(candidate) {
  const { x, y } = place(candidate.box) ?? candidate.box.getBoundingClientRect();
  const row = nearest(candidate.box, "tr");
  const line = row ? `第${row.rowIndex + 1}行，` : "";
  const heads = candidate.box.getRootNode().querySelectorAll("legend, h1, h2, h3, h4, h5, h6, [class*=title], caption");
  const above = Array.from(heads).filter((head) => visible(head) && words(head).trim() && isUnder(head, candidate.box));
  const head = above.length ? `“${normalise(words(above[above.length - 1])).slice(0, 20)}”下，` : "";
  return `${head}${line}左${Math.round(x)}上${Math.round(y)}`;
}

/** `{one}`, or why there is none: `{missing}` or `{places}` of the several that fit. */
function choose(candidates, spot, longer) {
  const inPlace = keepAbove(keepWithin(candidates, spot.within), spot);
  const found = keepOnTop(spot.label ? best(inPlace, spot, longer) : inPlace);
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
