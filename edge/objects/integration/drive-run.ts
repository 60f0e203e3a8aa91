// One drive of one run: what the interpreter needs goes in, what it ends with is committed.
import type { Deps, Reply } from "../../engine/deps.ts";
import type { TraceEntry } from "../../engine/journal.ts";
import { RUN_LIMITS } from "../../engine/limits.ts";
import { type Driven, type RunStart, runBlock } from "../../engine/run-block.ts";
import { type HiddenSecrets, hideSecrets, showSecrets } from "../../security/hide-secrets.ts";
import { logFault } from "../../security/log-line.ts";
import { LOCKED, lockedPause, lockedSince, lockedWhy } from "../locked.ts";
import { buildScope, runScope } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import { maskDeep } from "./mask-deep.ts";
import type { Parts } from "./parts.ts";
import type { Begin, RunJournal, RunRow } from "./run-store.ts";
import { veiledJournal } from "./veiled-journal.ts";

export interface DriveOptions {
  isCanceled(): boolean;
  respond(reply: Reply): void;
  /** Whether other runs are about to end as well. */
  isBusy(): boolean;
}

const TRY_AGAIN = 5_000;

/**
 * Drives run `id`. Its row says how it ended. Never rejects: a run that cannot be driven now is queued again for a little later, and one
 * that broke off too often without getting any further has failed.
 */
export async function driveRun(parts: Parts, id: string, options: DriveOptions): Promise<void> {
  const begin = beginRun(parts, id);
  if (!begin) return;
  const { row, journal } = begin;
  const open = await parts.configs.open(row.config).catch((error: unknown) => {
    report(id, error);
    const now = parts.now();
    const since = lockedSince(row.why) ?? Math.min(row.wake, now);
    parts.runs.requeue(id, now + lockedPause(since, now), { reason: LOCKED, why: lockedWhy(since) });
  });
  if (!open) return;
  try {
    const trace: TraceEntry[] = [];
    parts.live.begin(id, journal, trace);
    if (open.plan.readsBegin) journal.pinBegun();
    const driven = await drive(parts, row, open, journal, trace, options);
    await parts.commits.write(() => commit(parts, begin, driven, open), options.isBusy());
  } catch (error) {
    report(id, error);
    parts.runs.noteDeath(id, parts.now(), TRY_AGAIN, journal);
  } finally {
    parts.live.end(id);
  }
}

/** Undefined where there is nothing to drive, or storage gives it no way to begin now. */
function beginRun(parts: Parts, id: string): Begin | undefined {
  try {
    return parts.runs.begin(id, parts.now(), () => parts.state.text());
  } catch (error) {
    report(id, error);
    parts.runs.noteDeath(id, parts.now(), TRY_AGAIN);
    return undefined;
  }
}

function report(id: string, error: unknown): void {
  // A bug, or the workspace's key cannot be had; the run stays and is tried again.
  logFault("run", { run: id, error });
}

function drive(
  parts: Parts,
  row: RunRow,
  open: OpenConfig,
  journal: RunJournal,
  trace: TraceEntry[],
  options: DriveOptions,
): Promise<Driven> {
  const begun = parts.now();
  const deps: Deps = {
    now: () => parts.now(),
    random: () => Math.random(),
    sleep: (milliseconds) => {
      journal.pause();
      return new Promise((resolve) => {
        setTimeout(() => {
          journal.goOn();
          resolve();
        }, milliseconds);
      });
    },
    after: (milliseconds, work) => parts.deadlines.after(milliseconds, work),
    perform: (effect, context) => parts.perform(parts.env, open, effect, context),
    respond: (reply) => {
      journal.flush();
      options.respond(reply);
    },
    isSpent: () => parts.now() - begun > RUN_LIMITS.drive,
    isCanceled: () => options.isCanceled(),
  };
  return runBlock({ ...startOf(parts, row, open, begun), trace }, veiledJournal(journal, open.hidden), deps);
}

/** What a drive of the run begins with; `now` where it was not driven before. */
export function startOf(parts: Parts, row: RunRow, open: OpenConfig, now: number): RunStart {
  return {
    run: row.origin,
    plan: open.plan,
    block: row.block,
    trigger: JSON.parse(showSecrets(row.input, open.hidden)) as unknown,
    base: { ...buildScope(open, parts.hooks.list()), run: runScope(row, open) },
    // The state outlives the configuration: of a field that is gone, nothing is left.
    state: JSON.parse(showSecrets(row.state ?? "{}", open.hidden, "")) as Record<string, unknown>,
    startedAt: row.started ?? now,
  };
}

/** The run's end and the state that it set, committed together. What it ended with holds no secret: many will read it. */
function commit(parts: Parts, begin: Begin, { end, changes, trace }: Driven, { secrets, hidden }: OpenConfig): void {
  const { row, journal } = begin;
  const store = () => {
    const isStored = parts.runs.finish(begin, maskDeep(end, secrets), parts.now(), maskDeep(trace, secrets));
    parts.quotas.count(parts.configs.read(row.config), row.block, { tasks: journal.tasks - row.tasks }, parts.now());
    if (isStored && (end.status === "succeeded" || end.status === "stopped")) parts.state.merge(veiled(changes, hidden));
  };
  if (!Object.keys(changes).length) {
    store();
    return;
  }
  const held = [...journal.held];
  try {
    parts.transaction(store);
  } catch (error) {
    journal.hold(held);
    throw error;
  }
}

/** State as it is stored: without the secrets that steps have put into it. */
function veiled(changes: Record<string, unknown>, hidden: HiddenSecrets): Record<string, unknown> {
  return hidden.texts.length ? (JSON.parse(hideSecrets(JSON.stringify(changes), hidden)) as Record<string, unknown>) : changes;
}
