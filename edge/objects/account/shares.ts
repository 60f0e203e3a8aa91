// Fairness between those who share an account's calls. Pure: no clock. Whoever is alone may plan as far ahead as the budget goes; of two
// who want calls each may plan half of that, and so on: one that floods keeps nobody else from the account.
import type { Limits } from "./budget.ts";

/** ms, beside the limits' own window, for which one who has asked counts as wanting calls: longer than whoever was refused waits. */
const ACTIVE = 15_000;

/** Who has asked when, and which calls of theirs are still to leave. */
export class Shares {
  readonly #askers = new Map<string, { askedAt: number; ahead: number[] }>();

  /** Whether `by` may plan a call for `slot`, which lies within the next `reach` ms. A call that can leave at once always may. */
  admits(by: string, slot: number, now: number, limits: Limits | undefined, reach: number): boolean {
    const asker = this.#noteAsked(by, now, (limits?.per ?? 0) + ACTIVE);
    if (!limits || slot <= now) return true;
    const room = Math.max(1, Math.floor((limits.requests * reach) / limits.per));
    return asker.ahead.length < Math.max(1, Math.floor(room / this.#askers.size));
  }

  /** Notes a call of `by` that will leave at `slot`. */
  plan(by: string, slot: number): void {
    this.#askers.get(by)?.ahead.push(slot);
  }

  #noteAsked(by: string, now: number, active: number): { askedAt: number; ahead: number[] } {
    for (const [name, { askedAt }] of this.#askers) if (askedAt < now - active) this.#askers.delete(name);
    const asker = this.#askers.get(by) ?? { askedAt: now, ahead: [] };
    asker.askedAt = now;
    asker.ahead = asker.ahead.filter((at) => at > now);
    this.#askers.set(by, asker);
    return asker;
  }
}
