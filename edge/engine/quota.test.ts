import { expect, test } from "vitest";
import { quotaRefusal } from "./quota.ts";

const NOON = Date.UTC(2026, 0, 1, 12);
const MIDNIGHT = Date.UTC(2026, 0, 1);

test("a number is tasks a day", () => {
  expect(quotaRefusal(100, { since: MIDNIGHT, runs: 5, tasks: 99 }, NOON)).toBeUndefined();
  expect(quotaRefusal(100, { since: MIDNIGHT, runs: 5, tasks: 100 }, NOON)).toEqual({
    message: "The quota of 100 tasks per 1d is used up. It starts again at 2026-01-02T00:00:00.000Z",
    again: Date.UTC(2026, 0, 2),
  });
});

test("runs and tasks both hold, and a new period starts at nothing", () => {
  const quota = { runs: 2, tasks: 1_000, per: "1h" };
  expect(quotaRefusal(quota, { since: NOON, runs: 1, tasks: 3 }, NOON)).toBeUndefined();
  expect(quotaRefusal(quota, { since: NOON, runs: 2, tasks: 3 }, NOON + 3_599_999)?.message).toContain("2 runs per 1h");
  expect(quotaRefusal(quota, { since: NOON, runs: 2, tasks: 3 }, NOON + 3_600_000)).toBeUndefined();
  expect(quotaRefusal(quota, undefined, NOON)).toBeUndefined();
});
