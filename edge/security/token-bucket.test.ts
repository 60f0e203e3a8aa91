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
