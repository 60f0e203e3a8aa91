import type { FlowFile } from "./flow-file.ts";
import type { Step } from "./step.ts";

/** Stands for a block where an event is meant for the runs that wait for it. */
export const WAITING_RUNS = "*";

/** The types of host events that steps of `flow` wait for, each once. */
export function waitedEvents({ blocks }: Pick<FlowFile, "blocks">): string[] {
  const types = new Set<string>();
  const visit = (steps: readonly Step[] | undefined): void => {
    for (const step of steps ?? []) {
      if ("wait" in step && typeof step.wait === "object" && "event" in step.wait) types.add(step.wait.event);
      innerSteps(step).forEach(visit);
    }
  };
  for (const { steps, on_failure } of blocks) [steps, on_failure].forEach(visit);
  return [...types];
}

function innerSteps(step: Step): (readonly Step[] | undefined)[] {
  if ("if" in step) return [step.then, ...(step.elseif ?? []).map((branch) => branch.then), step.else];
  if ("for" in step || "while" in step) return [step.do];
  if ("parallel" in step) return Object.values(step.parallel);
  return "try" in step ? [step.try, step.catch, step.finally] : [];
}
