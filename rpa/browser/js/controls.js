// The controls of a page as a person counts them: a drawn widget is one, so is a group of radio buttons.
// Needs dom, names. A control: {kind, drawn, el, box, own, labels, hints, members}.

/** Drawn widgets: how the element that a person sees is found from the field behind it. */
const DRAWN = [
  { drawn: "layui-select", kind: "select", box: (el) => besideMatching(el, "select", ".layui-form-select") },
  { drawn: "el-select", kind: "select", box: (el) => el.closest(".el-select") },
  { drawn: "ant-select", kind: "select", box: (el) => el.closest(".ant-select") },
  { drawn: "ui-select", kind: "select", box: (el) => el.closest(".ui-select-container") },
  { drawn: "el-date", kind: "date", box: (el) => el.closest(".el-date-editor") },
  { drawn: "easyui-date", kind: "date", box: (el) => easyui(el, "datebox-f") },
  { drawn: "easyui-select", kind: "select", box: (el) => easyui(el, "combobox-f") },
  { drawn: "laydate", kind: "date", box: laydate },
];

/** layui marks its date fields, the older one only once they have been open: then readonly tells. */
function laydate(el) {
  const locked = el.readOnly && el.type === "text" && el.ownerDocument.defaultView.layui?.laydate;
  return el.hasAttribute("lay-key") || locked ? el : null;
}

function besideMatching(el, own, beside) {
  const next = el.matches(own) ? el.nextElementSibling : null;
  return next?.matches(beside) ? next : null;
}

/** EasyUI puts its drawn box right after the field that it replaces. */
function easyui(el, mark) {
  const box = el.closest(".textbox");
  return box?.previousElementSibling?.classList.contains(mark) ? box : null;
}

const BOX_DRAWINGS = ".layui-form-checkbox, .layui-form-radio, .layui-form-switch";

/** What a person clicks for a check box or radio button: itself, or what is drawn in its place. */
function drawnBox(el) {
  const { width, height } = el.getBoundingClientRect();
  const own = Math.min(width, height) >= 8 && el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  if (own && !faint(el)) return el; // bootstrap calls the whole line `checkbox`, which is as wide as the form
  const next = el.nextElementSibling;
  if (next?.matches(BOX_DRAWINGS)) return next;
  return el.closest(".el-checkbox, .el-radio, .el-switch, .checkbox-inner, .checkbox, .radiobutton") ?? el;
}

function kindOf(el) {
  if (el.matches("select")) return "select";
  const type = (el.type ?? "text").toLowerCase();
  if (["checkbox", "radio", "file"].includes(type)) return type;
  return ["date", "month"].includes(type) ? "date" : "text";
}

/** Parts of drawn widgets that are fields themselves. */
const INSIDES = ".layui-form-select, .layui-laydate, .el-picker-panel, .combo-p";

function boxControl(el) {
  const box = drawnBox(el);
  const shown = visible(box) ? box : el.closest("label");
  if (!shown || !visible(shown)) return null;
  const own = [el, shown];
  const names = boxNames(el, shown);
  return { kind: kindOf(el), drawn: null, el, box: shown, own, labels: names, hints: [], members: null };
}

/** One control for one field of the page, or null when nobody can see it. */
function fieldControl(el) {
  const kind = kindOf(el);
  if (kind === "checkbox" || kind === "radio") return boxControl(el);
  if (el.closest(INSIDES)) return null;
  for (const widget of DRAWN) {
    const box = widget.box(el);
    if (!box) continue;
    if (!visible(box)) return null;
    const own = [el, box];
    return { ...widget, el, box, own, ...fieldNames(el, box, own), members: null };
  }
  const box = kind === "file" && !visible(el) ? visibleHolder(el) : el;
  if (!box || !visible(box) ) return null;
  return { kind, drawn: null, el, box, own: [el, box], ...fieldNames(el, box, [el, box]), members: null };
}

/** File inputs are often hidden behind a button: the nearest visible thing that holds only this field. */
function visibleHolder(el) {
  let holder = el.parentElement;
  while (holder && !visible(holder)) holder = holder.parentElement;
  return holder && holder.querySelectorAll("input[type=file]").length === 1 ? holder : null;
}

/** Radio buttons of one name are one control, named by what stands before the first of them. */
function radioGroups(radios) {
  const groups = new Map();
  for (const radio of radios) {
    const key = radio.el.name || radio.el.closest(".el-radio-group, [role=radiogroup], tr, form") || radio.el;
    const members = groups.get(key) ?? [];
    groups.set(key, [...members, radio]);
  }
  return Array.from(groups.values(), groupControl);
}

function groupControl(members) {
  const first = members[0];
  const own = members.flatMap((member) => [...member.own, member.el.closest("label") ?? member.el]);
  const holder = first.el.closest("[role=radiogroup], fieldset");
  const start = first.el.closest("label") ?? first.box;
  const legend = holder?.matches("fieldset") && countFields(holder, own) === 0 ? holder.querySelector("legend") : null;
  const before = wordsBefore(start, own);
  const labels = [
    holder?.getAttribute("aria-label"),
    holder && byIds(holder, "aria-labelledby"),
    legend && words(legend),
    formItemWords(first.el, own),
    before?.said,
  ].map(normalise);
  return { ...first, own, labels: labels.filter(Boolean), hints: [], members };
}

/** A check box also has the name of what stands before it, when it is alone there. */
function withWordsBefore(control) {
  if (control.kind !== "checkbox") return control;
  const start = control.el.closest("label") ?? control.box;
  const said = [formItemWords(control.el, control.own), wordsBefore(start, control.own)?.said];
  return { ...control, hints: said.map(normalise).filter(Boolean) };
}

/** Every control that a person sees in one document or shadow root. */
function controlsOf(root) {
  const seen = new Set();
  const controls = [];
  for (const el of root.querySelectorAll(FIELDS)) {
    const control = fieldControl(el);
    if (!control || seen.has(control.box)) continue;
    seen.add(control.box);
    controls.push(withWordsBefore(control));
  }
  const radios = controls.filter((control) => control.kind === "radio");
  return [...controls, ...radioGroups(radios)];
}

/** The controls seen last, as long as nothing waited and no document changed. */
const glance = { controls: null, observer: new MutationObserver(forget) };

function forget() {
  glance.controls = null;
  glance.observer.disconnect();
}

/** Every control that a person sees now. */
function allControls() {
  if (glance.controls && glance.observer.takeRecords().length === 0) return glance.controls;
  forget();
  const shown = Array.from(roots(), (found) => found.root);
  const changes = { subtree: true, childList: true, attributes: true, characterData: true };
  for (const root of shown) glance.observer.observe(root, changes);
  glance.controls = shown.flatMap(controlsOf);
  return glance.controls;
}
