import { expect, test } from "vitest";
import { PublishPace } from "./publish-pace.ts";

/** Times a second that `count` objects publish, each as soon as it may, at the end of a minute. */
function rateOf(count: number): number {
  const pace = new PublishPace();
  const next = Array.from({ length: count }, (_, index) => index);
  let told = 0;
  for (let now = 1_000_000; now < 1_060_000; now++)
    next.forEach((at, index) => {
      if (at > now - 1_000_000) return;
      next[index] = now - 1_000_000 + pace.next(now);
      if (now >= 1_050_000) told++;
    });
  return told / 10;
}

test("few objects publish every second", () => {
  expect(rateOf(1)).toBeCloseTo(1, 0);
  expect(rateOf(10)).toBeCloseTo(10, 0);
});

test("many objects gather for longer, for five seconds at most", () => {
  const rate = rateOf(64);
  expect(rate).toBeGreaterThan(15);
  expect(rate).toBeLessThan(26);
  expect(rateOf(1_000)).toBeCloseTo(200, -1);
});

test("after a rush the pause is the shortest again", () => {
  const pace = new PublishPace();
  for (let now = 1_000; now < 4_000; now += 5) pace.next(now);
  expect(pace.next(4_001)).toBeGreaterThan(3_000);
  for (let now = 10_000; now < 15_000; now += 1_000) pace.next(now);
  expect(pace.next(16_000)).toBe(1_000);
});
