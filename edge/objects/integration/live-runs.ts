// Runs as they are being driven: what they have come to since their row was written. Kept in memory alone, so that looking on costs no write.
import type { TraceEntry } from "../../engine/journal.ts";
import type { RunJournal, RunRow } from "./run-store.ts";

interface LiveRun {
  journal: RunJournal;
  trace: readonly TraceEntry[];
  /** Tasks as the ledger knows them. */
  told: number;
}

export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();

  begin(id: string, journal: RunJournal, trace: readonly TraceEntry[]): void {
    this.#runs.set(id, { journal, trace, told: journal.tasks });
  }

  get size(): number {
    return this.#runs.size;
  }

  end(id: string): void {
    this.#runs.delete(id);
  }

  /** The log so far of a run that is being driven. */
  traceOf(id: string): readonly TraceEntry[] | undefined {
    return this.#runs.get(id)?.trace;
  }

  /** `row` with the tasks that its run has done by now. */
  overlay(row: RunRow): RunRow {
    const live = this.#runs.get(row.id);
    return live ? { ...row, tasks: live.journal.tasks } : row;
  }

  /** Ids of runs with tasks that the ledger has not been told of; they count as told from now on. */
  takeProgress(): string[] {
    return [...this.#runs].flatMap(([id, live]) => {
      if (live.told === live.journal.tasks) return [];
      live.told = live.journal.tasks;
      return [id];
    });
  }
}
