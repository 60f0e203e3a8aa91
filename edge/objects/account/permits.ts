// How many calls are under way at once. A permit that nobody gives back runs out: its holder has died.

/** ms after which a permit counts as lost; longer than any guarded fetch takes. */
const LOST_AFTER = 90_000;

interface Held {
  plannedAt: number;
  until: number;
  /** Which credentials it went out with. */
  version: number;
}

/** Hands out numbered permits, at most `limit` at once, in order of asking. */
export class Permits {
  readonly #held = new Map<number, Held>();
  readonly #waiting: (() => void)[] = [];
  #last = 0;

  /** A permit, once there is room; undefined where there was none within `patience` ms. */
  async take(limit: number | undefined, patience: number, now: () => number): Promise<number | undefined> {
    const end = now() + patience;
    for (;;) {
      this.#dropLost(now());
      if (limit === undefined || this.#held.size < limit) {
        const id = ++this.#last;
        this.#held.set(id, { plannedAt: now(), version: 0, until: now() + LOST_AFTER });
        return id;
      }
      const left = end - now();
      if (left <= 0) return undefined;
      await this.#released(left);
    }
  }

  /** Notes when the holder will call, and with which credentials. */
  plan(id: number, plannedAt: number, version: number): void {
    this.#held.set(id, { plannedAt, version, until: plannedAt + LOST_AFTER });
  }

  /** Takes the permit back; undefined where it was not out any more. */
  giveBack(id: number): Held | undefined {
    const held = this.#held.get(id);
    this.#held.delete(id);
    this.#waiting.shift()?.();
    return held;
  }

  #dropLost(now: number): void {
    for (const [id, { until }] of this.#held) if (until < now) this.#held.delete(id);
  }

  #released(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        const index = this.#waiting.indexOf(done);
        if (index >= 0) this.#waiting.splice(index, 1);
        resolve();
      };
      const timer = setTimeout(done, patience);
      this.#waiting.push(done);
    });
  }
}
