/** How far apart deadlines are looked at (ms). */
const TICK = 500;
/** Shorter times than this have a timer of their own (ms). */
const EXACT = 5_000;

/**
 * Times at which something is given up, where nearly all are called off before: one timer for all, since the platform's own cost more
 * than what they guard. Late by half a second at most.
 */
export class Deadlines {
  readonly #pending = new Set<{ at: number; work: () => void }>();
  #timer: ReturnType<typeof setInterval> | null = null;

  /** Calls `work` after that time (ms), unless what it answers is called before. */
  after(milliseconds: number, work: () => void): () => void {
    if (milliseconds < EXACT) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    }
    const deadline = { at: Date.now() + milliseconds, work };
    this.#pending.add(deadline);
    this.#timer ??= setInterval(() => this.#look(), TICK);
    return () => this.#pending.delete(deadline);
  }

  #look(): void {
    const now = Date.now();
    for (const deadline of this.#pending) {
      if (deadline.at > now) continue;
      this.#pending.delete(deadline);
      deadline.work();
    }
    if (this.#pending.size || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
