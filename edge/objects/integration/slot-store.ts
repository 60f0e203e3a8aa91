import type { Rhythm, Slot } from "../../engine/next-slot.ts";
import { NEVER } from "./run-store.ts";

export interface SlotRow {
  block: string;
  rhythm: Rhythm;
  due: number;
}

/** When each schedule and poll is due next, and how each due time ended. */
export class SlotStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(): SlotRow[] {
    const rows = this.#sql
      .exec<{ block: string; rhythm: string; due: number }>("SELECT block, rhythm, due FROM slot ORDER BY due")
      .toArray();
    return rows.map(({ block, rhythm, due }) => ({ block, rhythm: JSON.parse(rhythm) as Rhythm, due }));
  }

  set({ block, rhythm, due }: SlotRow): void {
    this.#sql.exec("INSERT OR REPLACE INTO slot (block, rhythm, due) VALUES (?, ?, ?)", block, JSON.stringify(rhythm), due);
  }

  remove(block: string): void {
    this.#sql.exec("DELETE FROM slot WHERE block = ?", block);
  }

  nextDue(): number {
    return this.#sql.exec<{ due: number | null }>("SELECT min(due) AS due FROM slot").one().due ?? NEVER;
  }

  note(block: string, { due, outcome }: Pick<Slot, "due"> & { outcome: string }, run: string | null): void {
    this.#sql.exec("INSERT OR REPLACE INTO slot_log (block, due, outcome, run) VALUES (?, ?, ?, ?)", block, due, outcome, run);
  }

  log(block: string): { due: number; outcome: string; run: string | null }[] {
    return this.#sql
      .exec<{ due: number; outcome: string; run: string | null }>(
        "SELECT due, outcome, run FROM slot_log WHERE block = ? ORDER BY due DESC LIMIT 1000",
        block,
      )
      .toArray();
  }
}
