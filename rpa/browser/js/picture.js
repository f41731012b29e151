// The picture at a place of the page. Needs dom, geometry.

function imageAt({ x, y }) {
  let view = window;
  let hit = view.document.elementFromPoint(x, y);
  while (hit?.matches("iframe, frame") && hit.contentDocument) {
    ({ x, y } = outward(hit).inverse().transformPoint({ x, y }));
    view = hit.contentWindow;
    hit = view.document.elementFromPoint(x, y);
  }
  return { hit, view };
}

/** Address of the picture and of its document, once it has arrived; no address where something else is drawn there. */
async function pictureAt(place) {
  const { hit, view } = imageAt(place);
  if (hit?.matches("img") && !hit.complete) await arrived(hit);
  return { source: hit?.currentSrc ?? "", document: view.location.href };
}

const arrived = (picture) =>
  new Promise((resolve) => {
    for (const ending of ["load", "error"]) picture.addEventListener(ending, () => resolve(true), { once: true });
  });

/** Resolves when the picture there has been replaced by another one. */
function pictureRenewed(place) {
  const { hit } = imageAt(place);
  return arrived(hit);
}
