// The box that marks a table's row. Needs dom, names, controls, find, wait, click, tables.

/** Wait until the row's only check box or radio button can be clicked and say where; `{ticked}` when it is set. */
function aimBoxInRow(job) {
  const check = () => {
    const table = findTable(job.headers);
    if (table.wait) return table;
    const row = table.rows.find((one) => sameCells(one.cells, job.cells));
    if (!row) return { wait: "missing", places: [] };
    const boxes = rowParts(row.row).flatMap((part) => Array.from(part.querySelectorAll("input[type=checkbox], input[type=radio]")));
    if (boxes.length !== 1) return { wait: boxes.length ? "ambiguous" : "missing", places: [] };
    if (boxes[0].checked) return { ticked: true };
    const drawn = drawnBox(boxes[0]);
    return clickPoint(visible(drawn) ? drawn : boxes[0].closest("td"));
  };
  return until(check, performance.now() + job.milliseconds);
}
