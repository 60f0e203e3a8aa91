// A clock that moves only when told to, and the timers on it. Timers belong to an owner; those of one that died never fire.

interface Timer {
  id: number;
  at: number;
  owner: number;
  work: () => void;
}

type Restore = () => void;

/** The simulation's time. While installed, `Date.now`, `Math.random` and the global timers are its own. */
export class VirtualTime {
  now = Date.UTC(2026, 0, 5, 8);
  /** How far the wall clock is ahead of the time that passes (ms): a clock that is set changes it, and no timer notices. */
  skew = 0;
  /** Whose the timers are that are set from here on. */
  owner = 0;
  #count = 0;
  readonly #timers = new Map<number, Timer>();
  readonly #immediate: (work: () => void) => void;

  constructor(immediate: (work: () => void) => void) {
    this.#immediate = immediate;
  }

  /** Calls `work` after `delay` ms, whoever dies meanwhile. */
  after(delay: number, work: () => void): number {
    return this.#add(delay, work, 0);
  }

  /** Forgets the timers of `owner`. */
  drop(owner: number): void {
    for (const timer of this.#timers.values()) if (timer.owner === owner) this.#timers.delete(timer.id);
  }

  cancel(id: number): void {
    this.#timers.delete(id);
  }

  /** Moves to the next timer and fires it. False where there is none. */
  step(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) if (!next || timer.at < next.at) next = timer;
    if (!next) return false;
    this.#timers.delete(next.id);
    this.now = Math.max(this.now, next.at);
    next.work();
    return true;
  }

  /** Resolves when every promise that can settle without time passing has settled. */
  drain(): Promise<void> {
    return new Promise((resolve) => this.#immediate(resolve));
  }

  /** Puts this clock and `random` in the place of the real ones; answers how to undo that. */
  install(random: () => number): Restore {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const [now, chance] = [Date.now, Math.random];
    const clear = (id: unknown) => this.cancel(Number(id));
    Object.assign(globalThis, {
      setTimeout: (work: () => void, delay = 0) => this.#add(delay, work, this.owner),
      setInterval: (work: () => void, delay: number) => this.#repeat(delay, work),
      clearTimeout: clear,
      clearInterval: clear,
    });
    Date.now = () => this.now + this.skew;
    Math.random = random;
    return () => {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
      Date.now = now;
      Math.random = chance;
    };
  }

  #add(delay: number, work: () => void, owner: number, id = ++this.#count): number {
    this.#timers.set(id, { id, at: this.now + Math.max(0, delay), owner, work });
    return id;
  }

  #repeat(delay: number, work: () => void): number {
    const id = ++this.#count;
    const owner = this.owner;
    const again = () => {
      this.#add(delay, again, owner, id);
      work();
    };
    this.#add(delay, again, owner, id);
    return id;
  }
}
