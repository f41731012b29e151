// Where things stand, and what lies over them. Needs dom. A rectangle is in the viewport of its own document; the way
// from there to the page's viewport is asked of the browser, frame by frame: no offset is added up here.

const STRIDE = 1000; // px between the points that are asked about
const NEAR = 2; // px by which the browser's roundings may differ

/**
 * Where a point of the viewport lies in a frame's padding box. Only the browser knows all transforms on the way; it
 * tells them to whoever hears a pointer event. This one has a name that no page listens for, and does not bubble.
 */
function inFrame(frame, x, y) {
  const [name, view] = ["rpa-where", frame.ownerDocument.defaultView];
  let found = null;
  const hear = ({ offsetX, offsetY }) => { found = { x: offsetX, y: offsetY }; };
  frame.addEventListener(name, hear, { once: true });
  frame.dispatchEvent(new PointerEvent(name, { clientX: x, clientY: y, view }));
  return found;
}

/** The map from a frame's padding box to the viewport around it. */
function frameMap(frame) {
  const [corner, right, down] = [[0, 0], [STRIDE, 0], [0, STRIDE]].map(([x, y]) => inFrame(frame, x, y));
  const step = (to) => [(to.x - corner.x) / STRIDE, (to.y - corner.y) / STRIDE];
  return new DOMMatrix([...step(right), ...step(down), corner.x, corner.y]).inverse();
}

/** The upright rectangle around a rectangle that a map turns or scales. */
function mapped(map, { x, y, width, height }) {
  const corners = [[0, 0], [width, 0], [0, height], [width, height]];
  const points = corners.map(([right, down]) => map.transformPoint({ x: x + right, y: y + down }));
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** Whether a map puts a frame where the browser says that it is: it does not under a perspective. */
function proved(frame, map, zoom) {
  const [x, y, width, height] = [-frame.clientLeft, -frame.clientTop, frame.offsetWidth, frame.offsetHeight];
  const [own, said] = [mapped(map.scale(zoom), { x, y, width, height }), frame.getBoundingClientRect()];
  const slack = NEAR * Math.max(1, zoom * Math.hypot(map.a, map.b), zoom * Math.hypot(map.c, map.d));
  return ["x", "y", "width", "height"].every((side) => Math.abs(own[side] - said[side]) <= slack);
}

/** The map from a frame's own viewport to the viewport around it; null where nobody can tell. */
function outward(frame) {
  const style = frame.ownerDocument.defaultView.getComputedStyle(frame);
  const [map, zoom] = [frameMap(frame), frame.currentCSSZoom ?? 1];
  if (!proved(frame, map, zoom)) return null;
  return map.scale(zoom).translate(Number.parseFloat(style.paddingLeft), Number.parseFloat(style.paddingTop));
}

/** The map from a document's viewport to that of the topmost document of its origin; null where nobody can tell. */
function toTop(document) {
  const frame = frameOf(document.defaultView);
  if (frame === null) return new DOMMatrix();
  const [above, own] = [toTop(frame.ownerDocument), outward(frame)];
  return above && own && above.multiply(own);
}

/** An element's rectangle in the viewport of the topmost document of its origin; null where nobody can tell. */
function place(el) {
  const map = toTop(el.ownerDocument);
  return map && mapped(map, el.getBoundingClientRect());
}

/** The middle of an element's first visible line box, in its own document. */
function middle(el) {
  const boxes = Array.from(el.getClientRects()).filter((box) => box.width > 0 && box.height > 0);
  const box = boxes[0] ?? el.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** A point of an element as it lies in its own document, and then in each one around that, with what holds it there. */
function* pointsUp(el, point = middle(el)) {
  let [node, at] = [el, point];
  while (node) {
    yield { node, x: at.x, y: at.y };
    node = frameOf(node.ownerDocument.defaultView);
    at = (node && outward(node)?.transformPoint(at)) ?? { x: -1, y: -1 }; // nowhere
  }
}

/** The innermost element at a point of a document's viewport, shadow roots looked into. */
function hitAt(document, x, y) {
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit || !inside(hit, inner)) break;
    hit = inner;
  }
  return hit;
}

/** Whether a press on `hit` is one on `el`: inside it, or on its label. */
const meets = (el, hit) => inside(el, hit) !== null || nearest(hit, "label")?.control === el;

/** What covers the middle of an element, up to the topmost window; a document where it is out of view; null when nothing does. */
function coveredBy(el) {
  for (const { node, x, y } of pointsUp(el)) {
    const hit = hitAt(node.ownerDocument, x, y);
    if (!hit) return node.ownerDocument.documentElement;
    if (!meets(node, hit)) return hit;
  }
  return null;
}

function inView(el) {
  return Array.from(pointsUp(el)).every(({ node, x, y }) => {
    const view = node.ownerDocument.defaultView;
    return x >= 0 && y >= 0 && x < view.innerWidth && y < view.innerHeight;
  });
}

// -- scrolling --

const TRIES = [["center", "nearest"], ["center", "center"], ["nearest", "nearest"], ["start", "start"], ["end", "end"]];

/** Whether a person can scroll an element: what is hidden beyond `overflow: hidden` only a script brings out. */
function scrolls(el) {
  const { documentElement, scrollingElement, body } = el.ownerDocument;
  const style = (one) => one.ownerDocument.defaultView.getComputedStyle(one);
  const hides = (one) => Boolean(one) && /hidden|clip/.test(style(one).overflow);
  if (el === scrollingElement) return !hides(documentElement) && !hides(body);
  return /auto|scroll/.test(style(el).overflow);
}

/** Everything around an element that scrolls or is scrolled, as it stands, to be put back. */
function scrollersOf(el) {
  const found = [];
  for (let node = el; node; node = parentOf(node) ?? frameOf(node.ownerDocument.defaultView)) {
    const more = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
    if (more) found.push({ node, left: node.scrollLeft, top: node.scrollTop });
  }
  return found;
}

const putBack = ({ node, left, top }) => node.scrollTo({ left, top, behavior: "instant" });

/**
 * Bring an element into view at once (pages may ask for smooth scrolling), clear of what is pinned to an edge. Where
 * something covers it all the same, the page stays as it was: says what.
 */
function uncover(el) {
  if (coveredBy(el) === null) return null;
  const [before, covers] = [scrollersOf(el), []];
  for (const [block, inline] of TRIES) {
    el.scrollIntoView({ block, inline, behavior: "instant" });
    covers.push(coveredBy(el));
    if (covers.at(-1) === null) return null;
  }
  before.forEach(putBack);
  return covers[0];
}

/** Whether a person could see an element's middle, by scrolling at most. The page is left as it was. */
function reachable(el) {
  if (coveredBy(el) === null) return true;
  const before = scrollersOf(el);
  el.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  before.filter(({ node }) => !scrolls(node)).forEach(putBack);
  const free = coveredBy(el) === null;
  before.forEach(putBack);
  return free;
}
