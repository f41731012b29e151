// Which text is the value of a label: beside it, under it, behind its colon. Needs dom, grid, names, find.
// A header is never a value: `known` are the names of all that is asked for, and none of them is one.
// An answer is the elements that hold values, several where several readings are possible.

const COLON_END = /[:：]\s*$/;
const saysIn = (el) => normalise(text(el));
const hasDigit = (el) => /\d/.test(text(el));

/** What a cell looks like: labels look alike, and mostly other than values. */
function looksOf(el) {
  const style = getComputedStyle(el);
  return [el.nodeName, el.className, style.fontWeight, style.backgroundColor, style.color, style.textAlign].join();
}

const isHeader = (el, known) => el.nodeName === "TH" || COLON_END.test(el.textContent) || known.has(saysIn(el));
const mayHold = (el, known) => Boolean(el) && !isHeader(el, known);

/**
 * The one of two cells that holds the value of `label`, or both where nothing tells.
 * A label's row of headers holds no number, nor does its column of headers.
 */
function rightOrBelow(label, right, below, row, column) {
  const [rightAlike, belowAlike] = [right, below].map((cell) => looksOf(cell) === looksOf(label));
  if (rightAlike !== belowAlike) return rightAlike ? [below] : [right];
  if (hasDigit(right) !== hasDigit(below)) return hasDigit(right) ? [right] : [below];
  const [inRow, inColumn] = [row.some(hasDigit), column.some(hasDigit)];
  if (inRow !== inColumn) return inRow ? [right] : [below];
  const pairs = row.length % 2 === 1 || row.some((cell) => looksOf(cell) !== looksOf(label));
  if (!pairs) return [below]; // an odd number of cells that look alike
  return saysIn(right) === saysIn(below) ? [right] : [right, below];
}

/** All values to the right of a row's header, up to the next header. */
function valuesRight(place, label, known) {
  const cells = distinct(place.slots[place.y].slice(place.right));
  const end = cells.findIndex((cell, at) => {
    const more = label.nodeName === "TH" || (hasDigit(cell) && looksOf(cell) === looksOf(cells[0]));
    return !mayHold(cell, known) || (at > 0 && !more);
  });
  return end < 0 ? cells : cells.slice(0, end);
}

/** All values under a column's header, up to the next row of headers. */
function valuesBelow(place, label, known) {
  const cells = distinct(place.slots.slice(place.below).map((row) => row[place.x]));
  const end = cells.findIndex((cell) => !mayHold(cell, known) || slotOf(cell).x !== place.x);
  return end < 0 ? cells : cells.slice(0, end);
}

/** The values of a label that has a table's cell of its own. */
function cellValues(label, known) {
  const place = slotOf(label);
  if (isHeadRow(place.slots, place.rows, place.y)) return valuesBelow(place, label, known);
  const right = valuesRight(place, label, known);
  if (label.nodeName === "TH" || COLON_END.test(label.textContent)) return right;
  const below = valuesBelow(place, label, known).slice(0, 1);
  if (right.length === 0 || below.length === 0) return right.length > 0 ? right : below;
  const row = distinct(place.slots[place.y].slice(place.right));
  const column = distinct(place.slots.slice(place.below).map((cells) => cells[place.x]));
  const chosen = rightOrBelow(label, right[0], below[0], row, column);
  return chosen.length === 1 && chosen[0] === right[0] ? right : chosen;
}

/** The values of a label in lines of `div`, `li` or `span` that stand under each other like a table's rows. */
function lineValues(label, known) {
  const right = label.nextElementSibling;
  const [row, next] = [label.parentElement, label.parentElement.nextElementSibling];
  const count = row.childElementCount;
  const below = next?.nodeName === row.nodeName && next.childElementCount === count ? next.children[indexIn(label)] : null;
  const candidates = [right, count > 1 ? below : null];
  const [mayRight, mayBelow] = candidates.map((cell) => mayHold(cell, known) && saysIn(cell) !== saysIn(label));
  if (mayRight && mayBelow && count > 2) {
    const others = Array.from(row.children).slice(indexIn(label) + 1);
    return COLON_END.test(label.textContent) ? [right] : rightOrBelow(label, right, below, others, [below]);
  }
  if (mayRight) return [right];
  return right && mayBelow && count > 2 ? [below] : lastBelow(label, right, below, mayBelow);
}

const indexIn = (el) => Array.from(el.parentElement.children).indexOf(el);

/** The last label of a row of labels has nothing to its right: its value can only be below. */
const lastBelow = (label, right, below, mayBelow) => (!right && mayBelow && indexIn(label) > 0 ? [below] : []);

/** The descriptions of a term, up to the next term. */
function descriptions(term) {
  const found = [];
  for (let next = term.nextElementSibling; next?.nodeName === "DD"; next = next.nextElementSibling) found.push(next);
  return found;
}

/** The elements that hold the values of a label; `[]` where none stands beside it. */
function valuesBeside(label, known) {
  const item = label.closest(".el-form-item, .layui-form-item, .layui-inline, .form-group");
  const content = item?.querySelector(".el-form-item__content, .layui-input-block, .layui-input-inline, .layui-form-mid");
  if (content && !content.contains(label)) return [content];
  const cell = label.closest("td, th, dt");
  if (cell && saysIn(cell) === saysIn(label)) return cell.matches("dt") ? descriptions(cell) : cellValues(cell, known);
  for (const start of [label, section(label).head]) {
    const found = start.parentElement ? lineValues(start, known) : [];
    if (found.length > 0) return found;
  }
  return [];
}

// -- a label and its value in one text --

const NEXT_LABEL = /[\s;；,，|]+(?=[\p{Script=Han}（）()]{2,14}\s*[:：])/u;
const FLOWING = (el) => el.nodeName === "BR" || getComputedStyle(el).display.startsWith("inline");

/** The `label: value` pairs of a line of text. */
function pairsOf(line) {
  const [, name, rest] = line.match(/^\s*([^:：]{1,40})[:：](.*)$/) ?? [];
  if (name === undefined) return [];
  const next = rest.match(NEXT_LABEL);
  if (!next) return [[normalise(name), rest.trim()]];
  return [[normalise(name), rest.slice(0, next.index).trim()], ...pairsOf(rest.slice(next.index + next[0].length))];
}

/** `联系人：张三` in one text: the words behind the colon, up to the end of the line or the next label. */
function inlineValues(spot) {
  const wanted = wantedNames(spot);
  const holding = (el) => wanted.some((name) => normalise(el.textContent).includes(`${name}:`));
  const found = [];
  for (const el of everywhere("td, li, p, span, div, dd, label, b")) {
    if (!holding(el) || !visible(el) || !Array.from(el.children).every(FLOWING)) continue;
    const pairs = el.innerText.split("\n").flatMap(pairsOf);
    for (const [name, value] of pairs) if (value && wanted.includes(name)) found.push({ box: el, said: value });
  }
  return found.filter((one) => !found.some((other) => other.box !== one.box && other.box.contains(one.box)));
}
