// Waiting for whichever of several signs shows first. Needs dom.js.

const QUICK_MS = 1000; // look at every frame for so long, then less often: a slow portal costs no CPU
const SLOW_LOOK_MS = 80;
const CROSS = /[×✕✖]$/; // the cross that closes a dialog stands in its title

/** Shown at full strength: something still fading in is not there yet (its picture would be half drawn). */
function solid(el) {
  for (let node = el; node?.nodeType === Node.ELEMENT_NODE; node = parentOf(node)) {
    if (Number(getComputedStyle(node).opacity) < 0.99) return false;
  }
  return true;
}

/** How one name of a sign is looked for in normalised text: somewhere in it, and as all of it. */
function needle(word, sign) {
  if (sign.pattern) {
    const [part, all] = [new RegExp(word), new RegExp(`^(?:${word})$`)];
    return { within: (said) => part.test(said), whole: (said) => all.test(said) };
  }
  const plain = normalise(word);
  return { within: (said) => said.includes(plain), whole: (said) => said === plain };
}

/** The innermost visible elements whose text holds what is looked for. */
function* holders(el, wanted) {
  let inner = false;
  for (const child of el.children) {
    if (wanted.within(normalise(child.textContent))) {
      inner = true;
      yield* holders(child, wanted);
    }
  }
  if (!inner && visible(el) && solid(el)) yield el;
}

/** Something that a person reads as one name of a sign: text, a button's value, a placeholder. */
function nameIn(page, wanted, sign) {
  const body = page.trunk;
  if (!body) return null;
  if (wanted.within(normalise(body.textContent))) {
    for (const el of holders(body, wanted)) {
      const whole = !sign.exact || wanted.whole(normalise(el.textContent).replace(CROSS, ""));
      if (whole && (!sign.dialog || floating(el))) return el;
    }
  }
  for (const el of body.querySelectorAll("input[type=button], input[type=submit], [placeholder]")) {
    const words = el.type === "button" || el.type === "submit" ? el.value : el.placeholder;
    if (wanted.whole(normalise(words)) && visible(el) && solid(el)) return el;
  }
  return null;
}

/** The first of a sign's names that shows. */
function shownIn(page, sign) {
  for (const word of sign.names) {
    const el = nameIn(page, needle(word, sign), sign);
    if (el) return el;
  }
  return null;
}

/** What floats above the page around an element (a dialog, however it was drawn), or null. */
function floating(el) {
  for (let node = el; node?.nodeType === Node.ELEMENT_NODE; node = parentOf(node)) {
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
  const pages = [...roots()].filter(({ document }) => ready(document));
  for (const sign of signs) {
    for (const page of pages) {
      if (sign.fresh && !newer(page, after)) continue;
      const el = shownIn(page, sign);
      if (el && !sign.gone) return { id: sign.id, words: text(el) };
      if (el) break;
      if (sign.gone && page === pages.at(-1)) return { id: sign.id, words: "" };
    }
  }
  const failed = pages.find((page) => page.document.readyState === "complete" && serverError(page));
  return failed ? { id: -1, words: String(serverError(failed)) } : null;
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

const PASSWORD = "input[type=password]";
const LOGS_IN = /^(?:立即|确认)?登[录陆]$/;

/** Whether this is where one logs in: a password is asked for, and a button says so. */
function atLogin() {
  return [...documents()].some(({ document }) => {
    const asked = Array.from(document.querySelectorAll(PASSWORD)).some(visible);
    const buttons = Array.from(document.querySelectorAll("button, a, input[type=button], input[type=submit], [role=button]"));
    return asked && buttons.some((el) => LOGS_IN.test(normalise(el.value || el.textContent)) && visible(el));
  });
}
