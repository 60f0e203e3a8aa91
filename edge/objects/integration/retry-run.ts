import type { RunRepeat } from "../../../shared/api/run.ts";
import { type FlowPlan, planOf } from "../../engine/compile-block.ts";
import type { JournalEntry, TraceEntry } from "../../engine/journal.ts";
import { Beginnings, placeOf } from "../../engine/program-order.ts";
import { partitionOf, refuse, storeRuns } from "./accept.ts";
import { rereadCall } from "./accept-hook.ts";
import type { Parts } from "./parts.ts";
import { traceOf } from "./read-run.ts";
import type { IntegrationConfig, Refusal } from "./rpc.ts";
import type { NewRun, RunRow } from "./run-store.ts";

/** `from`: a step's key or path. `input` replaces the run's. */
export interface RetryOptions {
  from?: string;
  input?: unknown;
}

/**
 * A new attempt of a run that has ended, as a run of its own that keeps the configuration of the first. What stands before `from` (a
 * step's key or path; without it, whatever had succeeded) is taken over and not done again. A step that had not succeeded keeps its
 * effect key, so that a provider that did get the first call recognises the second; with another input no key is kept. A call whose trigger
 * could not be read is read again by the trigger as it is now.
 */
export async function retryRun(parts: Parts, id: string, options: RetryOptions): Promise<{ ok: true; run: NewRun } | Refusal> {
  const reread = options.from === undefined && options.input === undefined ? await rereadCall(parts, id) : undefined;
  if (reread) return reread.ok ? store(parts, reread.run) : reread;
  const part = await partOf(parts, id, options);
  const split = splitJournal(parts, id, options);
  if (!split.ok) return split;
  const { row, config, kept, resumed, isEdited } = split;
  const run: NewRun = {
    id: parts.newRunId(config.id),
    block: row.block,
    type: row.type,
    byHand: row.hand === 1,
    part: part ?? row.part,
    config: row.config,
    ...(isEdited ? { input: options.input } : { input: null, stored: row.input }),
    accepted: parts.now(),
    journal: [...kept, ...resumed.map(afresh)],
  };
  return store(parts, run);
}

function store(parts: Parts, run: NewRun): { ok: true; run: NewRun } | Refusal {
  const stored = storeRuns(parts, [run]);
  return stored.ok ? { ok: true, run: { ...run, id: stored.stored[0]?.id ?? run.id } } : stored;
}

/** Where the run stands in line with another input. Opens its configuration: of what is stored of that input, its secrets are taken out. */
async function partOf(parts: Parts, id: string, { input }: RetryOptions): Promise<string | undefined> {
  const row = input === undefined ? undefined : parts.runs.read(id);
  if (!row) return undefined;
  const open = await parts.configs.open(row.config);
  const block = open.config.flow.blocks.find(({ key }) => key === row.block);
  return block && partitionOf(parts, { open, block }, input);
}

const LISTED = 1_000;

/** What {@link retryRun} would do with the same options, without doing it. */
export function planRepeat(parts: Parts, id: string, options: RetryOptions): { ok: true; plan: RunRepeat } | Refusal {
  const split = splitJournal(parts, id, options);
  if (!split.ok) return split;
  const { kept, repeated, resumed } = split;
  const show = (entries: readonly JournalEntry[]) =>
    entries.slice(0, LISTED).map(({ key, path, type, status, tasks, effectKey }) => ({
      ...{ key, path, type, status, tasks },
      ...(effectKey === undefined ? {} : { effectKey }),
    }));
  const plan: RunRepeat = {
    run: id,
    ...(options.from === undefined ? {} : { from: options.from }),
    kept: kept.length,
    ...{ repeats: show(repeated), repeatCount: repeated.length },
    ...{ resumes: show(resumed), resumeCount: resumed.length },
  };
  return { ok: true, plan };
}

type Split = {
  ok: true;
  row: RunRow;
  config: IntegrationConfig;
  isEdited: boolean;
  kept: JournalEntry[];
  repeated: JournalEntry[];
  resumed: JournalEntry[];
};

/** What becomes of a run's effects when it is retried: they stay, are done again under a new key, or are gone on with under theirs. */
function splitJournal(parts: Parts, id: string, options: RetryOptions): Split | Refusal {
  const row = parts.runs.read(id);
  const config = row && parts.configs.read(row.config);
  if (!row || !config) return refuse(404, "not_found", "There is no such run");
  if (row.ended === null) return refuse(409, "conflict", "The run has not ended yet: cancel it first, or wait");
  const isEdited = options.input !== undefined;
  const entries = parts.runs.journal(id).entries();
  const kept =
    isEdited && options.from === undefined ? [] : entriesBefore(planOf(config.flow), row, entries, traceOf(parts, row), options.from);
  if (!kept) return refuse(422, "invalid", `The run has no step “${options.from}”: give the key or the path of one that it reached`);
  const names = new Set(kept.map((entry) => entry.path));
  const again = entries.filter((entry) => !names.has(entry.path) && entry.type !== "wait");
  const resumed = isEdited ? [] : again.filter((entry) => entry.status !== "succeeded");
  return { ok: true, row, config, isEdited, kept, resumed, repeated: again.filter((entry) => entry.status === "succeeded") };
}

/**
 * Entries that stay when the run is taken up at `from`, which may be a step that left none; undefined where there is no such step. What
 * stands before it stays as it ended; of what stands beside it, in another turn or branch, what had succeeded.
 */
function entriesBefore(
  plan: FlowPlan,
  { block }: RunRow,
  entries: readonly JournalEntry[],
  trace: readonly TraceEntry[],
  from: string | undefined,
): JournalEntry[] | undefined {
  if (from === undefined) return entries.filter((entry) => entry.status === "succeeded");
  const isFrom = ({ path, key }: Pick<JournalEntry, "path" | "key">) =>
    path === from || key === from || path.startsWith(`${from}[`) || path.startsWith(`${from}>`) || path.startsWith(`${from}.`);
  const place = ({ path }: Pick<JournalEntry, "path">) => placeOf(plan, block, path);
  const starts = [...entries, ...trace].flatMap((one) => (typeof one !== "string" && isFrom(one) ? [place(one)] : []));
  if (!starts.length) return undefined;
  const beginnings = new Beginnings();
  for (const one of starts) beginnings.add(one);
  return entries.filter((entry) => {
    const relation = isFrom(entry) || entry.status === "waiting" ? "behind" : beginnings.relationOf(place(entry));
    return relation === "before" || (relation === "beside" && entry.status === "succeeded");
  });
}

/** The same effect, not done yet: its key stays, its attempts do not count. */
function afresh({ key, path, type, effectKey, startedAt }: JournalEntry): JournalEntry {
  return {
    key,
    path,
    type,
    status: "waiting",
    attempts: 0,
    tasks: 0,
    startedAt,
    endedAt: null,
    wakeAt: 0,
    ...(effectKey === undefined ? {} : { effectKey }),
  };
}
