import type { Step } from "../../shared/flow/step.ts";

/** The lists of steps inside `step`, each with its dotted place in it, such as `then` or `elseif.0.then`. */
export function innerSteps(step: Step): [string, readonly Step[]][] {
  if ("if" in step) {
    const branches = (step.elseif ?? []).map((branch, index): [string, readonly Step[]] => [`elseif.${index}.then`, branch.then]);
    return [["then", step.then ?? []], ...branches, ["else", step.else ?? []]];
  }
  if ("for" in step || "while" in step) return [["do", step.do]];
  if ("parallel" in step) return Object.entries(step.parallel).map(([name, inner]) => [`parallel.${name}`, inner]);
  if ("try" in step)
    return [
      ["try", step.try],
      ["catch", step.catch ?? []],
      ["finally", step.finally ?? []],
    ];
  return [];
}

/** `steps` and all steps inside them, each before those inside it. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...innerSteps(step).flatMap(([, inner]) => allSteps(inner))]);
}
