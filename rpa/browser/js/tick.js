// The mark of a list's row: a check box, a radio button, or what a library draws in their place.
// Needs dom, controls, wait, click, tables, lists.

const DRAWN_MARKS =
  "[role=checkbox], [role=radio], .ui-grid-selection-row-header-buttons, .layui-form-checkbox, .layui-form-radio, .el-checkbox, .el-radio, .ant-checkbox-wrapper, .ant-radio-wrapper";
const CHOSEN = /(?:^|\s|-)(?:is-)?(?:checked|selected)(?:\s|$)/;

/** The marks of a row, each as `{box, el}`: what a person clicks, and the field behind it, if there is one. */
function marksOf(line) {
  const parts = partsOf(line);
  const fields = parts.flatMap((part) => Array.from(part.querySelectorAll("input[type=checkbox], input[type=radio]")));
  const native = fields.map((el) => ({ el, box: visible(drawnBox(el)) ? drawnBox(el) : el.closest("label") })).filter(({ box }) => box && visible(box));
  const drawn = parts.flatMap((part) => Array.from(part.querySelectorAll(DRAWN_MARKS))).filter(visible);
  const alone = drawn.filter((box) => !native.some((one) => one.box.contains(box) || box.contains(one.box)) && !box.querySelector(DRAWN_MARKS));
  return [...native, ...alone.map((box) => ({ el: null, box }))];
}

/** Whether a row is marked: by its field, else by what its mark or its parts say of themselves. */
function isMarked({ el, box }, line) {
  if (el) return el.checked;
  if (box.hasAttribute("aria-checked")) return box.getAttribute("aria-checked") === "true";
  const says = (one) => CHOSEN.test(one.getAttribute("class") ?? "") || one.getAttribute("aria-selected") === "true";
  return [box, ...line.rows, ...line.rows.map((row) => row.parentElement)].some(says);
}

/** Wait until the row's only mark can be clicked and say where; `{ticked}` when it is set. */
async function aimBoxInRow(job) {
  await bringRow(job);
  const check = () => {
    const row = rowOnPage(job);
    if (!row.line) return row.wait ? row : { wait: "missing", places: [] };
    const marks = keepOnTop(marksOf(row.line)); // a pinned column may stand over its own copy
    if (marks.length !== 1) return { wait: marks.length ? "ambiguous" : "missing", places: marks.map(placeWords) };
    if (isMarked(marks[0], row.line)) return { ticked: true };
    return job.clicked ? { wait: "unmarked" } : clickPoint(marks[0].box);
  };
  return until(check, performance.now() + job.milliseconds);
}
