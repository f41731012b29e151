/* The workbook's row beside what the page holds; what differs is marked, not by colour alone. */

export function fillTable(card, rows) {
  const body = card.querySelector("tbody");
  const different = rows.filter((row) => !row.agrees);
  for (const row of [...different, ...rows.filter((row) => row.agrees)]) { // nobody has to look for them
    const line = document.createElement("tr");
    line.className = row.agrees ? "" : "differs";
    const label = Object.assign(document.createElement("th"), { scope: "row", textContent: row.label });
    line.append(label, cell("表格", row.workbook, row), cell("页面", row.page, row, row.workbook), said(row));
    body.append(line);
  }
  const wrong = different.length;
  const verdict = card.querySelector(".verdict");
  verdict.textContent = wrong ? `有 ${wrong} 项不一致，请仔细核对` : `${rows.length} 项全部一致`;
  verdict.classList.add(wrong ? "bad" : "good");
}

function cell(from, text, row, other) {
  const made = document.createElement("td");
  made.dataset.from = from; // shown where there is no room for the table's head
  if (row.agrees || other === undefined) made.textContent = text || "（空）";
  else made.append(...marked(text || "（空）", other));
  return made;
}

function said(row) {
  const made = document.createElement("td");
  const tag = Object.assign(document.createElement("span"), { textContent: row.agrees ? row.said : `≠ ${row.said}` });
  tag.className = row.agrees ? "tag good" : "tag bad";
  made.append(tag);
  return made;
}

/** The page's value, marked where it is another one than the workbook's. */
function marked(text, other) {
  let begin = 0;
  while (begin < text.length && text[begin] === other[begin]) begin += 1;
  let end = 0;
  while (end < text.length - begin && end < other.length - begin && text.at(-1 - end) === other.at(-1 - end)) end += 1;
  const middle = Object.assign(document.createElement("mark"), { textContent: text.slice(begin, text.length - end) });
  return [text.slice(0, begin), middle, text.slice(text.length - end)];
}
