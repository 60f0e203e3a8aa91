import type { JournalEntry } from "../../engine/journal.ts";
import { refuse, storeRuns } from "./accept.ts";
import type { Parts } from "./parts.ts";
import type { Refusal } from "./rpc.ts";
import type { NewRun } from "./run-store.ts";

/**
 * A new attempt of a run that has ended, as a run of its own that keeps the configuration of the first. What stands before `from` (a
 * step's key or path; without it, whatever had succeeded) is taken over and not done again. A step that had not succeeded keeps its
 * effect key, so that a provider that did get the first call recognises the second; with another input no key is kept.
 */
export function retryRun(parts: Parts, id: string, options: { from?: string; input?: unknown }): { ok: true; run: NewRun } | Refusal {
  const row = parts.runs.read(id);
  const config = row && parts.configs.read(row.config);
  if (!row || !config) return refuse(404, "not_found", "There is no such run");
  if (row.ended === null) return refuse(409, "conflict", "The run has not ended yet: cancel it first, or wait");
  const isEdited = options.input !== undefined;
  const entries = parts.runs.journal(id).entries();
  const kept = isEdited && options.from === undefined ? [] : entriesBefore(entries, options.from);
  if (!kept) return refuse(422, "invalid", `The run has no step “${options.from}”: give the key or the path of one that it reached`);
  const names = new Set(kept.map((entry) => entry.path));
  const again = isEdited ? [] : entries.filter((entry) => !names.has(entry.path) && entry.status !== "succeeded" && entry.type !== "wait");
  const run: NewRun = {
    id: parts.newRunId(config.id),
    block: row.block,
    type: row.type,
    part: row.part,
    config: row.config,
    input: isEdited ? options.input : JSON.parse(row.input),
    accepted: parts.now(),
    journal: [...kept, ...again.map(afresh)],
  };
  const stored = storeRuns(parts, [run]);
  return stored.ok ? { ok: true, run } : stored;
}

/** Entries that stay when the run is taken up at `from`; undefined where there is no such step. */
function entriesBefore(entries: readonly JournalEntry[], from: string | undefined): JournalEntry[] | undefined {
  const succeeded = entries.filter((entry) => entry.status === "succeeded");
  if (from === undefined) return succeeded;
  const isFrom = ({ path, key }: JournalEntry) =>
    path === from || key === from || path.startsWith(`${from}[`) || path.startsWith(`${from}>`) || path.startsWith(`${from}.`);
  const starts = entries.filter(isFrom).map((entry) => entry.startedAt);
  if (!starts.length) return undefined;
  const start = Math.min(...starts);
  return succeeded.filter((entry) => !isFrom(entry) && (entry.endedAt ?? entry.startedAt) <= start);
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
