// Reading a list whole, as far as one page of it goes, and finding a line again. Needs dom, wait, click, tables, pager, loading.
// A job: {headers, optional: [{label, aliases}], some, …}. Rows that are drawn only in view are scrolled through.

const STILL_MS = 40; // so long a list stays the same before it is believed
const DRAWING_MS = 6000; // so long rows that come into view may take to be drawn
const YIELD_MS = 250; // so long a library may scroll on by itself before it is scrolled again: some scroll back for ever otherwise

/** Whether an element around a list scrolls other words with it: a part of the page does, and not the list's own scroller. */
function scrollsMore(el, sheet) {
  for (let node = sheet.root; node !== el && el.contains(node); node = node.parentElement) {
    const others = Array.from(node.parentElement.children).filter((child) => child !== node && visible(child));
    if (others.some((child) => normalise(text(child)) && !child.querySelector(`${HEAD_CELLS}, ${BODY_CELLS}`))) return true;
  }
  return false;
}

/** What scrolls a list's lines: of several parts that scroll together the one that a person scrolls. */
function scrollerOf(sheet) {
  const scrolls = (el) => el.scrollHeight > el.clientHeight + 2 && getComputedStyle(el).overflowY !== "visible" && el.clientHeight > 0;
  const found = new Set();
  for (const cell of sheet.lines[0]?.all ?? []) {
    for (let el = cell.parentElement; el && !el.matches("body, html"); el = el.parentElement) {
      if (scrolls(el) && !scrollsMore(el, sheet) && sheet.lines.every(({ all }) => all.some((one) => el.contains(one)))) found.add(el);
    }
  }
  const own = (el) => /auto|scroll/.test(getComputedStyle(el).overflowY);
  return Array.from(found).sort((a, b) => own(b) - own(a) || b.clientWidth - a.clientWidth)[0] ?? null;
}

/** Where a line stands in what scrolls it. */
function extent(scroller, line) {
  const box = line.all[0].getBoundingClientRect();
  const top = box.top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  return { top, bottom: top + box.height, height: box.height };
}

/** A line's identity on its page: the number that the library gives it, else where it stands. */
const lineKey = (scroller, line) => line.key ?? (scroller ? String(Math.round(extent(scroller, line).top)) : null);

/** What of the view has no line yet although rows belong there. */
function holesInView(scroller, sheet) {
  const places = sheet.lines.map((line) => extent(scroller, line)).sort((a, b) => a.top - b.top);
  const [from, to] = [scroller.scrollTop, scroller.scrollTop + scroller.clientHeight];
  const inView = places.filter(({ top, bottom }) => bottom > from && top < to);
  if (inView.length === 0) return true;
  const height = Math.max(...inView.map((one) => one.height));
  const gap = inView.some((one, at) => at > 0 && one.top - inView[at - 1].bottom > height);
  const atEnd = to >= scroller.scrollHeight - height * 1.5;
  return gap || inView[0].top > from + height * 2.5 || (!atEnd && inView.at(-1).bottom < to - height * 1.5);
}

/** Whether a list that scrolls keeps rows out of the document that are not in view. */
function isVirtual(scroller, sheet) {
  const places = sheet.lines.map((line) => extent(scroller, line));
  const height = Math.max(...places.map((one) => one.height));
  const [top, bottom] = [Math.min(...places.map((one) => one.top)), Math.max(...places.map((one) => one.bottom))];
  return top > height * 2.5 || bottom < scroller.scrollHeight - height * 1.5;
}

const frames = (count) => new Promise((resolve) => {
  const next = (left) => (left > 0 ? requestAnimationFrame(() => next(left - 1)) : resolve());
  next(count);
});

/** Scroll to a height and wait until what is in view is drawn and stays so; the sheet then, or null. */
async function scrolledTo(job, scroller, top) {
  const deadline = performance.now() + DRAWING_MS;
  let moved = -Infinity;
  for (let [before, since] = ["", 0]; performance.now() < deadline; ) {
    const aim = Math.max(0, Math.min(top, scroller.scrollHeight - scroller.clientHeight));
    if (Math.abs(scroller.scrollTop - aim) > 1 && performance.now() - moved > YIELD_MS) {
      scroller.scrollTop = aim;
      moved = performance.now();
    }
    await frames(2);
    forget();
    if (Math.abs(scroller.scrollTop - aim) > 1) continue;
    const found = findSheet(job);
    if (found.wait || holesInView(scroller, found.sheet)) continue;
    const now = JSON.stringify(found.sheet.lines.map((line) => record(found, job, line)));
    if (now !== before) [before, since] = [now, performance.now()];
    else if (performance.now() - since >= STILL_MS) return found;
  }
  return null;
}

/** Show one view of a list after the other, from its top down; `look` may end it by an answer. */
async function throughViews(job, scroller, look) {
  for (let top = 0; ; ) {
    const found = await scrolledTo(job, scroller, top);
    if (!found) return { wait: "unread" };
    const answer = look(found);
    if (answer) return answer;
    if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) return null;
    const lowest = Math.max(...found.sheet.lines.map((line) => extent(scroller, line).top));
    top = Math.min(Math.max(lowest - 1, scroller.scrollTop + 1), scroller.scrollTop + scroller.clientHeight * 0.8);
  }
}

/** Records by the identity of their lines, in the order of the page; `sound` as long as no two views contradict. */
function gathering(job, scroller) {
  const known = new Map();
  const gathered = { sound: true, rows: () => [...known.values()].sort((a, b) => a.top - b.top) };
  gathered.add = (found) => found.sheet.lines.forEach((line, at) => {
    const key = lineKey(scroller, line) ?? String(at);
    const row = { cells: record(found, job, line), key, top: scroller ? extent(scroller, line).top : at };
    if (known.has(key) && !sameCells(known.get(key).cells, row.cells)) gathered.sound = false;
    known.set(key, known.get(key) ?? row);
  });
  return gathered;
}

const SCROLLINGS = 4; // so often a list is scrolled through before it counts as one that cannot be read

/** Every record of a list that draws only what is in view. A view that was drawn halfway contradicts the next. */
async function scrolledThrough(job, scroller) {
  for (let time = 0; time < SCROLLINGS; time += 1) {
    const gathered = gathering(job, scroller);
    const trouble = await throughViews(job, scroller, (found) => {
      gathered.add(found);
      return gathered.sound ? null : { wait: "unread" };
    });
    if (!trouble) return gathered.rows();
  }
  return null;
}

/** Every record of the page that shows: those in the document, and those that come into view by scrolling. */
async function recordsOf(found, job) {
  const scroller = scrollerOf(found.sheet);
  const gathered = gathering(job, scroller);
  gathered.add(found);
  if (scroller === null) return gathered.rows();
  const start = scroller.scrollTop;
  const below = isVirtual(scroller, found.sheet) ? null : await scrolledTo(job, scroller, scroller.scrollHeight);
  if (below) gathered.add(below); // some lists fetch more at their end
  const rows = below && gathered.sound && !isVirtual(scroller, below.sheet) ? gathered.rows() : await scrolledThrough(job, scroller);
  await scrolledTo(job, scroller, start);
  return rows;
}

/** A look at the list: what is drawn now, or what it waits for. */
function lookAtList(job) {
  const found = findSheet(job);
  if (found.wait) return found;
  const { sheet } = found;
  if (isLoading(sheet.root)) return { wait: "loading" };
  if (!sheet.drawn) return { wait: "unread" };
  const pager = pagerOf(sheet);
  if (sheet.lines.length === 0 && pager.total > 0) return { wait: "unread" };
  if (sheet.lines.length === 0 && job.some) return { wait: "empty" };
  const drawn = JSON.stringify(sheet.lines.map((line) => record(found, job, line)));
  return job.unlike && drawn === job.unlike ? { wait: "same", page: pager.page } : { found, pager, drawn };
}

/** The list's page that shows, once it stays the same: `{rows, pager, columns}`. */
async function readList(job) {
  let last = { drawn: "", since: 0 };
  const check = () => {
    const now = lookAtList(job);
    if (now.wait) return now;
    const shown = now.drawn + JSON.stringify(now.pager);
    if (shown !== last.drawn) last = { drawn: shown, since: performance.now() };
    return performance.now() - last.since >= STILL_MS ? now : { wait: "settling" };
  };
  let seen = await until(check, performance.now() + job.milliseconds);
  if (seen.wait === "settling") seen = await until(check, performance.now() + 3 * STILL_MS);
  if (seen.wait) return seen;
  const rows = await recordsOf(seen.found, job);
  return rows === null ? { wait: "unread" } : { rows, pager: seen.pager, drawn: seen.drawn };
}

// -- a line again --

const sameCells = (one, other) => Object.keys(other).every((header) => one[header] === other[header]);

/** The line that was read: by what it says, and among several that say the same by its place. A changed one is none. */
function lineOf(found, job) {
  const scroller = scrollerOf(found.sheet);
  const same = found.sheet.lines.filter((line) => sameCells(record(found, job, line), job.cells));
  if (same.length < 2) return same[0] ?? null;
  const byKey = same.filter((line) => job.key !== null && lineKey(scroller, line) === job.key);
  return byKey[0] ?? same.find((line) => found.sheet.lines.indexOf(line) === job.index) ?? null;
}

/** What a line consists of: its rows, and cells that reach into it from a row above. */
const partsOf = (line) => [...line.rows, ...line.all.filter((cell) => !line.rows.some((row) => row.contains(cell)))];

/** What keeps a row out of reach now: its list, or another page of it. */
function rowOnPage(job) {
  const found = findSheet(job);
  if (found.wait) return found;
  const { page, next, prev } = pagerOf(found.sheet);
  if (job.page !== null && page !== null && page !== job.page) return { wait: "page", final: true, page };
  const line = lineOf(found, job);
  if (line) return { found, line };
  return job.page !== null && page === null && (next || prev) ? { wait: "page", final: true, page } : { missing: true, found };
}

/** Scroll to a row by what a person scrolls: its parts stay side by side, and what is drawn only in view is drawn. */
async function bringRow(job) {
  const now = rowOnPage(job);
  const scroller = now.found ? scrollerOf(now.found.sheet) : null;
  if (!scroller || !(now.line || isVirtual(scroller, now.found.sheet))) return;
  const inView = (line) => {
    const { top, bottom, height } = extent(scroller, line);
    if (top >= scroller.scrollTop && bottom <= scroller.scrollTop + scroller.clientHeight) return null;
    return Math.max(0, top - (scroller.clientHeight - height) / 2);
  };
  const line = now.line ?? (await throughViews(job, scroller, (seen) => (lineOf(seen, job) ? { line: lineOf(seen, job) } : null)))?.line;
  const top = line ? inView(line) : null;
  if (top !== null) await scrolledTo(job, scroller, top);
}

/** Wait until the row that was read can be clicked at a spot in it. A row that moved is followed, a changed one is not. */
async function aimInRow(job) {
  await bringRow(job);
  return aimAt(job, () => {
    const row = rowOnPage(job);
    return row.line ? findPush(job.spot, partsOf(row.line)) : row;
  });
}
