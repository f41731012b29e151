/* A tone and a notification when something waits, once the person has switched them on; the count in the title.

待办 knows itself what waits. Of the other pages that are open one listens, for all of them: a browser has
only six connections to a server, and three pages need not ring three times. */

const STATE = "reminder";
const TITLE = document.title;
const NOTES = [[880, 0], [1175, 0.18]]; // hertz, seconds after the first
const counts = new BroadcastChannel("waiting");
const onDesk = document.getElementById("desk") !== null;

let sound = null;

/** Set up the button and the count; `tell` shows a line. */
export function remind(tell) {
  const button = document.getElementById("alarm");
  paint(button);
  button.addEventListener("click", () => toggle(button, tell));
  addEventListener("storage", () => paint(button)); // switched in another tab
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, wake, { once: true });
  counts.addEventListener("message", ({ data }) => draw(data));
  if (onDesk) navigator.locks.request("desk", { mode: "shared" }, () => new Promise(() => {}));
  else navigator.locks.request("listens", listen);
}

/** So many wait; every open page says so. */
export function showCount(count) {
  if (draw(count)) counts.postMessage(count);
}

/** Requests have come; `empty`: nothing had waited before. */
export function arrived(count, empty) {
  if (!isOn() || !(empty || document.hidden)) return;
  ring();
  const words = { body: `有 ${count} 件新的待办等您答复`, tag: "waiting", renotify: true, icon: "/static/icon.svg" };
  try {
    const shown = new Notification("稳岗返还操作台", words); // where it is not allowed it shows nothing
    shown.addEventListener("click", () => { window.focus(); shown.close(); });
  } catch {
    // browsers of phones have none for pages
  }
}

function isOn() {
  return localStorage.getItem(STATE) === "on";
}

function paint(button) {
  button.setAttribute("aria-pressed", String(isOn()));
  button.textContent = isOn() ? "提醒：开" : "提醒：关";
}

async function toggle(button, tell) {
  localStorage.setItem(STATE, isOn() ? "off" : "on");
  paint(button);
  if (!isOn()) return;
  wake();
  ring();
  const allowed = await globalThis.Notification?.requestPermission();
  if (allowed === "granted") tell("提醒已打开：有待办时会响铃并弹出通知。");
  else tell("提醒已打开：有待办时会响铃。要弹出通知，请在浏览器的网站设置中允许通知。");
}

/** Browsers let a page sound only after the person has done something on it. */
function wake() {
  if (!isOn()) return;
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume();
}

function ring() {
  if (!sound) return;
  for (const [hertz, after] of NOTES) {
    const at = sound.currentTime + after;
    const tone = new OscillatorNode(sound, { frequency: hertz });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(0.15, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.16);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.17);
  }
}

/** Whether the count is another one now. */
function draw(count) {
  const badge = document.getElementById("waiting");
  const changed = badge.textContent !== String(count) || badge.hidden !== !count;
  badge.textContent = String(count);
  badge.hidden = !count;
  document.title = count ? `(${count}) ${TITLE}` : TITLE;
  return changed;
}

/** Runs in one page only, until it is closed. */
function listen() {
  const events = new EventSource("/requests/arrivals");
  let before = null;
  events.addEventListener("arrivals", async (event) => {
    const now = JSON.parse(event.data);
    showCount(now.waiting);
    if (before && now.newest > before.newest && !(await deskIsOpen())) arrived(1, before.waiting === 0);
    before = now;
  });
  return new Promise(() => {});
}

/** 待办 reminds by itself. */
async function deskIsOpen() {
  const { held } = await navigator.locks.query();
  return held.some((lock) => lock.name === "desk");
}
