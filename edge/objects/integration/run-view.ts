import type { Run, RunError, StepRun, Why } from "../../../shared/api/run.ts";
import type { TraceEntry } from "../../engine/journal.ts";
import { lockedSince } from "../locked.ts";
import { NEVER, type RunRow } from "./run-store.ts";

/** A run as the API lists it. */
export function toRun(row: RunRow, integration: string, flow: string, version: number): Run {
  const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  const error = row.error === null ? undefined : (JSON.parse(row.error) as RunError);
  const reason = row.reason ?? error?.message;
  return {
    id: row.id,
    integration,
    flow,
    version,
    block: row.block,
    trigger: { type: row.type, ...(row.hand === 1 && { byHand: true }) },
    status: row.status,
    ...(reason === undefined ? {} : { reason }),
    ...(row.why === null ? {} : { why: JSON.parse(row.why) as Why }),
    tasks: row.tasks,
    acceptedAt: new Date(row.accepted).toISOString(),
    startedAt: iso(row.started),
    endedAt: iso(row.ended),
    ...(error === undefined || row.status !== "failed" ? {} : { error }),
  };
}

/** A drive journals something within this time (ms), or its run counts as overdue. */
const DRIVE_BOUND = 900_000;

/**
 * When a run goes on by itself (ms since epoch); null where it has ended, or waits for somebody. What is locked should have gone on since it
 * was found to be: it is late for as long.
 */
export function dueOf(row: RunRow, now: number): number | null {
  if (row.ended !== null || row.wake >= NEVER) return null;
  return row.status === "running" ? now + DRIVE_BOUND : (lockedSince(row.why) ?? row.wake);
}

/** The steps of a run in the order in which they ran: the log's pure steps and the journal's effects. */
export function orderSteps(trace: readonly TraceEntry[], effects: ReadonlyMap<string, StepRun>): StepRun[] {
  const rest = new Map(effects);
  const steps: StepRun[] = [];
  for (const entry of trace) {
    const step = typeof entry === "string" ? rest.get(entry) : entry;
    rest.delete(typeof entry === "string" ? entry : entry.path);
    if (step) steps.push(step);
  }
  return [...steps, ...[...rest.values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))];
}
