// The runs of one integration and their journals, in the object's own SQLite. Synchronous: statements without an await between them commit together.
import type { RunError, RunStatus } from "../../../shared/api/run.ts";
import type { TriggerType } from "../../../shared/flow/trigger.ts";
import type { Journal, JournalEntry, Signal, TraceEntry } from "../../engine/journal.ts";
import { cutValue, jsonSize } from "../../engine/json-size.ts";
import { QUEUE_LIMITS, RUN_LIMITS } from "../../engine/limits.ts";
import type { RunEnd } from "../../engine/run-block.ts";
import type { RunFilter } from "./rpc.ts";
import { SignalStore } from "./signal-store.ts";

/** Later than any time: a run that waits for somebody. */
export const NEVER = 9e15;
const LIVE = "open = 1 AND ended IS NULL";
const POISON: RunError = {
  code: "poison",
  message: `Given up: the run broke off ${RUN_LIMITS.deaths * 2} times without getting any further`,
  class: "internal",
  retryable: false,
};
/** The first pause (ms) of a run in quarantine; each further one is twice as long. */
const QUARANTINE = 10_000;

export interface RunRow {
  [column: string]: SqlStorageValue;
  id: string;
  block: string;
  type: TriggerType;
  status: RunStatus;
  wake: number;
  part: string;
  config: number;
  /** The run whose id stands in effect keys: itself, or the first attempt. */
  origin: string;
  tasks: number;
  crashes: number;
  accepted: number;
  started: number | null;
  ended: number | null;
  account: string | null;
  reason: string | null;
  error: string | null;
  input: string;
  state: string | null;
  output: string | null;
  trace: string | null;
}

/** A run to insert. `dedupe` makes it start once; `part` is the partition of a fifo block, prefixed, or empty. */
export interface NewRun {
  id: string;
  block: string;
  type: TriggerType;
  part: string;
  config: number;
  input: unknown;
  accepted: number;
  origin?: string;
  dedupe?: string | undefined;
  journal?: JournalEntry[];
}

export interface RunJournal extends Journal {
  entries(): JournalEntry[];
  /** Tasks of all entries. */
  readonly tasks: number;
}

export class RunStore {
  readonly #sql: SqlStorage;
  readonly #signals: SignalStore;
  /** By run that is driven: the last event that had come for it when the drive began. */
  readonly #seen = new Map<string, number>();
  #queued: number;
  /** Runs that were canceled while they were driven. */
  readonly #canceled = new Set<string>();
  /** Whether any run that has not ended may be in a partition. */
  #hasParts: boolean;
  /** Whether nothing has changed since the ledger was told of everything. */
  #isTold = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#signals = new SignalStore(sql);
    this.#queued = sql.exec<{ n: number }>(`SELECT count(*) AS n FROM run WHERE ${LIVE} AND status = 'queued'`).one().n;
    this.#hasParts = sql.exec(`SELECT 1 FROM run WHERE part <> '' AND ${LIVE} LIMIT 1`).toArray().length > 0;
  }

  /** How many further runs may be queued. */
  get room(): number {
    return QUEUE_LIMITS.queued - this.#queued;
  }

  /** Runs that were running when the object died are taken up again; see {@link noteDeath}. */
  recover(now: number): void {
    const died = this.#sql.exec<{ id: string }>(`SELECT id FROM run WHERE ${LIVE} AND status = 'running'`).toArray();
    for (const { id } of died) this.noteDeath(id, now, 0);
    this.#queued = this.#sql.exec<{ n: number }>(`SELECT count(*) AS n FROM run WHERE ${LIVE} AND status = 'queued'`).one().n;
  }

  /**
   * A drive of the run broke off: it is queued again, `pause` ms from now. One whose drives broke off three times without journaling
   * anything may be what kills the object: it is held apart from the others for longer and longer, and after three more deaths has failed.
   */
  noteDeath(id: string, now: number, pause: number): void {
    const run = this.read(id);
    if (run?.status !== "running") return;
    const crashes = run.crashes + 1;
    const isOver = crashes >= RUN_LIMITS.deaths * 2;
    const apart = crashes >= RUN_LIMITS.deaths ? QUARANTINE * 2 ** (crashes - RUN_LIMITS.deaths) : 0;
    if (isOver) {
      this.#signals.forget(id);
      this.#change("UPDATE run SET status = 'failed', ended = ?, error = ?, pub = 0 WHERE id = ?", now, JSON.stringify(POISON), id);
    } else {
      this.#sql.exec("UPDATE run SET crashes = ? WHERE id = ?", crashes, id);
      this.requeue(id, now + Math.max(pause, apart));
    }
  }

  /** Inserts a run, unless its dedupe key is known: then the id of the run that has it. */
  insert(run: NewRun): { id: string; duplicate: boolean } {
    if (run.dedupe !== undefined) {
      const known = this.#sql.exec<{ run: string }>("SELECT run FROM dedupe WHERE block = ? AND k = ?", run.block, run.dedupe).toArray()[0];
      if (known) return { id: known.run, duplicate: true };
      this.#sql.exec("INSERT INTO dedupe (block, k, run, at) VALUES (?, ?, ?, ?)", run.block, run.dedupe, run.id, run.accepted);
    }
    this.#change(
      "INSERT INTO run (id, block, type, status, wake, part, config, origin, tasks, accepted, input) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
      run.id,
      run.block,
      run.type,
      run.accepted,
      run.part,
      run.config,
      run.origin ?? run.id,
      (run.journal ?? []).reduce((sum, entry) => sum + entry.tasks, 0),
      run.accepted,
      JSON.stringify(run.input) ?? "null",
    );
    this.#queued++;
    this.#hasParts ||= run.part !== "";
    for (const entry of run.journal ?? []) this.#putEntry(run.id, entry);
    return { id: run.id, duplicate: false };
  }

  read(id: string): RunRow | undefined {
    return this.#sql.exec<RunRow>("SELECT * FROM run WHERE id = ?", id).toArray()[0];
  }

  /** Whether the run was canceled while it was driven. */
  isCanceled(id: string): boolean {
    return this.#canceled.has(id);
  }

  statusOf(id: string): RunStatus | undefined {
    return this.#sql.exec<{ status: RunStatus }>("SELECT status FROM run WHERE id = ?", id).toArray()[0]?.status;
  }

  liveIds(): string[] {
    return this.#sql
      .exec<{ id: string }>(`SELECT id FROM run WHERE ${LIVE}`)
      .toArray()
      .map((row) => row.id);
  }

  /** Runs of `block` that may start now, oldest first: all of an unordered block, of a fifo one the first of each partition. */
  due(block: string, now: number, limit: number): string[] {
    const free = this.#sql.exec<{ id: string }>(
      `SELECT id FROM run WHERE block = ? AND part = '' AND ${LIVE} AND status <> 'running' AND wake <= ? ORDER BY wake, id LIMIT ?`,
      block,
      now,
      limit,
    );
    const ids = free.toArray().map((row) => row.id);
    if (ids.length >= limit || !this.#hasParts) return ids;
    const heads = this.#sql.exec<{ id: string }>(
      `SELECT run.id AS id FROM (SELECT min(id) AS first FROM run WHERE block = ? AND part <> '' AND ${LIVE} GROUP BY part) JOIN run ON run.id = first
       WHERE run.status <> 'running' AND run.wake <= ? ORDER BY run.id LIMIT ?`,
      block,
      now,
      limit - ids.length,
    );
    return [...ids, ...heads.toArray().map((row) => row.id)];
  }

  /** When the next run is due that is not running and, in a partition, not behind another: ms since epoch, or NEVER. */
  nextWake(): number {
    const sql = `SELECT min(wake) AS wake FROM run WHERE ${LIVE} AND status <> 'running'
       AND (part = '' OR id IN (SELECT min(id) FROM run WHERE part <> '' AND ${LIVE} GROUP BY block, part))`;
    return this.#sql.exec<{ wake: number | null }>(sql).one().wake ?? NEVER;
  }

  liveBlocks(): string[] {
    return this.#sql
      .exec<{ block: string }>(`SELECT DISTINCT block FROM run WHERE ${LIVE}`)
      .toArray()
      .map((row) => row.block);
  }

  /** Marks a run as running, with the state that it begins with. */
  begin(run: RunRow, now: number, state: Record<string, unknown>): RunRow {
    const started = run.started ?? now;
    const kept = run.state ?? JSON.stringify(state);
    if (run.status === "queued") this.#queued--;
    this.#seen.set(run.id, this.#signals.newest(run.id));
    this.#change(
      "UPDATE run SET status = 'running', started = ?, state = ?, reason = NULL, account = NULL, pub = 0 WHERE id = ?",
      started,
      kept === "{}" ? null : kept,
      run.id,
    );
    return { ...run, status: "running", started, state: kept };
  }

  /** Stores how a drive ended, unless the run was canceled meanwhile. False then. */
  finish(id: string, end: RunEnd, now: number, trace: TraceEntry[], tasks: number): boolean {
    const row = this.#sql.exec<{ status: RunStatus }>("SELECT status FROM run WHERE id = ?", id).toArray()[0];
    const seen = this.#seen.get(id) ?? 0;
    this.#canceled.delete(id);
    this.#seen.delete(id);
    if (row?.status !== "running") return false;
    const traced = trace.length ? JSON.stringify(trace) : null;
    if (end.status === "waiting") {
      const wake = this.#signals.newest(id) > seen ? now : Math.min(end.wakeAt, NEVER);
      this.#change(
        "UPDATE run SET tasks = ?, status = 'waiting', wake = ?, reason = ?, account = ?, trace = ?, pub = 0 WHERE id = ?",
        tasks,
        wake,
        end.reason,
        end.account ?? null,
        traced,
        id,
      );
    } else if (end.status === "spent") {
      this.#queued++;
      this.#sql.exec("UPDATE run SET tasks = ?, status = 'queued', wake = ?, trace = ? WHERE id = ?", tasks, now, traced, id);
    } else {
      this.#signals.forget(id);
      this.#change(
        "UPDATE run SET tasks = ?, status = ?, ended = ?, reason = ?, error = ?, output = ?, trace = ?, pub = 0 WHERE id = ?",
        tasks,
        end.status,
        now,
        end.status === "stopped" ? end.reason : null,
        end.status === "failed" ? JSON.stringify(end.error) : null,
        end.status === "succeeded" && end.output !== undefined ? storable(end.output) : null,
        traced,
        id,
      );
    }
    return true;
  }

  /** Puts a run that could not be driven back into the queue, to be taken up at `wake`. */
  requeue(id: string, wake: number): void {
    if (this.statusOf(id) !== "running") return;
    this.#change("UPDATE run SET status = 'queued', wake = ?, pub = 0 WHERE id = ?", wake, id);
    this.#queued++;
  }

  /** Ends a run that has not ended. Undefined where there is none such. */
  cancel(id: string, now: number, reason: string): RunRow | undefined {
    const run = this.read(id);
    if (!run || run.ended !== null) return run;
    if (run.status === "queued") this.#queued--;
    if (run.status === "running") this.#canceled.add(id);
    this.#signals.forget(id);
    this.#change("UPDATE run SET status = 'canceled', ended = ?, reason = ?, pub = 0 WHERE id = ?", now, reason, id);
    return this.read(id);
  }

  /** Runs that wait for `account` are due now. */
  release(account: string, now: number): void {
    this.#sql.exec(`UPDATE run SET wake = ? WHERE ${LIVE} AND status = 'waiting' AND account = ?`, now, account);
  }

  /** The journal of a run, read once; what is put into it is stored at once. `hasDied`: the first entry put clears the run's deaths. */
  journal(id: string, hasDied = false): RunJournal {
    let isSuspect = hasDied;
    const rows = this.#sql.exec<{ body: string }>("SELECT body FROM journal WHERE run = ?", id).toArray();
    const entries = new Map(
      rows.map(({ body }): [string, JournalEntry] => {
        const entry = JSON.parse(body) as JournalEntry;
        return [entry.path, entry];
      }),
    );
    let tasks = 0;
    for (const entry of entries.values()) tasks += entry.tasks;
    return {
      get: (path) => entries.get(path),
      put: (entry) => {
        tasks += entry.tasks - (entries.get(entry.path)?.tasks ?? 0);
        entries.set(entry.path, entry);
        this.#putEntry(id, entry);
        if (isSuspect) this.#sql.exec("UPDATE run SET crashes = 0 WHERE id = ?", id);
        isSuspect = false;
      },
      signals: (path, seen) => this.#signals.of(id, path, seen),
      entries: () => [...entries.values()],
      get tasks() {
        return tasks;
      },
    };
  }

  /** One effect of a run, without reading the others. */
  entry(run: string, path: string): JournalEntry | undefined {
    const row = this.#sql.exec<{ body: string }>("SELECT body FROM journal WHERE run = ? AND path = ?", run, path).toArray()[0];
    return row && (JSON.parse(row.body) as JournalEntry);
  }

  #putEntry(run: string, entry: JournalEntry): void {
    this.#sql.exec("INSERT OR REPLACE INTO journal (run, path, body) VALUES (?, ?, ?)", run, entry.path, JSON.stringify(entry));
    this.#signals.follow(run, entry);
  }

  /** Hands an event of the host to the runs that wait for its type; they are due now. An event that was handed over before does nothing. */
  signal(event: Signal["event"], now: number): void {
    const isNew = this.#sql.exec("INSERT OR IGNORE INTO dedupe (block, k, run, at) VALUES ('*', ?, '', ?)", event.id, now).rowsWritten > 0;
    for (const run of isNew ? this.#signals.deliver(event) : [])
      this.#sql.exec("UPDATE run SET wake = ? WHERE id = ? AND status = 'waiting'", now, run);
  }

  list({ status, block, from, to, limit = 50, cursor }: RunFilter): { rows: RunRow[]; next: string | null } {
    const size = Math.min(Math.max(1, limit), 200);
    const rows = this.#sql
      .exec<RunRow>(
        `SELECT * FROM run WHERE id < ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR block = ?3) AND accepted >= ?4 AND accepted <= ?5
         ORDER BY id DESC LIMIT ?6`,
        cursor ?? "s",
        status ?? null,
        block ?? null,
        readTime(from, 0),
        readTime(to, NEVER),
        size + 1,
      )
      .toArray();
    const next = rows.length > size ? (rows[size - 1]?.id ?? null) : null;
    return { rows: rows.slice(0, size), next };
  }

  /** The newest run of each block, among the newest 2,000. */
  lastRuns(): Map<string, RunRow> {
    const rows = this.#sql.exec<RunRow>("SELECT *, max(id) FROM (SELECT * FROM run ORDER BY id DESC LIMIT 2000) GROUP BY block");
    return new Map(rows.toArray().map((row) => [row.block, row]));
  }

  unpublished(limit: number): RunRow[] {
    if (this.#isTold) return [];
    const rows = this.#sql.exec<RunRow>("SELECT * FROM run WHERE open = 1 AND pub = 0 LIMIT ?", limit).toArray();
    this.#isTold = rows.length === 0;
    return rows;
  }

  /** A statement after which the ledger has to be told. */
  #change(text: string, ...bindings: SqlStorageValue[]): void {
    this.#isTold = false;
    this.#sql.exec(text, ...bindings);
  }

  /** Marks what was published, where nothing has changed since. */
  published(rows: readonly RunRow[]): void {
    for (const row of rows)
      this.#sql.exec(
        "UPDATE run SET pub = 1, open = (ended IS NULL) WHERE id = ? AND status = ? AND tasks = ? AND wake = ?",
        row.id,
        row.status,
        row.tasks,
        row.wake,
      );
  }

  /** When the oldest run that is kept was accepted (ms), or NEVER. */
  oldest(): number {
    return this.#sql.exec<{ accepted: number }>("SELECT accepted FROM run ORDER BY id LIMIT 1").toArray()[0]?.accepted ?? NEVER;
  }

  /** Forgets runs that ended before `ended`, dedupe keys and slots before `seen`. */
  purge(ended: number, seen: number): void {
    this.#sql.exec("DELETE FROM journal WHERE run IN (SELECT id FROM run WHERE ended < ?)", ended);
    this.#sql.exec("DELETE FROM run WHERE ended < ?", ended);
    this.#sql.exec("DELETE FROM dedupe WHERE at < ?", seen);
    this.#sql.exec("DELETE FROM slot_log WHERE due < ?", ended);
  }
}

/** An output as its column holds it: of one too large for a row, the beginning. */
function storable(output: unknown): string | null {
  const isLarge = jsonSize(output, RUN_LIMITS.output) > RUN_LIMITS.output;
  return JSON.stringify(isLarge ? cutValue(output, RUN_LIMITS.input) : output) ?? null;
}

function readTime(text: string | undefined, fallback: number): number {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? fallback : time;
}
