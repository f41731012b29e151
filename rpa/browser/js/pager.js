// The pager of a list: how many there are, which page shows, where the next one is. Needs dom, find, click, tables.
// Only what is certainly a pager is used: inside the list's surroundings, by its words or by its role in a pager.

const TURNS = {
  next: { words: /^(?:前往)?(?:下一?页|后一?页|next(?:page)?|gotonextpage|pagetonext)[>›»→]*$/i, mark: /(?:^|[-_\s])next(?:$|[-_\s])/i, signs: /^[>›]$/ },
  prev: { words: /^[<‹«←]*(?:前往)?(?:上一?页|前一?页|prev(?:ious)?(?:page)?|gotopreviouspage|pagetoback)$/i, mark: /(?:^|[-_\s])prev(?:ious)?(?:$|[-_\s])/i, signs: /^[<‹]$/ },
};
const PAGER_PARTS = "a, button, input[type=button], input[type=submit], [role=button], [onclick], li[class*=pag]";
const PAGERS = "[class*=pag], [id*=pag], [class*=Pag], [role=navigation], nav";
const OFF_PAGE = /(?:^|[-_\s])(?:disabled|off)(?:$|[-_\s])/i;
const CURRENT = "[aria-current=page], [aria-current=true], .active, .is-active, .current, .cur, .on, .selected, [class*=-curr], [class*=item-active]";
const TOTAL = [/共(?:有|计)?:?(\d+)(?:条|项|行|笔|户|家|件|个(?!页)|记录)/, /(?:总行数|总数|总条数|总记录数|记录总数|合计):?(\d+)/, /(\d+)条(?:记录|数据|结果)/, /of(\d+)(?:items|rows|records|entries)/i, /total:?(\d+)/i];
const PAGES = [/共(\d+)页/, /第?\d+页?\/共?(\d+)页?$/, /第\d+\/(\d+)页/, /page\d+of(\d+)/i];
const PAGE = [/第(\d+)(?:页|\/)/, /^(\d+)\/\d+页?$/, /page(\d+)of/i, /当前页:?(\d+)/];

const numberBy = (patterns, said) => patterns.map((one) => said.match(one)?.[1]).find((one) => one !== undefined);
const turnNames = (el) => [el.matches("input") ? el.value : text(el), el.getAttribute("aria-label"), el.title].map(normalise).filter(Boolean);

/** Whether a control turns a list's pages in one direction. */
function turnsPages(el, { words: spoken, mark, signs }) {
  const names = turnNames(el);
  if (names.some((name) => spoken.test(name))) return true;
  if (!el.closest(PAGERS)) return false;
  const classes = [el, ...el.querySelectorAll("span, i, div")].map((one) => String(one.getAttribute("class") ?? ""));
  return names.some((name) => signs.test(name)) || (classes.some((name) => mark.test(name)) && names.every((name) => !/\d/.test(name)));
}

const isOff = (el) => disabled(el) || [el, el.parentElement].some((one) => OFF_PAGE.test(one.getAttribute("class") ?? "") || one.getAttribute("aria-disabled") === "true");

/** The elements around a list, from itself to the dialog or page that it stands in. */
function* aroundList(root) {
  for (let el = root; el; el = el.parentElement) {
    yield el;
    if (el.matches("body, dialog, [role=dialog], .layui-layer, .el-dialog, .modal-content, .window")) return;
  }
}

/** Whether another list stands between a list and something behind it. */
function anotherBetween(root, el) {
  const after = root.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING && !root.contains(el);
  if (!after) return false;
  return Array.from(root.ownerDocument.querySelectorAll(`table, ${GRIDS}`)).some((other) => {
    const follows = root.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING && !root.contains(other) && !other.contains(root);
    const isList = other.matches("table") ? other.rows.length > 0 && headEnds(layoutOf(other)).some((y) => isHeadRow(layoutOf(other).slots, layoutOf(other).rows, y)) : true;
    return follows && visible(other) && isList && !other.contains(el) && other.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
  });
}

/** The innermost control of each kind in the nearest surroundings of a list, outside its records. */
function turnControls(sheet) {
  const inRecord = (el) => sheet.lines.some(({ all }) => all.some((cell) => cell.contains(el)));
  for (const holder of aroundList(sheet.root)) {
    const parts = Array.from(holder.querySelectorAll(PAGER_PARTS)).filter((el) => visible(el) && !inRecord(el) && !anotherBetween(sheet.root, el));
    const of = (turn) => parts.filter((el) => turnsPages(el, turn)).filter((el, _, all) => !all.some((other) => other !== el && el.contains(other))).at(-1) ?? null;
    const [next, prev] = [of(TURNS.next), of(TURNS.prev)];
    if (next ?? prev) return { next, prev };
  }
  return { next: null, prev: null };
}

/** The element around both turning controls, with the numbers and counts between them. */
function pagerBox({ next, prev }) {
  const control = next ?? prev;
  const marked = control.closest(PAGERS);
  let box = control.parentElement;
  while (box.parentElement && !(next && prev && box.contains(next) && box.contains(prev)) && box !== marked && next && prev) box = box.parentElement;
  return box.matches("li") ? box.parentElement : box;
}

function currentPage(box) {
  const numbers = (els) => els.filter(visible).map((el) => normalise(el.matches("input") ? el.value : text(el))).filter((said) => /^\d{1,5}$/.test(said));
  const marked = numbers(Array.from(box.querySelectorAll(CURRENT)));
  const typed = numbers(Array.from(box.querySelectorAll("input:not([type=button], [type=submit], [type=hidden])")));
  const told = numberBy(PAGE, normalise(text(box)));
  const plainOnes = numbers(Array.from(box.querySelectorAll("span, b, strong, em, font")).filter((el) => !el.closest("a, button") && el.childElementCount === 0));
  const links = numbers(Array.from(box.querySelectorAll("a")));
  const said = marked[0] ?? told ?? typed[0] ?? (links.length > 0 && plainOnes.length === 1 ? plainOnes[0] : undefined);
  return said === undefined ? null : Number(said);
}

/** How many records a list says it has, in the nearest place around it that says so; null where nothing does. */
function totalOf(sheet) {
  const inRecord = (el) => sheet.lines.some(({ all }) => all.some((cell) => cell.contains(el) || el.contains(cell)));
  for (const holder of aroundList(sheet.root)) {
    for (const el of Array.from(holder.querySelectorAll("*")).reverse()) {
      if (el.textContent.length > 120 || !/\d/.test(el.textContent) || el.matches("script, style, option")) continue;
      const number = numberBy(TOTAL, normalise(el.textContent));
      if (number !== undefined && visible(el) && !inRecord(el) && !anotherBetween(sheet.root, el)) return Number(number);
    }
  }
  return null;
}

/** What the pager of a list says: `{total, page, pages, next, prev}`; the last two whether one can go there. */
function pagerOf(sheet) {
  const controls = turnControls(sheet);
  const total = totalOf(sheet);
  if (!controls.next && !controls.prev) return { total, page: null, pages: null, next: false, prev: false };
  const box = pagerBox(controls);
  const said = normalise(text(box));
  const pages = numberBy(PAGES, said);
  const page = currentPage(box);
  const can = (el) => el !== null && !isOff(el);
  return { total, page, pages: pages === undefined ? null : Number(pages), next: can(controls.next), prev: can(controls.prev) };
}

/** Wait until a list's page can be turned and say where. */
function aimTurn(job) {
  return aimAt(job, () => {
    const found = findSheet(job);
    if (found.wait) return found;
    const control = turnControls(found.sheet)[job.turn];
    return control && !isOff(control) ? { one: { box: control } } : { missing: true };
  });
}
