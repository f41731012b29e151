// A calendar of no library that is known here, by its structure: a heading with the year between arrows, and cells that
// are days, months or years. Needs dom, click, widgets, pickers, popups.

const CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
const ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The month that words begin with (3月, 三月, March), or null. */
function monthIn(said) {
  const name = said.match(/^(.{1,2})月/)?.[1] ?? "";
  const number = Number(name) || CHINESE.indexOf(name) + 1 || ENGLISH.indexOf(said.slice(0, 3).toLowerCase()) + 1;
  return number >= 1 && number <= 12 ? number : null;
}

const YEAR = /(?:19|20)\d\d/g;

/** The cells of each level: how many there are at least, and which number one stands for. */
const LEVELS = [
  { level: "year", least: 6, number: (said) => (/^(?:19|20)\d\d年?$/.test(said) ? Number.parseInt(said, 10) : null) },
  { level: "month", least: 12, number: monthIn },
  { level: "day", least: 28, number: (said) => (/^\d{1,2}日?$/.test(said) ? Number.parseInt(said, 10) : null) },
];

const ownWords = (el) => Array.from(el.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

function saidBy(el) {
  if (el.matches("select")) return el.selectedOptions[0]?.text ?? "";
  return el.matches("input") ? el.value : text(el);
}

/** Everything in a popup that says something by itself, the fields of its heading included. */
function pieces(root) {
  const all = Array.from(root.querySelectorAll("*")).filter((el) => el.matches("select, input") || ownWords(el));
  return all.filter(visible).map((el) => ({ el, said: normalise(saidBy(el)), at: centre(el) }));
}

function centre(el) {
  const box = el.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2, height: box.height };
}

/** The heading stands on one line, the first; today's date may stand below the cells. */
const onOneLine = (heads) => heads.filter((head) => Math.abs(head.at.y - heads[0].at.y) < heads[0].at.height);

/** What has no words of a date on the heading's line: `[back, on]`, each with the nearest (the smallest unit) first. */
function arrowsOf(root, heads) {
  const middle = heads.reduce((sum, head) => sum + head.at.x, 0) / heads.length;
  const { y, height } = heads[0].at;
  const inner = (el) => !Array.from(el.children).some(visible);
  const found = Array.from(root.querySelectorAll("*"))
    .filter((el) => visible(el) && inner(el) && !/\d|月/.test(text(el)) && !heads.some((head) => head.el === el))
    .map((el) => ({ el, at: centre(el) }))
    .filter(({ at }) => Math.abs(at.y - y) < height / 2)
    .sort((one, other) => Math.abs(one.at.x - middle) - Math.abs(other.at.x - middle));
  return [found.filter(({ at }) => at.x < middle), found.filter(({ at }) => at.x > middle)];
}

/** `{level, cells, first, last, month, arrows}` of the calendar in a popup, or null. */
function calendarIn(popup) {
  const root = popup.querySelector("iframe")?.contentDocument?.body ?? popup;
  const said = pieces(root);
  for (const { level, least, number } of LEVELS) {
    const cells = said.map((piece) => ({ ...piece, number: number(piece.said) })).filter((cell) => cell.number !== null);
    if (cells.length < least) continue;
    const others = said.filter((piece) => !cells.some((cell) => cell.el === piece.el));
    const dated = onOneLine(others.filter((piece) => piece.said.match(YEAR) || monthIn(piece.said) !== null));
    const years = dated.flatMap((piece) => piece.said.match(YEAR) ?? []).map(Number);
    const numbers = level === "year" ? cells.map((cell) => cell.number) : years;
    const months = dated.map(({ said: words }) => monthIn(words) ?? Number(words.match(/\d{4}[年\-/.](\d{1,2})/)?.[1] ?? 0));
    const heads = dated.length > 0 ? dated : cells.slice(0, 1);
    const [first, last, month] = [Math.min(...numbers), Math.max(...numbers), months.find(Boolean) ?? null];
    const known = numbers.length > 0 && (level !== "day" || month !== null);
    return known ? { level, cells, first, last, month, arrows: arrowsOf(root, heads) } : null;
  }
  return null;
}

function calendarAt(control) {
  const popup = popupAt(control.box);
  return popup && calendarIn(popup);
}

/** The arrow that brings a calendar nearer to a date, or null when it shows it. */
function turn(calendar, wanted) {
  const { level, first, last, month, arrows } = calendar;
  const months = level === "day" ? month - (wanted.month ?? month) : 0;
  const isBack = wanted.year < first || (wanted.year === first && months > 0);
  if (wanted.year >= first && wanted.year <= last && months === 0) return null;
  const side = arrows[isBack ? 0 : 1];
  const far = level === "day" && (wanted.year < first || wanted.year > last);
  return side.at(far ? -1 : 0)?.el ?? null;
}

/** The cell of a date; days of the month before stand in front of the first, and count for nothing. */
function cellOfDate({ level, cells }, wanted) {
  const from = level === "day" ? cells.findIndex((cell) => cell.number === 1) : 0;
  return cells.slice(from).find((cell) => cell.number === wanted[level])?.el ?? null;
}

/** A field that is locked and has opened a calendar: one click of a person at a time. */
function operateCalendar(control, value, last) {
  const wanted = dateParts(value);
  if (wanted.year === null) return { wait: "readonly", final: true };
  if (showsDate(control, wanted)) {
    control.el.blur();
    return {};
  }
  const calendar = calendarAt(control);
  if (!calendar) return over(OPENS) ? { wait: "readonly", final: true } : { wait: "settling" };
  if (last === "focus" && !steady(calendar.cells[0].el)) return { wait: "moving" };
  const towards = turn(calendar, wanted);
  if (towards) return patient(stepAt(`from ${calendar.first} ${calendar.month}`, towards, last));
  const cell = cellOfDate(calendar, wanted);
  return cell ? patient(stepAt(`cell ${calendar.level}`, cell, last)) : { wait: "option", options: [] };
}
