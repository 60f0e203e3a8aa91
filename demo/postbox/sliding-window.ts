/** At most `limit` requests of a caller in any `windowMs` milliseconds. Refused ones do not count. */
export class SlidingWindow {
  readonly limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #taken = new Map<string, number[]>();

  /** `now` is in milliseconds. */
  constructor(limit: number, windowMs: number, now: () => number = Date.now) {
    this.limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  isAllowed(caller: string): boolean {
    const now = this.#now();
    const recent = (this.#taken.get(caller) ?? []).filter((at) => at > now - this.#windowMs);
    const isAllowed = recent.length < this.limit;
    if (isAllowed) recent.push(now);
    this.#taken.set(caller, recent);
    return isAllowed;
  }
}
