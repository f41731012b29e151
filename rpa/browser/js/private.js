// Where a page shows personal data, for copies of its picture that are shared. Needs dom, geometry, names, controls, find, tables.
// job: {labels, open: regular expressions, known: [[what, value]], plain: [value that stays readable]}
// A piece: {what, el, boxes}, in the viewport of its own document.

const INLINE = "a, abbr, b, big, em, font, i, label, mark, s, small, span, strong, sub, sup, u";
const NO_TEXT = "script, style, noscript, template, textarea, option, title";
const NO_LABEL = "a, button, [role=tab], [role=menuitem], option, .el-tabs__item, .layui-tab-title";
const LONGEST = 100; // characters; what is longer beside a label is no value
const JOINT = "\u0001"; // stands between pieces of text that no block parts
const [COLUMNS, ROWS] = [12, 3];
const CELLS = Array.from({ length: COLUMNS * ROWS }, (_, at) => [at % COLUMNS, Math.floor(at / COLUMNS)]);
const CORNERS = [[0.5, 0.5], [0.02, 0.1], [0.98, 0.1], [0.02, 0.9], [0.98, 0.9]];
const SHORT = 9; // digits; a shorter known number is not looked for inside longer ones

const GROUPING = ` -‐‑–—${JOINT}`;

// Digits in groups are one number.
const SHAPES = [
  ["证件号码", /(?<![0-9a-z])[1-9]\d{5}[ \x01]?(?:18|19|20)\d{2}[ \x01]?(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ \x01]?\d{3}[\dx](?![0-9a-z])/g],
  ["手机号码", /(?<![0-9a-z])(?:\+?86[- ]?)?1[3-9]\d[- \x01]?\d{4}[- \x01]?\d{4}(?![0-9a-z])/g],
  ["账号", /(?<![0-9a-z.])\d(?:[- \x01]?\d){11,31}(?![0-9a-z])/g],
];
const COLON = /[:：]\s*$/;
const STAMP = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[0-5]\d){2,3}$/;
const DATES = /^(?:19|20)\d{2}(?:(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?)?(?:[- ](?:(?:19|20)\d{2}\d{0,4}|\d{1,2}))+$/;

/** A text as it is compared, as long as before: half width, small letters, any blank a space. */
function simple(text) {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200b\ufeff\u00ad]/g, " ")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A text without what only groups it, and where each of its characters came from. */
function squeezed(text) {
  const from = [];
  let kept = "";
  for (let at = 0; at < text.length; at += 1) {
    if (GROUPING.includes(text[at])) continue;
    kept += text[at];
    from.push(at);
  }
  return { text: kept, from };
}

const bare = (text) => squeezed(simple(String(text))).text.trim();

/** Every place of a bare value, as [start, end] of the text that was squeezed. */
function* places({ text, from }, value) {
  const joined = (left) => /\d\d/.test(text.slice(left, left + 2)) && from[left + 1] - from[left] === 1;
  const part = /^\d+$/.test(value) && value.length < SHORT;
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const last = at + value.length - 1;
    if (!part || !((at > 0 && joined(at - 1)) || joined(last))) yield [from[at], from[last] + 1];
  }
}

// -- the text of a document --

/** All text of a document or a shadow root: pieces of one line stand together, each block on a line of its own. */
function pageText({ trunk, document }) {
  const found = { text: "", nodes: [], starts: [] };
  const blocks = new Map();
  const blockOf = (el) => {
    if (!blocks.has(el)) blocks.set(el, el.parentElement && el.matches(INLINE) ? blockOf(el.parentElement) : el);
    return blocks.get(el);
  };
  const walker = document.createTreeWalker(trunk ?? document.documentElement, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement || node.parentElement.matches(NO_TEXT)) continue;
    const block = blockOf(node.parentElement);
    const apart = block !== last || node.previousSibling?.nodeName === "BR";
    if (found.text) found.text += apart ? "\n" : JOINT;
    found.nodes.push(node);
    found.starts.push(found.text.length);
    found.text += simple(node.data);
    last = block;
  }
  return found;
}

/** The piece of a page between two places of its text. */
function pieceAt(page, what, [start, end]) {
  const nodeAt = (at) => {
    let [low, high] = [0, page.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (page.starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const [first, last] = [nodeAt(start), nodeAt(end - 1)];
  const range = page.nodes[first].ownerDocument.createRange();
  range.setStart(page.nodes[first], start - page.starts[first]);
  range.setEnd(page.nodes[last], end - page.starts[last]);
  return pieceOf(what, range);
}

function pieceOf(what, range) {
  const holder = range.commonAncestorContainer;
  const el = holder.nodeType === Node.TEXT_NODE ? holder.parentElement : holder;
  return { what, el, boxes: Array.from(range.getClientRects()) };
}

// -- what is personal --

/** The rules of one look at a page. */
function rulesOf(job) {
  const [ending, open] = [new RegExp(`(?:${job.labels})$`), new RegExp(job.open)];
  const readable = new Set(job.plain.map(bare));
  return {
    named: (name) => (open.test(name) ? null : ending.exec(name === "" ? "" : plain(name))?.[0] ?? null),
    open: (name) => open.test(normalise(name ?? "")),
    openBefore: new RegExp(`(?:${job.open})\\D{0,8}$`),
    inLine: new RegExp(`(${job.labels})[ \\x01]*:[ \\x01]*([^\\n;,。|]+?)(?= {2,}|[\\n;,。|]|$|[ \\x01]+[\\u4e00-\\u9fff()]{2,10}[ \\x01]*:)`, "dg"),
    plain: (said) => readable.has(bare(said)),
    readable: [...readable].filter(Boolean),
    known: job.known.map(([what, value]) => [what, bare(value)]).filter(([, value]) => value),
  };
}

/** Where a text holds known values and what looks like a number of a person, as [what, [start, end]]. */
function* personalIn(text, rules, isOpen) {
  const lean = squeezed(text);
  const kept = rules.readable.flatMap((value) => [...places(lean, value)]);
  const readable = ([start, end]) => kept.some(([from, to]) => from <= start && end <= to);
  for (const [what, value] of rules.known) {
    for (const place of places(lean, value)) if (!readable(place)) yield [what, place];
  }
  for (const [what, shape] of SHAPES) {
    for (const found of text.matchAll(shape)) {
      const place = [found.index, found.index + found[0].length];
      if (!STAMP.test(found[0]) && !DATES.test(found[0]) && !readable(place) && !isOpen(place)) yield [what, place];
    }
  }
}

/** What heads a cell, also where its table's head is a table of its own. */
function headings(el) {
  const cell = cellOf(el);
  const head = cell?.closest(GRIDS)?.querySelector("thead tr");
  const split = head && cell.closest("tr") !== head ? cellAt(head, columnOf(cell)) : null;
  return [wordsBefore(el, [el])?.said, wordsAbove(cell, true), split && words(split)];
}

function* textPieces(page, rules) {
  const isOpen = ([start]) => {
    const before = page.text.slice(page.text.lastIndexOf("\n", start) + 1, start).slice(-30);
    if (rules.openBefore.test(before)) return true;
    return headings(pieceAt(page, "", [start, start + 1]).el).some(rules.open);
  };
  for (const [what, place] of personalIn(page.text, rules, isOpen)) yield pieceAt(page, what, place);
  for (const found of page.text.matchAll(rules.inLine)) {
    if (!rules.plain(found[2])) yield pieceAt(page, found[1], found.indices[2]);
  }
}

// -- values beside and under labels --

/** What stands behind a label: the next thing that says something, up to the end of what holds only the label. */
function behind(label) {
  const most = normalise(label.data).length + 4;
  let node = label;
  for (let level = 0; level < 6; level += 1) {
    for (let next = node.nextSibling; next; next = next.nextSibling) {
      if (holdsField(next) || normalise(next.textContent)) return next;
    }
    node = node.parentElement;
    if (!node || node.matches("body, tr, form, fieldset, table") || normalise(node.textContent).length > most) return null;
  }
  return null;
}

/** Whether a cell heads a column: surely, perhaps (a first row without marks), or not. */
function headsColumn(cell) {
  const [row, table] = [cell?.parentElement, cell?.closest("table")];
  if (!table || !row.cells) return null;
  if (row.parentElement === table.tHead || Array.from(row.cells).every((one) => one.nodeName === "TH")) return "surely";
  const like = table.rows[0] === row && row.cells.length > 2 && table.rows[1]?.cells.length === row.cells.length;
  return like && !COLON.test(cell.textContent) && countFields(row, []) === 0 ? "perhaps" : null;
}

function valuesOf(label) {
  const cell = label.parentElement.closest("td, th");
  const heads = headsColumn(cell);
  const under = heads ? bodyRows(cell.parentElement).map((row) => cellAt(row, columnOf(cell))) : [];
  return [...under, heads === "surely" ? null : behind(label)].filter(Boolean);
}

function* labelledPieces(page, rules) {
  for (const label of page.nodes) {
    if (label.length > 30) continue;
    const what = rules.named(normalise(label.data));
    if (!what || label.parentElement.closest(NO_LABEL)) continue;
    for (const value of valuesOf(label)) {
      const said = normalise(value.textContent);
      const another = COLON.test(value.textContent) || rules.named(said) || rules.open(said);
      if (!said || said.length > LONGEST || another || holdsVisibleField(value) || rules.plain(said)) continue;
      const range = label.ownerDocument.createRange();
      range.selectNodeContents(value);
      yield pieceOf(what, range);
    }
  }
}

/** What a field shows. */
function heldBy(el) {
  if (el.matches("select")) return el.value ? (el.selectedOptions[0]?.text ?? "") : "";
  return el.value ?? el.textContent;
}

function* fieldPieces(root, rules) {
  for (const el of root.querySelectorAll(FIELDS)) {
    const said = ["checkbox", "radio", "file"].includes(el.type) ? "" : heldBy(el);
    const control = said && !rules.plain(said) ? fieldControl(el) : null;
    if (!control) continue;
    const names = [...control.labels, ...control.hints];
    const named = el.type === "password" ? "密码" : names.map(rules.named).find(Boolean);
    const what = named ?? personalIn(simple(said), rules, () => names.some(rules.open)).next().value?.[0];
    if (what) yield { what, el: control.box, boxes: [control.box.getBoundingClientRect()] };
  }
}

// -- what of it shows --

/** What was asked of the page's styles in one look: they do not change meanwhile. */
const freshLook = () => ({ opaque: new Map(), maps: new Map(), tops: new Map() });

function remember(known, key, find) {
  if (!known.has(key)) known.set(key, find(key));
  return known.get(key);
}

function opaque(el) {
  if (!getComputedStyle(el).backgroundColor.startsWith("rgb(")) return false;
  for (let node = el; node; node = parentOf(node)) if (Number(getComputedStyle(node).opacity) < 1) return false;
  return true;
}

/** Whether an element shows at a point: neither scrolled away there nor under something that one cannot see through. */
function showsAt(el, x, y, look) {
  const view = el.ownerDocument.defaultView;
  if (x < 0 || y < 0 || x >= view.innerWidth || y >= view.innerHeight) return false;
  for (const hit of el.getRootNode().elementsFromPoint(x, y)) {
    if (inside(el, hit)) break;
    if (inside(hit, el)) {
      if (view.getComputedStyle(el).pointerEvents !== "none") return false;
      break;
    }
    if (remember(look.opaque, hit, opaque)) return false;
  }
  const frame = frameOf(view);
  if (!frame) return true;
  const map = remember(look.maps, frame, outward);
  if (!map) return true;
  const point = map.transformPoint({ x, y });
  return showsAt(frame, point.x, point.y, look);
}

/** The part of a box that shows, or null; where something covers a part, to the next line of a grid. */
function shownBox(el, box, look) {
  const view = el.ownerDocument.defaultView;
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const width = Math.min(box.right, view.innerWidth) - left;
  const height = Math.min(box.bottom, view.innerHeight) - top;
  if (width < 1 || height < 1) return null;
  const at = (across, down) => showsAt(el, left + across * width, top + down * height, look);
  if (CORNERS.every(([across, down]) => at(across, down))) return { left, top, width, height };
  const cells = CELLS.filter(([column, row]) => at((column + 0.5) / COLUMNS, (row + 0.5) / ROWS));
  if (cells.length === 0) return null;
  const span = (one, most) => {
    const places = cells.map((cell) => cell[one]);
    return [Math.max(Math.min(...places) - 1, 0) / most, Math.min(Math.max(...places) + 2, most) / most];
  };
  const [[west, east], [north, south]] = [span(0, COLUMNS), span(1, ROWS)];
  return { left: left + west * width, top: top + north * height, width: (east - west) * width, height: (south - north) * height };
}

/** A place as it is told: `x,y,width,height,what`, in whole pixels around it. */
function placeLine({ x, y, width, height }, what) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  return [left, top, Math.ceil(x + width) - left, Math.ceil(y + height) - top, what].join();
}

/** Every place in the viewport that shows personal data, a line each. One text: it travels fast. */
function privatePlaces(job) {
  const [rules, found, look] = [rulesOf(job), new Set(), freshLook()];
  for (const part of roots()) {
    const [page, map] = [pageText(part), remember(look.tops, part.document, toTop)];
    if (!map) throw new Error("nobody can tell where a frame shows");
    const pieces = [...fieldPieces(part.root, rules), ...labelledPieces(page, rules), ...textPieces(page, rules)];
    for (const { what, el, boxes } of pieces) {
      if (!el.checkVisibility({ visibilityProperty: true })) continue;
      for (const one of boxes) {
        const box = shownBox(el, one, look);
        if (box) found.add(placeLine(mapped(map, { x: box.left, y: box.top, width: box.width, height: box.height }), what));
      }
    }
  }
  return [...found].join("\n");
}
