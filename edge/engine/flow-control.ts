import type { RunError, Why } from "../../shared/api/run.ts";
import { RUN_LIMITS } from "./limits.ts";

/** How a step or a list of steps ended. Only `done` goes on to the next. `wait` until `wakeAt` (ms, Infinity: until someone mends one of `accounts`). */
export type Flow =
  | { kind: "done"; output: unknown }
  | { kind: "fail"; error: RunError }
  | { kind: "stop"; reason: string }
  | { kind: "wait"; wakeAt: number; reason: string; why: Why | undefined; accounts?: readonly string[] }
  | { kind: "spent" }
  | { kind: "cancel" };

export const DONE: Flow = { kind: "done", output: undefined };

/** Of a drive that only looks: what was begun before and has not ended. */
export const ON_ITS_WAY: Flow = { kind: "wait", wakeAt: Number.POSITIVE_INFINITY, reason: "", why: undefined };

const RANK = { cancel: 0, fail: 1, stop: 1, spent: 2, wait: 3, done: 4 } as const;

/**
 * What several flows side by side amount to: the first that ended them, else the earliest wait; null where all are done. Whichever account of
 * a wait is mended, there is something to go on with: the earliest wait names them all.
 */
export function mergeFlows(flows: readonly (Flow | undefined)[]): Flow | null {
  let merged: Flow | null = null;
  for (const flow of flows) {
    if (!flow || flow.kind === "done") continue;
    if (!merged || RANK[flow.kind] < RANK[merged.kind]) merged = flow;
    else if (flow.kind === "wait" && merged.kind === "wait" && flow.wakeAt < merged.wakeAt) merged = flow;
  }
  return merged?.kind === "wait" ? withAccounts(merged, flows) : merged;
}

function withAccounts(wait: Flow & { kind: "wait" }, flows: readonly (Flow | undefined)[]): Flow {
  const accounts = [...new Set(flows.flatMap((flow) => (flow?.kind === "wait" ? (flow.accounts ?? []) : [])))];
  return accounts.length ? { ...wait, accounts } : wait;
}

/**
 * Runs `one` for 0 … count-1, at most `concurrency` at a time and in order of the index. Begins no more after a flow that ends
 * the loop; where several may run at a time, an item that waits does not hold up the others. `isLooking`: one that was cut off holds up
 * its place alone.
 */
export async function runMany(
  count: number,
  concurrency: number,
  one: (index: number) => Promise<Flow>,
  isLooking = false,
): Promise<(Flow | undefined)[]> {
  const flows: (Flow | undefined)[] = new Array(count);
  let next = 0;
  let isOver = false;
  let broken: { error: unknown } | undefined;
  const work = async () => {
    while (!isOver && next < count) {
      const index = next++;
      const flow = await one(index).catch((error: unknown) => {
        broken ??= { error };
      });
      // What runs beside it comes to its end first: nothing of a drive goes on behind its back.
      if (!flow) isOver = true;
      if (!flow) return;
      flows[index] = flow;
      if (flow.kind === "spent" && isLooking) return;
      if (flow.kind !== "done" && (flow.kind !== "wait" || concurrency === 1)) isOver = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, work));
  if (broken) throw broken.error;
  return flows;
}

/** Why something failed or was stopped, as it is kept: an expression, a provider or code may have made megabytes of it. */
export const cutWords = (text: string): string => (text.length > RUN_LIMITS.words ? `${text.slice(0, RUN_LIMITS.words)}…` : text);

/** A failure of the flow's own making. */
export function failure(code: string, message: string, errorClass: string, extra?: Partial<RunError>): Flow & { kind: "fail" } {
  return { kind: "fail", error: { code, message, class: errorClass, retryable: false, ...extra } };
}

/** What a wait fails with that is broken off by the time of what it stands in. */
export const overtime = (path: string): Flow & { kind: "fail" } =>
  failure("timeout", "The time for this part of the run is over", "timeout", { step: path });
