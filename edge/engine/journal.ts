import type { LoggedRequest, LoggedResponse, RunError, StepRun } from "../../shared/api/run.ts";
import type { StepType } from "../../shared/flow/step.ts";

/** What is known of one effect, by its instance path. Times in ms since epoch. `wakeAt` (waiting only): not before; 0 = at the next drive. */
export interface JournalEntry {
  path: string;
  key: string;
  type: StepType;
  status: "waiting" | "succeeded" | "failed";
  attempts: number;
  tasks: number;
  startedAt: number;
  endedAt: number | null;
  wakeAt?: number;
  input?: unknown;
  output?: unknown;
  error?: RunError;
  request?: LoggedRequest;
  response?: LoggedResponse;
  effectKey?: string;
  logs?: string[];
}

/** What a run has done so far. `put` is durable before anything later leaves the object. */
export interface Journal {
  get(path: string): JournalEntry | undefined;
  put(entry: JournalEntry): void;
}

/** A step of the log: a pure one as it was, or the path of an effect that the journal holds. */
export type TraceEntry = StepRun | string;

/** An effect as the API shows it. */
export function toStepRun({ wakeAt: _, startedAt, endedAt, ...entry }: JournalEntry): StepRun {
  return { ...entry, startedAt: new Date(startedAt).toISOString(), endedAt: endedAt === null ? null : new Date(endedAt).toISOString() };
}
