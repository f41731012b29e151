/* The queue at the side: whose request, of what kind, how long it has, who has it. */

import { inWords, urgency } from "/static/time.js";

const MOST = 60; // so many are drawn; the others come when these are answered

const rows = document.getElementById("rows");
const drawn = new Map();

/** Draw the queue; `open` is called with a request that was chosen by hand. */
export function drawQueue(requests, current, open) {
  const shown = requests.slice(0, MOST);
  const order = shown.map((request) => {
    const row = drawn.get(request.id) ?? makeRow();
    drawn.set(request.id, row);
    fill(row, request, current, open);
    return row.item;
  });
  for (const id of drawn.keys()) if (!shown.some((one) => one.id === id)) drawn.delete(id);
  const moved = order.length !== rows.children.length || order.some((item, at) => item !== rows.children[at]);
  if (moved) rows.replaceChildren(...order); // otherwise the focus would be lost
  say("how-many", String(requests.length));
  const more = document.getElementById("more");
  more.hidden = requests.length <= MOST;
  say("more", `还有 ${requests.length - MOST} 件`);
}

function makeRow() {
  const item = document.createElement("li");
  const button = Object.assign(document.createElement("button"), { type: "button" });
  const parts = {};
  for (const name of ["who", "what", "state", "left"]) {
    parts[name] = Object.assign(document.createElement("span"), { className: name });
    button.append(parts[name]);
  }
  item.append(button);
  return { item, button, parts };
}

function fill({ button, parts }, request, current, open) {
  const seconds = Math.max(0, Math.ceil((request.until - performance.now()) / 1000));
  write(parts.who, request.employer || "（没有写明单位）");
  write(parts.what, request.kind_name);
  write(parts.state, stateOf(request, current));
  write(parts.left, inWords(seconds));
  parts.left.className = `left ${urgency(seconds)}`;
  button.disabled = Boolean(request.held_by);
  if (request.id === current) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  button.onclick = () => open(request);
}

function stateOf(request, current) {
  if (request.held_by) return `${request.held_by}处理中`;
  if (request.id === current) return "正在答";
  if (request.first) return "上次答错";
  return request.back ? "已放回" : "";
}

function say(id, words) {
  write(document.getElementById(id), words);
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
