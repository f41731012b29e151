// Reading what the page shows: controls and read-only texts. Needs dom, grid, names, controls, find, wait, click, fill, facts.

/** Read-only values of a label: `联系人` in one element and its value in another, or loose behind it. */
function shownValues(spot, known) {
  const found = [];
  for (const label of wantedNames(spot).flatMap(titled)) {
    const loose = label.nextSibling?.nodeType === Node.TEXT_NODE ? label.nextSibling.data.trim() : "";
    if (loose) found.push({ box: label, label, said: loose });
    else for (const held of valuesBeside(label, known)) found.push({ box: held, label, said: text(held) });
  }
  return found.map((one) => ({ ...one, said: one.said.replace(/^[:：]\s*/, "") }));
}

/** Of several values those under a column's header named by `within`, else those whose label stands under such a title. */
function valuesWithin(found, within) {
  if (!within) return found;
  const inColumn = found.filter(({ box }) => chainNames(headsAbove(box, true)).includes(normalise(within)));
  const kept = new Set(keepWithin(found.map((one) => ({ ...one, box: one.label ?? one.box, one })), within).map(({ one }) => one));
  return inColumn.length > 0 ? inColumn : found.filter((one) => kept.has(one));
}

function readOutput(spot, known) {
  const cells = valuesWithin(shownValues(spot, known), spot.within);
  const found = keepAbove(cells.length > 0 ? cells : valuesWithin(inlineValues(spot), spot.within), spot);
  if (found.length === 0) return { wait: "missing", places: [] };
  if (new Set(found.map((one) => one.said)).size > 1) return { wait: "ambiguous", places: found.map(placeWords) };
  return { text: found[0].said, value: found[0].said };
}

function readSpot(spot, known) {
  const control = spot.kind === "output" ? { missing: true } : findControl(spot, false);
  if (control.one) return holds(control.one, spot);
  if (control.places) return unready(control);
  return ["any", "output"].includes(spot.kind) ? readOutput(spot, known) : unready(control);
}

/** For each spot, whether the page has something to be read under it. */
function readable(job) {
  forget();
  const known = new Set(job.spots.flatMap(wantedNames));
  return { there: job.spots.map((spot) => readSpot(spot, known).wait !== "missing") };
}

/** Read every spot once all are there; with `filled`, once none is empty. */
function look(job) {
  const known = new Set(job.spots.flatMap(wantedNames));
  const check = () => {
    const held = job.spots.map((spot) => ({ label: spot.label, ...readSpot(spot, known) }));
    const stuck = held.findIndex((one) => one.wait || (job.filled && !one.text));
    return stuck < 0 ? { held } : { wait: "empty", ...held[stuck], index: stuck };
  };
  return until(check, performance.now() + job.milliseconds);
}
