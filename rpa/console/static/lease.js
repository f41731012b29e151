/* The request on the screen is ours while it is shown: others see it taken, and get it when we are gone. */

import { send } from "/static/shell.js";

const RENEW = 5000;

export class Lease {
  #id = null;
  #queue = Promise.resolve(); // one after the other: a lease must not overtake the end of the last one

  /** `taken(id, words)` is called when somebody else has the request. */
  constructor(tab, taken) {
    this.tab = tab;
    this.taken = taken;
    setInterval(() => this.#renew(), RENEW);
    document.addEventListener("visibilitychange", () => this.#renew());
    addEventListener("pagehide", () => this.#leave());
  }

  take(id) {
    this.#id = id;
    this.#renew();
  }

  letGo() {
    const id = this.#id;
    this.#id = null;
    if (id) this.#then(() => send(`/requests/${id}/let-go`, { holder: this.tab }).catch(() => {})); // it runs out by itself
  }

  /** The request is over, and its lease with it. */
  forget() {
    this.#id = null;
  }

  /** A page that nobody sees does not keep a request from others for long. */
  #renew() {
    const id = this.#id;
    if (id && !document.hidden) this.#then(() => this.#hold(id));
  }

  async #hold(id) {
    if (id !== this.#id) return;
    try {
      await send(`/requests/${id}/hold`, { holder: this.tab });
    } catch (problem) {
      if (problem.status === 409 && id === this.#id) this.taken(id, problem.message);
    }
  }

  #then(act) {
    this.#queue = this.#queue.then(act);
  }

  #leave() {
    if (!this.#id) return;
    const headers = { "X-RPA-Console": "1", "Content-Type": "application/json" };
    const body = JSON.stringify({ holder: this.tab });
    fetch(`/requests/${this.#id}/let-go`, { method: "POST", headers, body, keepalive: true }).catch(() => {});
  }
}
