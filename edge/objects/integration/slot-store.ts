import type { Why } from "../../../shared/api/run.ts";
import type { Rhythm, Slot } from "../../engine/next-slot.ts";
import { NEVER } from "./run-store.ts";

export interface SlotRow {
  block: string;
  rhythm: Rhythm;
  due: number;
  /** Not served before this, though it is due. */
  wake: number;
  /** When this was set; 0 where an earlier release did. */
  planned: number;
}

/** How a due time ended, at `at` (ms). `failed`: a poll was not answered. */
export interface SlotNote {
  due: number;
  outcome: Slot["outcome"] | "failed";
  at: number;
  run?: string | undefined;
  reason?: string | undefined;
  why?: Why | undefined;
}

/** A note as stored; those of earlier releases have no `at`, and the words of a failed poll in `outcome`. */
export interface SlotRecord {
  block: string;
  due: number;
  outcome: string;
  run: string | null;
  at: number | null;
  reason: string | null;
  /** `reason` by its code, as JSON. */
  why: string | null;
}

interface SlotRange {
  outcome?: Slot["outcome"] | undefined;
  from: number;
  to: number;
  limit: number;
}

/** When each schedule and poll is due next, and how each due time ended. */
export class SlotStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  list(): SlotRow[] {
    const rows = this.#sql
      .exec<Omit<SlotRow, "rhythm"> & { rhythm: string }>("SELECT block, rhythm, due, wake, planned FROM slot ORDER BY due")
      .toArray();
    return rows.map(({ rhythm, ...row }) => ({ ...row, rhythm: JSON.parse(rhythm) as Rhythm }));
  }

  /** Serves the slot no earlier than `wake`; when it is due does not change. */
  postpone(block: string, wake: number): void {
    this.#sql.exec("UPDATE slot SET wake = ? WHERE block = ?", wake, block);
  }

  set({ block, rhythm, due }: Pick<SlotRow, "block" | "rhythm" | "due">, now: number): void {
    const row = [block, JSON.stringify(rhythm), due, now];
    this.#sql.exec("INSERT OR REPLACE INTO slot (block, rhythm, due, planned) VALUES (?, ?, ?, ?)", ...row);
  }

  remove(block: string): void {
    this.#sql.exec("DELETE FROM slot WHERE block = ?", block);
  }

  nextDue(): number {
    return this.#sql.exec<{ due: number | null }>("SELECT min(max(due, wake)) AS due FROM slot").one().due ?? NEVER;
  }

  note(block: string, { due, outcome, at, run, reason, why }: SlotNote): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO slot_log (block, due, outcome, run, at, reason, why) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[block, due, outcome, run ?? null, at, reason ?? null, why ? JSON.stringify(why) : null],
    );
  }

  /** Whether a time that `block` was due at has ended. */
  isNoted(block: string, due: number): boolean {
    return this.#sql.exec("SELECT 1 FROM slot_log WHERE block = ? AND due = ?", block, due).toArray().length > 0;
  }

  /** Times after `now` that `block` has run for: of a clock that ran ahead. */
  ranBeyond(block: string, now: number): Set<number> {
    const rows = this.#sql.exec<{ due: number }>("SELECT due FROM slot_log WHERE block = ? AND due > ? AND run IS NOT NULL", block, now);
    return new Set(rows.toArray().map(({ due }) => due));
  }

  /** How the latest due time of `block` ended. */
  last(block: string): Pick<SlotRecord, "outcome" | "reason" | "why"> | undefined {
    return this.#sql
      .exec<{ outcome: string; reason: string | null; why: string | null }>(
        "SELECT outcome, reason, why FROM slot_log WHERE block = ? ORDER BY due DESC LIMIT 1",
        block,
      )
      .toArray()[0];
  }

  /** Due times of `block` from `from` up to, not including, `to`, latest first; those that ended in `outcome` alone, where one is given. */
  history(block: string, { outcome, from, to, limit }: SlotRange): SlotRecord[] {
    const isSkipped = outcome === "skipped" ? 1 : 0;
    return this.#sql
      .exec<SlotRecord & Record<string, SqlStorageValue>>(
        `SELECT * FROM slot_log WHERE block = ?1 AND due >= ?2 AND due < ?3 AND
          (?4 IS NULL OR CASE WHEN ?5 THEN outcome NOT IN ('ran', 'late', 'coalesced') ELSE outcome = ?4 END) ORDER BY due DESC LIMIT ?6`,
        ...[block, from, to, outcome ?? null, isSkipped, limit],
      )
      .toArray();
  }

  /** Blocks that had due times. */
  blocks(): string[] {
    return this.#sql
      .exec<{ block: string }>("SELECT DISTINCT block FROM slot_log")
      .toArray()
      .map(({ block }) => block);
  }
}
