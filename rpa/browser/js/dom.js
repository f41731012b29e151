// What every script here needs to know of a page: text as a person reads it, what is visible, the documents and the
// open shadow roots in them.

/** A label as a person reads it: width, spaces, a leading or trailing `*` and `:` do not matter. */
function normalise(text) {
  return String(text ?? "")
    .normalize("NFKC")
    .replace(/[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ue000-\uf8ff\ufeff\u2217]+/g, "")
    .replace(/^[*:]+|[*:]+$/g, "");
}

/** The element that holds this window in its parent's document; null at the top and across origins. */
function frameOf(view) {
  try {
    return view?.frameElement ?? null;
  } catch {
    return null;
  }
}

const isShadow = (node) => node?.nodeType === Node.DOCUMENT_FRAGMENT_NODE && Boolean(node.host);

/** What an element stands in as it is drawn: the slot it was given to, its parent, the host of its shadow root. */
function parentOf(el) {
  if (el.assignedSlot) return el.assignedSlot;
  return isShadow(el.parentNode) ? el.parentNode.host : el.parentElement;
}

/** `closest` across shadow roots: `el` itself or the nearest around it that matches, else null. */
function nearest(el, selector) {
  for (let node = el; node; node = parentOf(node)) if (node.matches(selector)) return node;
  return null;
}

/** `contains` across shadow roots and frames of one origin: what of `outer`'s own tree holds `inner`, or null. */
function inside(outer, inner) {
  const tree = outer.getRootNode();
  let node = inner;
  while (node && node.getRootNode() !== tree) node = parentOf(node) ?? frameOf(node.ownerDocument.defaultView);
  return node && outer.contains(node) ? node : null;
}

/** Rendered, not hidden, with an area, in a visible chain of frames. Fading in counts as visible. */
function visible(el) {
  if (!el?.isConnected) return false;
  if (isShadow(el)) return visible(el.host);
  if (!el.checkVisibility({ visibilityProperty: true })) return false;
  const box = el.getBoundingClientRect();
  if (box.width <= 0 || box.height <= 0) return false;
  const frame = frameOf(el.ownerDocument.defaultView);
  return frame === null || visible(frame);
}

/** A document or shadow root and every open shadow root in it, hosts in their order. */
function* treesIn(tree) {
  yield tree;
  const walker = document.createTreeWalker(tree, NodeFilter.SHOW_ELEMENT); // the quickest way by far
  for (let el = walker.nextNode(); el; el = walker.nextNode()) if (el.shadowRoot) yield* treesIn(el.shadowRoot);
}

/**
 * Every tree of elements that a person sees as one page, from `window` down through frames of one origin: each visible
 * document and each open shadow root. `root` takes `querySelectorAll`; `trunk` is what holds all that is drawn.
 */
function* roots(window = self) {
  const { document } = window;
  const trees = [...treesIn(document)];
  for (const root of trees) yield { root, trunk: root === document ? document.body : root, document, window };
  for (const frame of trees.flatMap((root) => [...root.querySelectorAll("iframe, frame")])) {
    if (frame.contentDocument?.documentElement && visible(frame)) yield* roots(frame.contentWindow);
  }
}

/** Every visible document of one origin: what has an address, a clock and a viewport of its own. */
const documents = () => Array.from(roots()).filter(({ root, document }) => root === document);

/** All elements that match, wherever they stand. */
const everywhere = (selector) => Array.from(roots(), ({ root }) => [...root.querySelectorAll(selector)]).flat();

const drawn = (el) => el.checkVisibility({ visibilityProperty: true }) || getComputedStyle(el).display === "contents";

/** What is drawn of a node's words where parts of it have shadow roots, which `innerText` leaves out. */
function drawnText(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType === Node.ELEMENT_NODE && !drawn(node)) return "";
  const given = node.nodeName === "SLOT" ? node.assignedNodes() : [];
  const parts = given.length > 0 ? given : Array.from((node.shadowRoot ?? node).childNodes);
  return parts.map((part) => (part.nodeType === Node.ELEMENT_NODE ? ` ${drawnText(part)} ` : drawnText(part))).join("");
}

const holdsShadow = (el) => isShadow(el) || Boolean(el.shadowRoot) || Array.from(treesIn(el)).length > 1;

const MAKING_MS = 3000; // a picture or a style that never comes holds nobody up

/**
 * Whether a document is what its author means to show: its styles are there, so that what they hide is hidden, and its
 * scripts have run, so that a click is not lost.
 */
function ready(document) {
  const { performance } = document.defaultView ?? {};
  if (!performance || document.readyState === "complete" || performance.now() > MAKING_MS) return true;
  const [navigation] = performance.getEntriesByType("navigation");
  const styled = Array.from(document.querySelectorAll("link[rel~=stylesheet]")).every((link) => link.sheet || link.disabled);
  return styled && (navigation?.domContentLoadedEventEnd ?? 1) > 0;
}

/** The text of an element as the page shows it, runs of white space made one. */
function text(el) {
  const said = holdsShadow(el) ? drawnText(el) : (el.innerText ?? el.textContent ?? "");
  return said.replace(/\s+/g, " ").trim();
}
