import { QUEUE_LIMITS } from "../../engine/limits.ts";

/** How far each poll has come: its cursor, and the ids that it has seen. */
export class PollStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Undefined before the first poll of `source`: whom is asked what, as text to compare. */
  read(block: string, source: string): { cursor: unknown } | undefined {
    const row = this.#sql
      .exec<{ source: string; cursor: string | null }>("SELECT source, cursor FROM poll WHERE block = ?", block)
      .toArray()[0];
    if (row?.source !== source) return undefined;
    return { cursor: row.cursor === null ? undefined : JSON.parse(row.cursor) };
  }

  /** Another source begins anew: what was seen of the old one means nothing. */
  save(block: string, source: string, cursor: unknown, isFirst: boolean): void {
    if (isFirst) this.#sql.exec("DELETE FROM seen WHERE block = ?", block);
    this.#sql.exec(
      "INSERT OR REPLACE INTO poll (block, source, cursor) VALUES (?, ?, ?)",
      block,
      source,
      cursor === undefined ? null : JSON.stringify(cursor),
    );
  }

  hasSeen(block: string, id: string): boolean {
    return this.#sql.exec("SELECT 1 FROM seen WHERE block = ? AND k = ?", block, id).toArray().length > 0;
  }

  see(block: string, id: string, at: number): void {
    this.#sql.exec("INSERT OR REPLACE INTO seen (block, k, at) VALUES (?, ?, ?)", block, id, at);
  }

  /** Keeps the newest ids of `block`. */
  trim(block: string): void {
    const { n } = this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM seen WHERE block = ?", block).one();
    if (n <= QUEUE_LIMITS.seen) return;
    this.#sql.exec(
      "DELETE FROM seen WHERE block = ?1 AND k IN (SELECT k FROM seen WHERE block = ?1 ORDER BY at LIMIT ?2)",
      block,
      n - QUEUE_LIMITS.seen,
    );
  }
}
