// An alarm's handler while something is under way. The platform fires no other alarm of the object before this one is over: what comes due
// meanwhile, be it a wait, a schedule or a subscription, has to be begun here.

/** Between two looks (ms), at the least and at the most. The clock may be set meanwhile. */
const SHORTEST = 20;
const LONGEST = 60_000;

export interface ShiftDeps {
  now: () => number;
  /** Begins whatever is due. */
  begin: () => void;
  isUnderWay: () => boolean;
  /** When something comes due next that has not been begun (ms). */
  next: () => number;
}

export class Shift {
  #wake: () => void = () => undefined;
  /** When it looks next (ms). */
  #until = 0;

  /** Something comes due at `due` (ms), or is over. */
  rouse(due = 0): void {
    if (due < this.#until) this.#wake();
  }

  /** Resolves when nothing is under way any more, at the latest after `milliseconds`. Rejects as `begin` does. */
  async work({ now, begin, isUnderWay, next }: ShiftDeps, milliseconds: number): Promise<void> {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      this.rouse();
    }, milliseconds);
    try {
      begin();
      while (isUnderWay() && !isOver) {
        const pause = Math.min(Math.max(next() - now(), SHORTEST), LONGEST);
        this.#until = now() + pause;
        await this.#nap(pause);
        if (isUnderWay() && !isOver) begin();
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #nap(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
