// How many calls are under way at once. A permit that nobody gives back runs out: its holder has died.

/** ms after which a permit counts as lost; longer than any guarded fetch takes. */
const LOST_AFTER = 90_000;

interface Held {
  plannedAt: number;
  until: number;
  /** Which credentials it went out with. */
  version: number;
  /** Who holds it. */
  by: string;
}

interface Waiting {
  by: string;
  /** `isGranted`: one of the permits that are free is kept for whoever is woken. */
  wake: (isGranted: boolean) => void;
}

/** Hands out numbered permits, at most `limit` at once: to whoever has the fewest, of those in order of asking. */
export class Permits {
  readonly #held = new Map<number, Held>();
  readonly #waiting: Waiting[] = [];
  #last = 0;
  /** Free permits that those who were woken are about to take. */
  #granted = 0;

  /** A permit for `by`, once there is room; undefined where there was none within `patience` ms. */
  async take(limit: number | undefined, patience: number, now: () => number, by = ""): Promise<number | undefined> {
    const end = now() + patience;
    for (let isGranted = false; ; ) {
      if (isGranted) this.#granted--;
      this.#dropLost(now());
      const isInTurn = isGranted || this.#waiting.length === 0;
      if (limit === undefined || (isInTurn && this.#held.size + this.#granted < limit)) {
        const id = ++this.#last;
        this.#held.set(id, { plannedAt: now(), version: 0, until: now() + LOST_AFTER, by });
        return id;
      }
      const left = end - now();
      if (left <= 0) return undefined;
      isGranted = await this.#released(by, left);
    }
  }

  /** Notes when the holder will call, and with which credentials. */
  plan(id: number, plannedAt: number, version: number): void {
    this.#held.set(id, { plannedAt, version, until: plannedAt + LOST_AFTER, by: this.#held.get(id)?.by ?? "" });
  }

  /** Takes the permit back; undefined where it was not out any more. */
  giveBack(id: number): Held | undefined {
    const held = this.#held.get(id);
    this.#held.delete(id);
    this.#next()?.wake(true);
    return held;
  }

  #next(): Waiting | undefined {
    const count = (by: string) => [...this.#held.values()].filter((one) => one.by === by).length;
    return this.#waiting.reduce<Waiting | undefined>((best, one) => (best && count(best.by) <= count(one.by) ? best : one), undefined);
  }

  #dropLost(now: number): void {
    for (const [id, { until }] of this.#held) if (until < now) this.#held.delete(id);
  }

  #released(by: string, patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        by,
        wake: (isGranted) => {
          if (isGranted) this.#granted++;
          clearTimeout(timer);
          const index = this.#waiting.indexOf(waiting);
          if (index >= 0) this.#waiting.splice(index, 1);
          resolve(isGranted);
        },
      };
      const timer = setTimeout(() => waiting.wake(false), patience);
      this.#waiting.push(waiting);
    });
  }
}
