// A durable object's storage on SQLite in memory. It can be doomed: what is written from then on is undone when the object dies, as the
// platform loses what it had not yet made durable, and holds back whatever would have told the outside of it.
import { DatabaseSync } from "node:sqlite";

const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE)/i;

export class SimStorage {
  alarm: number | null = null;
  /** Nothing that the object does from here on leaves it. */
  isDoomed = false;
  /** Writes until it is doomed. */
  doomAfter = Number.POSITIVE_INFINITY;
  /** Whether the alarm was set or deleted since it last fired. */
  isAlarmNew = false;
  writes = 0;
  readonly #db = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  #depth = 0;
  #durableAlarm: number | null = null;

  readonly sql = { exec: <T>(text: string, ...bindings: unknown[]) => this.#exec<T>(text, bindings) };

  transactionSync<T>(work: () => T): T {
    const name = `t${this.#depth++}`;
    this.#db.exec(`SAVEPOINT ${name}`);
    try {
      const result = work();
      this.#db.exec(`RELEASE ${name}`);
      return result;
    } catch (error) {
      this.#db.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
      throw error;
    } finally {
      this.#depth--;
      this.#wrote();
    }
  }

  async setAlarm(at: number): Promise<void> {
    this.alarm = at;
    this.isAlarmNew = true;
    this.#wrote();
  }

  async deleteAlarm(): Promise<void> {
    this.alarm = null;
    this.isAlarmNew = true;
    this.#wrote();
  }

  /** The object is dead: what was not durable is gone. */
  die(): void {
    if (this.isDoomed) {
      this.#db.exec("ROLLBACK TO doom; RELEASE doom");
      this.alarm = this.#durableAlarm;
    }
    this.isDoomed = false;
    this.doomAfter = Number.POSITIVE_INFINITY;
  }

  /** From here on nothing more fits onto the disk, or everything does again. */
  set isFull(isFull: boolean) {
    const { page_count } = this.#db.prepare("PRAGMA page_count").get() as { page_count: number };
    this.#db.exec(`PRAGMA max_page_count = ${isFull ? page_count : 4_294_967_294}`);
  }

  /** For checks: rows as they are. */
  rows<T>(text: string, ...bindings: unknown[]): T[] {
    return this.#prepare(text).all(...bindings) as T[];
  }

  close(): void {
    this.#db.close();
  }

  #exec<T>(text: string, bindings: unknown[]): { toArray(): T[]; one(): T } {
    if (text.includes(";")) this.#db.exec(text);
    const rows = text.includes(";") ? [] : this.rows<T>(text, ...bindings);
    if (WRITES.test(text)) this.#wrote();
    const one = () => {
      const [row] = rows;
      if (row === undefined) throw new Error(`no row: ${text}`);
      return row;
    };
    return { toArray: () => rows, one };
  }

  #prepare(text: string): ReturnType<DatabaseSync["prepare"]> {
    const known = this.#statements.get(text) ?? this.#db.prepare(text);
    this.#statements.set(text, known);
    return known;
  }

  /** Writes without an await between them are durable together: the doom comes after this one and those that follow at once. */
  #wrote(): void {
    if (this.#depth > 0 || this.isDoomed) return;
    this.writes++;
    if (--this.doomAfter === 0) queueMicrotask(() => this.#doom());
  }

  #doom(): void {
    if (this.doomAfter === Number.POSITIVE_INFINITY) return;
    this.isDoomed = true;
    this.#durableAlarm = this.alarm;
    this.#db.exec("SAVEPOINT doom");
  }
}
