// What a picture needs to know of its page. Needs dom.js.

/** Address and title, and how tall the viewport must be to show all that scrolls, frames included. */
function measure() {
  let hidden = 0;
  for (const page of documents()) {
    const root = page.document.scrollingElement ?? page.document.documentElement;
    hidden = Math.max(hidden, root.scrollHeight - page.window.innerHeight);
  }
  return { address: location.href, title: document.title, height: innerHeight + hidden };
}
