// When a failed step is tried again. No randomness: `random` is passed in, 0 ≤ random < 1.
import type { RunError } from "../../shared/api/run.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import type { Retry } from "../../shared/flow/step.ts";

/** How often, and how long between. `on` adds statuses (`http_422`'s 422) and error classes; `any` takes every error. Times in ms. */
export interface RetryPolicy {
  attempts: number;
  base: number;
  cap: number;
  on: readonly (string | number)[];
  any: boolean;
}

/** Network faults, 408, 425, 429 and 5xx: five attempts over about half a minute. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, base: 2_000, cap: 300_000, on: [], any: false };
export const NO_RETRY: RetryPolicy = { ...DEFAULT_RETRY, attempts: 1 };

/** The policy of a step: what it says itself, the rest from `base`. */
export function readRetry(retry: Retry | undefined, base: RetryPolicy): RetryPolicy {
  if (!retry) return base;
  return {
    attempts: retry.attempts ?? Math.max(base.attempts, DEFAULT_RETRY.attempts),
    base: duration(retry.base) ?? base.base,
    cap: duration(retry.cap) ?? base.cap,
    on: retry.on ?? base.on,
    any: base.any,
  };
}

const duration = (text: string | undefined) => (text === undefined ? undefined : parseDuration(text));

export type RetryPlan = { again: false } | { again: true; delay: number };

/**
 * Whether attempt number `attempt` (from 1), failed with `error`, is followed by another, and after how many milliseconds: full
 * jitter between 0 and min(cap, base × 2ⁿ), but never earlier than `retryAfter`.
 */
export function planRetry(
  policy: RetryPolicy,
  attempt: number,
  error: RunError,
  retryAfter: number | undefined,
  random: number,
): RetryPlan {
  if (attempt >= policy.attempts || !isRetried(policy, error)) return { again: false };
  const ceiling = Math.min(policy.cap, policy.base * 2 ** Math.min(attempt - 1, 40));
  return { again: true, delay: Math.max(Math.floor(random * ceiling), retryAfter ?? 0) };
}

function isRetried(policy: RetryPolicy, error: RunError): boolean {
  if (error.retryable || policy.any) return true;
  const status = /(\d{3})$/.exec(error.code)?.[1];
  return policy.on.some((one) => String(one) === error.class || String(one) === error.code || String(one) === status);
}
