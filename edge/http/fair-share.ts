// Where all objects share one thread, as on a machine of one's own, whoever floods one integration slows all others. There, an integration
// that is called far more than the others is let in slowly while they are called as well. On Cloudflare objects have threads of their own.

/** Calls are counted over this long (ms). */
const WINDOW = 1_000;
/** Calls a second that any integration may have, and how many times those of the others. */
const FAIR = { least: 30, times: 4 };
/** Longer waits (ms) are refused instead. */
const LONGEST = 5_000;
/** ms in which a call that did not wait is usually served: one that has waited begins none of its work in them. */
const SERVED = 8;
/** Where no such gap comes, nobody waits longer (ms) for one. */
const LONGEST_GAP = 160;

/** Calls of one window by integration, and all together. */
class Window {
  readonly calls = new Map<string, number>();
  #all = 0;

  count(integration: string): void {
    this.#all++;
    this.calls.set(integration, (this.calls.get(integration) ?? 0) + 1);
  }

  /** Calls that each integration but this one has had on average; undefined where there is no other. */
  ofOthers(integration: string): number | undefined {
    const own = this.calls.get(integration);
    const others = this.calls.size - (own === undefined ? 0 : 1);
    return others === 0 ? undefined : (this.#all - (own ?? 0)) / others;
  }
}

export class FairShare {
  #since = 0;
  #now = new Window();
  #before = new Window();
  /** When the next call of an integration has its turn (ms). */
  readonly #turns = new Map<string, number>();
  /** Whose call last had not to wait, and when it came (ms). */
  #last = { integration: "", at: 0 };

  /** How long (ms) a call of `integration` that comes at `now` waits; undefined where it should come again later. */
  admit(integration: string, now: number): number | undefined {
    const wait = this.#waitOf(integration, now);
    if (wait === 0) this.#last = { integration, at: now };
    return wait;
  }

  /**
   * How long (ms) a call of `integration` that has waited for its turn, `now` and since `since`, goes on waiting until nobody's is being served.
   * One thread does one thing at a time: work that begins beside another's makes both slower.
   */
  gap(integration: string, since: number, now: number): number {
    if (this.#last.integration === integration || Math.abs(now - since) >= LONGEST_GAP) return 0;
    return Math.max(0, Math.min(SERVED, this.#last.at + SERVED - now));
  }

  #waitOf(integration: string, now: number): number | undefined {
    this.#turn(now);
    this.#now.count(integration);
    const others = Math.max(this.#before.ofOthers(integration) ?? 0, this.#now.ofOthers(integration) ?? 0);
    if (others === 0) {
      this.#turns.delete(integration);
      return 0;
    }
    const allowed = Math.max(FAIR.least, FAIR.times * others);
    // As many as in a tenth of a window may come at once.
    const turn = Math.max(this.#turns.get(integration) ?? 0, now - WINDOW / 10) + WINDOW / allowed;
    const wait = Math.max(0, turn - now);
    if (wait > LONGEST) return undefined;
    this.#turns.set(integration, turn);
    return wait;
  }

  /** Begins a new window where the last one is over. */
  #turn(now: number): void {
    const passed = now - this.#since;
    if (passed < WINDOW && passed >= 0) return;
    this.#before = passed < 2 * WINDOW ? this.#now : new Window();
    this.#now = new Window();
    this.#since = now;
    for (const [one, turn] of this.#turns) if (turn < now - WINDOW) this.#turns.delete(one);
  }
}
