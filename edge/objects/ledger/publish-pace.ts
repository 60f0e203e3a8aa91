// How often a ledger is told of runs. Each time costs a call and a commit, whatever it tells: where many objects publish, each gathers for longer.

/** Times a second that a ledger wants to be told. */
const WANTED = 20;
/** How long an object gathers (ms). */
const PAUSE = { shortest: 1_000, longest: 5_000 };
/** Times are counted for this long (ms). */
const WINDOW = 1_000;

export class PublishPace {
  #pause = PAUSE.shortest;
  #since = 0;
  #count = 0;

  /** Counts a time at `now` (ms); answers for how long (ms) the object gathers before its next one. */
  next(now: number): number {
    this.#count++;
    const passed = now - this.#since;
    if (passed >= WINDOW || passed < 0) {
      const rate = (this.#count * 1_000) / Math.max(passed, WINDOW);
      this.#pause = Math.min(PAUSE.longest, Math.max(PAUSE.shortest, (this.#pause * rate) / WANTED));
      this.#since = now;
      this.#count = 0;
    }
    return this.#pause;
  }
}
