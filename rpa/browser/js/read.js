// Reading what the page shows: controls, read-only cells, tables. Needs dom, names, controls, find, wait, click, fill.

/** The element that holds the value said by a label: the next cell, `dd`, the next sibling, the rest of the form item. */
function valueBeside(label) {
  const { head } = section(label);
  const item = label.closest(".el-form-item, .layui-form-item, .layui-inline, .form-group");
  const content = item?.querySelector(".el-form-item__content, .layui-input-block, .layui-input-inline, .layui-form-mid");
  if (content && !content.contains(label)) return content;
  for (const start of [label.closest("td, th, dt") ?? label, label, head]) {
    let next = start.nextElementSibling;
    if (next && normalise(start.textContent) === normalise(label.textContent)) return next;
  }
  return null;
}

/** Read-only values of a label: `联系人` in one element and its value in the next, or `联系人：张三` in one. */
function shownValues(spot) {
  const found = [];
  for (const name of wantedNames(spot)) {
    for (const label of titled(name)) {
      const beside = valueBeside(label);
      const loose = label.nextSibling?.nodeType === Node.TEXT_NODE ? label.nextSibling.data.trim() : "";
      const said = loose || (beside ? text(beside) : null);
      if (said !== null) found.push({ box: label, said: said.replace(/^[:：]\s*/, "") });
    }
  }
  return keepWithin(found, spot.within);
}

/** `联系人：张三` in one element: the words behind the colon. */
function inlineValues(spot) {
  const found = [];
  for (const el of everywhere("td, li, p, span, div, dd, label")) {
    if (el.childElementCount > 0 || !/[:：]/.test(el.textContent) || !visible(el)) continue;
    const [name, ...rest] = el.textContent.split(/[:：]/);
    const said = rest.join(":").trim();
    if (said && wantedNames(spot).includes(normalise(name))) found.push({ box: el, said });
  }
  return keepWithin(found, spot.within);
}

function readOutput(spot) {
  const cells = shownValues(spot);
  const found = cells.length > 0 ? cells : inlineValues(spot);
  if (found.length === 0) return { wait: "missing", places: [] };
  if (new Set(found.map((one) => one.said)).size > 1) return { wait: "ambiguous", places: found.map(placeWords) };
  return { text: found[0].said, value: found[0].said };
}

function readSpot(spot) {
  const control = spot.kind === "output" ? { missing: true } : findControl(spot, false);
  if (control.one) return holds(control.one, spot);
  if (control.places) return unready(control);
  return ["any", "output"].includes(spot.kind) ? readOutput(spot) : unready(control);
}

/** Read every spot once all are there; with `filled`, once none is empty. */
function look(job) {
  const check = () => {
    const held = job.spots.map((spot) => ({ label: spot.label, ...readSpot(spot) }));
    const stuck = held.findIndex((one) => one.wait || (job.filled && !one.text));
    return stuck < 0 ? { held } : { wait: "empty", ...held[stuck], index: stuck };
  };
  return until(check, performance.now() + job.milliseconds);
}
