import { expect, test } from "vitest";
import { FairShare } from "./fair-share.ts";

/** Calls let in within their second, of ten seconds: `rates` of calls a second by integration; a call that waits longer is refused or late. */
function letIn(rates: Record<string, number>): Record<string, number> {
  const share = new FairShare();
  const calls = Object.entries(rates).flatMap(([one, rate]) =>
    Array.from({ length: rate * 10 }, (_, i) => ({ one, at: 1_000_000 + (i * 1_000) / rate })),
  );
  const counts: Record<string, number> = {};
  for (const { one, at } of calls.sort((a, b) => a.at - b.at)) {
    const wait = share.admit(one, at);
    if (wait !== undefined && at + wait < 1_010_000) counts[one] = (counts[one] ?? 0) + 1;
  }
  return counts;
}

test("an integration alone is let in as fast as it is called", () => {
  expect(letIn({ busy: 900 })).toEqual({ busy: 9_000 });
});

test("integrations that are called alike do not wait, however much they are called", () => {
  expect(letIn({ a: 200, b: 150, c: 60 })).toEqual({ a: 2_000, b: 1_500, c: 600 });
});

test("one that is flooded while others are called has its share, and the others do not wait", () => {
  const { flooded = 0, ...others } = letIn({ flooded: 1_000, a: 5, b: 5, c: 5 });
  expect(others).toEqual({ a: 50, b: 50, c: 50 });
  expect(flooded).toBeGreaterThan(250);
  expect(flooded).toBeLessThan(500);
});

test("a flood goes on as it likes once nobody else is called", () => {
  const share = new FairShare();
  for (let at = 1_000_000; at < 1_002_000; at++) {
    share.admit("flooded", at);
    if (at % 200 === 0) share.admit("other", at);
  }
  for (let at = 1_002_000; at < 1_005_000; at += 1_000) share.admit("flooded", at);
  expect(share.admit("flooded", 1_005_001)).toBe(0);
});

test("a call that has waited begins when nobody's is being served, and after a sixth of a second in any case", () => {
  const share = new FairShare();
  share.admit("other", 1_000_000);
  expect(share.gap("flooded", 1_000_001, 1_000_001)).toBe(7);
  expect(share.gap("flooded", 1_000_001, 1_000_008)).toBe(0);
  // Its own are no reason to wait.
  expect(share.gap("other", 1_000_001, 1_000_001)).toBe(0);
  share.admit("other", 1_000_161);
  expect(share.gap("flooded", 1_000_001, 1_000_160)).toBe(8);
  expect(share.gap("flooded", 1_000_001, 1_000_161)).toBe(0);
});

test("a clock that is set back meanwhile keeps nobody waiting for a gap", () => {
  const share = new FairShare();
  share.admit("other", 9_000_000);
  expect(share.gap("flooded", 9_000_000, 9_000_000)).toBe(8);
  expect(share.gap("flooded", 9_000_000, 1_000_000)).toBe(0);
});
