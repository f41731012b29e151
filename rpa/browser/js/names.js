// The names a control has for the person who looks at the page. Needs dom, grid.

const FIELDS =
  "input:not([type=hidden],[type=button],[type=submit],[type=reset],[type=image]), select, textarea, [contenteditable=''], [contenteditable=true]";
const NOT_WORDS =
  "script, style, select, textarea, option, input, button, .layui-form-select, .textbox, .el-select, .el-form-item__error, .layui-unselect";

/** The visible words of an element, without those of the controls in it. */
function words(el) {
  if (el.nodeType === Node.TEXT_NODE) return el.data;
  if (el.nodeType !== Node.ELEMENT_NODE || el.matches(NOT_WORDS)) return "";
  if (!el.checkVisibility({ visibilityProperty: true })) return "";
  return Array.from(el.childNodes, words).join("");
}

const holdsField = (node) =>
  node.nodeType === Node.ELEMENT_NODE && (node.matches(FIELDS) || node.querySelector(FIELDS) !== null);

/** Fields in `el` that a person would count: hidden twins and the insides of drawn widgets do not. */
function countFields(el, own) {
  return Array.from(el.querySelectorAll(FIELDS)).filter(
    (field) => !own.some((mine) => mine === field || mine.contains(field) || field.contains(mine)) && visible(field),
  ).length;
}

const holdsVisibleField = (node) =>
  holdsField(node) && (node.matches(FIELDS) ? visible(node) : countFields(node, []) > 0);

/** The nearest words before `node` among its siblings, or null when a control or nothing stands there. */
function siblingWords(node) {
  for (let before = node.previousSibling; before; before = before.previousSibling) {
    if (holdsVisibleField(before)) return null;
    const said = words(before);
    if (normalise(said)) return said;
  }
  return null;
}

/** The words after a box: the nearest piece, and all up to the next control or line. */
function wordsAfter(node) {
  const pieces = [];
  for (let after = node.nextSibling; after; after = after.nextSibling) {
    if (holdsVisibleField(after) || after.nodeName === "BR") break;
    const said = words(after);
    if (normalise(said)) pieces.push(said);
  }
  return [pieces[0], pieces.join("")];
}

const cellOf = (el) => nearest(el, "td, th, [role=cell], [role=gridcell]");

const wordsBeside = (node) => (node.matches("td, th") ? wordsLeft(node) : siblingWords(node));

/** Climb from a control while it is alone in what holds it, and take the first words before it. */
function wordsBefore(el, own) {
  let node = el;
  for (let level = 0; level < 6 && parentOf(node); level += 1) {
    const said = wordsBeside(node);
    if (said !== null) return { said, cell: node.matches("td, th") };
    node = parentOf(node);
    if (node.matches("body, form, fieldset, tr, dialog, [role=dialog]") || countFields(node, own) > 0) return null;
    if (node.matches("td, th") && wordsBeside(node) === null) {
      node = node.closest("table"); // a layout table: its own cell may have the label to its left
      if (countFields(node, own) > 0) return null;
    }
  }
  return null;
}

/** What heads a row whose only control this file field is, as in a list of materials. */
function rowWords(el, own) {
  const row = el.closest("tr");
  if (el.type !== "file" || !row || row.cells.length < 3 || row.cells[0].contains(el) || countFields(row, own) > 0) return null;
  return words(row.cells[0]);
}

function byIds(el, attribute) {
  const ids = (el.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean);
  return ids.map((id) => el.getRootNode().getElementById(id)).map((named) => (named ? words(named) : "")).join("");
}

const FORM_ITEMS = [
  [".el-form-item", ".el-form-item__label"],
  [".layui-inline, .layui-form-item", ".layui-form-label"],
  [".ivu-form-item", ".ivu-form-item-label"],
  [".ant-form-item, .ant-row", ".ant-form-item-label"],
  [".form-group", ".control-label"],
];

/** The label of the form item that a widget library draws around the control. */
function formItemWords(el, own) {
  for (const [item, label] of FORM_ITEMS) {
    const holder = el.closest(item);
    const said = holder?.querySelector(label);
    if (said && !said.contains(el) && countFields(holder, own) === 0) return words(said);
  }
  return null;
}

const AFTER_BOX = ".layui-form-checkbox, .layui-form-radio, .layui-form-switch, .checkbox, .radiobutton";

/** What stands at one check box or radio button itself: its option. */
function boxNames(el, box) {
  const named = Array.from(el.labels ?? [], words);
  if (box !== el && normalise(words(box))) named.push(words(box));
  if (box.matches(".layui-form-checkbox, .layui-form-radio")) named.push(box.textContent, el.title);
  const holder = box.matches(AFTER_BOX) || !el.closest("label") ? box : el.closest("label");
  named.push(el.getAttribute("aria-label"), byIds(el, "aria-labelledby"), ...wordsAfter(holder));
  return named.map(normalise).filter(Boolean);
}

/** The names of a text box, select, date …, normalised. A hint counts only where no label fits. */
function fieldNames(el, box, own) {
  const before = wordsBefore(box, own);
  const labels = [
    ...Array.from(el.labels ?? [], words),
    el.getAttribute("aria-label"),
    byIds(el, "aria-labelledby"),
    formItemWords(el, own),
    before?.said,
    ...(before && !before.cell ? [] : chainNames(headsAbove(cellOf(box), before === null))),
  ];
  const hints = [el.getAttribute("placeholder"), el.title, rowWords(el, own)];
  return { labels: labels.map(normalise).filter(Boolean), hints: hints.map(normalise).filter(Boolean) };
}
