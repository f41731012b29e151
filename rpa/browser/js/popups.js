// What opens beside a field while one types: where it is, what it suggests. Needs dom, click, widgets.

const OPENS = 300; // ms that a page may take to open what a click opens
const IGNORED = 700; // ms after which a click had no effect: a list that was drawn anew under it does not hear it
const SUGGESTS = 1000; // ms that suggestions are waited for: the field's own delay, and the server's answer

let asked = 0;
let standing = null;

/** From a step on the page has time to answer. */
function patient(answer = {}) {
  if (!answer.wait) asked = performance.now();
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

const GAPS = [4, 12, 20]; // px between a field and what opens at it: some libraries draw an arrow there

/** What floats right under a field, or right over it. */
function beside(box) {
  const { left, top, bottom, width } = box.getBoundingClientRect();
  const heights = [...GAPS.map((gap) => bottom + gap), ...GAPS.map((gap) => top - gap)];
  const hits = heights.map((y) => box.ownerDocument.elementFromPoint(left + Math.min(12, width / 2), y));
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

/** Fields that open a list or a calendar while one types, and take what was typed when they are left by a key. */
const SUGGESTING =
  "[role=combobox], [aria-autocomplete=list], [uib-typeahead], .ui-autocomplete-input, .el-autocomplete *, .ant-picker *";
const MARKED = ".active, .highlighted, .ui-state-active, :has(> .ui-state-active), [aria-selected=true]";

function optionsIn(popup) {
  const found = shownAll(popup, "[role=option], li, dd").filter((el) => text(el) !== "");
  return found.filter((el) => !found.some((other) => other !== el && el.contains(other)));
}

/** A list at a field: the suggestion that reads like `value` is clicked, and whatever list is left is closed by a key. */
function suggestions(control, value, last) {
  if (last === "closed") return null;
  const popup = popupAt(control.box);
  if (last === "suggestion") return closing(control, popup); // another answer may still open the list again
  if (!popup && !control.el.matches(SUGGESTING)) return null;
  if (!popup) return over(SUGGESTS) ? closing(control, popup) : { wait: "settling" };
  const option = sameOption(optionsIn(popup), value, text);
  if (!option) return closing(control, popup);
  return steady(option) ? stepAt("suggestion", option, last) : { wait: "moving" };
}

/** Tab takes what is marked in a list; Escape might close the dialog around a field that has no list. */
function closing(control, popup) {
  control.el.focus();
  return press("closed", control.el, popup && optionsIn(popup).some((el) => el.matches(MARKED)) ? "Escape" : "Tab");
}
