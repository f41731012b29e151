// Lists as a person sees them: columns under their headers, and lines of cells. Needs dom, grid, names, find.
// A sheet: {root, columns: [{names, el}], lines: [{cells: one for each column, all: every cell, rows, key}], drawn}.
// A table of its own is laid out by its markup (grid.js). What libraries draw in several parts (head and body,
// pinned columns, rows of `div`) is put together by where the parts stand: one line is what a person sees as one.

const GRIDS =
  ".el-table, .el-table-v2__root, .layui-table-view, .datagrid-view, .ant-table, .ui-grid, .ag-root-wrapper, [role=grid]:not(table), [role=treegrid]:not(table), [role=table]:not(table)";
const HEAD_CELLS = "[role=columnheader], th, .datagrid-header td";
const BODY_CELLS = "[role=gridcell], [role=cell], [role=rowheader], td, .ant-table-cell";
const BODIES = "tbody, [role=rowgroup]:not(:has([role=columnheader])), [class*=body], [class*=viewport], [class*=empty]";
const ROW_KEYS = ["data-row-key", "row-index", "aria-rowindex", "datagrid-row-index", "data-index"];
const NEAR_HEAD = 8; // px between the edges of a cell and of its header

/** The rows under a header row: in its own table, or in the table beside it that widget libraries split off. */
function bodyRows(head) {
  const table = head.closest("table");
  const { rows } = layoutOf(table);
  const under = rows.slice(rows.indexOf(head) + 1);
  if (under.length > 0) return under;
  const grid = head.closest(GRIDS) ?? table.parentElement;
  const others = Array.from(grid.querySelectorAll("table")).filter((other) => other !== table && visible(other));
  const body = others.find((other) => layoutOf(other).width === layoutOf(table).width);
  return body ? layoutOf(body).rows : [];
}

// -- one table --

const headNames = (chain) => {
  const named = chain.map((cell) => normalise(text(cell))).filter(Boolean);
  return named.length > 1 ? [named.at(-1), named.join("")] : named;
};

/** The last rows of a table's blocks of headers: those marked as such, else the first rows with several texts. */
function headEnds({ rows, slots }) {
  const marked = rows.map((_, y) => y).filter((y) => isHeadRow(slots, rows, y) && !(y + 1 < rows.length && isHeadRow(slots, rows, y + 1)));
  return marked.length > 0 ? marked : rows.map((_, y) => y).filter((y) => distinct(slots[y]).length > 1);
}

/** A table as a sheet under the header rows that end with row `head`. */
function tableSheet(table, head) {
  const { rows, slots, width } = layoutOf(table);
  const chains = Array.from({ length: width }, (_, x) => headChain({ rows, slots }, head, x));
  const columns = chains.map((chain) => ({ names: headNames(chain), el: chain.at(-1) ?? rows[head] }));
  const caption = (y) => distinct(slots[y]).map((cell) => normalise(text(cell))).join("|");
  const lines = [];
  for (let y = head + 1; y < rows.length; y += 1) {
    const cells = distinct(slots[y]);
    if (isHeadRow(slots, rows, y) && caption(y) !== caption(head)) break;
    const isRecord = cells.length > width / 2 && caption(y) !== caption(head) && rows[y].parentElement.nodeName !== "TFOOT";
    if (isRecord && visible(rows[y])) lines.push({ cells: Array.from({ length: width }, (_, x) => slots[y][x]), all: cells, rows: [rows[y]], key: keyOf(rows[y]) });
  }
  const drawn = rows.length > head + 1 || Array.from(table.tBodies).length > 0;
  return { root: table, columns, lines, drawn };
}

// -- parts put together --

const keyOf = (row) => ROW_KEYS.map((name) => row?.getAttribute(name)).find((key) => key !== null && key !== undefined) ?? null;
const rowOf = (cell) => cell.closest(`tr, [role=row], ${ROW_KEYS.map((name) => `[${name}]`).join(", ")}`) ?? cell.parentElement;

const boxed = (cells) => cells.filter(visible).map((el) => ({ el, box: el.getBoundingClientRect() }));
const middleOf = (box) => box.left + box.width / 2;
const spans = (box, x) => box.left <= x && x <= box.right;
const apart = (one, other) => Math.abs(one.left - other.left) + Math.abs(one.right - other.right);

/** Whether two headers are copies of one: libraries draw a pinned column's again in a part of its own. */
const isCopy = (one, other) => text(one.el) === text(other.el) && (apart(one.box, other.box) < NEAR_HEAD || partOf(one.el) !== partOf(other.el));
const partOf = (el) => el.closest("table, [role=grid], [role=table], [class*=pinned]");

/** The headers of a grid's columns: those with nothing of their own below, each once, with what heads them. */
function gridColumns(root) {
  const heads = boxed(Array.from(root.querySelectorAll(HEAD_CELLS))).filter(({ el }) => normalise(text(el)) && !el.querySelector(HEAD_CELLS));
  const above = (one, other) => other.box.bottom <= one.box.top + 2 && spans(other.box, middleOf(one.box));
  const leaves = heads.filter((one) => !heads.some((other) => above(other, one)));
  const once = leaves.filter((one, at) => leaves.findIndex((other) => other === one || isCopy(other, one)) === at);
  return once.map((leaf) => {
    const chain = heads.filter((other) => above(leaf, other)).sort((a, b) => a.box.top - b.box.top);
    return { names: headNames([...chain, leaf].map(({ el }) => el)), ...leaf };
  });
}

/** The cells of a grid as lines: those of one row by their number, else those at one height. */
function gridLines(root) {
  const isOuter = (el) => !el.parentElement.closest(BODY_CELLS) || !root.contains(el.parentElement.closest(BODY_CELLS));
  const cells = Array.from(root.querySelectorAll(BODY_CELLS)).filter((el) => !el.closest(HEAD_CELLS) && !el.closest("tfoot") && isOuter(el));
  const lines = [];
  for (const cell of boxed(cells).sort((a, b) => a.box.top - b.box.top)) {
    const key = keyOf(rowOf(cell.el));
    const same = (line) => (key !== null && line.key !== null ? line.key === key : Math.abs(line.top - cell.box.top) < cell.box.height / 2);
    const line = lines.findLast(same);
    if (line) line.boxes.push(cell);
    else lines.push({ key, top: cell.box.top, bottom: cell.box.bottom, boxes: [cell] });
  }
  return lines;
}

/** The cell of a line under a header: the one whose edges are nearest, of copies the one that says something. */
function cellUnder(head, line) {
  const far = ({ el, box }) => Math.round(apart(box, head.box)) + (normalise(text(el)) ? 0 : 1);
  const [nearest] = line.boxes.map((one) => ({ ...one, far: far(one) })).sort((a, b) => a.far - b.far);
  const under = nearest && (apart(nearest.box, head.box) < NEAR_HEAD || spans(nearest.box, middleOf(head.box)) || spans(head.box, middleOf(nearest.box)));
  return under ? nearest.el : undefined;
}

/** A cell that reaches down into a line from one above it. */
function cellFromAbove(head, line, lines) {
  const reaching = lines.flatMap(({ boxes }) => boxes).filter(({ box }) => box.top < line.top && box.bottom > line.top + 2);
  return reaching.find(({ box }) => apart(box, head.box) < NEAR_HEAD)?.el;
}

/** The cells of a line under the headers. Where one would stand under two, though there are as many cells as headers
 * (parts that do not line up), their order tells. */
function cellsUnder(columns, line, lines) {
  const cells = columns.map((head) => cellUnder(head, line) ?? cellFromAbove(head, line, lines));
  const found = cells.filter(Boolean);
  if (line.boxes.length !== columns.length || distinct(found).length === found.length) return cells;
  const fromLeft = (some) => [...some].sort((a, b) => a.box.left - b.box.left);
  const [heads, ordered] = [fromLeft(columns), fromLeft(line.boxes)];
  return columns.map((head) => ordered[heads.indexOf(head)].el);
}

/** What a library draws in parts, as a sheet; a line that one text fills (nothing found) is no record. */
function gridSheet(root) {
  const columns = gridColumns(root);
  const lines = gridLines(root);
  const records = lines.map((line) => ({
    key: line.key,
    all: line.boxes.map(({ el }) => el),
    rows: distinct(line.boxes.map(({ el }) => rowOf(el))),
    cells: cellsUnder(columns, line, lines),
  }));
  const isRecord = ({ cells }) => columns.length === 1 || distinct(cells).length > columns.length / 2;
  return { root, columns, lines: records.filter(isRecord), drawn: lines.length > 0 || root.querySelector(BODIES) !== null };
}

/** The whole of what a library draws: parts side by side that are grids of their own belong together. */
function gridRoot(el) {
  let root = el;
  for (let outer = el.parentElement?.closest(GRIDS); outer; outer = outer.parentElement?.closest(GRIDS)) root = outer;
  const level = (other) => Math.abs(other.getBoundingClientRect().top - root.getBoundingClientRect().top) < 2;
  const holder = root.parentElement;
  const beside = holder ? Array.from(holder.children).filter((other) => other !== root && other.matches(GRIDS) && visible(other) && level(other)) : [];
  return beside.length > 0 ? holder : root;
}

/** The rest of a table that holds headers alone: the nearest element that holds another table under them. */
function splitRoot(table) {
  let holder = table.parentElement;
  for (let level = 0; level < 4 && holder && !holder.matches("body, td"); level += 1, holder = holder.parentElement) {
    if (Array.from(holder.querySelectorAll("table")).some((other) => other !== table && !other.contains(table) && visible(other))) return holder;
  }
  return null;
}

function* sheetsIn(tree) {
  const grids = new Set(Array.from(tree.querySelectorAll(GRIDS)).filter(visible).map(gridRoot));
  for (const root of grids) yield gridSheet(root);
  for (const table of tree.querySelectorAll("table")) {
    if (!visible(table) || Array.from(grids).some((root) => root.contains(table))) continue;
    const layout = layoutOf(table);
    for (const head of headEnds(layout)) {
      const alone = head === layout.rows.length - 1 && isHeadRow(layout.slots, layout.rows, head);
      const whole = alone ? splitRoot(table) : null;
      yield tableSheet(table, head);
      if (whole) yield gridSheet(whole);
    }
  }
}

// -- which list is meant --

/** For each header the column it means, -1 for none; `{places}` where one means several. */
function columnsFor(sheet, headers) {
  const chosen = headers.map(({ label, aliases }) => {
    const wanted = [label, ...aliases].map(normalise);
    const fitting = (level) => sheet.columns.flatMap(({ names }, at) => (fit(names, wanted, false) === level ? [at] : []));
    const exact = fitting(0);
    return exact.length > 0 ? exact : fitting(1);
  });
  const several = chosen.find((columns) => columns.length > 1);
  if (several) return { places: several.map((at) => placeWords({ box: sheet.columns[at].el })) };
  return { columns: chosen.map(([at]) => at ?? -1) };
}

/** Of several lists with the same headers those that say more: a copy of the head alone is none. */
function worthReading(found) {
  const drawn = found.filter(({ sheet }) => sheet.lines.length > 0);
  const kept = drawn.length > 0 ? drawn : found.filter(({ sheet }) => sheet.drawn);
  const all = kept.length > 0 ? kept : found;
  const firstCell = ({ sheet }) => sheet.lines[0]?.all[0] ?? sheet.columns[0]?.el;
  const once = all.filter((one, at) => all.findIndex((other) => firstCell(other) === firstCell(one)) === at);
  return keepOnTop(once.map((one) => ({ ...one, box: one.sheet.columns[0].el })));
}

/** The one list with these headers: `{sheet, columns}`, or why there is none. */
function findSheet({ headers, optional }) {
  const found = [];
  let [places, lacking] = [[], headers];
  for (const { root } of roots()) {
    for (const sheet of sheetsIn(root)) {
      const needed = columnsFor(sheet, headers);
      const extra = columnsFor(sheet, optional ?? []);
      if (needed.places ?? extra.places) places = needed.places ?? extra.places;
      else if (!needed.columns.includes(-1)) found.push({ sheet, columns: [...needed.columns, ...extra.columns] });
      const without = headers.filter((_, at) => needed.columns?.[at] === -1);
      if (needed.columns && without.length < lacking.length) lacking = without;
    }
  }
  const kept = worthReading(found);
  if (kept.length === 1) return kept[0];
  if (kept.length > 1) return { wait: "ambiguous", places: kept.map(placeWords) };
  return places.length > 0 ? { wait: "ambiguous", places } : { wait: "missing", places: [], lacking: lacking[0].label };
}

/** Name → text of one line: each column by its own name where only one has it, and by the names asked for. */
function record({ sheet, columns }, job, line) {
  const cells = {};
  const names = sheet.columns.map(({ names: [leaf, whole] }) => [leaf, whole]);
  const single = (name) => names.filter(([leaf]) => leaf === name).length === 1;
  names.forEach(([leaf, whole], at) => {
    const said = line.cells[at] ? text(line.cells[at]) : "";
    if (whole) cells[whole] = said;
    if (leaf && single(leaf)) cells[leaf] = said;
  });
  [...job.headers, ...(job.optional ?? [])].forEach(({ label }, at) => {
    if (columns[at] >= 0) cells[normalise(label)] = line.cells[columns[at]] ? text(line.cells[columns[at]]) : "";
  });
  return cells;
}
