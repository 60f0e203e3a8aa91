// Which runs are driven now. Holds no run itself: `Deps` finds and drives them.
import { QUEUE_LIMITS } from "../../engine/limits.ts";

export interface DriverDeps {
  /** Ids of runs of `block` that may start now, oldest first. */
  due(block: string, limit: number): string[];
  /** Blocks that have unfinished runs. */
  blocks(): string[];
  /** How many runs of `block` may be driven at a time. */
  concurrency(block: string): number;
  /** Drives a run to its end or its next wait. Must have marked it as running before it first waits itself, and must not reject. */
  drive(id: string): Promise<void>;
  /** Nothing is driven any more. */
  rest(): void;
}

/** Runs driven at a time from which on writes wait for each other. */
const BUSY = 3;

/** Keeps as many runs going as their blocks allow. */
export class Driver {
  readonly #deps: DriverDeps;
  readonly #live = new Map<string, { block: string; done: Promise<void> }>();
  /** Who waits for a run that is not driven yet. */
  readonly #followers = new Map<string, Set<() => void>>();

  constructor(deps: DriverDeps) {
    this.#deps = deps;
  }

  get isIdle(): boolean {
    return this.#live.size === 0;
  }

  /** Whether so much is driven that something ends or begins all the time. */
  get isBusy(): boolean {
    return this.#live.size >= BUSY;
  }

  /** How many more runs of `block` may be driven now. */
  roomFor(block: string): number {
    return Math.min(this.#deps.concurrency(block) - this.#countOf(block), QUEUE_LIMITS.live - this.#live.size);
  }

  /** Starts what is due, of `block` or of all: first of those of which the fewest are driven. */
  pump(block?: string): void {
    for (const key of block === undefined ? this.#byLoad() : [block]) {
      const room = this.roomFor(key);
      if (room > 0) for (const id of this.#deps.due(key, room)) void this.start(id, key);
    }
  }

  /** Drives one run now, whatever else is going on. Resolves when the drive is over. */
  start(id: string, block: string): Promise<void> {
    const known = this.#live.get(id);
    if (known) return known.done;
    const done = this.#deps.drive(id).finally(() => {
      // Where there was no room for any block, others may have waited for it.
      const wasFull = this.#live.size >= QUEUE_LIMITS.live;
      this.#live.delete(id);
      this.leave(id);
      this.pump(wasFull ? undefined : block);
      if (this.isIdle) this.#deps.rest();
    });
    this.#live.set(id, { block, done });
    return done;
  }

  /**
   * Resolves when run `id` has been driven, or `signal` is aborted; drives it now, past what its block allows at a time, where `isDue`.
   */
  follow(id: string, block: string, isDue: boolean, signal: AbortSignal): Promise<void> {
    if (isDue || this.#live.has(id)) return this.start(id, block);
    const followers = this.#followers.get(id) ?? new Set();
    this.#followers.set(id, followers);
    return new Promise((resolve) => {
      const leave = () => {
        followers.delete(leave);
        if (followers.size === 0 && this.#followers.get(id) === followers) this.#followers.delete(id);
        resolve();
      };
      followers.add(leave);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Who follows run `id` need not wait any longer. */
  leave(id: string): void {
    for (const leave of this.#followers.get(id) ?? []) leave();
  }

  #byLoad(): string[] {
    const blocks = this.#deps.blocks();
    if (blocks.length < 2) return blocks;
    const counts = new Map(blocks.map((key) => [key, this.#countOf(key)]));
    return blocks.sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0));
  }

  #countOf(block: string): number {
    let count = 0;
    for (const one of this.#live.values()) if (one.block === block) count++;
    return count;
  }
}
