/* The line as this page sees it: who comes next, what was put back, what is answered already. */

export class Line {
  #requests = [];
  #sent = new Set();
  #lost = new Map();
  #back = new Map();
  #soon = [];
  #turn = 0;

  /** What the server says now; it also says how long each has, so a wrong clock here does not matter. */
  told(requests) {
    const now = performance.now();
    this.#requests = requests.map((one) => ({ ...one, until: now + one.seconds_left * 1000 }));
    const known = new Set(requests.map((one) => one.id));
    for (const kept of [this.#sent, this.#back]) {
      for (const id of kept.keys()) if (!known.has(id)) kept.delete(id);
    }
    this.#lost.clear();
  }

  /** Everything that waits and is not answered here, as the list shows it. */
  get all() {
    const now = performance.now();
    return this.#requests
      .filter((one) => !this.#sent.has(one.id) && one.until > now)
      .map((one) => ({ ...one, held_by: this.#lost.get(one.id) ?? one.held_by, back: this.#back.has(one.id) }));
  }

  /** What this page may show, the next one first. */
  get free() {
    const free = this.all.filter((one) => !one.held_by);
    const soon = this.#soon.map((id) => free.find((one) => one.id === id)).filter(Boolean);
    const rest = free.filter((one) => !soon.includes(one));
    const back = rest.filter((one) => one.back).sort((a, b) => this.#back.get(a.id) - this.#back.get(b.id));
    return [...soon, ...rest.filter((one) => !one.back), ...back];
  }

  find(id) {
    return this.all.find((one) => one.id === id);
  }

  /** It was answered here, and is out of sight until the server says the same. */
  sent(id) {
    this.#sent.add(id);
    this.#soon = this.#soon.filter((other) => other !== id);
  }

  /** It waits again after all, and comes before everything else. */
  returned(id) {
    this.#sent.delete(id);
    this.#back.delete(id);
    this.#soon = [id, ...this.#soon.filter((other) => other !== id)];
  }

  putBack(id) {
    this.#soon = this.#soon.filter((other) => other !== id);
    this.#back.set(id, (this.#turn += 1));
  }

  /** Somebody else was quicker. */
  lost(id, who) {
    this.#lost.set(id, who);
  }
}
