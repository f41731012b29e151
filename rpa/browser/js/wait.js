// Waiting for a condition inside the page, without a timer of our own in Python. Needs dom.

const SIGNS = ["load", "transitionend", "animationend", "scroll", "input", "change"];
const LOOK_AGAIN = 50; // ms: what no event tells, such as a script's own animation or a new document in a frame

/** Resolve on the next sign of change in any document here, or after a moment. */
function nextChange(milliseconds) {
  return new Promise((resolve) => {
    const watched = Array.from(roots(), (found) => found.root);
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

/** What changes an element or something around it, with an end: CSS animations and those of jQuery. */
function movements(el) {
  const view = el.ownerDocument.defaultView;
  const holds = (other) => Boolean(other?.isConnected) && inside(other, el) !== null;
  const endless = (animation) => animation.effect?.getComputedTiming().endTime === Infinity;
  const trees = [];
  for (let node = el; node; node = trees.at(-1).host) trees.push(node.getRootNode());
  const running = trees.flatMap((tree) => tree.getAnimations()).filter((one) => one.playState === "running");
  const drawn = running.filter((one) => !endless(one) && holds(one.effect?.target));
  return [...drawn, ...(view.jQuery?.timers ?? []).filter((one) => holds(one.elem))];
}

/** Whether something is on its way to another place. */
const moving = (el) => movements(el).length > 0;
