import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_RETRY, planRetry, readRetry } from "./plan-retry.ts";

const passing = { code: "http_503", message: "", class: "intermittent", retryable: true };
const final = { code: "http_422", message: "", class: "invalid", retryable: false };

test("a delay lies between nothing and the ceiling, and never before Retry-After", () => {
  const policy = fc.record({
    base: fc.integer({ min: 1, max: 60_000 }),
    cap: fc.integer({ min: 1, max: 600_000 }),
    attempts: fc.integer({ min: 2, max: 100 }),
  });
  fc.assert(
    fc.property(
      policy,
      fc.integer({ min: 1, max: 120 }),
      fc.option(fc.nat(1_000_000)),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (some, attempt, after, random) => {
        const plan = planRetry({ ...DEFAULT_RETRY, ...some }, attempt, passing, after ?? undefined, random);
        expect(plan.again).toBe(attempt < some.attempts);
        if (!plan.again) return;
        expect(plan.delay).toBeGreaterThanOrEqual(after ?? 0);
        expect(plan.delay).toBeLessThanOrEqual(Math.max(after ?? 0, Math.min(some.cap, some.base * 2 ** (attempt - 1))));
      },
    ),
  );
});

test("the jitter is full: the mean of many draws is half the ceiling", () => {
  let sum = 0;
  for (let i = 0; i < 10_000; i++) {
    const plan = planRetry({ ...DEFAULT_RETRY, base: 1_000, cap: 4_000 }, 3, passing, undefined, Math.random());
    if (plan.again) sum += plan.delay;
  }
  expect(Math.abs(sum / 10_000 - 2_000)).toBeLessThan(60);
});

test("only what may pass is tried again, and what the step names", () => {
  expect(planRetry(DEFAULT_RETRY, 1, final, undefined, 0)).toEqual({ again: false });
  expect(planRetry(readRetry({ on: [422] }, DEFAULT_RETRY), 1, final, undefined, 0).again).toBe(true);
  expect(planRetry(readRetry({ on: ["invalid"] }, DEFAULT_RETRY), 1, final, undefined, 0).again).toBe(true);
  expect(planRetry({ ...DEFAULT_RETRY, any: true }, 1, final, undefined, 0).again).toBe(true);
});

test("a step's own words win over the usual policy", () => {
  expect(readRetry({ attempts: 6, base: "2s", cap: "10m" }, DEFAULT_RETRY)).toMatchObject({ attempts: 6, base: 2_000, cap: 600_000 });
  expect(readRetry(undefined, DEFAULT_RETRY)).toBe(DEFAULT_RETRY);
});
