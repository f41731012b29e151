// Drawn selects and pickers, one click of a person at a time. Needs dom, names, controls, find, wait, click.

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

const shownAll = (root, selector) => Array.from(root.querySelectorAll(selector)).filter((el) => visible(el) && !leaving(el));

const SELECTS = {
  "layui-select": {
    opener: (control) => control.box.querySelector(".layui-select-title"),
    options: (control) => shownAll(control.box, "dd:not(.layui-disabled, .layui-select-tips)"),
    shown: (control) => control.el.selectedOptions[0]?.text ?? "",
    value: (control) => control.el.value,
  },
  "el-select": {
    opener: (control) => control.box,
    options: (control) => shownAll(control.box.ownerDocument, ".el-select-dropdown__item:not(.is-disabled)"),
    shown: (control) => control.el.value,
    value: (control) => control.el.value,
  },
  "easyui-select": {
    opener: (control) => control.box.querySelector(".combo-arrow") ?? control.box,
    options: (control) => shownAll(control.box.ownerDocument, ".combo-p .combobox-item:not(.combobox-item-disabled)"),
    shown: (control) => control.box.querySelector(".textbox-text").value,
    value: (control) => control.box.querySelector(".textbox-value")?.value ?? "",
  },
};

function shownBy(control) {
  const widget = SELECTS[control.drawn];
  if (widget) return { text: widget.shown(control), value: widget.value(control) };
  const field = control.box.matches("input") ? control.box : (control.box.querySelector(".textbox-text, input") ?? control.el);
  return { text: field.value, value: field.value };
}

function operateSelect(control, value, last) {
  const widget = SELECTS[control.drawn];
  if (fit([normalise(widget.shown(control))], [normalise(value)], false) !== null) return {};
  if (last === "option") return { wait: "settling" };
  if (last === null) return stepAt("open", widget.opener(control), last);
  const options = widget.options(control);
  const option = sameOption(options, value, text);
  if (option) return stepAt("option", option, last);
  return options.length > 0 ? { wait: "option", options: options.map(text) } : { wait: "popup" };
}

function operate(control, value, last) {
  return SELECTS[control.drawn] ? operateSelect(control, value, last) : operatePicker(control, value, last);
}
