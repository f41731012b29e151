// What a document has printed. Needs printing.js to have run in it.

const SHOWING = "iframe[src], embed[src], object[data]";
const PDF_ADDRESS = /^blob:|^data:application\/pdf|\.pdf(?:$|[?#])/i;

/** How often the document called for a printer, and the addresses of files that it made or shows. */
function printedHere() {
  const known = window[Symbol.for("rpa.printing")];
  const shown = Array.from(document.querySelectorAll(SHOWING)).filter((el) => el.type === "application/pdf" || PDF_ADDRESS.test(el.src || el.data));
  return { calls: known?.calls ?? 0, files: [...(known?.files.keys() ?? []), ...shown.map((el) => el.src || el.data)] };
}

/** A file's bytes in base64, from the page's own copy where it has one; nothing where it is not to be had. */
async function fileAt(address) {
  const kept = window[Symbol.for("rpa.printing")]?.files.get(address);
  try {
    const file = kept ?? (await (await fetch(address, { cache: "force-cache" })).blob());
    const reader = new FileReader();
    const read = new Promise((resolve, reject) => Object.assign(reader, { onload: resolve, onerror: reject }));
    reader.readAsDataURL(file);
    await read;
    return reader.result.slice(reader.result.indexOf(",") + 1);
  } catch {
    return "";
  }
}

const FILLING = `position: fixed !important; inset: 0; width: 100vw !important; height: 100vh !important;
  display: block !important; visibility: visible !important; opacity: 1 !important; z-index: 2147483647; border: 0; background: #fff`;

/** Have a frame fill the window, to be pictured. */
function fillWindow(frame) {
  frame.dataset.styleBefore = frame.getAttribute("style") ?? "";
  frame.setAttribute("style", FILLING);
}

/** Have it as it was. */
function asBefore(frame) {
  const style = frame.dataset.styleBefore;
  delete frame.dataset.styleBefore;
  if (style) frame.setAttribute("style", style);
  else frame.removeAttribute("style");
}
