// The press: it meets what was aimed at, or nothing at all. Needs dom, geometry, names, wait.

const GESTURE = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
const ARRIVAL_MS = 10_000; // a press that has not come by then has gone elsewhere

/** The last aim: the element, how it is found again where the page draws it anew, and what became of its press. */
let aimed = null;

function takeAim(el, seek = () => ({})) {
  aimed?.stop();
  aimed = { el, seek, stop: () => {}, verdict: null };
}

/** Whether what covers a picture is drawn over it in its own holder, as the mask of a QR code that has lapsed. */
const isMask = (el, cover) => el.matches("img, canvas") && parentOf(el).contains(cover) && !cover.contains(el);

const accepts = (el, hit) => Boolean(el) && (meets(el, hit) || isMask(el, hit));

/** Whether something is what was aimed at, or is what a person takes for it now. */
const isMeant = ({ el, seek }, hit) => accepts(el, hit) || accepts(seek().one?.box, hit);

/** How something begins that covers another, for the operator. */
const opening = (el) => normalise(words(el)).slice(0, 20);

/** The innermost element under the pointer, as the browser has it; null where the pointer is not in the document. */
function underPointer(document) {
  // In quirks mode `:hover` alone matches links only.
  const innermost = (tree) => Array.from(tree.querySelectorAll(":is(:hover)")).at(-1) ?? null;
  let el = innermost(document);
  while (el?.shadowRoot && innermost(el.shadowRoot)) el = innermost(el.shadowRoot);
  return el;
}

/** Whether the pointer, moved there, is on what was aimed at: the press that follows is watched then. */
function pointed() {
  const under = aimed && underPointer(aimed.el.ownerDocument);
  if (!under) return { wait: aimed ? "covered" : "replaced" };
  if (!isMeant(aimed, under)) return inside(under, aimed.el) ? { wait: "moving" } : { wait: "covered", by: opening(under) };
  watchPress(aimed);
  return { ready: true };
}

/**
 * Watch the press. It is kept from whatever was not meant: something may come in between in the last moment. A press and
 * its release are two events; where the page draws the target anew in between, no click comes of them: then what stands
 * there now, and is the same thing to a person, is clicked from here.
 */
function watchPress(one) {
  const views = documents().map(({ window }) => window);
  let [met, pressed, clicked, judge] = [null, false, false, null];
  one.verdict = new Promise((resolve) => { judge = resolve; });
  const see = (event) => {
    const hit = event.composedPath()[0];
    if (event.type === "click") clicked ||= isMeant(one, hit);
    if (!event.isTrusted) return;
    met ??= isMeant(one, hit);
    judge(met ? { hit: true } : { wait: "covered", by: opening(hit) });
    if (event.type === "mousedown") pressed = met && one.el.isConnected;
    if (event.type === "mouseup") setTimeout(finish);
    if (met) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const finish = () => {
    one.stop();
    if (pressed && !clicked && !one.el.isConnected) one.seek().one?.box.click();
  };
  const late = setTimeout(() => {
    met ??= false; // it was given up: should it come after all, it is kept from everything
    judge({ wait: "covered", final: true });
  }, ARRIVAL_MS);
  one.stop = () => {
    clearTimeout(late);
    for (const view of views) for (const name of GESTURE) view.removeEventListener(name, see, true);
  };
  for (const view of views) for (const name of GESTURE) view.addEventListener(name, see, true);
}

/** What became of the press: `{hit}`, or what it would have met; it was kept from that. */
const pressed = () => aimed?.verdict ?? { hit: true };
