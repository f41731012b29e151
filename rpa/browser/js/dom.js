// What every script here needs to know of a page: text as a person reads it, what is visible, the documents.

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

/** Rendered, not hidden, with an area, in a visible chain of frames. Fading in counts as visible. */
function visible(el) {
  if (!el?.isConnected) return false;
  if (!el.checkVisibility({ visibilityProperty: true })) return false;
  const box = el.getBoundingClientRect();
  if (box.width <= 0 || box.height <= 0) return false;
  const frame = frameOf(el.ownerDocument.defaultView);
  return frame === null || visible(frame);
}

/** The origin of a frame's content box in the viewport that the frame stands in. */
function contentCorner(frame) {
  const box = frame.getBoundingClientRect();
  const style = frame.ownerDocument.defaultView.getComputedStyle(frame);
  return {
    x: box.left + frame.clientLeft + Number.parseFloat(style.paddingLeft),
    y: box.top + frame.clientTop + Number.parseFloat(style.paddingTop),
  };
}

/** Every visible document of one origin from `root` down, with its offset to `root`'s viewport. */
function* documents(root = window, x = 0, y = 0) {
  yield { document: root.document, window: root, x, y };
  for (const frame of root.document.querySelectorAll("iframe, frame")) {
    if (!frame.contentDocument?.documentElement || !visible(frame)) continue;
    const corner = contentCorner(frame);
    yield* documents(frame.contentWindow, x + corner.x, y + corner.y);
  }
}

/** The text of an element as the page shows it, runs of white space made one. */
function text(el) {
  return (el.innerText ?? el.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** An element's rectangle in the viewport of the topmost document of its origin. */
function place(el) {
  const box = el.getBoundingClientRect();
  let [x, y] = [box.left, box.top];
  for (let frame = frameOf(el.ownerDocument.defaultView); frame; ) {
    const corner = contentCorner(frame);
    [x, y] = [x + corner.x, y + corner.y];
    frame = frameOf(frame.ownerDocument.defaultView);
  }
  return { x, y, width: box.width, height: box.height };
}
