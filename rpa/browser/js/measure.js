// What a picture needs to know of its page. Needs dom and private.

/** Address and title, how far it is scrolled, how tall the viewport must be to show all that scrolls (frames included), what is private. */
function pictured(job) {
  let hidden = 0;
  for (const page of documents()) {
    const root = page.document.scrollingElement ?? page.document.documentElement;
    const { height } = mapped(toTop(page.document) ?? new DOMMatrix(), { x: 0, y: 0, width: 0, height: root.scrollHeight - page.window.innerHeight });
    hidden = Math.max(hidden, Math.ceil(height));
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

/** The places that a frame of another origin told, in the viewport of the root that it stands in; null where nobody can tell. */
function carried({ frame, places }) {
  if (!visible(frame)) return { places: "" };
  const [own, above] = [outward(frame), toTop(frame.ownerDocument)];
  if (!own || !above) return { places: null };
  const lines = places.split("\n").filter(Boolean).map((line) => line.split(","));
  const map = above.multiply(own);
  const moved = ([x, y, width, height, ...what]) => placeLine(mapped(map, { x: +x, y: +y, width: +width, height: +height }), what.join());
  return { places: lines.map(moved).join("\n") };
}
