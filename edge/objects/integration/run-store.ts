// The runs of one integration, in the object's own SQLite, and in memory those that are queued or driven. Synchronous: statements without
// an await between them commit together. That a run is driven is known in memory alone; after a restart it is queued again.
import type { RunError, Why } from "../../../shared/api/run.ts";
import type { TriggerType } from "../../../shared/flow/trigger.ts";
import type { JournalEntry, Signal, TraceEntry } from "../../engine/journal.ts";
import { cutValue, jsonSize } from "../../engine/json-size.ts";
import { QUEUE_LIMITS, RUN_LIMITS } from "../../engine/limits.ts";
import type { RunEnd } from "../../engine/run-block.ts";
import { logFault } from "../../security/log-line.ts";
import { keepLocked } from "../locked.ts";
import type { CommitGroup } from "./commit-group.ts";
import type { MetaStore } from "./meta-store.ts";
import { RestartMarks } from "./restart-marks.ts";
import type { RunFilter } from "./rpc.ts";
import { type Begun, openJournal, type RunJournal, type StoredEntry, withoutBegun } from "./run-journal.ts";
import { NEVER, RunQueue } from "./run-queue.ts";
import { entriesOf, listRuns, newestRuns, oldestRun, purgeRuns, type RunRow, readEntry, selectRun } from "./run-rows.ts";
import { SignalStore } from "./signal-store.ts";

export type { RunJournal } from "./run-journal.ts";
export { NEVER } from "./run-queue.ts";
export type { RunRow } from "./run-rows.ts";

const POISON: RunError = {
  code: "poison",
  message: `Given up: the run broke off ${RUN_LIMITS.deaths * 2} times without getting any further`,
  class: "internal",
  retryable: false,
};
/** The first pause (ms) of a run in quarantine; each further one is twice as long. */
const QUARANTINE = 10_000;
/** How long a queued run may be put off (ms). */
const LONGEST_PAUSE = 300_000;
/** A run that was due for longer (ms) when the object started may have been driven when it died. */
const SUSPECT = 1_000;
/** Rows kept in memory from their insert to their drive: how many, and the characters of input of each. */
const KEPT = { rows: 512, input: 8_000 };
/** Entries that stand in their run's own row: characters. */
const INLINE = 100_000;

/** A run to insert. `dedupe` makes it start once; `part` is the partition of a fifo block, prefixed, or empty. */
export interface NewRun {
  id: string;
  block: string;
  type: TriggerType;
  /** Somebody started it. */
  byHand?: boolean;
  part: string;
  config: number;
  input: unknown;
  /** The input as it is stored already, of a run that is tried again. */
  stored?: string;
  accepted: number;
  origin?: string;
  dedupe?: string | undefined;
  journal?: JournalEntry[];
  /** Why it has failed before it could begin. */
  fault?: RunError;
}

/** A run that is queued or driven. */
interface OpenRun {
  id: string;
  block: string;
  part: string;
  /** As inserted, while small and not driven. */
  row?: RunRow;
  /** Inserted in this life, never driven: it has no journal. */
  isFresh: boolean;
  /** It may have been driven when the object died: its drives are noted durably. */
  isSuspect: boolean;
  /** It waits, by its row; its time has come. */
  isPromoted: boolean;
  /** What its last drive has done and could not store. */
  owed?: readonly StoredEntry[];
  /** `seen`, `releases`: how many signals of the run, and releases of accounts, there had been when the drive began. */
  drive?: { started: number; journal: RunJournal; seen: number; releases: number };
}

/** A run whose state the ledger does not know, and which change it was. */
export interface Untold {
  row: RunRow;
  change: number;
}

/** A run that is about to be driven: as it is, what it began with, and what it has done. */
export interface Begin {
  row: RunRow;
  journal: RunJournal;
}

export class RunStore {
  readonly #sql: SqlStorage;
  readonly #commits: CommitGroup;
  readonly #signals: SignalStore;
  readonly #marks: RestartMarks;
  readonly #queue: RunQueue;
  readonly #open = new Map<string, OpenRun>();
  readonly #untold = new Map<string, { change: number; row: RunRow | undefined }>();
  /** Runs that were canceled while they were driven: until that drive is over they hold up their partition, since a call may be under way. */
  readonly #canceled = new Map<string, OpenRun>();
  /** The last release of each account, counted over all of them. */
  readonly #released = new Map<string, number>();
  #releases = 0;
  #changes = 0;
  #promoted = 0;
  /** When the first run that waits, and is not queued for it, goes on. */
  #nextWaiting = NEVER;
  #delayed = NEVER;

  constructor(sql: SqlStorage, meta: MetaStore, commits: CommitGroup) {
    this.#sql = sql;
    this.#commits = commits;
    this.#signals = new SignalStore(sql);
    this.#marks = new RestartMarks(sql, meta);
    this.#queue = new RunQueue((block, part) =>
      sql
        .exec<{ id: string }>("SELECT id FROM run WHERE status = 'waiting' AND block = ? AND part = ? ORDER BY id", block, part)
        .toArray()
        .map(({ id }) => id),
    );
  }

  /** How many further runs may be queued. */
  get room(): number {
    return QUEUE_LIMITS.queued - this.queued;
  }

  /** How many runs are queued, those that waited aside. */
  get queued(): number {
    return this.#queue.size - this.#promoted;
  }

  /** After a start: what was queued or driven is queued, what the ledger may not know is told. True where something was due already. */
  recover(now: number): boolean {
    const columns = "id, block, part, status, wake, ended";
    const rows = this.#sql.exec<RunRow>(`SELECT ${columns} FROM run WHERE id >= ? ORDER BY id`, this.#marks.mark).toArray();
    for (const id of this.#marks.late) rows.push(...this.#sql.exec<RunRow>(`SELECT ${columns} FROM run WHERE id = ?`, id).toArray());
    const counts = new Map<string, number>();
    const died: string[] = [];
    for (const { id, block, part, status, wake, ended } of rows) {
      this.#untold.set(id, { change: ++this.#changes, row: undefined });
      if (ended !== null || status === "waiting") continue;
      const group = `${block} ${part}`;
      const count = counts.get(group) ?? 0;
      counts.set(group, count + 1);
      const isSuspect = wake < now - SUSPECT && count < (part === "" ? QUEUE_LIMITS.live : 1);
      this.#open.set(id, { id, block, part, isFresh: false, isSuspect, isPromoted: false });
      if (status === "running") died.push(id);
      // None is put off for longer: what is due later was queued while the clock ran ahead.
      else this.#queue.add({ id, block, part, wake: Math.min(wake, now + LONGEST_PAUSE) });
    }
    for (const id of died) this.noteDeath(id, now, 0);
    // Runs that an earlier release left waiting for an account ask for it no more by themselves.
    this.#sql.exec(
      "UPDATE run SET wake = ? WHERE status = 'waiting' AND wake >= ? AND account IS NOT NULL",
      ...[now + RUN_LIMITS.look, NEVER],
    );
    this.promote(now);
    return died.length > 0 || this.#queue.nextWake() <= now;
  }

  /** Queues runs whose wait is over. */
  promote(now: number): void {
    const rows = this.#sql
      .exec<Pick<RunRow, "id" | "block" | "part" | "wake">>(
        "SELECT id, block, part, wake FROM run WHERE status = 'waiting' AND wake <= ? ORDER BY wake, id",
        now,
      )
      .toArray();
    for (const { id, block, part, wake } of rows) {
      if (this.#open.has(id)) continue;
      this.#open.set(id, { id, block, part, isFresh: false, isSuspect: wake < now - SUSPECT, isPromoted: true });
      this.#queue.add({ id, block, part, wake });
      this.#promoted++;
    }
    const [next] = this.#sql
      .exec<{ wake: number | null }>("SELECT min(wake) AS wake FROM run WHERE status = 'waiting' AND wake > ?", now)
      .toArray();
    this.#nextWaiting = next?.wake ?? NEVER;
  }

  /**
   * A drive of the run broke off: it is queued again, `pause` ms from now. One whose drives broke off three times without journaling
   * anything may be what kills the object: it is held apart from the others for longer and longer, and after three more deaths has failed.
   * What `journal` of that drive holds is stored, or kept for the next drive.
   */
  noteDeath(id: string, now: number, pause: number, journal?: RunJournal): void {
    const open = this.#open.get(id);
    const run = open && this.#select(id);
    if (!run) return void this.#letGo(id);
    const undone = journal ?? open.drive?.journal;
    try {
      undone?.flush();
      this.#noteDeathOf(run, now, pause);
    } catch (error) {
      // Nothing can be written, such as on a full disk; whoever operates this has to know.
      logFault("run not noted", { run: id, error });
      if (undone?.held.length) open.owed = [...undone.held];
      this.#again(open, now + Math.max(pause, QUARANTINE));
      this.#touch(id);
    }
  }

  #noteDeathOf(run: RunRow, now: number, pause: number): void {
    const { id } = run;
    const crashes = run.crashes + 1;
    if (crashes >= RUN_LIMITS.deaths * 2) {
      this.fail(id, POISON, now);
    } else {
      this.#sql.exec("UPDATE run SET crashes = ? WHERE id = ?", crashes, id);
      const apart = crashes >= RUN_LIMITS.deaths ? QUARANTINE * 2 ** (crashes - RUN_LIMITS.deaths) : 0;
      this.requeue(id, now + Math.max(pause, apart));
    }
  }

  /** Ends a run that is not driven, and never will be. */
  fail(id: string, error: RunError, now: number): void {
    this.#sql.exec("UPDATE run SET status = 'failed', ended = ?, error = ? WHERE id = ?", now, JSON.stringify(error), id);
    this.#signals.forget(id);
    const open = this.#open.get(id);
    if (open) this.#close(open, false);
    this.#changed(id);
  }

  /** Inserts a run, unless its dedupe key is known: then the id of the run that has it. `input`: the run's, as JSON. */
  insert(run: NewRun, input = JSON.stringify(run.input) ?? "null"): { id: string; duplicate: boolean } {
    if (run.dedupe !== undefined && !this.#claim(run.block, run.dedupe, run.id, run.accepted)) {
      const known = this.#sql.exec<{ run: string }>("SELECT run FROM dedupe WHERE block = ? AND k = ?", run.block, run.dedupe).one();
      return { id: known.run, duplicate: true };
    }
    const { id, block, type, part, config, accepted } = run;
    const tasks = (run.journal ?? []).reduce((sum, entry) => sum + entry.tasks, 0);
    const origin = run.origin ?? id;
    const hand = run.byHand ? 1 : 0;
    try {
      this.#sql.exec(
        "INSERT INTO run (id, block, type, hand, status, wake, part, config, origin, tasks, accepted, input) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
        ...[id, block, type, hand, accepted, part, config, origin, tasks, accepted, input],
      );
    } catch (error) {
      if (run.dedupe !== undefined) this.#sql.exec("DELETE FROM dedupe WHERE block = ? AND k = ?", block, run.dedupe);
      throw error;
    }
    for (const entry of run.journal ?? []) this.#store(id, entry);
    const open: OpenRun = { id, block, part, isFresh: !run.journal?.length, isSuspect: false, isPromoted: false };
    if (input.length <= KEPT.input && this.#open.size < KEPT.rows)
      open.row = {
        ...{ id, block, type, hand, part, config, origin, tasks, accepted, input, status: "queued", wake: accepted, crashes: 0 },
        ...{
          started: null,
          ended: null,
          account: null,
          reason: null,
          why: null,
          error: null,
          state: null,
          output: null,
          trace: null,
          journal: null,
        },
      };
    this.#open.set(id, open);
    this.#queue.add({ id, block, part, wake: accepted });
    this.#changed(id);
    return { id, duplicate: false };
  }

  /** Takes a dedupe key for `run`. False where it is taken. */
  #claim(block: string, key: string, run: string, now: number): boolean {
    const text = "INSERT INTO dedupe (block, k, run, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1 AS isNew";
    return this.#sql.exec(text, block, key, run, now).toArray().length > 0;
  }

  read(id: string): RunRow | undefined {
    const row = this.#select(id);
    return row && this.#asDriven(row);
  }

  #select(id: string): RunRow | undefined {
    return selectRun(this.#sql, id);
  }

  /** `row` as it is now: that it is driven stands in no table. */
  #asDriven(row: RunRow): RunRow {
    const drive = this.#open.get(row.id)?.drive;
    return drive ? { ...row, status: "running", started: drive.started, reason: null, why: null, account: null } : row;
  }

  /** Whether the run was canceled while it was driven. */
  isCanceled(id: string): boolean {
    return this.#canceled.has(id);
  }

  liveIds(): string[] {
    const waiting = this.#sql.exec<{ id: string }>("SELECT id FROM run WHERE status = 'waiting'").toArray();
    return [...new Set([...this.#open.keys(), ...waiting.map(({ id }) => id)])];
  }

  /** Runs of `block` that may start now, earliest first: all of an unordered block, of a fifo one the first of each partition. */
  due(block: string, now: number, limit: number): string[] {
    if (this.#nextWaiting <= now) this.promote(now);
    return this.#queue.due(block, now, limit);
  }

  /** Whether `id` may start now: in a partition, whether it is the first. */
  isDue(id: string, now: number): boolean {
    const open = this.#open.get(id);
    return open !== undefined && this.#queue.isDue(open, now);
  }

  /** Whether `id` is queued, and behind another of its partition. */
  isBehind(id: string): boolean {
    const open = this.#open.get(id);
    return open !== undefined && this.#queue.isBehind(open);
  }

  /** When the next run is due that is not driven and, in a partition, not behind another: ms since epoch, or NEVER. */
  nextWake(): number {
    return Math.min(this.#queue.nextWake(), this.#nextWaiting);
  }

  /** The same of those that may not start at `now`. */
  nextDelayed(now: number): number {
    return Math.min(this.#queue.nextDelayed(now), this.#nextWaiting);
  }

  /** The earliest time to which a run was put off since this was asked last, or NEVER. */
  takeDelayed(): number {
    const delayed = this.#delayed;
    this.#delayed = NEVER;
    return delayed;
  }

  /** Blocks with runs that are queued. */
  blocks(now: number): string[] {
    if (this.#nextWaiting <= now) this.promote(now);
    return this.#queue.blocks();
  }

  /** Takes a run up that is queued. `state`: the flow's, as JSON, for one that begins. Undefined where it has ended or is driven. */
  begin(id: string, now: number, state: () => string | null): Begin | undefined {
    const open = this.#open.get(id) ?? this.#reopen(id);
    const row = open?.row ?? this.#select(id);
    if (!open || open.drive) return undefined;
    if (!row || row.ended !== null) return void this.#close(open, false);
    const isSuspect = row.crashes > 0;
    const { owed = [] } = open;
    const journal = openJournal([...(open.isFresh ? [] : entriesOf(this.#sql, row)), ...owed], !isSuspect, {
      store: (entry) => {
        this.#store(id, entry);
        if (this.#canceled.has(id)) this.#countMore(id, journal.tasks);
        if (open.isSuspect || isSuspect) this.#sql.exec("UPDATE run SET crashes = 0 WHERE id = ? AND crashes > 0", id);
      },
      together: (write) => this.#commits.write(write, true),
      signals: (path, seen) => this.#signals.of(id, path, seen),
      pin: ({ started, state: text }) => void this.#sql.exec("UPDATE run SET started = ?, state = ? WHERE id = ?", started, text, id),
    });
    const begun: Begun =
      row.started === null ? (journal.begun ?? { started: now, state: state() }) : { started: row.started, state: row.state };
    if (open.isSuspect) {
      this.#sql.exec("UPDATE run SET status = 'running', started = ?, state = ? WHERE id = ?", begun.started, begun.state, id);
      this.#marks.changed(id);
    } else if (row.started === null) journal.begin(begun);
    journal.hold(owed);
    delete open.owed;
    if (open.isPromoted) this.#promoted--;
    open.isPromoted = false;
    this.#queue.start(open);
    open.drive = { started: begun.started, journal, seen: open.isFresh ? 0 : this.#signals.newest(id), releases: this.#releases };
    open.isFresh = false;
    this.#touch(id);
    return { row: { ...row, ...begun, status: "running" }, journal };
  }

  #reopen(id: string): OpenRun | undefined {
    const row = this.#select(id);
    if (!row || row.ended !== null) return undefined;
    const open = { id, block: row.block, part: row.part, isFresh: false, isSuspect: false, isPromoted: false };
    this.#open.set(id, open);
    return open;
  }

  /** Stores how a drive ended, unless the run was canceled meanwhile. False then. */
  finish({ row, journal }: Begin, end: RunEnd, now: number, trace: readonly TraceEntry[]): boolean {
    const { id, started, state } = row;
    const open = this.#open.get(id);
    const wasCanceled = this.#canceled.has(id);
    const isOver = end.status !== "waiting" && end.status !== "spent";
    const held = isOver && journal.held.length ? JSON.stringify(journal.held) : null;
    const inline = held !== null && held.length <= INLINE ? held : null;
    if (wasCanceled || !open?.drive || inline === null) journal.flush();
    if (wasCanceled) this.#letGo(id);
    const traced = trace.length ? JSON.stringify(trace) : null;
    // How far it came by then is told of a canceled run as well.
    if (wasCanceled) this.#sql.exec("UPDATE run SET trace = ? WHERE id = ? AND status = 'canceled'", traced, id);
    if (wasCanceled || !open?.drive) return false;
    const { tasks } = journal;
    if (end.status === "waiting") {
      const wake = this.#hasCome(open.drive, id, end.accounts) ? now : Math.min(end.wakeAt, NEVER);
      const why = keepLocked(end.why, row.why, now);
      this.#sql.exec(
        "UPDATE run SET tasks = ?, status = 'waiting', wake = ?, reason = ?, why = ?, account = ?, trace = ?, started = ?, state = ? WHERE id = ?",
        ...[tasks, wake, end.reason, why ? JSON.stringify(why) : null, end.accounts?.join(" ") ?? null, traced, started, state, id],
      );
      this.#close(open, true);
      this.#nextWaiting = Math.min(this.#nextWaiting, wake);
      this.#delayed = Math.min(this.#delayed, wake);
      this.#changed(id);
    } else if (end.status === "spent") {
      this.#sql.exec(
        "UPDATE run SET tasks = ?, status = 'queued', wake = ?, reason = NULL, why = NULL, trace = ?, started = ?, state = ? WHERE id = ?",
        ...[tasks, now, traced, started, state, id],
      );
      this.#again(open, now);
    } else {
      if (journal.hasWaits) this.#signals.forget(id);
      const reason = end.status === "stopped" ? end.reason : null;
      const error = end.status === "failed" ? JSON.stringify(end.error) : null;
      const output = end.status === "succeeded" && end.output !== undefined ? storable(end.output) : null;
      this.#sql.exec(
        "UPDATE run SET tasks = ?, status = ?, ended = ?, reason = ?, why = NULL, account = NULL, error = ?, output = ?, trace = ?, started = ?, journal = ? WHERE id = ?",
        ...[tasks, end.status, now, reason, error, output, traced, started, inline, id],
      );
      this.#close(open, false);
      const bare = { input: "", state: null, trace: null, output: null, journal: null, account: null, why: null };
      this.#changed(id, { ...row, ...bare, status: end.status, tasks, ended: now, reason, error });
    }
    return true;
  }

  /** What was under way when the run was canceled counts as well. */
  #countMore(id: string, tasks: number): void {
    this.#sql.exec("UPDATE run SET tasks = ? WHERE id = ?", tasks, id);
    this.#changed(id);
  }

  /** The drive of a canceled run is over. */
  #letGo(id: string): void {
    const canceled = this.#canceled.get(id);
    if (!canceled) return;
    this.#canceled.delete(id);
    this.#queue.stop(canceled, this.#open.has(id));
  }

  /** Whether what a run is about to wait for has come while it was still driven. */
  #hasCome({ journal, seen, releases }: NonNullable<OpenRun["drive"]>, id: string, accounts: readonly string[] = []): boolean {
    if (accounts.some((account) => (this.#released.get(account) ?? 0) > releases)) return true;
    return journal.hasWaits && this.#signals.newest(id) > seen;
  }

  /** Puts a run that could not be driven back into the queue, to be taken up at `wake`; with words where it is known why. */
  requeue(id: string, wake: number, held?: { reason: string; why: Why }): void {
    const open = this.#open.get(id);
    if (!open) return void this.#letGo(id);
    open.drive?.journal.flush();
    this.#sql.exec(
      "UPDATE run SET status = 'queued', wake = ?, reason = ?, why = ? WHERE id = ?",
      ...[wake, held?.reason ?? null, held ? JSON.stringify(held.why) : null, id],
    );
    this.#again(open, wake);
    this.#changed(id);
  }

  #again(open: OpenRun, wake: number): void {
    const { id, block, part } = open;
    this.#letGo(id);
    if (open.drive) this.#queue.stop(open, true);
    else this.#queue.remove(open);
    delete open.drive;
    delete open.row;
    this.#queue.add({ id, block, part, wake });
    this.#delayed = Math.min(this.#delayed, wake);
  }

  /** The run is neither queued nor driven any more. */
  #close(open: OpenRun, isWaiting: boolean): void {
    if (open.isPromoted) this.#promoted--;
    if (open.drive) this.#queue.stop(open, isWaiting);
    else this.#queue.remove(open);
    this.#open.delete(open.id);
  }

  /** Ends a run that has not ended. Undefined where there is none such. */
  cancel(id: string, now: number, reason: string, why?: Why): RunRow | undefined {
    const run = this.#select(id);
    if (!run || run.ended !== null) return run;
    const open = this.#open.get(id);
    // Of a drive that a death broke off, its row knows nothing.
    const tasks = open?.isFresh ? run.tasks : this.journal(id).tasks;
    if (open?.drive) {
      this.#canceled.set(id, open);
      this.#open.delete(id);
    } else if (open) this.#close(open, false);
    else this.#queue.remove(run);
    this.#signals.forget(id);
    this.#sql.exec(
      "UPDATE run SET status = 'canceled', tasks = ?, started = ?, ended = ?, reason = ?, why = ? WHERE id = ?",
      ...[tasks, open?.drive?.started ?? run.started, now, reason, why ? JSON.stringify(why) : null, id],
    );
    this.#changed(id);
    return this.#select(id);
  }

  /** Runs that wait for `account` are due now, and those that are about to will be. */
  release(account: string, now: number): void {
    this.#released.set(account, ++this.#releases);
    const waits = "status = 'waiting' AND instr(' ' || account || ' ', ' ' || ? || ' ') > 0";
    this.#sql.exec(`UPDATE run SET wake = ? WHERE ${waits}`, now, account);
    this.#nextWaiting = Math.min(this.#nextWaiting, now);
  }

  /** The journal of a run: of one that is driven as it is now. */
  journal(id: string): RunJournal {
    const row = this.#select(id);
    const live = this.#open.get(id)?.drive?.journal;
    const store = (entry: StoredEntry) => this.#store(id, entry);
    const keep = { store, together: async (write: () => void) => write(), signals: () => [], pin: () => undefined };
    return live ?? openJournal(row ? entriesOf(this.#sql, row) : [], false, keep);
  }

  #store(run: string, entry: StoredEntry): void {
    this.#sql.exec("INSERT OR REPLACE INTO journal (run, path, body) VALUES (?, ?, ?)", run, entry.path, JSON.stringify(entry));
    this.#signals.follow(run, entry);
  }

  /** Hands an event of the host to the runs that wait for its type; they are due now. One whose `key` is known was handed over before. */
  signal(event: Signal["event"], key: string, now: number): void {
    const isNew = this.#claim("*", key, "", now);
    for (const run of isNew ? this.#signals.deliver(event) : [])
      this.#sql.exec("UPDATE run SET wake = ? WHERE id = ? AND status = 'waiting'", now, run);
    this.#nextWaiting = Math.min(this.#nextWaiting, now);
  }

  list(filter: RunFilter): { rows: RunRow[]; next: string | null } {
    const driven = [...this.#open.values()].flatMap(({ id, drive }) => (drive ? [id] : []));
    const { rows, next } = listRuns(this.#sql, filter, driven);
    return { rows: rows.map((row) => this.#asDriven(row)), next };
  }

  /** The newest run of each block, among the newest 2,000. */
  lastRuns(): Map<string, RunRow> {
    return new Map(newestRuns(this.#sql).map((row) => [row.block, this.#asDriven(row)]));
  }

  /** Stands for all changes so far. */
  get changes(): number {
    return this.#changes;
  }

  /** What was changed after `since` was undone in the tables: what is in memory follows them. */
  revert(since: number, now: number): void {
    for (const [id, { change }] of [...this.#untold]) {
      if (change <= since) continue;
      const [row, open] = [this.#select(id), this.#open.get(id)];
      if (!row) {
        if (open) this.#close(open, false);
        this.#untold.delete(id);
        continue;
      }
      if (row.ended === null && (row.status !== "waiting" || row.wake <= now) && !open) {
        const { block, part } = row;
        this.#open.set(id, { id, block, part, isFresh: false, isSuspect: false, isPromoted: false });
        this.#queue.add({ id, block, part, wake: Math.max(row.wake, now) });
      }
      this.#marks.again(id);
      this.#touch(id);
    }
  }

  /** Whether the ledger has to be told of the run. */
  isUntold(id: string): boolean {
    return this.#untold.has(id);
  }

  /** How many runs the ledger has to be told of. */
  get untoldCount(): number {
    return this.#untold.size;
  }

  /** Runs that the ledger has to be told of, as they are now. */
  untold(limit: number): Untold[] {
    const found: Untold[] = [];
    for (const [id, { change, row }] of this.#untold) {
      if (found.length >= limit) break;
      const kept = row ?? this.#open.get(id)?.row;
      const now = kept ? this.#asDriven(kept) : this.read(id);
      if (now) found.push({ row: now, change });
      else this.#untold.delete(id);
    }
    return found;
  }

  /** The ledger has taken these. Those that have changed since stay. */
  told(rows: readonly Untold[]): void {
    for (const { row, change } of rows) {
      if (this.#untold.get(row.id)?.change !== change) continue;
      this.#untold.delete(row.id);
      if (!this.#open.has(row.id)) this.#marks.rested(row.id, () => this.#active(), this.#open.size + this.#untold.size);
    }
  }

  *#active(): Iterable<string> {
    yield* this.#open.keys();
    yield* this.#untold.keys();
  }

  /** The run is not as the ledger knows it. `row`: as it is, where that is at hand. */
  #touch(id: string, row?: RunRow): void {
    this.#untold.set(id, { change: ++this.#changes, row: this.#untold.size < KEPT.rows ? row : undefined });
  }

  /** The same, durably. */
  #changed(id: string, row?: RunRow): void {
    this.#touch(id, row);
    this.#marks.changed(id);
  }

  /** One effect of a run, without reading the others. */
  entry(run: string, path: string): JournalEntry | undefined {
    const found = this.#open.get(run)?.drive?.journal.get(path) ?? readEntry(this.#sql, run, path);
    return found && withoutBegun(found);
  }

  /** When the oldest run that is kept was accepted (ms), or NEVER. */
  oldest(): number {
    return oldestRun(this.#sql);
  }

  /** Forgets runs that ended before `ended`, dedupe keys and slots before `seen`. */
  purge(ended: number, seen: number): void {
    purgeRuns(this.#sql, ended, seen);
  }
}

/** An output as its column holds it: of one too large for a row, the beginning. */
function storable(output: unknown): string | null {
  const isLarge = jsonSize(output, RUN_LIMITS.output) > RUN_LIMITS.output;
  return JSON.stringify(isLarge ? cutValue(output, RUN_LIMITS.input) : output) ?? null;
}
