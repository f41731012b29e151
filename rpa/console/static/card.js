/* What every card shows: who, where, what is asked, the picture, how long is left. */

import { dropDraft } from "/static/memory.js";
import { enlarge, pictureOf, reloaded, spread } from "/static/pictures.js";
import { ask } from "/static/shell.js";
import { inWords, urgency } from "/static/time.js";

const SETTLE = 700; // milliseconds: what was typed for the last card or picture must not answer this one
const TYPING = 1500; // so long after a key the person is at it

export class Card {
  over = false;
  #touched = -Infinity;

  constructor(request, does) {
    this.request = request;
    this.does = does;
    this.settled = performance.now() + SETTLE;
    const template = document.getElementById(`card-${request.kind}`).content.firstElementChild;
    this.element = document.importNode(template, true); // a mere clone's pictures would be loaded again
    this.element.dataset.id = request.id;
    this.$(".kind").textContent = request.kind_name;
    this.$(".portal").textContent = request.portal;
    this.$("h2").textContent = request.employer || "（没有写明单位）";
    this.$(".question").textContent = request.question;
    this.$(".first").hidden = !request.first;
    if (this.$(".phone")) this.#phone();
    const refresh = this.$(".refresh");
    if (refresh) refresh.hidden = !request.refreshable;
    refresh?.addEventListener("click", () => this.refresh());
    this.$(".back").addEventListener("click", () => does.putBack());
    this.picture();
    this.tick();
  }

  $(selector) {
    return this.element.querySelector(selector);
  }

  #phone() {
    this.$(".phone").hidden = !this.request.detail.phone;
    this.$(".phone b").textContent = this.request.detail.phone ?? "";
  }

  /** Whether a person is typing here, or was a moment ago. */
  get busy() {
    return this.typed !== "" || performance.now() - this.#touched < TYPING;
  }

  /** The newest key came now. */
  touched() {
    this.#touched = performance.now();
  }

  /** Whether what is on the screen has stood long enough to be what a key is meant for. */
  get ready() {
    return performance.now() >= this.settled;
  }

  note(words) {
    const note = this.$(".note");
    note.textContent = words;
    note.hidden = !words;
  }

  tick() {
    const left = Math.max(0, Math.ceil((this.request.until - performance.now()) / 1000));
    const time = this.$(".time");
    time.textContent = inWords(left);
    time.className = `time ${urgency(left)}`;
    return left;
  }

  /** The server says it anew: another deadline, perhaps another picture. */
  update(request) {
    const replaced = request.picture_id !== this.request.picture_id;
    this.request = request;
    if (replaced) this.replaced();
  }

  replaced() {
    const words = this.request.kind === "sms" ? "短信已重新发送，请填新收到的验证码。" : "图片已经换过，请看这张新的。";
    this.note(words);
    this.settled = performance.now() + SETTLE;
    this.picture();
    this.waits(false);
  }

  picture() {
    const box = this.$(".picture");
    if (!box) return;
    const picture = pictureOf(this.request);
    box.hidden = !picture;
    if (picture) this.#put(box, picture);
  }

  async #put(box, { image, loaded }) {
    image.alt = `${this.request.kind_name}图片`;
    box.replaceChildren(box.classList.contains("enlarged") ? wholePicture(image) : image);
    const good = await loaded;
    if (!box.contains(image)) return; // another one has taken its place
    if (good) this.#size(box, image);
    else box.replaceChildren(button("图片没有载入，再试一次", () => this.#put(box, reloaded(this.request))));
  }

  #size(box, image) {
    if (this.request.kind === "captcha") enlarge(image, box.clientWidth);
    if (this.request.kind === "scan") spread(image, box.clientWidth);
  }

  async refresh() {
    if (this.over || !this.request.refreshable || (this.$(".refresh")?.disabled ?? true)) return;
    if (this.request.kind === "sms") {
      const words = "平台会再发一条短信，前一条短信里的验证码随即作废。";
      if ((await ask("重新发送短信？", { words, yes: "重新发送" })) === null) return;
    }
    this.waits(true);
    if (!(await this.does.refresh())) this.waits(false);
  }

  /** Another picture, or message, is on its way. */
  waits(waiting) {
    const refresh = this.$(".refresh");
    if (!refresh) return;
    refresh.disabled = waiting;
    this.element.classList.toggle("renewing", waiting);
  }

  /** It is over, and a person was typing: it stays, so that their keys do not go into the next card. */
  end(words) {
    this.over = true;
    this.note(words);
    this.element.classList.add("over");
    for (const control of this.element.querySelectorAll("input, button")) control.disabled = true;
    dropDraft(this.request);
    const on = button("看下一条 ", () => this.does.next());
    on.className = "main";
    on.append(Object.assign(document.createElement("kbd"), { textContent: "Enter" }));
    this.$(".note").append(on);
    on.focus();
  }
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  made.addEventListener("click", act);
  return made;
}

/** A picture that a click shows in its full size. */
function wholePicture(image) {
  const open = button("", () => {
    const dialog = document.createElement("dialog");
    dialog.className = "whole";
    dialog.setAttribute("aria-label", "页面截图");
    const whole = image.cloneNode();
    whole.style.width = "";
    dialog.append(button("关闭", () => dialog.close()), whole);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
  open.className = "enlarge";
  open.title = "点击放大";
  open.append(image);
  return open;
}
