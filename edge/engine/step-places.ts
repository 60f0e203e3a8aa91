// Where a step of a run's log stands in its block. A path tells loops and calls; conditions, branches and attempts stand in the file alone.
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Step } from "../../shared/flow/step.ts";
import { allSteps, innerSteps } from "./inner-steps.ts";

/** `within` is the path of the step that holds this one where its own path does not say it, `branch` which of its lists: `then`, `else`, `catch`, … */
export interface StepPlace {
  within?: string;
  branch?: string;
}

/** The places of steps, by their paths in runs of `block`. Keys that the flow does not have (any more) have none. */
export function stepPlaces(flow: FlowFile, block: string): (path: string) => StepPlace {
  const known = new Map<string, Map<string, { holder?: Step; branch: string }>>();
  const holdersIn = (key: string) => {
    const found = known.get(key) ?? readHolders(flow, key);
    known.set(key, found);
    return found;
  };
  return (path) => {
    let current = block;
    const calls = path.split(">");
    for (const call of calls.slice(0, -1)) {
      const step = calledIn(flow, current, lastKey(call));
      if (step === undefined) return {};
      current = step;
    }
    const key = lastKey(path);
    const place = holdersIn(current).get(key);
    if (!place) return {};
    const { holder, branch } = place;
    if (!holder) return branch === "steps" ? {} : { branch };
    if (branch === "do") return {};
    return { within: path.slice(0, path.length - key.length) + holder.key, branch };
  };
}

const lastKey = (path: string) => /[^.>\]]*$/.exec(path)?.[0] ?? "";

function readHolders(flow: FlowFile, key: string): Map<string, { holder?: Step; branch: string }> {
  const places = new Map<string, { holder?: Step; branch: string }>();
  const walk = (steps: readonly Step[], branch: string, holder?: Step): void => {
    for (const step of steps) {
      places.set(step.key, { branch, ...(holder ? { holder } : {}) });
      for (const [place, inner] of innerSteps(step)) walk(inner, nameOf(place), step);
    }
  };
  const block = flow.blocks.find((one) => one.key === key);
  walk(block?.steps ?? [], "steps");
  walk(block?.on_failure ?? [], "on_failure");
  return places;
}

/** `parallel.left` is the branch `left`; `elseif.0.then` stays as it is. */
const nameOf = (place: string) => (place.startsWith("parallel.") ? place.slice("parallel.".length) : place);

function calledIn(flow: FlowFile, block: string, key: string): string | undefined {
  const found = flow.blocks.find((one) => one.key === block);
  const step = allSteps([...(found?.steps ?? []), ...(found?.on_failure ?? [])]).find((one) => one.key === key);
  return step && "call" in step ? step.call : undefined;
}
