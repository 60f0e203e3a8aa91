// The same run in a world without faults: what a run through faults and crashes has to come to as well.
import type { FlowPlan } from "../compile-block.ts";
import type { Deps } from "../deps.ts";
import type { JournalEntry } from "../journal.ts";
import { type RunEnd, runBlock } from "../run-block.ts";
import { lastAnswer, pathOf } from "./sim-network.ts";

/** How the run ends, and how many effects it takes. */
export async function idealRun(plan: FlowPlan, block: string, trigger: unknown, run: string): Promise<{ end: RunEnd; tasks: number }> {
  const entries = new Map<string, JournalEntry>();
  const journal = { get: (path: string) => entries.get(path), put: (entry: JournalEntry) => void entries.set(entry.path, entry) };
  let now = Date.UTC(2026, 0, 5);
  const deps: Deps = {
    now: () => now,
    random: () => 0,
    after: () => () => undefined,
    sleep: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
    perform: async (_effect, { effectKey }) => {
      const last = lastAnswer(pathOf(effectKey));
      return last.ok ? { kind: "done", output: last.output, tasks: 1 } : { kind: "failed", error: last.error, tasks: 1 };
    },
    respond: () => undefined,
    isSpent: () => false,
    isCanceled: () => false,
  };
  for (;;) {
    const { end } = await runBlock({ run, plan, block, trigger, base: {}, state: {}, startedAt: now }, journal, deps);
    if (end.status !== "waiting") return { end, tasks: [...entries.values()].reduce((sum, { tasks }) => sum + tasks, 0) };
    now = Math.max(now, end.wakeAt);
  }
}
