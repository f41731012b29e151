// Drawn date, month and year pickers, one click of a person at a time. Needs dom, names, controls, find, wait, click,
// widgets.

/** Year, month and day of a date as written: 2024-03, 202403, 2024年3月5日 … */
function dateParts(written) {
  const [year, month, day] = normalise(written).match(/^(\d{4})\D*(\d{1,2})?\D*(\d{1,2})?/)?.slice(1, 4) ?? [];
  const number = (part) => (part ? Number(part) : null);
  return { year: number(year), month: number(month), day: number(day) };
}

const numbersIn = (el) => (el ? (text(el).match(/\d+/g) ?? []).map(Number) : []);
const saying = (cells, number) => cells.find((cell) => numbersIn(cell)[0] === number) ?? null;

/** The header of most pickers: a year, or a first and a last year; then a month, where days are shown. */
function header(labels) {
  const [first, last] = numbersIn(labels[0]);
  return { first, last: last ?? first, month: numbersIn(labels[1])[0] ?? monthIn(labels[1] ? text(labels[1]) : "") };
}

/** For each library: its panel, what the panel shows, the cell of a date, the arrows `[back, on]`. */
const PICKERS = {
  laydate: {
    panel: ".layui-laydate",
    view: (panel) => header(shownAll(panel, ".laydate-set-ym span")),
    cell: (panel, { year, month, day }) =>
      shownAll(panel, ".laydate-year-list li").find((cell) => numbersIn(cell)[0] === year) ??
      shownAll(panel, ".laydate-month-list li")[month - 1] ??
      shownAll(panel, `td[lay-ymd="${year}-${month}-${day}"]`)[0],
    years: [".laydate-prev-y", ".laydate-next-y"],
    months: [".laydate-prev-m", ".laydate-next-m"],
    confirm: ".laydate-btns-confirm",
  },
  "el-date": {
    panel: ".el-picker-panel",
    view: (panel) => header(shownAll(panel, ".el-date-picker__header-label")),
    cell: (panel, { year, month, day }) =>
      saying(shownAll(panel, ".el-year-table td.available"), year) ??
      shownAll(panel, ".el-month-table td")[month - 1] ??
      saying(shownAll(panel, ".el-date-table td.available"), day),
    years: [".el-icon-d-arrow-left, .d-arrow-left", ".el-icon-d-arrow-right, .d-arrow-right"],
    months: [".el-icon-arrow-left, .arrow-left", ".el-icon-arrow-right, .arrow-right"],
    confirm: ".el-picker-panel__footer .is-plain",
  },
  "easyui-date": {
    panel: ".combo-p",
    view: (panel) => {
      const shown = panel.querySelector(".calendar-day:not(.calendar-other-month)")?.getAttribute("abbr") ?? "";
      const [year, month] = shown.split(",").map(Number);
      return { first: year, last: year, month };
    },
    cell: (panel, { year, month, day }) => shownAll(panel, `td.calendar-day[abbr="${year},${month},${day}"]`)[0],
    years: [".calendar-prevyear", ".calendar-nextyear"],
    months: [".calendar-prevmonth", ".calendar-nextmonth"],
    confirm: ".datebox-button-ok",
  },
};

/** Whether the field shows the wanted date, as far as this picker goes: a month picker has no day. */
function showsDate(control, wanted) {
  const shown = dateParts(shownBy(control).text);
  if (shown.year === null || shown.year !== wanted.year) return false;
  return ["month", "day"].every((part) => shown[part] === null || shown[part] === wanted[part]);
}

/** The arrow that brings the panel nearer to the date, or null when it shows it. */
function arrow(picker, panel, view, wanted) {
  const pick = ([back, on], isBack) => shownAll(panel, isBack ? back : on)[0] ?? null;
  if (wanted.year < view.first || wanted.year > view.last) return pick(picker.years, wanted.year < view.first);
  if (view.month && wanted.month && view.month !== wanted.month) return pick(picker.months, wanted.month < view.month);
  return null;
}

function operatePicker(control, value, last) {
  const picker = PICKERS[control.drawn];
  const wanted = dateParts(value);
  if (wanted.year === null) return { wait: "readonly", final: true };
  if (showsDate(control, wanted)) return {};
  if (last === null) return stepAt("open", control.box.querySelector(".combo-arrow") ?? control.box, last);
  const panel = shownAll(control.box.ownerDocument, picker.panel)[0];
  if (last === "cell") {
    const confirm = panel && shownAll(panel, picker.confirm)[0];
    return confirm ? stepAt("confirm", confirm, last) : { wait: "settling" };
  }
  if (!panel || last === "confirm") return { wait: "settling" };
  if (last === "open" && !steady(panel)) return { wait: "moving" };
  const view = picker.view(panel);
  const towards = arrow(picker, panel, view, wanted);
  if (towards) return stepAt(`from ${view.first} ${view.month}`, towards, last);
  const cell = picker.cell(panel, wanted);
  return cell ? stepAt("cell", cell, last) : { wait: "option", options: [] };
}
