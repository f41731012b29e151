/* 待办: one request after another, without touching the mouse. */

import { inShort, typedIn } from "/static/answers.js";
import { makeCard } from "/static/cardkinds.js";
import { Lease } from "/static/lease.js";
import { dropDraft, dropOtherDrafts, keepDraft, keepShown, lastShown, nameOfTab } from "/static/memory.js";
import { keepPictures } from "/static/pictures.js";
import { RequestQueue } from "/static/queue.js";
import { drawQueue } from "/static/queueview.js";
import { arrived, showCount } from "/static/reminder.js";
import { send, tell } from "/static/shell.js";
import { inWords } from "/static/time.js";

const AHEAD = 3;
const SHOWN_SECONDS = 5;
const EXPIRED = "已过期，没来得及用；还需要时办理程序会再问。";

const place = document.getElementById("place");
const queue = new RequestQueue();
const notes = new Map(); // why a card came back
let tab = "";
let lease = null;
let card = null;
let last = null; // the newest answer, which perhaps can be taken back
let wanted = lastShown(); // shown as soon as the server lists it
let latest = null; // as the server sent it

// --- what is shown

function show(request) {
  lease.letGo();
  card = makeCard(request, does);
  place.replaceChildren(card.element);
  card.note(notes.get(request.id) ?? "");
  notes.delete(request.id);
  card.focus();
  lease.take(request.id);
  keepShown(request.id);
  announce(`${request.kind_name}，${request.employer}，剩 ${inWords(Math.round((request.until - performance.now()) / 1000))}`);
  draw();
}

/** The next card, or a calm page; `but` is put back just now, and not shown at once again. */
function next(but = null) {
  const coming = queue.free.find((one) => one.id !== but);
  if (coming) show(coming);
  else rest();
}

function rest() {
  lease.letGo();
  keepShown(null);
  card = null;
  const waiting = queue.all.length;
  const back = queue.free.length;
  const words = back ? `放回了 ${back} 件` : waiting ? `${waiting} 件待办都有人在处理` : "现在没有待办";
  const work = waiting ? "" : atWork(latest?.work);
  if (place.firstElementChild?.dataset.says !== words + work) calm(words, work, back);
  draw();
}

function calm(words, work, back) {
  const shown = document.importNode(document.getElementById("nothing").content.firstElementChild, true);
  shown.dataset.says = words + work;
  shown.querySelector("h2").textContent = words;
  shown.querySelector(".work").textContent = work;
  const again = shown.querySelector(".again");
  again.hidden = !back;
  again.addEventListener("click", () => next());
  const focused = place.contains(document.activeElement) || document.activeElement === document.body;
  place.replaceChildren(shown);
  if (focused) (back ? again : shown).focus({ preventScroll: true });
  announce(words);
}

function atWork(work) {
  if (!work) return "";
  if (work.running) return `正在办理 ${work.running} 户${work.left ? `，还有 ${work.left} 户等着办` : ""}。`;
  return work.left ? `还有 ${work.left} 户没有办，现在没有在办理的。` : "没有要办的单位。";
}

function draw() {
  drawQueue(queue.all, card?.request.id, (request) => request.id !== card?.request.id && show(request));
  const free = queue.free.filter((one) => one.id !== card?.request.id);
  keepPictures(free.slice(0, AHEAD), queue.all);
  showCount(queue.all.length);
}

function announce(words) {
  document.getElementById("announce").textContent = words;
}

// --- what the card's keys and buttons do

const does = {
  answer(text) {
    const { request } = card;
    queue.markAnswered(request.id);
    dropDraft(request);
    lease.forget(); // answering ends it
    const sending = send(`/requests/${request.id}/answer`, { text, picture_id: request.picture_id, holder: tab });
    if (!last?.lasting) last?.toast?.remove();
    last = { request, text: request.kind === "password" ? "" : text, sending }; // a password is kept nowhere
    accepted(last);
    next();
  },

  async refresh() {
    const { request } = card;
    try {
      await send(`/requests/${request.id}/refresh`, { holder: tab });
      return true;
    } catch (problem) {
      tell(problem.message, { bad: true });
      return false;
    }
  },

  putBack() {
    const { request } = card;
    if (card.over) return next();
    queue.putBack(request.id);
    return next(request.id);
  },

  next,
};

async function accepted(answer) {
  const { request, text } = answer;
  try {
    const said = await answer.sending;
    if (last !== answer && !said.undo_seconds) return;
    answer.lasting = said.undo_seconds > 0;
    const words = `${request.employer}：${inShort(request, said.text)}`;
    const seconds = said.undo_seconds || SHOWN_SECONDS;
    answer.toast = tell(words, { button: "撤销", act: () => undo(answer), seconds });
  } catch (problem) {
    if (last === answer) last = null;
    comeBack(request, text, problem.message);
  }
}

/** An answer that did not arrive: the card is there again, with what was typed. */
function comeBack(request, text, why) {
  queue.putFirst(request.id);
  const waits = queue.find(request.id);
  if (!waits || waits.held_by) {
    tell(`${request.employer}：${why}`, { bad: true, seconds: 8 });
    return;
  }
  keepDraft(request, typedIn(request, text));
  notes.set(request.id, `没有送到：${why}`);
  if (card?.busy) tell(`${request.employer}：${why}。排在下一个，输入的内容还在。`, { bad: true, seconds: 8 });
  else show(waits);
}

async function undo(answer) {
  if (!answer) return;
  if (last === answer) last = null;
  answer.toast?.remove();
  if (!(await answer.sending.catch(() => null))) return; // it did not even arrive
  try {
    await send(`/requests/${answer.request.id}/take-back`, { holder: tab });
  } catch (problem) {
    tell(problem.message, { bad: true });
    return;
  }
  const { request, text } = answer;
  queue.putFirst(request.id);
  keepDraft(request, typedIn(request, text));
  notes.set(request.id, "答复已撤回，请重新答复。");
  wanted = request.id;
  bring();
}

/** Show what was asked for by hand, as soon as it waits. */
function bring() {
  const found = wanted && queue.free.find((one) => one.id === wanted);
  if (!found) return false;
  wanted = null;
  show(found);
  return true;
}

// --- what happens meanwhile

/** The card on the screen is not ours to answer any more. */
function gone(words) {
  const { request } = card;
  if (card.busy) {
    lease.forget();
    keepShown(null);
    card.end(words);
    return;
  }
  tell(`${request.employer}：${words}`, { seconds: 6 });
  next();
}

function received(update) {
  const first = latest === null;
  const before = new Set((latest?.requests ?? []).map((one) => one.id));
  latest = update;
  queue.update(update.requests);
  dropOtherDrafts([...update.requests, { id: wanted }]); // what is taken back may not be listed yet
  const fresh = update.requests.filter((one) => !before.has(one.id) && !one.held_by);
  if (!first && fresh.length) arrived(fresh.length, before.size === 0);
  if (bring()) return;
  if (first) wanted = null; // it is over, or somebody else has it
  follow();
}

function follow() {
  if (!card) {
    if (queue.free.some((one) => !one.back)) next();
    else rest();
    return;
  }
  if (!card.over) {
    const now = queue.find(card.request.id);
    if (!now) gone(expired() ? EXPIRED : "这条已在别处处理完，不用再答。");
    else if (now.held_by) gone(`由${now.held_by}处理中。`);
    else card.update(now);
  }
  draw();
}

function taken(id, why) {
  queue.markTaken(id, "别人");
  if (card && !card.over && card.request.id === id) gone(why);
}

/** Whether the card's time is up, by the server's clock or by this page's, whichever says so first. */
function expired() {
  return card.tick() <= 0 || Date.parse(card.request.deadline) <= Date.parse(latest.now);
}

function tick() {
  if (card && !card.over && expired()) gone(EXPIRED);
  draw();
}

// --- the keyboard

document.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // the input method's own keys, its last Enter too
  if (composing) {
    card?.touched();
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !card?.typed) {
    event.preventDefault();
    undo(last);
  } else if (card && !card.over) {
    cardKey(event);
  }
});

function cardKey(event) {
  if (event.key === "F2") {
    event.preventDefault();
    card.refresh();
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (!card.escape?.()) does.putBack();
  } else {
    card.key(event);
  }
}

// --- listening

function listen() {
  const events = new EventSource(`/requests/events?tab=${tab}`);
  const broken = document.getElementById("broken");
  events.addEventListener("open", () => { broken.hidden = true; });
  events.addEventListener("requests", (event) => received(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    broken.hidden = false;
    if (events.readyState === EventSource.CLOSED) setTimeout(again, 2000);
  });
}

/** The server answers, but not with events: the session is over, or it is just starting. */
async function again() {
  const page = await fetch("/", { headers: { Accept: "text/html" } }).catch(() => null);
  if (page?.redirected) location.assign(page.url);
  else listen();
}

tab = await nameOfTab();
lease = new Lease(tab, taken);
document.getElementById("line").open = matchMedia("(min-width: 700px)").matches;
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
setInterval(tick, 250);
listen();
