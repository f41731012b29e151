// The labels that a screen shows, for a message about one that it does not: never what stands beside them.
// Needs dom, grid, names, controls, find, click, tables.

const LONGEST_LABEL = 14;
const isLabel = (name) => name.length > 1 && name.length <= LONGEST_LABEL && !/\d{3}/.test(name);

/** The labels of the fields; of those in a list its headers alone: what stands beside them there is a record. */
function fieldLabels() {
  return allControls().flatMap((control) => {
    const heads = headsAbove(cellOf(control.box), false);
    if (heads.length > 0) return chainNames(heads);
    return control.kind === "radio" && control.members === null ? [] : [...control.labels, ...control.hints];
  });
}

/** What stands as a label beside a text: a header of the markup, a term, words with a colon behind them. */
function textLabels(document) {
  const marked = Array.from(document.querySelectorAll("th, dt, .el-form-item__label, .layui-form-label, .ant-form-item-label"));
  const withColon = Array.from(document.querySelectorAll("td, span, div, b, label, li")).filter((el) => el.childElementCount === 0 && COLON_END.test(el.textContent));
  return [...marked, ...withColon].filter(visible).map((el) => normalise(text(el)));
}

/** What buttons, links and tabs say, outside of lists. */
function captionsOf(document) {
  const shown = Array.from(document.querySelectorAll(PUSHABLE)).filter((el) => !el.closest("td, [role=gridcell], [role=cell]") && visible(el));
  return shown.flatMap((el) => caption(el).slice(0, 1)).map(normalise);
}

/** Labels of one sort (`fields`, `captions`, `columns`) that show now. */
function offers({ sort }) {
  forget();
  const pages = Array.from(roots(), ({ root }) => root);
  const named = {
    fields: () => [...fieldLabels(), ...pages.flatMap(textLabels)],
    captions: () => pages.flatMap(captionsOf),
    columns: () => pages.flatMap((document) => [...sheetsIn(document)].flatMap(({ columns }) => columns.flatMap(({ names }) => names.slice(0, 1)))),
  }[sort]();
  return { labels: Array.from(new Set(named)).filter(isLabel) };
}
