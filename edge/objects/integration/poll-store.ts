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

  /** How far the pages of a poll have been read that is not through, as it was kept. */
  readKept(block: string): string | undefined {
    return this.#sql.exec<{ body: string }>("SELECT body FROM poll_page WHERE block = ? AND n = 0", block).toArray()[0]?.body;
  }

  /** The pages themselves, in their order. */
  keptPages(block: string): string[] {
    const rows = this.#sql.exec<{ body: string }>("SELECT body FROM poll_page WHERE block = ? AND n > 0 ORDER BY n", block);
    return rows.toArray().map(({ body }) => body);
  }

  /** Notes how far the pages have been read, and adds `pages`. Each has 2 MB at most. */
  keep(block: string, body: string, pages: readonly string[]): void {
    const { n } = this.#sql.exec<{ n: number | null }>("SELECT max(n) AS n FROM poll_page WHERE block = ?", block).one();
    this.#sql.exec("INSERT OR REPLACE INTO poll_page (block, n, body) VALUES (?, 0, ?)", block, body);
    for (const [index, page] of pages.entries())
      this.#sql.exec("INSERT INTO poll_page (block, n, body) VALUES (?, ?, ?)", block, (n ?? 0) + 1 + index, page);
  }

  forgetKept(block: string): void {
    this.#sql.exec("DELETE FROM poll_page WHERE block = ?", block);
  }

  /** Forgets pages of blocks that poll no more. */
  purgeKept(): void {
    this.#sql.exec("DELETE FROM poll_page WHERE block NOT IN (SELECT block FROM slot)");
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
