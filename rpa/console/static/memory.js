/* What a page remembers over a reload: its own name, the card that it showed, what was typed. */

const DRAFT = "draft:";
const RELOAD_MS = 2000;

/** A name for this page. A tab that was duplicated brings the first one's name along: it gets another. */
export async function nameOfTab() {
  const known = sessionStorage.getItem("tab");
  const name = known && (await ours(known)) ? known : fresh();
  if (name !== known) await ours(name);
  sessionStorage.setItem("tab", name);
  return name;
}

function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether the name is this page's from now on. The page before a reload may need a moment to let go of it. */
function ours(name) {
  const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const patience = reloaded ? { signal: AbortSignal.timeout(RELOAD_MS) } : { ifAvailable: true };
  return new Promise((resolve) => {
    const asked = navigator.locks.request(`tab ${name}`, patience, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {}); // as long as the page lives
    });
    asked.catch(() => resolve(false));
  });
}

export function keepDraft(request, text) {
  if (request.kind === "password") return;
  if (text) sessionStorage.setItem(DRAFT + request.id, JSON.stringify({ picture: request.picture_id, text }));
  else dropDraft(request);
}

/** What was typed for this request and its very picture. */
export function draftOf(request) {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT + request.id) ?? "null");
  return kept && kept.picture === request.picture_id ? kept.text : "";
}

export function dropDraft(request) {
  sessionStorage.removeItem(DRAFT + request.id);
}

/** Only what still waits is kept. */
export function dropOtherDrafts(requests) {
  const waiting = new Set(requests.map((one) => DRAFT + one.id));
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(DRAFT) && !waiting.has(key)) sessionStorage.removeItem(key);
  }
}

export function keepShown(id) {
  if (id) sessionStorage.setItem("shown", id);
  else sessionStorage.removeItem("shown");
}

export function lastShown() {
  return sessionStorage.getItem("shown");
}
