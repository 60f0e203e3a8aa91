import type { Rhythm, Slot } from "../../engine/next-slot.ts";
import { NEVER } from "./run-store.ts";

export interface SlotRow {
  block: string;
  rhythm: Rhythm;
  due: number;
  /** Not served before this, though it is due. */
  wake: number;
}

/** When each schedule and poll is due next, and how each due time ended. */
export class SlotStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(): SlotRow[] {
    const rows = this.#sql
      .exec<{ block: string; rhythm: string; due: number; wake: number }>("SELECT block, rhythm, due, wake FROM slot ORDER BY due")
      .toArray();
    return rows.map(({ rhythm, ...row }) => ({ ...row, rhythm: JSON.parse(rhythm) as Rhythm }));
  }

  /** Serves the slot no earlier than `wake`; when it is due does not change. */
  postpone(block: string, wake: number): void {
    this.#sql.exec("UPDATE slot SET wake = ? WHERE block = ?", wake, block);
  }

  set({ block, rhythm, due }: Omit<SlotRow, "wake">): void {
    this.#sql.exec("INSERT OR REPLACE INTO slot (block, rhythm, due) VALUES (?, ?, ?)", block, JSON.stringify(rhythm), due);
  }

  remove(block: string): void {
    this.#sql.exec("DELETE FROM slot WHERE block = ?", block);
  }

  nextDue(): number {
    return this.#sql.exec<{ due: number | null }>("SELECT min(max(due, wake)) AS due FROM slot").one().due ?? NEVER;
  }

  note(block: string, { due, outcome }: Pick<Slot, "due"> & { outcome: string }, run: string | null): void {
    this.#sql.exec("INSERT OR REPLACE INTO slot_log (block, due, outcome, run) VALUES (?, ?, ?, ?)", block, due, outcome, run);
  }

  /** How the latest due time of `block` ended. */
  lastOutcome(block: string): string | undefined {
    return this.#sql.exec<{ outcome: string }>("SELECT outcome FROM slot_log WHERE block = ? ORDER BY due DESC LIMIT 1", block).toArray()[0]
      ?.outcome;
  }
}
