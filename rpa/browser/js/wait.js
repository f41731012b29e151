// Waiting for a condition inside the page, without a timer of our own in Python. Needs dom.

const SIGNS = ["load", "transitionend", "animationend", "scroll", "input", "change"];
const LOOK_AGAIN = 50; // ms: what no event tells, such as a script's own animation or a new document in a frame

/** Resolve on the next sign of change in any document here, or after a moment. */
function nextChange(milliseconds) {
  return new Promise((resolve) => {
    const watched = Array.from(documents(), (found) => found.document);
    const done = () => {
      clearTimeout(timer);
      observer.disconnect();
      for (const document of watched) for (const sign of SIGNS) document.removeEventListener(sign, done, true);
      resolve();
    };
    const observer = new MutationObserver(done);
    const timer = setTimeout(done, milliseconds);
    const options = { subtree: true, childList: true, attributes: true, characterData: true };
    for (const document of watched) {
      observer.observe(document, options);
      for (const sign of SIGNS) document.addEventListener(sign, done, true);
    }
  });
}

/** The first answer of `check` without `wait`; when time is up, the last one. `fresh`: nothing waited before. */
async function until(check, deadline, fresh = false) {
  if (!fresh) forget(); // what is visible may have changed without a change in the document
  for (;;) {
    const answer = check();
    const left = deadline - performance.now();
    if (!answer.wait || answer.final || left <= 0) return answer;
    await nextChange(Math.min(LOOK_AGAIN, left));
    forget();
  }
}

/** Whether something is on its way to another place: a CSS animation or one of jQuery's. */
function moving(el) {
  const view = el.ownerDocument.defaultView;
  const holds = (other) => other?.contains?.(el) ?? false;
  const endless = (animation) => animation.effect?.getComputedTiming().endTime === Infinity;
  const running = el.ownerDocument.getAnimations().filter((one) => one.playState === "running" && !endless(one));
  return running.some((one) => holds(one.effect?.target)) || (view.jQuery?.timers ?? []).some((one) => holds(one.elem));
}
