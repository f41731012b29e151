/* The cards: something to type, or to decide. */

import { Card } from "/static/card.js";
import { fillTable } from "/static/compared.js";
import { draftOf, dropDraft, keepDraft } from "/static/memory.js";
import { ask } from "/static/shell.js";

/** The card of a request. `does` says what its keys and buttons do: answer(text), refresh(), putBack(), next(). */
export function makeCard(request, does) {
  return request.yes_or_no ? new Decision(request, does) : new Field(request, does);
}

/** Something to type: a captcha, a code, a password. */
class Field extends Card {
  constructor(request, does) {
    super(request, does);
    this.input = this.$(".answer");
    this.input.value = draftOf(request);
    this.input.addEventListener("input", () => this.#input());
    this.$("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.#folded();
  }

  get typed() {
    return this.input.value;
  }

  focus() {
    this.input.focus({ preventScroll: true });
    this.input.setSelectionRange?.(this.typed.length, this.typed.length);
  }

  #input() {
    this.touched();
    keepDraft(this.request, this.typed);
    this.#folded();
  }

  /** The server folds full width to half width; the person sees it before. */
  #folded() {
    const folded = this.typed.normalize("NFKC").trim();
    const differs = this.request.kind !== "password" && folded !== this.typed;
    this.$(".folded").textContent = differs ? `将按“${folded}”发送` : "";
  }

  replaced() {
    this.input.value = "";
    dropDraft(this.request);
    this.#folded();
    super.replaced();
  }

  key(event) {
    if (event.key === "Enter" && event.target === this.input) {
      event.preventDefault();
      if (!event.repeat) this.send();
    } else if (event.key.length === 1 && event.target === document.body && !event.ctrlKey && !event.metaKey) {
      this.focus();
    }
  }

  send() {
    if (this.over) return;
    if (!this.typed.trim()) this.note("请先输入再发送；看不清可以换一张，或者先放回去。");
    else if (!this.ready && !this.$(".note").hidden) this.note("刚刚换过，请核对以后再按一次 Enter。");
    else this.does.answer(this.typed);
    this.input.focus();
  }
}

/** Yes, or no with a reason: never by an Enter that was meant for the card before. */
class Decision extends Card {
  constructor(request, does) {
    super(request, does);
    this.why = this.$("form.why");
    this.input = this.$("#why");
    if (request.detail.rows) fillTable(this.element, request.detail.rows);
    this.$(".yes").addEventListener("click", () => this.yes());
    this.$(".no").addEventListener("click", () => this.no());
    this.$(".never-mind").addEventListener("click", () => this.#decide());
    this.input.addEventListener("input", () => {
      this.touched();
      keepDraft(request, this.typed);
    });
    this.why.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.value = draftOf(request);
    if (this.typed) this.#explain();
  }

  get typed() {
    return this.input.value;
  }

  focus() {
    (this.why.hidden ? this.element : this.input).focus({ preventScroll: true });
  }

  key(event) {
    if (event.target === this.input) {
      if (event.key === "Enter") {
        event.preventDefault();
        if (!event.repeat) this.send();
      }
    } else if (this.why.hidden && this.ready && !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.normalize("NFKC").toLowerCase();
      if (letter === "y") this.yes();
      if (letter === "n") {
        event.preventDefault(); // it opens the field and is no part of the reason
        this.no();
      }
    }
  }

  /** Whether Esc was for the reason alone. */
  escape() {
    if (this.why.hidden) return false;
    this.#decide();
    return true;
  }

  async yes() {
    if (this.over) return;
    if (this.request.kind === "clearing" && !(await this.#sure())) return;
    this.does.answer("y");
  }

  no() {
    if (!this.over) this.#explain();
  }

  send() {
    const reason = this.typed.trim() || (this.request.kind === "clearing" ? "拿不准" : "");
    if (reason) this.does.answer(`n ${reason}`);
    else this.note("请写一句理由，别人看办理记录时才知道为什么。");
  }

  async #sure() {
    const words = `${this.request.employer}：办理程序会重新提交一次。如果平台其实已收到，就会重复申报。`;
    return (await ask("确认平台从未收到？", { words, yes: "确认从未提交", danger: true })) !== null;
  }

  #explain() {
    this.why.hidden = false;
    this.$(".decide").hidden = true;
    this.input.focus();
  }

  #decide() {
    this.why.hidden = true;
    this.$(".decide").hidden = false;
    this.note("");
    this.element.focus();
  }
}
