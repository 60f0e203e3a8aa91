import type { StepRun } from "../../../shared/api/run.ts";

/** Steps of one page; how many of them come whole, and how many characters of JSON those may have together. */
export const STEP_PAGE = { steps: 2_000, whole: 200, size: 400_000 } as const;

/** The steps from number `from` on as a run's answer holds them: the first whole, the rest without what went in and out. */
export function pageSteps(all: readonly StepRun[], from: number): { steps: StepRun[]; stepCount: number; nextSteps?: string } {
  let size = 0;
  const steps = all.slice(from, from + STEP_PAGE.steps).map((step, index) => {
    if (index < STEP_PAGE.whole && size <= STEP_PAGE.size) size += JSON.stringify(step).length;
    return index < STEP_PAGE.whole && size <= STEP_PAGE.size ? step : shorten(step);
  });
  const next = from + steps.length;
  return { steps, stepCount: all.length, ...(next < all.length ? { nextSteps: String(next) } : {}) };
}

function shorten(step: StepRun): StepRun {
  const { input, output, request, response, logs, ...rest } = step;
  const isWhole = [input, output, request, response, logs].every((part) => part === undefined);
  return isWhole ? step : { ...rest, truncated: true };
}
