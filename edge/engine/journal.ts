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
  /** Why it waits for `wakeAt`, where nothing was tried. */
  held?: string;
  input?: unknown;
  output?: unknown;
  error?: RunError;
  request?: LoggedRequest;
  response?: LoggedResponse;
  effectKey?: string;
  logs?: string[];
  /** A wait for an event (waiting only): its type, and the number of the last event that was looked at. */
  event?: string;
  seen?: number;
}

/** An event of the host that came while a step was waiting for its type; `seq` counts up. */
export interface Signal {
  seq: number;
  event: { type: string; id: string; data: unknown; org: string | null; user: string | null };
}

/** What a run has done so far. What is put is durable before the next effect, an answer, or the run's end leaves the object. */
export interface Journal {
  get(path: string): JournalEntry | undefined;
  /** Whether the run was driven before. */
  readonly isReplay?: boolean;
  /** An effect is about to be done: what was put before is durable before anything of it leaves the object. */
  before?(): void;
  put(entry: JournalEntry): void;
  /** Where more effects are under way: resolves when what was put has been stored together with theirs. */
  settled?(): Promise<void> | undefined;
  /** Events that came for the wait at `path` behind number `seen`, oldest first. */
  signals?(path: string, seen: number): readonly Signal[];
}

/** A step of the log: a pure one as it was, the path of an effect that the journal holds, or {@link LEFT_OUT}. */
export type TraceEntry = StepRun | string;

/** Stands in the log where it was full: pure steps are missing from there on. No path is like it. */
export const LEFT_OUT = "…";

/** An effect as the API shows it. */
export function toStepRun({ wakeAt: _, held: __, event: ___, seen: ____, startedAt, endedAt, ...entry }: JournalEntry): StepRun {
  return { ...entry, startedAt: new Date(startedAt).toISOString(), endedAt: endedAt === null ? null : new Date(endedAt).toISOString() };
}
