import { expect, it } from "vitest";
import { TokenBuckets } from "./token-bucket.ts";

const LIMIT = { burst: 3, perMinute: 60 };

it("lets a burst through, then one a second, and says how long to wait", () => {
  const buckets = new TokenBuckets();
  for (let i = 0; i < 3; i++) expect(buckets.take("a", LIMIT, 0)).toBe(0);
  expect(buckets.take("a", LIMIT, 0)).toBe(1_000);
  expect(buckets.take("a", LIMIT, 400)).toBe(600);
  expect(buckets.take("a", LIMIT, 1_000)).toBe(0);
  expect(buckets.take("a", LIMIT, 1_000)).toBe(1_000);
});

it("keeps its keys apart, never holds more than a burst, and takes no harm from a clock that goes back", () => {
  const buckets = new TokenBuckets();
  for (let i = 0; i < 3; i++) buckets.take("a", LIMIT, 1_000);
  expect(buckets.take("b", LIMIT, 1_000)).toBe(0);
  expect(buckets.take("a", LIMIT, 0)).toBe(1_000);
  for (let i = 0; i < 3; i++) expect(buckets.take("a", LIMIT, 3_600_000)).toBe(0);
  expect(buckets.take("a", LIMIT, 3_600_000)).toBeGreaterThan(0);
});

it("says what is left without taking of it", () => {
  const buckets = new TokenBuckets();
  expect(buckets.look("a", LIMIT, 0)).toEqual({ left: 3, wait: 0, full: 0 });
  for (let i = 0; i < 3; i++) buckets.take("a", LIMIT, 0);
  expect(buckets.look("a", LIMIT, 500)).toEqual({ left: 0, wait: 500, full: 2_500 });
  expect(buckets.look("a", LIMIT, 1_500)).toEqual({ left: 1, wait: 0, full: 1_500 });
});

it("forgets the key that was used the longest ago where there are too many, not one that is in use", () => {
  const buckets = new TokenBuckets();
  for (let i = 0; i < 3; i++) buckets.take("busy", LIMIT, 0);
  for (let i = 0; i < 30_000; i++) {
    if (i % 1_000 === 0) expect(buckets.take("busy", LIMIT, 0)).toBe(1_000);
    buckets.take(`other-${i}`, LIMIT, 0);
  }
});
