import type { StepPlan } from "./compile-block.ts";
import type { Frame } from "./frame.ts";

/** When a wait that began at `startedAt` is broken off: at its own timeout, or that of what it stands in (ms since epoch; Infinity: never). */
export function endOfTime(frame: Frame, step: StepPlan, startedAt: number): number {
  return Math.min(frame.deadline, startedAt + (step.timeout ?? Number.POSITIVE_INFINITY));
}
