import { expect, test } from "vitest";
import type { StepRun } from "../../../shared/api/run.ts";
import { pageSteps, STEP_PAGE } from "./page-steps.ts";

const step = (index: number, output: unknown = index): StepRun => ({
  ...{ key: "s", path: `each[${index}].s`, type: "http", status: "succeeded", attempts: 1, tasks: 1 },
  ...{ startedAt: "2026-01-01T00:00:00.000Z", endedAt: "2026-01-01T00:00:00.000Z", output },
});
const many = (count: number, output?: unknown) => Array.from({ length: count }, (_, index) => step(index, output));

test("a small run's steps all come whole", () => {
  const all = many(STEP_PAGE.whole);
  expect(pageSteps(all, 0)).toEqual({ steps: all, stepCount: STEP_PAGE.whole });
});

test("beyond the first 200, steps come without what went in and out, and say so", () => {
  const { steps } = pageSteps(many(250), 0);
  expect(steps.filter((one) => one.truncated)).toHaveLength(50);
  expect(steps[249]).toEqual({ ...step(249, undefined), output: undefined, truncated: true });
});

test("large steps count by their size", () => {
  const { steps } = pageSteps(many(100, "x".repeat(16_000)), 0);
  expect(JSON.stringify(steps).length).toBeLessThan(STEP_PAGE.size + 50_000);
  expect(steps[99]?.truncated).toBe(true);
});

test("pages lead through all steps, each once", () => {
  const all = many(STEP_PAGE.steps * 2 + 1);
  const paths: string[] = [];
  for (let from: string | undefined = "0"; from !== undefined; ) {
    const page: ReturnType<typeof pageSteps> = pageSteps(all, Number(from));
    paths.push(...page.steps.map((one) => one.path));
    from = page.nextSteps;
  }
  expect(paths).toEqual(all.map((one) => one.path));
});
