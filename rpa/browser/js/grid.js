// A table laid out as HTML's own table model does: every slot of every row knows its cell. Needs dom.
// https://html.spec.whatwg.org/multipage/tables.html#forming-a-table

let layouts = new WeakMap();
const tableChanges = new MutationObserver(() => { layouts = new WeakMap(); });

const shownAtAll = (el) => el.checkVisibility();

/** The slots of a table: `rows`, and for each row the cell of every column. Kept while nothing changes. */
function layoutOf(table) {
  if (tableChanges.takeRecords().length > 0) layouts = new WeakMap();
  if (!layouts.has(table)) {
    layouts.set(table, formed(table));
    tableChanges.observe(table, { subtree: true, childList: true, attributes: true });
    queueMicrotask(() => { layouts = new WeakMap(); }); // what hides a column may stand outside the table
  }
  return layouts.get(table);
}

/** Rows and cells that are not drawn take no place, as a person sees it. */
function formed(table) {
  const rows = Array.from(table.rows).filter(shownAtAll);
  const slots = rows.map(() => []);
  const ends = new Map(rows.map((row, y) => [row.parentElement, y + 1])); // a cell does not reach beyond its row group
  rows.forEach((row, y) => {
    const end = ends.get(row.parentElement);
    let x = 0;
    for (const cell of Array.from(row.cells).filter(shownAtAll)) {
      while (slots[y][x]) x += 1;
      const below = cell.rowSpan === 0 ? end : Math.min(end, y + cell.rowSpan);
      for (let at = y; at < below; at += 1) for (let to = x; to < x + cell.colSpan; to += 1) slots[at][to] ??= cell;
      x += cell.colSpan;
    }
  });
  return { rows, slots, width: Math.max(0, ...slots.map((row) => row.length)) };
}

/** Where a cell stands in its table: its first row and column and how far it reaches; null outside a table. */
function slotOf(cell) {
  const table = cell?.matches("td, th") ? cell.closest("table") : null;
  if (!table) return null;
  const { rows, slots, width } = layoutOf(table);
  const y = rows.indexOf(cell.parentElement);
  const x = slots[y]?.indexOf(cell) ?? -1;
  if (x < 0) return null;
  let [right, below] = [x, y];
  while (slots[y][right] === cell) right += 1;
  while (slots[below]?.[x] === cell) below += 1;
  return { table, rows, slots, width, y, x, right, below };
}

/** Column of a cell, cells that reach over several counted; outside a table its place in its row. */
function columnOf(cell) {
  return slotOf(cell)?.x ?? Array.from(cell.parentElement.children).indexOf(cell);
}

function cellAt(row, column) {
  const { rows, slots } = layoutOf(row.closest("table"));
  return slots[rows.indexOf(row)]?.[column] ?? null;
}

const distinct = (cells) => Array.from(new Set(cells)).filter(Boolean);

/** Whether a row is one of headers by its markup: in `thead`, or of `th` alone. */
function isHeadRow(slots, rows, y) {
  if (rows[y].parentElement.nodeName === "THEAD") return true;
  const cells = distinct(slots[y]);
  return cells.length > 0 && cells.every((cell) => cell.nodeName === "TH");
}

/**
 * The row of headers above a cell: marked as such, or with `plainRow` one that holds no control:
 * the nearest above a control, the first of all above a text (the nearest is likely a record).
 */
function headRowAbove({ rows, slots, y, x }, plainRow) {
  for (let above = y - 1; above >= 0; above -= 1) if (isHeadRow(slots, rows, above)) return above;
  if (!plainRow) return -1;
  for (let above = countFields(slots[y][x], []) > 0 ? y - 1 : 0; above >= 0 && above < y; above -= 1) {
    const cells = distinct(slots[above]);
    if (cells.some((cell) => countFields(cell, []) > 0)) continue;
    return cells.filter((cell) => normalise(words(cell))).length > 1 ? above : -1;
  }
  return -1;
}

/** The header cells of a column from the outermost down to row `y`, each once, the empty ones left out. */
function headChain({ rows, slots }, y, column) {
  let top = y;
  while (top > 0 && isHeadRow(slots, rows, top - 1)) top -= 1;
  const cells = distinct(slots.slice(top, y + 1).map((row) => row[column]));
  return cells.filter((cell) => normalise(words(cell)));
}

/** What a chain of headers is called: by the innermost, and by all of them together. */
function chainNames(chain) {
  const said = chain.map((cell) => normalise(words(cell)));
  return said.length > 1 ? [said.at(-1), said.join("")] : said;
}

/** The header cells above a cell; `plainRow`: a first row without marks counts too. */
function headsAbove(cell, plainRow) {
  const place = slotOf(cell);
  if (!place || isHeadRow(place.slots, place.rows, place.y)) return [];
  const head = headRowAbove(place, plainRow);
  return head < 0 ? [] : headChain(place, head, place.x).filter((above) => above !== cell);
}

/** The words of the header cell of a cell's column. */
function wordsAbove(cell, alone) {
  const heads = headsAbove(cell, alone);
  return heads.length > 0 ? words(heads.at(-1)) : null;
}

/** The words to the left of a cell in its row; past another control only what the markup calls a header. */
function wordsLeft(cell) {
  const place = slotOf(cell);
  let crossed = false;
  for (let x = (place?.x ?? 0) - 1; x >= 0; x -= 1) {
    const left = place.slots[place.y][x];
    if (!left) continue;
    if (holdsVisibleField(left)) crossed = true;
    else if (normalise(words(left))) return crossed && left.nodeName !== "TH" ? null : words(left);
  }
  return null;
}
