// What a picture needs to know of its page. Needs dom and private.

/** Address and title, how far it is scrolled, how tall the viewport must be to show all that scrolls (frames included), what is private. */
function pictured(job) {
  let hidden = 0;
  for (const page of documents()) {
    const root = page.document.scrollingElement ?? page.document.documentElement;
    hidden = Math.max(hidden, root.scrollHeight - page.window.innerHeight);
  }
  const [x, y] = [Math.round(scrollX), Math.round(scrollY)];
  return { address: location.href, title: document.title, x, y, height: innerHeight + hidden, ...privateOrNone(job) };
}

/** `{places}` where the viewport shows personal data; null places where a page is so strange that it cannot be told. */
function privateOrNone(job) {
  try {
    return { places: privatePlaces(job) };
  } catch {
    return { places: null };
  }
}

/** How far inside its own box a frame's content begins. */
function inset({ frame }) {
  const [corner, box] = [contentCorner(frame), frame.getBoundingClientRect()];
  return { x: corner.x - box.left, y: corner.y - box.top };
}
