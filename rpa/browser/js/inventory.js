// What a page shows, listed: captions of what can be pushed, years that it names. Needs dom, click.

const LONGEST_CAPTION = 40;

/** The different captions with these words in them, of what can be pushed, in the page's order. */
function captionsShown({ part }) {
  const said = everywhere(PUSHABLE).filter(visible).map((el) => caption(el).map(normalise).find(Boolean) ?? "");
  return { captions: [...new Set(said.filter((one) => one.includes(part) && one.length <= LONGEST_CAPTION))] };
}

/** Captions of what folds away these words: the visible head beside a branch that holds them and is not drawn. */
function foldedHeads({ names }) {
  const wanted = names.map(normalise);
  const heads = [];
  for (const el of everywhere("a, button, span, p, div, li, td, dd")) {
    if (el.textContent.length > LONGEST_CAPTION || !wanted.includes(normalise(el.textContent)) || visible(el)) continue;
    let branch = el;
    while (parentOf(branch) && !visible(parentOf(branch))) branch = parentOf(branch);
    const head = branch.previousElementSibling;
    const said = head && visible(head) ? (caption(head).map(normalise).find(Boolean) ?? "") : "";
    if (said && said.length <= LONGEST_CAPTION) heads.push(said);
  }
  return { captions: [...new Set(heads)] };
}

/** Every year that the page names as an application's, as in 2026年度, in its title too. */
function yearsShown() {
  const said = Array.from(roots(), ({ trunk, document }) => `${document.title} ${trunk ? text(trunk) : ""}`).join(" ");
  return { years: [...new Set(Array.from(said.matchAll(/(?<!\d)(20\d\d)\s*年度/g), ([, year]) => Number(year)))] };
}

/** Resolves when the page has drawn twice: what it does at once after an act has begun by then. */
function drawnTwice() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
  });
}
