/* Small live pictures of the open browser sessions; nobody takes any while no page shows them. */
import { send } from "/static/shell.js";

const LOOK = 1000;
const WATCH = 5000;

const box = document.getElementById("views");
const list = box?.querySelector("ul");
const button = document.getElementById("looking");
const large = document.createElement("dialog");
let watchedAt = -Infinity;
let enlarged = "";

function isOn() {
  return localStorage.getItem("views") !== "off";
}

function isLookedAt() {
  return document.visibilityState === "visible" && document.querySelector("[data-running]") !== null;
}

async function look() {
  if (!isLookedAt()) {
    box.hidden = true;
    return;
  }
  if (!isOn()) {
    show([]);
    return;
  }
  try {
    if (performance.now() - watchedAt >= WATCH) {
      watchedAt = performance.now();
      await send("/watch");
    }
    const response = await fetch(box.dataset.views);
    const views = response.ok ? await response.json() : null;
    if (views && isOn()) show(views); // switched off meanwhile, it stays off
  } catch {
    // the page says itself that the connection is gone
  }
}

function show(views) {
  const mine = views.filter((one) => !box.dataset.row || String(one.row) === box.dataset.row);
  box.hidden = isOn() && !mine.length; // a browser opens, or nobody takes pictures here
  const wanted = new Set(mine.map((one) => `view-${one.task}`));
  for (const item of [...list.children]) if (!wanted.has(item.id)) item.remove();
  const several = new Set(mine.map((one) => one.portal)).size > 1;
  for (const one of mine) update(document.getElementById(`view-${one.task}`) ?? added(one), one, several);
  if (enlarged && !wanted.has(enlarged)) large.close();
}

function added(one) {
  const item = Object.assign(document.createElement("li"), { id: `view-${one.task}` });
  const press = Object.assign(document.createElement("button"), { type: "button", className: "view" });
  press.append(Object.assign(new Image(), { alt: "", width: 480, height: 300, hidden: true }));
  press.addEventListener("click", () => enlarge(item));
  const who = box.dataset.rows
    ? Object.assign(document.createElement("a"), { href: box.dataset.rows + one.row })
    : document.createElement("b");
  who.textContent = one.employer;
  const what = Object.assign(document.createElement("small"), { className: "soft" });
  item.append(press, who, what);
  list.append(item);
  return item;
}

function update(item, one, several) {
  const image = item.querySelector("img");
  const address = `/views/${one.task}?n=${one.number}`;
  item.querySelector("small").textContent = several ? `${one.portal} · ${one.step}` : one.step;
  item.querySelector("button").setAttribute("aria-label", `放大${one.employer}的画面，正在${one.step}`);
  if (!one.number || image.dataset.at === address) return;
  image.dataset.at = address;
  image.src = address;
  image.hidden = false;
  if (enlarged === item.id) large.querySelector("img").src = address;
}

function enlarge(item) {
  const image = item.querySelector("img");
  if (image.hidden) return;
  enlarged = item.id;
  const name = item.querySelector("a, b").textContent;
  large.setAttribute("aria-label", `${name}的画面`);
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "关闭" });
  close.addEventListener("click", () => large.close());
  large.replaceChildren(Object.assign(new Image(), { src: image.src, alt: `${name}的画面` }), close);
  large.showModal();
}

function say() {
  button.setAttribute("aria-pressed", String(isOn()));
  button.textContent = isOn() ? "开着" : "关着";
}

if (box) {
  large.className = "large";
  large.addEventListener("close", () => { enlarged = ""; });
  document.body.append(large);
  button.addEventListener("click", () => {
    localStorage.setItem("views", isOn() ? "off" : "on");
    say();
    look();
  });
  say();
  look();
  setInterval(look, LOOK);
}
