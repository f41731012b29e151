/* Pictures, loaded before they are needed: the next card shows at once. */

const kept = new Map();

/** The picture of a request, and whether it could be loaded, once that is known; null where it has none. */
export function pictureOf(request) {
  if (!request.picture) return null;
  if (!kept.has(request.picture)) kept.set(request.picture, load(request.picture));
  return kept.get(request.picture);
}

/** Load what comes next, and let go of what does not wait any more. */
export function keepPictures(next, waiting) {
  const wanted = new Set(waiting.map((one) => one.picture));
  for (const address of kept.keys()) if (!wanted.has(address)) kept.delete(address);
  next.forEach(pictureOf);
}

/** Try once more. */
export function reloaded(request) {
  kept.set(request.picture, load(`${request.picture}&again=${performance.now()}`));
  return kept.get(request.picture);
}

function load(address) {
  const image = new Image();
  const loaded = new Promise((resolve) => {
    image.addEventListener("load", () => resolve(true));
    image.addEventListener("error", () => resolve(false));
  });
  image.decoding = "sync";
  image.src = address;
  return { image, loaded };
}

/** Show a captcha large: a whole number of times, three at least, so that it stays crisp. */
export function enlarge(image, room) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const fits = Math.min(560 / width, room / width, (innerHeight * 0.36) / height);
  const times = Math.min(6, Math.max(3, Math.floor(fits)));
  image.style.width = `${Math.min(width * times, room)}px`;
}

/** Show a code for a phone's camera as large as there is room. */
export function spread(image, room) {
  image.style.width = `${Math.min(room, innerHeight * 0.4)}px`;
}
