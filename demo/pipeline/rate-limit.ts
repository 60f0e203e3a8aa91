import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./api-access.ts";

/** A bucket of `perSecond` tokens for each caller, refilled evenly. `take` answers how many seconds to wait, 0 when there was one. */
export class TokenBuckets {
  readonly perSecond: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** `now` is in milliseconds. */
  constructor(perSecond: number, now: () => number = Date.now) {
    this.perSecond = perSecond;
    this.#now = now;
  }

  take(caller: string): { wait: number; left: number } {
    const now = this.#now();
    const bucket = this.#buckets.get(caller) ?? { tokens: this.perSecond, at: now };
    const tokens = Math.min(this.perSecond, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    const isAllowed = tokens >= 1;
    this.#buckets.set(caller, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
    return { wait: isAllowed ? 0 : (1 - tokens) / this.perSecond, left: Math.floor(isAllowed ? tokens - 1 : tokens) };
  }
}

/** Answers 429 with `Retry-After` (whole seconds) where a credential has used up its bucket. */
export const rateLimit = (buckets: TokenBuckets) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const { wait, left } = buckets.take(c.var.access.caller);
    c.header("X-RateLimit-Limit", String(buckets.perSecond));
    c.header("X-RateLimit-Remaining", String(left));
    if (wait === 0) return next();
    const message = `Slow down: ${buckets.perSecond} requests a second are allowed. Try again after the seconds in Retry-After.`;
    return c.json({ ok: false, error: "rate_limited", message }, 429, { "Retry-After": String(Math.ceil(wait)) });
  });
