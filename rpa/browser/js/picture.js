// Pictures that a person has to read (captchas, QR codes), and pages that are taller than one picture.
// Needs dom, names, controls, find, wait, click.

const PICTURES = "img, canvas, svg, input[type=image]";
const ICON = 40; // CSS pixels: what is smaller both ways is an icon; no four characters can be read in it
const CODE_SIDE = 80; // a QR code is square, and at least so large: a phone has to read it
const BESIDE_FIELD = { x: 160, y: 120 };
const BESIDE_PICTURE = { x: 80, y: 60 };

const sizeOf = (el) => el.getBoundingClientRect();

/** The address of a picture that is an element's background and nothing else: it has neither words nor parts. */
function backgroundAddress(el) {
  if (el.childElementCount > 0 || el.textContent.trim() || el.matches(`${PICTURES}, ${FIELDS}`)) return "";
  return /url\(["']?(.+?)["']?\)/.exec(getComputedStyle(el).backgroundImage)?.[1] ?? "";
}

/** An image that the server did not give; without a size of its own it is drawn as an icon, or not at all. */
const brokenImage = (el) => el.matches("img") && Boolean(el.src) && el.complete && el.naturalWidth === 0;

function asCandidate(el) {
  const names = [el.getAttribute("alt"), el.getAttribute("title"), el.getAttribute("aria-label")];
  return { el, box: el, labels: names.map(normalise).filter(Boolean), hints: [] };
}

/** Every picture that could be read, as candidates; where there is none, the broken ones. */
function picturesShown() {
  const all = everywhere("*");
  const drawn = all.filter((el) => {
    if (el.matches(PICTURES) ? el.ownerSVGElement : sizeOf(el).width < ICON || !backgroundAddress(el)) return false;
    const { width, height } = sizeOf(el);
    return (width >= ICON || height >= ICON) && visible(el);
  });
  const shown = drawn.filter((el) => !brokenImage(el));
  return (shown.length > 0 ? shown : all.filter((el) => brokenImage(el) && el.checkVisibility())).map(asCandidate);
}

/** Whether two elements of one document stand close together. */
function standsNear(one, other, { x, y }) {
  const [a, b] = [sizeOf(one), sizeOf(other)];
  const across = Math.max(0, a.left - b.right, b.left - a.right);
  const down = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  return across <= x && down <= y;
}

const isSquare = (el) => Math.abs(Math.log(sizeOf(el).width / sizeOf(el).height)) < 0.25;
const isLarge = (el) => Math.min(sizeOf(el).width, sizeOf(el).height) >= CODE_SIDE;
const areaOf = (el) => sizeOf(el).width * sizeOf(el).height;

/** What sets a field's captcha apart from other pictures near it: it stands in the field's line, and is wide. */
const TRAITS = [(field, el) => standsNear(field, el, { x: BESIDE_FIELD.x, y: 0 }), (_, el) => !isSquare(el)];

function holdersOf(el) {
  const found = [];
  for (let holder = el.parentElement; holder && !holder.matches("body"); holder = holder.parentElement) found.push(holder);
  return found;
}

/** The picture beside a field: of those in the nearest holder that has any. */
function pictureBeside(field, candidates) {
  const possible = candidates.filter(({ el }) => !(isSquare(el) && isLarge(el)) && !el.contains(field));
  for (const holder of holdersOf(field)) {
    let left = possible.filter(({ el }) => holder.contains(el) && standsNear(field, el, BESIDE_FIELD));
    for (const trait of TRAITS) {
      const fitting = left.filter(({ el }) => trait(field, el));
      if (fitting.length > 0) left = fitting;
    }
    if (left.length > 0) return left.length === 1 ? { one: left[0] } : { places: left.map(placeWords) };
  }
  return { missing: true };
}

/** Innermost elements whose words hold one of these names. */
function mentionsOf(wanted) {
  const found = everywhere("*").filter((el) => {
    if (el.matches("script, style") || el.textContent.length > 200) return false;
    const said = normalise(el.textContent);
    return wanted.some((name) => said.includes(name)) && visible(el);
  });
  return found.filter((el) => !found.some((other) => other !== el && el.contains(other)));
}

/** The only one, or the one that is clearly the largest. */
function largest(candidates) {
  const [first, second] = [...candidates].sort((one, other) => areaOf(other.el) - areaOf(one.el));
  return second && areaOf(second.el) > areaOf(first.el) * 0.7 ? { places: candidates.map(placeWords) } : { one: first };
}

/** A QR code: the largest square picture beside the words that name it, else on the page. */
function squareByWords(spot, candidates) {
  const squares = keepOnTop(candidates.filter(({ el }) => isSquare(el) && isLarge(el)));
  if (squares.length < 2) return squares.length === 1 ? { one: squares[0] } : { missing: true };
  const meant = new Set();
  for (const said of mentionsOf(wantedNames(spot))) {
    const holder = [said, ...holdersOf(said)].find((one) => squares.some(({ el }) => one.contains(el)));
    const found = holder && largest(squares.filter(({ el }) => holder.contains(el)));
    if (found?.one) meant.add(found.one);
  }
  return meant.size === 1 ? { one: [...meant][0] } : largest(squares);
}

/** A picture by its own name, or the one beside the field of that name, or a QR code. */
function findPicture(spot) {
  const candidates = picturesShown();
  const named = choose(candidates, spot, false);
  if (!named.missing) return named;
  const field = findControl({ ...spot, kind: "any" }, false);
  if (field.one) return pictureBeside(field.one.box, candidates);
  return field.places ? field : squareByWords(spot, candidates);
}

// -- whether it has arrived, and which one it is --

/** A short name of a text: two pictures with the same one are the same (cyrb53, public domain). */
function digestOf(text) {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    high = Math.imul(high ^ text.charCodeAt(at), 2654435761);
    low = Math.imul(low ^ text.charCodeAt(at), 1597334677);
  }
  return `${(high >>> 0).toString(16)}${(low >>> 0).toString(16)}-${text.length}`;
}

/** A canvas with an image's or canvas' pixels. */
function pixelCopy(el) {
  const copy = el.ownerDocument.createElement("canvas");
  [copy.width, copy.height] = el.matches("canvas") ? [el.width, el.height] : [el.naturalWidth, el.naturalHeight];
  copy.getContext("2d").drawImage(el, 0, 0);
  return copy;
}

/** What an image or canvas shows, as text; nothing where another origin's picture may not be looked into. */
function pixelsOf(el) {
  try {
    return pixelCopy(el).toDataURL();
  } catch {
    return "";
  }
}

/** Whether all of a canvas has one colour: nothing is drawn there yet. */
function blankCanvas(el) {
  try {
    const { width, height } = el;
    const data = new Uint32Array(pixelCopy(el).getContext("2d").getImageData(0, 0, width, height).data.buffer);
    return data.every((pixel) => pixel === data[0]);
  } catch {
    return el.width === 0 || el.height === 0;
  }
}

const addressOf = (el) => (el.matches("img") ? el.currentSrc : el.matches("input") ? el.src : backgroundAddress(el));
const requestsOf = (el) => el.ownerDocument.defaultView.performance.getEntriesByName(addressOf(el), "resource");
const keptByPage = (address) => /^(?:data|blob):/.test(address);

function pictureArrived(el) {
  if (el.matches("img")) return el.complete && el.naturalWidth > 0;
  if (el.matches("canvas")) return !blankCanvas(el);
  return el.matches("svg") ? el.childElementCount > 0 : keptByPage(addressOf(el)) || requestsOf(el).length > 0;
}

function pictureState(el) {
  if (el.matches("svg")) return digestOf(el.outerHTML);
  return digestOf(el.matches("img, canvas") ? `${addressOf(el)}\n${pixelsOf(el)}` : addressOf(el));
}

/**
 * Which picture it is, where its own bytes are (where that is certain), how many seconds ago it was asked for and how
 * many it took; null where only whoever looks at it knows.
 */
function pictureFacts(el) {
  const requests = requestsOf(el);
  const last = requests[requests.length - 1];
  const source = el.matches("img") && (requests.length === 1 || keptByPage(addressOf(el))) ? addressOf(el) : "";
  return {
    state: pictureState(el),
    source,
    document: el.ownerDocument.location.href,
    age: last ? (el.ownerDocument.defaultView.performance.now() - last.startTime) / 1000 : null,
    took: last ? last.duration / 1000 : 0,
  };
}

const SEND = /获取|获得|发送|重发|^\d+(?:秒|s)/i;

/** The button that has a code sent by SMS, beside the field of a spot. */
function codeSender(spot) {
  const field = findControl({ ...spot, kind: "any" }, false).one?.box;
  const holder = field && holdersOf(field).find((one) => Array.from(one.querySelectorAll(PUSHABLE)).some(sendsCode(field)));
  return holder ? Array.from(holder.querySelectorAll(PUSHABLE)).find(sendsCode(field)) : null;
}

const sendsCode = (field) => (el) =>
  visible(el) && standsNear(field, el, BESIDE_FIELD) && caption(el).map(normalise).some((said) => said.length < 14 && SEND.test(said));

/** Whether a page has had the time to draw what it shows. */
const pageDrawn = () => document.readyState === "complete" && performance.now() > 1500;

/** Wait for a picture that has arrived, and is not the one of `unlike`. `sends`: there is none, a code comes by SMS. */
function settledPicture(job) {
  const check = () => {
    const found = findPicture(job.spot);
    if (!found.one) return found.missing && pageDrawn() && codeSender(job.spot) ? { sends: true } : unready(found);
    const { el } = found.one;
    if (!pictureArrived(el)) return { wait: brokenImage(el) ? "broken" : "arriving" };
    return pictureState(el) === job.unlike ? { wait: "spent" } : pictureFacts(el);
  };
  return until(check, performance.now() + job.milliseconds);
}

const pictureElement = (job) => findPicture(job.spot).one?.el ?? null;
const codeSenderElement = (job) => codeSender(job.spot);

const SUM = /算式|计算|运算|等于/;

/** Whether it asks for the result of a sum: the field's own names and hints say so, or those of the picture. */
function asksForSum(job) {
  const found = findPicture(job.spot).one;
  const field = findControl({ ...job.spot, kind: "any" }, false).one;
  return [...(found?.labels ?? []), ...(field?.labels ?? []), ...(field?.hints ?? [])].some((said) => SUM.test(said));
}

// -- another one --

const ANOTHER = /换一|换张|看不清|刷新|更换|重新获取|下一张/;

/** What may bring another picture, the likeliest first: words that say so, the picture or an icon beside it. */
function renewers(el) {
  const own = holdersOf(el).find((holder) => holder.querySelector(FIELDS)) ?? el.parentElement;
  const reacts = (one) => one.matches(PUSHABLE) || getComputedStyle(one).cursor === "pointer";
  const around = Array.from(own.querySelectorAll("*")).filter(
    (one) => one !== el && !one.contains(el) && !el.contains(one) && !one.matches(FIELDS) && visible(one) && standsNear(el, one, BESIDE_PICTURE),
  );
  const innermost = around.filter((one) => !around.some((other) => other !== one && one.contains(other) && reacts(other)));
  const saying = innermost.filter((one) => reacts(one) && caption(one).some((said) => ANOTHER.test(said ?? "")));
  const icons = innermost.filter((one) => reacts(one) && !normalise(one.textContent) && sizeOf(one).width < ICON + 8);
  const others = reacts(el) || el.closest(PUSHABLE) ? [el, ...icons] : [...icons, el];
  return [...new Set([...saying, ...others])];
}

/** The one of that place in the line of what may bring another picture; null at its end. */
function renewer(job) {
  const el = pictureElement(job);
  return (el && renewers(el)[job.index]) ?? null;
}

// -- pages that are taller than one picture --

/** Scroll every document as far as this, or as far as it goes. */
function scrollPages({ offset }) {
  for (const { document } of documents()) {
    const root = document.scrollingElement ?? document.documentElement;
    root.scrollTo({ top: offset, behavior: "instant" });
  }
  return true;
}
