import { expect, test } from "vitest";
import { fillGaps } from "./fill-gaps.ts";

const point = (at: string) => ({ at, runs: 3, succeeded: 3, failed: 0, stopped: 0, canceled: 0, tasks: 6, averageMs: 20 });

test("days without runs are there, as nought", () => {
  const series = [point("2026-11-20T00:00:00.000Z")];
  const filled = fillGaps({ from: "2026-11-19T00:00:00.000Z", to: "2026-11-22T00:00:00.000Z", unit: "day", series });
  expect(filled.map(({ at, runs }) => [at.slice(0, 10), runs])).toEqual([
    ["2026-11-19", 0],
    ["2026-11-20", 3],
    ["2026-11-21", 0],
  ]);
});

test("hours begin where the range begins", () => {
  expect(fillGaps({ from: "2026-11-19T10:30:00.000Z", to: "2026-11-19T12:00:00.000Z", unit: "hour", series: [] })).toHaveLength(2);
});
