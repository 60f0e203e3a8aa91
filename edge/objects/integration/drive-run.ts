// One drive of one run: what the interpreter needs goes in, what it ends with is committed.
import type { Deps, Reply } from "../../engine/deps.ts";
import type { TraceEntry } from "../../engine/journal.ts";
import { RUN_LIMITS } from "../../engine/limits.ts";
import { type Driven, runBlock } from "../../engine/run-block.ts";
import { buildScope, runScope } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import { maskDeep } from "./mask-deep.ts";
import type { Parts } from "./parts.ts";
import type { RunJournal, RunRow } from "./run-store.ts";

export interface DriveOptions {
  isCanceled(): boolean;
  respond(reply: Reply): void;
}

const TRY_AGAIN = 5_000;
/** Until a configuration that cannot be opened now, such as without the workspace's key, is tried again. */
const OPEN_AGAIN = 15_000;

/**
 * Drives run `id`. Its row says how it ended. Never rejects: a run that cannot be driven now is queued again for a little later, and one
 * that broke off too often without getting any further has failed.
 */
export async function driveRun(parts: Parts, id: string, options: DriveOptions): Promise<void> {
  const queued = parts.runs.read(id);
  if (!queued || queued.ended !== null) return;
  const row = parts.runs.begin(queued, parts.now(), parts.state.read());
  const open = await parts.configs.open(row.config).catch((error: unknown) => {
    report(id, error);
    parts.runs.requeue(id, parts.now() + OPEN_AGAIN);
  });
  if (!open) return;
  try {
    const journal = parts.runs.journal(id, row.crashes > 0);
    const trace: TraceEntry[] = [];
    parts.live.begin(id, journal, trace);
    const driven = await drive(parts, row, open, journal, trace, options);
    commit(parts, row, driven, journal, open.secrets);
  } catch (error) {
    report(id, error);
    parts.runs.noteDeath(id, parts.now(), TRY_AGAIN);
  } finally {
    parts.live.end(id);
  }
}

function report(id: string, error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: a bug, or the workspace's key cannot be had; the run stays and is tried again
  console.error(`run ${id}:`, error);
}

function drive(
  parts: Parts,
  row: RunRow,
  open: OpenConfig,
  journal: RunJournal,
  trace: TraceEntry[],
  options: DriveOptions,
): Promise<Driven> {
  const base = { ...buildScope(open, parts.hooks.list()), run: runScope(row, open) };
  const begun = parts.now();
  const deps: Deps = {
    now: () => parts.now(),
    random: () => Math.random(),
    sleep,
    perform: (effect, context) => parts.perform(parts.env, open, effect, context),
    respond: (reply) => options.respond(reply),
    isSpent: () => parts.now() - begun > RUN_LIMITS.drive,
    isCanceled: () => options.isCanceled(),
  };
  const start = {
    run: row.origin,
    plan: open.plan,
    block: row.block,
    trigger: JSON.parse(row.input) as unknown,
    base,
    state: JSON.parse(row.state ?? "{}") as Record<string, unknown>,
    startedAt: row.started ?? begun,
    trace,
  };
  return runBlock(start, journal, deps);
}

/** The run's end and the state that it set, in one transaction. What it ended with holds no secret: many will read it. */
function commit(parts: Parts, row: RunRow, { end, changes, trace }: Driven, journal: RunJournal, secrets: readonly string[]): void {
  parts.transaction(() => {
    const isStored = parts.runs.finish(row.id, maskDeep(end, secrets), parts.now(), maskDeep(trace, secrets), journal.tasks);
    parts.quotas.count(parts.configs.read(row.config), row.block, { tasks: journal.tasks - row.tasks }, parts.now());
    if (isStored && (end.status === "succeeded" || end.status === "stopped")) parts.state.merge(changes);
  });
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
