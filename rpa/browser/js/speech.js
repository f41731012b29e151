// What one message says, whichever library draws it: its title, its words, its buttons. Needs dom.js.

const PRESSED = "button, a, input[type=button], input[type=submit], [role=button], [onclick], [class*=btn i], [class*=button i], [class*=close i]";
const TITLED = "h1, h2, h3, h4, h5, h6, legend, [class*=title i], [class*=header i], [class*=heading i], [class*=caption i]";
const FILLED_IN =
  "input:not([type=hidden], [type=button], [type=submit], [type=reset], [type=image], [type=checkbox], [type=radio]), select, textarea, iframe, embed, object, canvas, th, [contenteditable=true], [role=grid], [role=listbox], [role=tree]";
const REACTS = "button, a, input, [role=button], [onclick]";
const SILENT = "script, style, noscript, template, svg, option";
const CLOSES = /^(?:[×✕✖x]|close|closethisdialog|关闭此对话框)$/i;
const COUNTED = /\(\d+[s秒]?\)$/i; // a button that counts down

const ownText = (el) => Array.from(el.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && normalise(node.data));
const looksLike = (el, pattern) => pattern.test(el.getAttribute("class") ?? "");
const pointed = (el) => getComputedStyle(el).cursor === "pointer";
const seen = (el) => visible(el) && el.checkVisibility({ opacityProperty: true });

/** What a button says; a cross, drawn or written, says ×. */
function saysButton(el) {
  const said = [el.value, text(el), el.getAttribute("aria-label"), el.title].map(normalise).find(Boolean) ?? "";
  if (CLOSES.test(said) || (!said && looksLike(el, /close/i))) return "×";
  return said.replace(COUNTED, "");
}

/** A link in the middle of a sentence belongs to the sentence. */
const inSentence = (el) => el.matches("a") && ownText(el.parentElement);

const reacts = (el) => el.matches(REACTS) || looksLike(el, /btn|button/i) || pointed(el);

/** The buttons of a box: the innermost things to press that say something. */
function buttonsOf(box) {
  const pressed = Array.from(box.querySelectorAll(PRESSED)).filter((el) => visible(el) && reacts(el));
  const told = pressed.filter((el) => !inSentence(el) && saysButton(el));
  const all = told.some((el) => saysButton(el) !== "×") ? told : [...told, ...bareButtons(box)];
  return all.filter((el) => !all.some((other) => other !== el && el.contains(other)));
}

const LONGEST_BARE = 16; // characters

/** Buttons that are mere boxes of text over which the pointer changes. */
function bareButtons(box) {
  const bare = Array.from(box.querySelectorAll("div, span, p, li, b, em")).filter((el) => !el.matches(PRESSED) && visible(el));
  return bare.filter((el) => pointed(el) && !pointed(el.parentElement) && ownText(el) && saysButton(el).length <= LONGEST_BARE);
}

/** The nearest element around a text that begins a line of its own. */
function lineOf(node) {
  let el = node.parentElement;
  while (el?.parentElement && getComputedStyle(el).display.startsWith("inline")) el = el.parentElement;
  return el;
}

/** The visible pieces of text in a box, without what its buttons say. */
function piecesOf(box, buttons) {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  const pieces = [];
  while (walker.nextNode()) {
    const [node, el] = [walker.currentNode, walker.currentNode.parentElement];
    if (!normalise(node.data) || el.closest(SILENT) || !el.checkVisibility({ visibilityProperty: true })) continue;
    if (!buttons.some((button) => button.contains(node))) pieces.push({ node, line: lineOf(node), words: node.data });
  }
  return pieces;
}

/** Pieces of one line follow each other; those of different lines have a space between. */
function joined(pieces) {
  const parts = pieces.map(({ words, line }, at) => (at > 0 && pieces[at - 1].line !== line ? ` ${words}` : words));
  return parts.join("").replace(/\s+/g, " ").trim();
}

/** How much a text stands out. */
function weight({ node }) {
  const { fontSize, fontWeight } = getComputedStyle(node.parentElement);
  return Number.parseFloat(fontSize) * 1000 + Number(fontWeight);
}

/** The first line where it stands out, or has the cross that closes the box: a title that does not say that it is one. */
function headline(pieces, buttons) {
  const line = pieces.filter((piece) => piece.line === pieces[0].line);
  const [bar, next] = [line[0].line, pieces[line.length]];
  if (!next) return [];
  const crossed = !bar.contains(next.node) && buttons.some((one) => bar.contains(one) && saysButton(one) === "×");
  return crossed || weight(line[0]) > weight(next) ? line : [];
}

/** The title of a box: what calls itself so and comes first, else what looks like one. */
function titleOf(box, pieces, buttons) {
  const first = Array.from(box.querySelectorAll(TITLED)).filter((el) => el.contains(pieces[0]?.node));
  const inside = first.map((el) => pieces.filter(({ node }) => el.contains(node)));
  return inside.find((part) => part.length < pieces.length) ?? (pieces.length > 0 ? headline(pieces, buttons) : []);
}

/** A box as a person reads it, or null where it says nothing. */
function reading(box) {
  const buttons = buttonsOf(box);
  const pieces = piecesOf(box, buttons);
  const title = titleOf(box, pieces, buttons);
  const words = joined(pieces.filter((piece) => !title.includes(piece)));
  if (normalise(words).length < 2) return null;
  return { title: joined(title).replace(/\s*[×✕✖]$/, ""), words, buttons: buttons.map(saysButton) };
}

/** Whether something is to be filled in or looked through there: a part of a screen, and no message. */
const isScreen = (box) => Array.from(box.querySelectorAll(FILLED_IN)).some(visible);

/** The messages inside a floating element: it may be the frame around one, or hold several below each other. */
function boxesIn(el, isMessage) {
  const children = Array.from(el.children).filter((child) => !child.matches(SILENT));
  const telling = children.filter((child) => normalise(child.textContent) && visible(child));
  if (ownText(el) || telling.length === 0) return [el];
  const beside = children.filter((child) => !telling.includes(child) && (child.matches(PRESSED) || child.querySelector(PRESSED)));
  if (telling.length === 1) return beside.length > 0 || telling[0].matches(PRESSED) ? [el] : boxesIn(telling[0], isMessage);
  const alike = telling.every((child) => child.tagName === telling[0].tagName && child.classList[0] === telling[0].classList[0]);
  return alike && telling.every(isMessage) ? telling.flatMap((child) => boxesIn(child, isMessage)) : [el];
}
