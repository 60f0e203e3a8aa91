import type { JournalEntry, Signal } from "../../engine/journal.ts";

type HostEvent = Signal["event"];

/** Which steps of which runs wait for events of the host, and the events that came for them and have not been looked at. */
export class SignalStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Follows the journal: a wait that is open is waited for, one that is over is not, events that were looked at go. */
  follow(run: string, { path, event, status, seen = 0 }: JournalEntry): void {
    if (event === undefined) return;
    const isOpen = status === "waiting";
    if (isOpen) this.#sql.exec("INSERT OR IGNORE INTO waiter (run, path, event) VALUES (?, ?, ?)", run, path, event);
    else this.#sql.exec("DELETE FROM waiter WHERE run = ? AND path = ?", run, path);
    this.#sql.exec("DELETE FROM signal WHERE run = ? AND path = ? AND seq <= ?", run, path, isOpen ? seen : Number.MAX_SAFE_INTEGER);
  }

  of(run: string, path: string, seen: number): Signal[] {
    return this.#sql
      .exec<{ seq: number; body: string }>(
        "SELECT seq, body FROM signal WHERE run = ? AND path = ? AND seq > ? ORDER BY seq",
        run,
        path,
        seen,
      )
      .toArray()
      .map(({ seq, body }) => ({ seq, event: JSON.parse(body) as HostEvent }));
  }

  /** Keeps `event` for every step that waits for its type. The runs that have something to look at now. */
  deliver(event: HostEvent): string[] {
    const waiters = this.#sql.exec<{ run: string; path: string }>("SELECT run, path FROM waiter WHERE event = ?", event.type).toArray();
    const body = JSON.stringify(event);
    for (const { run, path } of waiters) this.#sql.exec("INSERT INTO signal (run, path, body) VALUES (?, ?, ?)", run, path, body);
    return [...new Set(waiters.map(({ run }) => run))];
  }

  /** The number of the last event that came for the run and has not gone; 0 where there is none. */
  newest(run: string): number {
    return this.#sql.exec<{ seq: number | null }>("SELECT max(seq) AS seq FROM signal WHERE run = ?", run).one().seq ?? 0;
  }

  /** The run waits for nothing any more. */
  forget(run: string): void {
    this.#sql.exec("DELETE FROM waiter WHERE run = ?", run);
    this.#sql.exec("DELETE FROM signal WHERE run = ?", run);
  }
}
