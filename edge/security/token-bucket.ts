// How often something may be done: a bucket of tokens a key, in memory alone. No clock: `now` (ms) is passed in.

/** `burst` at once, and `perMinute` for ever. */
export interface RateLimit {
  burst: number;
  perMinute: number;
}

/** A bucket: the tokens that are in it, and the ms until there is one, and until it is full again. */
export interface Level {
  left: number;
  wait: number;
  full: number;
}

const MAX_KEPT = 10_000;

export class TokenBuckets {
  /** Longest unused first: that is forgotten where there are too many. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes a token of `key`. 0 where there was one, else how long (ms) until there is. */
  take(key: string, limit: RateLimit, now: number): number {
    const tokens = this.#tokens(key, limit, now);
    const isThere = tokens >= 1;
    if (!this.#buckets.delete(key) && this.#buckets.size >= MAX_KEPT) this.#forgetOne();
    this.#buckets.set(key, { tokens: isThere ? tokens - 1 : tokens, at: now });
    return isThere ? 0 : waitFor(1 - tokens, limit);
  }

  /** What is in the bucket of `key`, of which nothing is taken. */
  look(key: string, limit: RateLimit, now: number): Level {
    const tokens = this.#tokens(key, limit, now);
    return { left: Math.floor(tokens), wait: waitFor(Math.max(0, 1 - tokens), limit), full: waitFor(limit.burst - tokens, limit) };
  }

  #tokens(key: string, { burst, perMinute }: RateLimit, now: number): number {
    const known = this.#buckets.get(key);
    return known ? Math.min(burst, known.tokens + (Math.max(0, now - known.at) * perMinute) / 60_000) : burst;
  }

  #forgetOne(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

const waitFor = (tokens: number, { perMinute }: RateLimit): number => Math.ceil((tokens * 60_000) / perMinute);
