// Before and after trusted keys: the page is made ready here, the keys come from outside. Needs dom, find, click,
// widgets, models, popups, calendar. A step's `name` comes back as `last`.

/** Whether a key that is pressed now goes to `el`. */
const hasFocus = (el) => el.getRootNode().activeElement === el && el.ownerDocument.hasFocus();

const content = (el) => (el.isContentEditable ? el.textContent : el.value);

/** What a person would call the same: without spaces and the separators that pages put in while one types. */
const unformatted = (value) => normalise(value).replace(/[,\-/]/g, "").toUpperCase();

function selectAll(el) {
  return el.isContentEditable ? el.ownerDocument.getSelection().selectAllChildren(el) : el.select();
}

const TRUSTED = ["keydown", "keypress", "keyup", "beforeinput"];

let release = () => {};

/** Keys that arrive anywhere but in `el` are dropped: a script may have moved the focus since they were asked for. */
function guard(el) {
  release();
  const views = Array.from(documents(), (found) => found.window);
  const drop = (event) => {
    if (!event.isTrusted || event.composedPath()[0] === el) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const view of views) for (const kind of TRUSTED) view.addEventListener(kind, drop, true);
  release = () => {
    for (const view of views) for (const kind of TRUSTED) view.removeEventListener(kind, drop, true);
  };
}

/** The step of one key that has a name. */
function press(name, el, key) {
  guard(el);
  return { step: { name, press: key } };
}

/** The step that types `value` in place of all that `el` holds; `each`: every character is a key of its own. */
function keys(name, el, value, each = false) {
  selectAll(el);
  patient();
  if (value === "") return content(el) === "" ? {} : press(name, el, "Delete");
  guard(el);
  return { step: { name, text: value, each } };
}

let quiet = false; // whether nothing in the page listens to keys

/** Insert as an editor does, by the browser's own command: its events are trusted, and no key is among them. */
function insert(control, value) {
  selectAll(control.el);
  patient();
  control.el.ownerDocument.execCommand(value === "" ? "delete" : "insertText", false, value);
  const left = leave(control, value, "typed");
  return left.wait ? { step: { name: "typed" } } : left;
}

const TYPED = ["typed", "retyped", "suggestion", "closed"];

/** A field gets the focus and is typed into; a locked one may be unlocked by the focus or a click, or have a calendar. */
function type(control, value, last) {
  const { el } = control;
  if (TYPED.includes(last)) return leave(control, value, last);
  if (last === null) {
    noteStanding(control.box);
    el.focus();
  }
  if ([null, "focus"].includes(last) && hasFocus(el) && !el.readOnly) {
    return quiet ? insert(control, value) : keys("typed", el, value);
  }
  if (last === null) return patient(stepAt("focus", control.box, last));
  return el.readOnly ? operateCalendar(control, value, last) : { wait: "settling" };
}

/** Whether the page took something else: then the keys are sent one by one, once. */
function mistyped(el, value) {
  const [held, asked] = [unformatted(content(el)), unformatted(value)];
  const full = el.maxLength === content(el).length && asked.startsWith(held);
  return held !== asked && !full;
}

/** After typing: what the field suggests is chosen or closed, then the field is left. */
function leave(control, value, last) {
  const { el } = control;
  if (hasFocus(el) && last === "typed" && mistyped(el, value)) return keys("retyped", el, value, true);
  const wanted = hasFocus(el) || last === "suggestion" ? suggestions(control, value, last) : null;
  if (wanted) return wanted;
  el.ownerDocument.activeElement?.blur();
  const { model } = modelOf(el);
  const lags = model !== undefined && ![value, content(el)].map(unformatted).includes(unformatted(model));
  return lags && (model === "" || el.type !== "password") ? { wait: "settling" } : {};
}

/** In this system the arrow keys open a native list instead of going through it. */
const POPS_UP = /^Mac/;

/** Set a native select: the option beside the wanted one is set silently, and one arrow key goes on to it. */
function pick(el, value, last) {
  const options = Array.from(el.options).filter((option) => !option.disabled);
  const option = sameOption(options, value, (one) => one.label || one.text);
  if (!option) return { wait: "option", options: options.map((one) => one.text.trim()) };
  if (last === null && option.selected && modelOf(el).model !== "") return {}; // nothing that a person would do
  if (last === null) el.focus();
  const at = options.indexOf(option);
  const beside = options[at - 1] ?? options[at + 1];
  if (last === null && beside && hasFocus(el) && !POPS_UP.test(navigator.platform)) {
    beside.selected = true;
    return press("arrow", el, at > 0 ? "ArrowDown" : "ArrowUp");
  }
  if (last === null || !option.selected) {
    option.selected = true;
    announce(el);
  }
  el.blur();
  return modelOf(el).model === "" && el.value !== "" ? { wait: "settling" } : {};
}

/** Tell the page of a change that was made without keys. */
function announce(el) {
  const view = el.ownerDocument.defaultView;
  el.dispatchEvent(new view.Event("input", { bubbles: true }));
  el.dispatchEvent(new view.Event("change", { bubbles: true }));
}

/** A native date or month field: what its keys mean depends on the browser's language, so its value is set. */
function setDate(el, value) {
  const { year, month, day } = dateParts(value);
  const pad = (number) => String(number ?? 1).padStart(2, "0");
  const { set } = Object.getOwnPropertyDescriptor(el.ownerDocument.defaultView.HTMLInputElement.prototype, "value");
  el.focus();
  set.call(el, el.type === "month" ? `${year}-${pad(month)}` : `${year}-${pad(month)}-${pad(day)}`);
  announce(el);
  el.blur();
  return {};
}
