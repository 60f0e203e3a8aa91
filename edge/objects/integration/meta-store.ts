/** Small facts about the object itself, by name. */
export class MetaStore {
  readonly #sql: SqlStorage;
  /** As stored: this store is the one writer. */
  readonly #known = new Map<string, string | undefined>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(key: string): string | undefined {
    if (!this.#known.has(key)) this.#known.set(key, this.#sql.exec<{ v: string }>("SELECT v FROM meta WHERE k = ?", key).toArray()[0]?.v);
    return this.#known.get(key);
  }

  set(key: string, value: string): void {
    this.#known.delete(key);
    this.#sql.exec("INSERT OR REPLACE INTO meta (k, v) VALUES (?, ?)", key, value);
  }
}
