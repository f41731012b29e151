// Tables with column headers, as records. Needs dom, names, controls, find, wait, click.

const GRIDS = ".el-table, .layui-table-view, .datagrid-view";

const captions = (row) => Array.from(row.cells, (cell) => normalise(text(cell)));

/** Visible rows that have every header, each in a cell of its own. */
function headRows(headers) {
  const wanted = headers.map(normalise);
  return everywhere("tr").filter((row) => {
    if (row.cells.length < wanted.length || !visible(row)) return false;
    const said = captions(row);
    return wanted.every((header) => said.some((name) => name === header || plain(name) === header));
  });
}

/** The rows under a header row: in its own table, or in the table beside it that widget libraries split off. */
function bodyRows(head) {
  const table = head.closest("table");
  const all = Array.from(table.rows);
  const under = all.slice(all.indexOf(head) + 1);
  if (under.length > 0) return under;
  const grid = head.closest(GRIDS) ?? table.parentElement;
  const others = Array.from(grid.querySelectorAll("table")).filter((other) => other !== table && visible(other));
  const body = others.find((other) => other.rows[0]?.cells.length === head.cells.length);
  return body ? Array.from(body.rows) : [];
}

/** Header → text for one row. */
function record(head, row) {
  const cells = {};
  let column = 0;
  for (const cell of head.cells) {
    const held = cellAt(row, column);
    if (held && normalise(text(cell))) cells[normalise(text(cell))] = text(held);
    column += cell.colSpan || 1;
  }
  return cells;
}

const isRecord = (head, row) => visible(row) && row.cells.length > head.cells.length / 2 && row.querySelector("th") !== row.cells[0];

function findTable(headers) {
  const heads = headRows(headers);
  if (heads.length !== 1) {
    return { wait: heads.length ? "ambiguous" : "missing", places: heads.map((head) => placeWords({ box: head })) };
  }
  const [head] = heads;
  const rows = bodyRows(head).filter((row) => isRecord(head, row));
  return { rows: rows.map((row) => ({ row, cells: record(head, row) })) };
}

/** All rows of the one visible table with these headers; with `some`, once there is one. */
function readRows(job) {
  const check = () => {
    const table = findTable(job.headers);
    if (table.wait) return table;
    return job.some && table.rows.length === 0 ? { wait: "empty" } : { rows: table.rows.map((one) => one.cells) };
  };
  return until(check, performance.now() + job.milliseconds);
}

/** A row with its parts in the fixed columns that grids draw as tables of their own. */
function rowParts(row) {
  const grid = row.closest(GRIDS);
  if (!grid) return [row];
  const rows = Array.from(grid.querySelectorAll("tbody > tr"));
  return rows.filter((other) => other.sectionRowIndex === row.sectionRowIndex && countCells(other) > 0);
}

const countCells = (row) => row.querySelectorAll("td").length;

const sameCells = (one, other) => Object.keys(other).every((header) => one[header] === other[header]);

/** Wait until the row that was read can be clicked at a spot in it. A row that moved is followed, a changed one is not. */
function aimInRow(job) {
  return aimAt(job, () => {
    const table = findTable(job.headers);
    if (table.wait) return table;
    const same = table.rows.filter((one) => sameCells(one.cells, job.cells));
    const row = same.length > 1 ? same.find((one) => table.rows.indexOf(one) === job.index) : same[0];
    return row ? findPush(job.spot, rowParts(row.row)) : { missing: true };
  });
}
