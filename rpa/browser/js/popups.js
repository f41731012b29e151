// What opens beside a field while one types: where it is, what it suggests. Needs dom, click, widgets.

const OPENS = 300; // ms that a page may take to open what a click opens
const SUGGESTS = 1000; // ms that suggestions are waited for: the field's own delay, and the server's answer

let asked = 0;
let standing = null;

/** From now on the page has time to answer. */
function patient(answer = {}) {
  asked = performance.now();
  return answer;
}

const over = (milliseconds) => performance.now() - asked > milliseconds;

/** The outermost element around `hit` that floats over the page and does not hold the field. */
function floating(hit, field) {
  let found = null;
  for (let el = hit; el && !el.contains(field); el = el.parentElement) {
    if (["absolute", "fixed"].includes(el.ownerDocument.defaultView.getComputedStyle(el).position)) found = el;
  }
  return found;
}

/** What floats right under a field, or right over it. */
function beside(box) {
  const { left, top, bottom, width } = box.getBoundingClientRect();
  const hits = [bottom + 8, top - 8].map((y) => box.ownerDocument.elementFromPoint(left + Math.min(12, width / 2), y));
  return hits.map((hit) => hit && floating(hit, box)).find(Boolean) ?? null;
}

/** What floats there already, before a field is touched, is no popup of it. */
function noteStanding(box) {
  standing = beside(box);
}

function popupAt(box) {
  const popup = beside(box);
  return popup === standing ? null : popup;
}

const SUGGESTING = "[role=combobox], [aria-autocomplete=list], [uib-typeahead], .ui-autocomplete-input, .el-autocomplete *";
const MARKED = ".active, .highlighted, .ui-state-active, :has(> .ui-state-active), [aria-selected=true]";

function optionsIn(popup) {
  const found = shownAll(popup, "[role=option], li, dd").filter((el) => text(el) !== "");
  return found.filter((el) => !found.some((other) => other !== el && el.contains(other)));
}

/** A list at a field: the suggestion that reads like `value` is clicked, else the list is closed by a key. */
function suggestions(control, value, last) {
  const popup = popupAt(control.box);
  const awaited = !popup && control.el.matches(SUGGESTING) && last !== "closed" && !over(SUGGESTS);
  if (awaited) return { wait: "settling" };
  if (!popup || last === "closed") return null;
  const options = optionsIn(popup);
  const option = sameOption(options, value, text);
  if (option) return stepAt("suggestion", option, last);
  // Tab takes what is marked in a list; Escape might close the dialog around a field that has no list
  return press("closed", control.el, options.some((el) => el.matches(MARKED)) ? "Escape" : "Tab");
}
