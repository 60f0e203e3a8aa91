/** What `set` steps keep between runs. */
export class StateStore {
  readonly #sql: SqlStorage;
  /** As stored, by JSON: this store is the one writer. */
  #known: string | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  read(): Record<string, unknown> {
    if (this.#known !== undefined) return JSON.parse(this.#known) as Record<string, unknown>;
    const rows = this.#sql.exec<{ k: string; v: string }>("SELECT k, v FROM state").toArray();
    const state = Object.fromEntries(rows.map(({ k, v }): [string, unknown] => [k, JSON.parse(v)]));
    this.#known = JSON.stringify(state);
    return state;
  }

  /** Key by key: the last run that ends wins. */
  merge(changes: Record<string, unknown>): void {
    this.#known = undefined;
    for (const [key, value] of Object.entries(changes))
      if (value === undefined || value === null) this.#sql.exec("DELETE FROM state WHERE k = ?", key);
      else this.#sql.exec("INSERT OR REPLACE INTO state (k, v) VALUES (?, ?)", key, JSON.stringify(value));
  }
}
