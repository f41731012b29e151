// Waiting for whichever of several signs shows first. Needs dom.js.

const QUICK_MS = 1000; // look at every frame for so long, then less often: a slow portal costs no CPU
const SLOW_LOOK_MS = 80;
const CROSS = /[×✕✖]$/; // the cross that closes a dialog stands in its title

/** Shown at full strength: something still fading in is not there yet (its picture would be half drawn). */
function solid(el) {
  for (let node = el; node?.nodeType === Node.ELEMENT_NODE; node = node.parentElement) {
    if (Number(getComputedStyle(node).opacity) < 0.99) return false;
  }
  return true;
}

/** The innermost visible elements whose text holds `needle`. */
function* holders(el, needle) {
  let inner = false;
  for (const child of el.children) {
    if (normalise(child.textContent).includes(needle)) {
      inner = true;
      yield* holders(child, needle);
    }
  }
  if (!inner && visible(el) && solid(el)) yield el;
}

/** Something that a person reads as `needle`: text, a button's value, a placeholder. */
function shownIn(page, needle, sign) {
  const body = page.document.body;
  if (!body) return null;
  if (normalise(body.textContent).includes(needle)) {
    for (const el of holders(body, needle)) {
      const whole = !sign.exact || normalise(el.textContent).replace(CROSS, "") === needle;
      if (whole && (!sign.dialog || floating(el))) return el;
    }
  }
  for (const el of body.querySelectorAll("input[type=button], input[type=submit], [placeholder]")) {
    const words = el.type === "button" || el.type === "submit" ? el.value : el.placeholder;
    if (normalise(words) === needle && visible(el) && solid(el)) return el;
  }
  return null;
}

/** What floats above the page around an element (a dialog, however it was drawn), or null. */
function floating(el) {
  for (let node = el; node?.nodeType === Node.ELEMENT_NODE; node = node.parentElement) {
    const style = getComputedStyle(node);
    const raised = style.zIndex !== "auto" && /^(fixed|absolute)$/.test(style.position);
    if (raised || node.matches("dialog, [role=dialog], [role=alertdialog]")) return node;
  }
  return null;
}

/** Whether a document, or an answer that it fetched, is newer than `after` (ms since the epoch). */
function newer(page, after) {
  const clock = page.window.performance;
  if (clock.timeOrigin > after) return true;
  return clock
    .getEntriesByType("resource")
    .some((entry) => /^(xmlhttprequest|fetch)$/.test(entry.initiatorType) && clock.timeOrigin + entry.startTime > after && entry.responseEnd > 0);
}

function serverError(page) {
  const [entry] = page.window.performance.getEntriesByType("navigation");
  return entry?.responseStatus >= 500 ? entry.responseStatus : 0;
}

/** The sign that shows now, the first of the list first; an answer of HTTP 5xx counts where no sign explains it. */
function signNow({ signs, after }) {
  const pages = [...documents()];
  for (const sign of signs) {
    for (const page of pages) {
      if (sign.fresh && !newer(page, after)) continue;
      const el = shownIn(page, normalise(sign.text), sign);
      if (el && !sign.gone) return { id: sign.id, words: text(el), around: text(floating(el) ?? el) };
      if (el) break;
      if (sign.gone && page === pages.at(-1)) return { id: sign.id, words: "", around: "" };
    }
  }
  const failed = pages.find((page) => page.document.readyState === "complete" && serverError(page));
  return failed ? { id: -1, words: String(serverError(failed)), around: "" } : null;
}

function waitForSign(wanted) {
  const began = performance.now();
  return new Promise((resolve) => {
    const look = () => {
      const found = signNow(wanted);
      const waited = performance.now() - began;
      if (found || waited > wanted.timeout) resolve(found);
      else if (waited < QUICK_MS) requestAnimationFrame(look);
      else setTimeout(look, SLOW_LOOK_MS);
    };
    look();
  });
}

/** The moment, on the browser's own clock, after which something counts as new. */
function moment() {
  return performance.timeOrigin + performance.now();
}
