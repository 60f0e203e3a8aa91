import type { MetaStore } from "./meta-store.ts";

/** How many runs come to rest before the mark moves: one row for that many. */
const STEP = 8;
const KEY = "mark";

/**
 * What the object must look at when it starts again: runs from a mark on, and single ones behind it that have changed since. Everything
 * else is at rest: it has ended or waits for something, and the ledger knows.
 */
export class RestartMarks {
  readonly #sql: SqlStorage;
  readonly #meta: MetaStore;
  readonly #late: Set<string>;
  #mark: string;
  #rested = 0;

  constructor(sql: SqlStorage, meta: MetaStore) {
    this.#sql = sql;
    this.#meta = meta;
    this.#mark = meta.get(KEY) ?? "";
    this.#late = new Set(
      sql
        .exec<{ run: string }>("SELECT run FROM late")
        .toArray()
        .map(({ run }) => run),
    );
  }

  get mark(): string {
    return this.#mark;
  }

  get late(): ReadonlySet<string> {
    return this.#late;
  }

  /** `run` has changed, and is looked at after a restart from here on. */
  changed(run: string): void {
    if (run >= this.#mark || this.#late.has(run)) return;
    this.#late.add(run);
    this.#sql.exec("INSERT OR IGNORE INTO late (run) VALUES (?)", run);
  }

  /** The same, where what was written of it may be gone. */
  again(run: string): void {
    this.#late.delete(run);
    this.changed(run);
  }

  /** `run` is at rest. `active`: all that are not. */
  rested(run: string, active: () => Iterable<string>, activeCount: number): void {
    if (this.#late.delete(run)) return void this.#sql.exec("DELETE FROM late WHERE run = ?", run);
    if (++this.#rested < Math.max(STEP, activeCount / 4)) return;
    this.#rested = 0;
    let first: string | undefined;
    for (const id of active()) if (!this.#late.has(id) && (first === undefined || id < first)) first = id;
    this.#mark = first ?? after(run > this.#mark ? run : this.#mark);
    this.#meta.set(KEY, this.#mark);
  }
}

/** The first text behind `id` and before every later id. */
const after = (id: string) => (id.endsWith("!") ? id : `${id}!`);
