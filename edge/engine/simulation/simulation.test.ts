import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

const immediate = setImmediate;
const SEEDS = 1_000;
/** Worlds that a fault of the engine was found in. */
const FOUND = [1638];

test(`X01 X02 in ${SEEDS} worlds of faults nothing accepted is lost, nothing done is done again, and every run ends as it would without faults`, async () => {
  const totals = { runs: 0, calls: 0, deaths: 0, repeats: 0 };
  for (const seed of [...Array.from({ length: SEEDS }, (_, index) => index + 1), ...FOUND]) {
    const report = await simulate(seed, immediate);
    expect(report.violations, `seed ${seed}: npm run check:sim -- --seed ${seed}`).toEqual([]);
    for (const key of ["runs", "calls", "deaths", "repeats"] as const) totals[key] += report[key];
  }
  expect(totals.deaths).toBeGreaterThan(SEEDS);
  expect(totals.repeats).toBeGreaterThan(100);
}, 480_000);
