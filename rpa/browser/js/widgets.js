// Drawn selects and pickers, one click of a person at a time. Needs dom, names, controls, find, wait, click, typing.

/** The option that reads like `value`: the same words first, then the same but for brackets and numbers. */
function sameOption(options, value, say) {
  const wanted = [normalise(value)];
  const fitting = (level) => options.filter((option) => fit([normalise(say(option))], wanted, false) === level);
  const found = fitting(0).length > 0 ? fitting(0) : fitting(1);
  return found.length === 1 ? found[0] : null;
}

/** The next click: where, and its name, which comes back as `last`. A click is not repeated: its effect is awaited. */
function stepAt(name, el, last) {
  if (name === last) return { wait: "settling" };
  const at = clickPoint(el);
  return at.wait ? at : { step: { name, ...at.point } };
}

let stood = "";

/** Whether something stands where it stood at the last look: what opens is often moved once it is drawn. */
function steady(el) {
  const before = stood;
  const { x, y } = place(el) ?? el.getBoundingClientRect();
  stood = `${x} ${y}`;
  return stood === before;
}

const shownAll = (root, selector) => Array.from(root.querySelectorAll(selector)).filter((el) => visible(el) && !leaving(el));

/** A field in a drawn select that can be typed into, to search. */
const searchIn = (box, selector) => Array.from(box.querySelectorAll(selector)).find((el) => !el.readOnly && visible(el));

/** For each library: what opens it, the options that show, the one that is chosen, the value behind it, its search. */
const SELECTS = {
  "layui-select": {
    opener: (control) => control.box.querySelector(".layui-select-title"),
    options: (control) => shownAll(control.box, "dd:not(.layui-disabled, .layui-select-tips)"),
    shown: (control) => control.el.selectedOptions[0]?.text ?? "",
    value: (control) => control.el.value,
    search: (control) => searchIn(control.box, ".layui-select-title input"),
  },
  "el-select": {
    opener: (control) => control.box.querySelector(".el-select__wrapper") ?? control.box,
    options: (control) => shownAll(control.box.ownerDocument, ".el-select-dropdown__item:not(.is-disabled)"),
    shown: (control) => elementShows(control),
    value: (control) => elementShows(control),
    search: (control) => searchIn(control.box, "input"),
  },
  "easyui-select": {
    opener: (control) => control.box.querySelector(".combo-arrow") ?? control.box,
    options: (control) => shownAll(control.box.ownerDocument, ".combo-p .combobox-item:not(.combobox-item-disabled)"),
    shown: (control) => control.box.querySelector(".textbox-text").value,
    value: (control) => control.box.querySelector(".textbox-value")?.value ?? "",
    search: (control) => searchIn(control.box, ".textbox-text"),
  },
  "ant-select": {
    opener: (control) => control.box.querySelector(".ant-select-selector"),
    options: (control) => shownAll(control.box.ownerDocument, ".ant-select-item-option:not(.ant-select-item-option-disabled)"),
    shown: (control) => textOf(control.box, ".ant-select-selection-item"),
    value: (control) => textOf(control.box, ".ant-select-selection-item"),
    search: (control) => searchIn(control.box, "input"),
    list: ".ant-select-dropdown .rc-virtual-list-holder",
  },
  "ui-select": {
    opener: (control) => control.box.querySelector(".ui-select-toggle, .ui-select-match"),
    options: (control) => shownAll(control.box.ownerDocument, ".ui-select-choices-row:not(.disabled)"),
    shown: (control) => textOf(control.box, ".ui-select-match-text"),
    value: (control) => textOf(control.box, ".ui-select-match-text"),
    search: (control) => searchIn(control.box.ownerDocument, ".ui-select-container.open input.ui-select-search"),
  },
};

const textOf = (box, selector) => text(box.querySelector(selector) ?? box.ownerDocument.createElement("i"));

/** element-plus writes what is chosen beside its field, element-ui into it. */
function elementShows({ box, el }) {
  const beside = box.querySelector(".el-select__placeholder");
  if (!beside) return el.value;
  return beside.matches(".is-transparent") ? "" : text(beside);
}

function shownBy(control) {
  const widget = SELECTS[control.drawn];
  if (widget) return { text: widget.shown(control), value: widget.value(control) };
  const field = control.box.matches("input") ? control.box : (control.box.querySelector(".textbox-text, input") ?? control.el);
  return { text: field.value, value: field.value };
}

let offered = []; // what the list showed before something was typed to search it

function operateSelect(control, value, last) {
  const widget = SELECTS[control.drawn];
  const chosen = fit([normalise(widget.shown(control))], [normalise(value)], false) !== null;
  const clicked = last === "option";
  if (chosen && (clicked || last === null)) return {};
  if (last === null) return stepAt("open", widget.opener(control), last);
  const options = widget.options(control);
  const option = sameOption(options, value, text);
  const again = clicked && over(IGNORED);
  if (option) return steady(option) ? patient(stepAt("option", option, again ? null : last)) : { wait: "moving" };
  if (clicked) return again ? patient(stepAt("open", widget.opener(control), last)) : { wait: "settling" };
  if (last === "open") offered = options.map(text);
  if (scrolledOn(widget, control)) return { wait: "option", options: offered };
  const search = widget.search(control);
  if (last === "open" && search) return searchFor(search, value);
  return last === "searched" || offered.length > 0 ? { wait: "option", options: offered } : { wait: "popup" };
}

/** Type what is wanted into the search of an open list; the options come from the page or its server. */
function searchFor(search, value) {
  search.focus();
  return hasFocus(search) ? keys("searched", search, value) : { wait: "settling" };
}

/** Whether there was more to see: a list that draws only the options in view is scrolled on. */
function scrolledOn(widget, { box }) {
  const list = widget.list && shownAll(box.ownerDocument, widget.list)[0];
  if (!list || list.scrollTop + list.clientHeight >= list.scrollHeight - 1) return false;
  list.scrollTop += list.clientHeight;
  return true;
}

function operate(control, value, last) {
  return SELECTS[control.drawn] ? operateSelect(control, value, last) : operatePicker(control, value, last);
}
