/** What `set` steps keep between runs. */
export class StateStore {
  readonly #sql: SqlStorage;
  /** As stored, by JSON: this store is the one writer. */
  #known: string | null | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The whole state as JSON; null where it is empty. */
  text(): string | null {
    if (this.#known === undefined) {
      const rows = this.#sql.exec<{ k: string; v: string }>("SELECT k, v FROM state").toArray();
      this.#known = rows.length ? JSON.stringify(Object.fromEntries(rows.map(({ k, v }): [string, unknown] => [k, JSON.parse(v)]))) : null;
    }
    return this.#known;
  }

  read(): Record<string, unknown> {
    return JSON.parse(this.text() ?? "{}") as Record<string, unknown>;
  }

  /** Key by key: the last run that ends wins. */
  merge(changes: Record<string, unknown>): void {
    if (Object.keys(changes).length) this.#known = undefined;
    for (const [key, value] of Object.entries(changes))
      if (value === undefined || value === null) this.#sql.exec("DELETE FROM state WHERE k = ?", key);
      else this.#sql.exec("INSERT OR REPLACE INTO state (k, v) VALUES (?, ?)", key, JSON.stringify(value));
  }
}
