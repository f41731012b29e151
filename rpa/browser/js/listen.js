// Hearing all that a page says from its first moment on, also what is gone before anybody looks. Lives in a
// world of its own in every frame, so that the page has nothing of ours. Needs dom.js and speech.js.

const PAUSE_MS = 80; // a page that changes all the time is looked at so often
const MESSAGE = /(?:^|[-_ ])(?:modal|dialog|message\w*|messager|msg|toast\w*|notif\w*|notice|alert|popup|popconfirm|layer|confirm|prompt|tips?)(?:$|[-_ ])/i;
const OTHER = /(?:^|[-_ ])(?:drop-?down|\w*picker|laydate|calendar|combo|select|auto-?complete|suggest\w*|menu|nav|navbar|cascader|loading|spinner|sidebar|toolbar|back-?top|typeahead)(?:$|[-_ ])/i;
const NO_MESSAGE = "nav, menu, aside, [role=menu], [role=menubar], [role=listbox], [role=navigation], [role=tree], [role=grid], [role=tablist], [role=progressbar], [role=toolbar], [role=combobox]";
const DIALOGS = "dialog, [role=dialog], [role=alertdialog], [aria-modal=true]";
const HINTS = "[role=tooltip], [class*=tooltip i]";
const ERRORS = "[role=alert], [aria-live=assertive], [class*=error i], [class*=danger i], [class*=invalid i], [class*=help-block i], [class*=alert i]";
const STRONG = /error|invalid|help-block/i;
const LONGEST = 2000; // characters: whatever says more is a part of a screen
const INLINE_LONGEST = 120;
const CHANGED_MOST = 1000; // elements of one change that are looked at for a red text
const FEW_LINKS = 3;

const ids = new WeakMap();
let [count, loaded, told, planned, last] = [0, false, "", 0, -PAUSE_MS];
let standing = new Map(); // key → {el, reading…}
const changed = new Set(); // elements that are new or look another way since the last look
const above = new Set(); // elements that float, whatever they are
const firstSeen = new WeakMap(); // element → whether it was there when the document was

const isMessage = (el) => el.matches(`${DIALOGS}, [role=alert], [role=status]`) || looksLike(el, MESSAGE);

function raised(el, style) {
  if (el.matches("dialog[open], [popover]")) return true;
  if (style.position === "fixed") return true;
  return style.position === "absolute" && (style.zIndex !== "auto" || el.matches(DIALOGS));
}

/** Whether something covers the page behind a box: its own frame, or a mask. */
function masked(el) {
  const wide = (node) => {
    const box = node.getBoundingClientRect();
    return box.width >= innerWidth * 0.8 && box.height >= innerHeight * 0.8;
  };
  if (wide(el)) return true;
  return document.elementsFromPoint(innerWidth / 2, 3).some((node) => {
    return !node.contains(el) && !normalise(node.textContent) && getComputedStyle(node).position === "fixed" && wide(node);
  });
}

function certaintyOf(floating, box) {
  for (let el = box; el; el = el.parentElement) {
    if (isMessage(el)) return 2;
    if (el === floating) break;
  }
  if (box.querySelector(DIALOGS) || masked(floating)) return 2;
  if (firstSeen.get(box) || box.querySelectorAll("a").length >= FEW_LINKS) return 0;
  return 1;
}

/** Whether a floating element is of another kind than a message, whatever stands in it. */
function isOther(el) {
  if (el.closest(NO_MESSAGE) || looksLike(el, OTHER)) return true;
  return el.matches(HINTS) && buttonsOf(el).length < 2; // a question beside a button calls itself a tooltip
}

/** Whether it stands there as it will: nothing of it is fading in, growing or sliding. */
function atRest(el) {
  const ends = (animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
  return seen(el) && !el.getAnimations({ subtree: true }).some((one) => one.playState !== "finished" && ends(one));
}

/** Remember what floats in a part of the document that is new or looks another way now. */
function discover(el) {
  if (el.matches(SILENT)) return;
  if (raised(el, getComputedStyle(el))) above.add(el);
  for (const child of el.children) discover(child);
}

/** What floats above this document, the outermost of it: `[floating, box]` for each message, at rest or not. */
function floats() {
  for (const el of changed) if (el.isConnected && !inChanged(el)) discover(el);
  const kept = [];
  for (const el of above) {
    if (!el.isConnected || !raised(el, getComputedStyle(el))) above.delete(el);
    else if (el.checkVisibility() && isWhole(el)) kept.push(el);
  }
  const outermost = kept.filter((el) => !kept.some((other) => other !== el && other.contains(el)));
  return outermost.filter((el) => !isOther(el)).flatMap((el) => boxesIn(el, isMessage).map((box) => [el, box]));
}

/** Whether an element goes with another one that has changed around it. */
function inChanged(el) {
  for (let node = el.parentElement; node; node = node.parentElement) if (changed.has(node)) return true;
  return false;
}

/** Whether a floating element is one thing: a message or a menu, and not a part of the screen with more inside. */
function isWhole(el) {
  const length = el.textContent.length;
  return length > 0 && length <= LONGEST && (isOther(el) || !isScreen(el));
}

/** Red as text is that says that something is wrong. */
function reddish(el) {
  const [red, green, blue] = (getComputedStyle(el).color.match(/[\d.]+/g) ?? []).map(Number);
  return red > 150 && red > 1.8 * green && red > 1.8 * blue;
}

/** Texts in the page that look like errors: they call themselves so, or came just now and are red. */
function inlines(boxes) {
  const fresh = [...changed].filter((el) => !inChanged(el)).flatMap((el) => [el, ...el.querySelectorAll("*")]);
  const red = fresh.slice(0, CHANGED_MOST).filter((el) => el.isConnected && ownText(el) && reddish(el));
  const kept = [...standing.values()].filter(({ shape, el }) => shape === "inline" && el.isConnected).map(({ el }) => el);
  const all = [...new Set([...document.querySelectorAll(ERRORS), ...red, ...kept])].filter((el) => {
    const length = normalise(el.textContent).length;
    if (length < 2 || length > INLINE_LONGEST || el.matches(`${PRESSED}, label, ${SILENT}`)) return false;
    return seen(el) && !isScreen(el) && !el.querySelector("input") && !boxes.some((box) => box.contains(el));
  });
  return all.filter((el) => !all.some((other) => other !== el && el.contains(other)));
}

function inlineCertainty(el) {
  const strong = looksLike(el, STRONG);
  if (strong) return firstSeen.get(el) ? 1 : 2;
  return reddish(el) && !firstSeen.get(el) ? 1 : 0;
}

/** Whether a person could press there now: nothing covers it, in this document or around its frame. */
function onTop(el) {
  const box = el.getBoundingClientRect();
  let [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  let hit = el.ownerDocument.elementFromPoint(x, y);
  if (hit === null || getComputedStyle(el).pointerEvents === "none") return true; // outside, or only to be read
  let meant = el;
  for (;;) {
    if (!meant.contains(hit)) return false;
    const frame = frameOf(meant.ownerDocument.defaultView);
    if (frame === null) return true;
    const around = frame.getBoundingClientRect();
    [x, y] = [around.left + (x * around.width) / frame.offsetWidth, around.top + (y * around.height) / frame.offsetHeight];
    hit = frame.ownerDocument.elementFromPoint(x, y);
    if (hit === null) return true;
    meant = frame;
  }
}

function shapeOf(el, said, certain) {
  if (el.getBoundingClientRect().width >= innerWidth * 0.9 && said.buttons.length === 0) return "banner";
  const asks = said.buttons.some((button) => button !== "×");
  return asks || certain ? "dialog" : "toast";
}

/** Everything that this document says now. */
function hearing() {
  if (!document.body) return [];
  const all = floats();
  const found = all.filter(([, box]) => atRest(box));
  const boxes = found.map(([, box]) => box);
  for (const box of boxes) if (!firstSeen.has(box)) firstSeen.set(box, !loaded);
  const floating = found.map(([outer, box]) => {
    const said = reading(box);
    return said && { el: box, ...said, shape: shapeOf(box, said, outer !== box && masked(outer)), certainty: certaintyOf(outer, box) };
  });
  const texts = inlines(all.map(([floating]) => floating));
  for (const el of texts) if (!firstSeen.has(el)) firstSeen.set(el, !loaded);
  const inline = texts.map((el) => {
    const said = reading(el);
    const wide = el.getBoundingClientRect().width >= innerWidth * 0.6 && isMessage(el);
    return said && { el, ...said, shape: wide ? "banner" : "inline", certainty: inlineCertainty(el) };
  });
  return [...floating, ...inline].filter(Boolean);
}

const counting = (words) => words.replace(/\d+(?=\s*(?:秒|s\b))/g, "");

/** One number for what one element says as long as it says it; seconds that are counted down change nothing. */
function keyOf(one) {
  const known = ids.get(one.el);
  const words = counting(one.words);
  if (known && standing.has(known.key) && known.words === words && !saidAgain(one)) return known.key;
  count += 1;
  ids.set(one.el, { key: count, words });
  return count;
}

/** Whether the same words were written there once more. */
const saidAgain = (one) => one.shape === "inline" && [...changed].some((el) => el === one.el || one.el.contains(el));

function look() {
  planned = 0;
  last = performance.now();
  standing = new Map(hearing().map((one) => [keyOf(one), one]));
  changed.clear();
  const all = [...standing].map(([key, { el, ...said }]) => ({ key, ...said, top: onTop(el) }));
  const tells = JSON.stringify(all);
  if (tells !== (told || "[]")) globalThis.tell(tells);
  told = tells;
}

function plan() {
  planned ||= setTimeout(look, Math.max(10, last + PAUSE_MS - performance.now()));
}

function onChange(records) {
  for (const { type, target, addedNodes } of records) {
    if (type === "attributes") changed.add(target);
    else for (const node of addedNodes) changed.add(node.nodeType === Node.ELEMENT_NODE ? node : target);
    if (type === "characterData" && target.parentElement) changed.add(target.parentElement);
  }
  for (const el of changed) if (el.nodeType !== Node.ELEMENT_NODE) changed.delete(el);
  plan();
}

/** The button of a message that has one of these captions, the first of the list first; null while it cannot be pressed. */
function button(key, captions) {
  const box = standing.get(key)?.el;
  if (!box?.isConnected) return null;
  const all = buttonsOf(box);
  const named = captions.map((caption) => all.find((el) => saysButton(el).toLowerCase() === caption)).find(Boolean);
  if (!named || named.matches(":disabled, [disabled], [aria-disabled=true], .is-disabled, .is-loading, .disabled")) return null;
  named.scrollIntoView({ block: "nearest" });
  return onTop(named) ? named : null;
}

let heard = null;

/** Listen to the document that is here now. */
function attend() {
  if (heard === document) return;
  [heard, loaded] = [document, false];
  above.clear();
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(onChange).observe(document, everything);
  addEventListener("resize", plan); // a frame that its page shows
  for (const ends of ["transitionend", "animationstart", "animationend", "toggle"]) document.addEventListener(ends, plan, true);
  document.addEventListener("load", onLoad, true);
  const begun = () => {
    changed.add(document.documentElement); // its styles are there only now
    look(); // whatever stands there by now came with the document
    loaded = true;
  };
  if (document.readyState === "complete") begun();
  else addEventListener("load", begun, { once: true });
}

/** A frame's empty first document may lend its window, and us in it, to the next one without a word. */
function onLoad({ target }) {
  if (target.matches?.("iframe, frame") && target.contentDocument) target.contentWindow.speech?.attend();
}

/** Begin to listen in this window. */
function listen() {
  globalThis.speech ??= { button, attend };
  globalThis.speech.attend();
}
