// How often something may be done: a bucket of tokens a key, in memory alone. No clock: `now` (ms) is passed in.

/** `burst` at once, and `perMinute` for ever. */
export interface RateLimit {
  burst: number;
  perMinute: number;
}

const MAX_KEPT = 10_000;

export class TokenBuckets {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes a token of `key`. 0 where there was one, else how long (ms) until there is. */
  take(key: string, { burst, perMinute }: RateLimit, now: number): number {
    const known = this.#buckets.get(key);
    const refilled = known ? known.tokens + (Math.max(0, now - known.at) * perMinute) / 60_000 : burst;
    const tokens = Math.min(burst, refilled);
    if (this.#buckets.size >= MAX_KEPT && !known) this.#buckets.clear();
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60_000) / perMinute);
  }
}
