/* The queue of requests as this page sees it: which comes next, what was put back, what is answered already. */

export class RequestQueue {
  #requests = [];
  #answered = new Set();
  #taken = new Map();
  #back = new Map();
  #soon = [];
  #turn = 0;

  /** Take the requests as the server sends them; it also sends how long each has, so a wrong clock here does not matter. */
  update(requests) {
    const now = performance.now();
    this.#requests = requests.map((one) => ({ ...one, until: now + one.seconds_left * 1000 }));
    const known = new Set(requests.map((one) => one.id));
    for (const ids of [this.#answered, this.#back]) {
      for (const id of ids.keys()) if (!known.has(id)) ids.delete(id);
    }
    this.#taken.clear();
  }

  /** Everything that waits and is not answered here, as the list shows it. */
  get all() {
    const now = performance.now();
    return this.#requests
      .filter((one) => !this.#answered.has(one.id) && one.until > now)
      .map((one) => ({ ...one, held_by: this.#taken.get(one.id) ?? one.held_by, back: this.#back.has(one.id) }));
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

  /** It was answered here, and stays out of sight until the server no longer lists it. */
  markAnswered(id) {
    this.#answered.add(id);
    this.#soon = this.#soon.filter((other) => other !== id);
  }

  /** It waits again after all, and comes before everything else. */
  putFirst(id) {
    this.#answered.delete(id);
    this.#back.delete(id);
    this.#soon = [id, ...this.#soon.filter((other) => other !== id)];
  }

  putBack(id) {
    this.#soon = this.#soon.filter((other) => other !== id);
    this.#back.set(id, (this.#turn += 1));
  }

  /** Somebody else was quicker. */
  markTaken(id, who) {
    this.#taken.set(id, who);
  }
}
