/* Keeps a page as the server has it now.

   An element marked data-live is taken from the page fetched anew, by its id. data-live="list" holds
   children with ids of their own, so that pictures that stand there already are not loaded again.
   A button with data-post sends that change, after asking where it says data-ask. */
import { ask, send, tell } from "/static/shell.js";

const PAUSE = 1000; // between two looks, or four times as long as a look takes
const served = new Map(); // id → as the server sent it last: what a person opened or typed does not count

let stream = null;
let timer = 0;
let asked = 0;
let due = 0;
let forced = false; // a person's own change shows, whichever look brings it

/** Fetch the page once more and take over what is different; force: also where somebody types. */
export async function refresh({ force = false } = {}) {
  const turn = ++asked;
  forced ||= force;
  const began = performance.now();
  due = began + PAUSE;
  let response;
  try {
    response = await fetch(location.href, { headers: { Accept: "text/html" } });
  } catch {
    return; // the stream says so
  }
  if (response.redirected) location.assign(response.url);
  const text = await response.text();
  due = Math.max(due, performance.now() + 4 * (performance.now() - began));
  if (turn !== asked || !response.ok) return;
  force = forced;
  forced = false;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const one = fresh.getElementById(old.id);
    if (one && old.dataset.live === "list") mergeList(old, one);
    else if (one) replace(old, one, force);
  }
}

/** Send a change and show what came of it. */
export async function change(button, address, body = {}) {
  button.disabled = true;
  try {
    const answer = await send(address, body);
    if (answer.told) tell(answer.told);
    await refresh({ force: true });
    return answer;
  } catch (problem) {
    tell(problem.message, { bad: true, seconds: 10 });
    return null;
  } finally {
    button.disabled = false;
    if (button.id) document.getElementById(button.id)?.focus();
  }
}

function replace(old, fresh, force = false) {
  if (served.get(old.id) === fresh.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  if (!force && focused && isTyped(focused)) return;
  if (old.closest("dialog[open]")) return;
  served.set(old.id, fresh.outerHTML);
  old.replaceWith(fresh);
  if (focused) (document.getElementById(focused.id) ?? document.getElementById("main")).focus({ preventScroll: true });
}

function isTyped(element) {
  return element.matches("input, textarea, select");
}

function mergeList(old, fresh) {
  const wanted = new Set();
  for (const child of [...fresh.children]) {
    wanted.add(child.id);
    const known = document.getElementById(child.id);
    if (known) replace(known, child);
    else {
      served.set(child.id, child.outerHTML);
      old.append(child);
    }
  }
  for (const child of [...old.children]) if (!wanted.has(child.id)) child.remove();
}

function soon() {
  if (!timer) timer = setTimeout(() => { timer = 0; refresh(); }, Math.max(0, due - performance.now()));
}

/** One connection a page, and none while nobody sees it: a browser has six for all its tabs. */
function listen() {
  stream?.close();
  stream = null;
  if (document.hidden) return;
  stream = new EventSource("/changes");
  stream.addEventListener("message", () => { offline(false); soon(); });
  stream.addEventListener("error", () => {
    offline(true);
    if (stream?.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); listen(); }, 3000);
  });
}

function offline(is) {
  let line = document.getElementById("offline");
  if (!line && is) {
    line = Object.assign(document.createElement("p"), { id: "offline", className: "notice bad", textContent: "连接中断，正在重连…" });
    line.setAttribute("role", "alert");
    document.getElementById("main").prepend(line);
  }
  if (line) line.hidden = !is;
}

function remember() {
  for (const one of document.querySelectorAll("[data-live]")) {
    const all = one.dataset.live === "list" ? one.children : [one];
    for (const part of all) served.set(part.id, part.outerHTML);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-post]");
  if (!button) return;
  const { post, body, ask: question, words, yes } = button.dataset;
  if (question && (await ask(question, { words, yes, danger: true })) === null) return;
  await change(button, post, body ? JSON.parse(body) : {});
});
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

remember();
listen();
