// The second line behind the integrations' own alarms: runs that should have gone on and have not are looked after, and counted.
import { catalogue } from "../../db/catalogue.ts";
import { findOwner } from "../../db/integrations.ts";
import { noteOverdue } from "../../db/overdue.ts";
import type { Env } from "../../env.ts";
import { countOverdue, lookAgain, noteReported, overdueRuns, reportedFor, type Watched, watchRun } from "./watch-store.ts";

const PAGE = 500;

/** Wakes the integrations of overdue runs, and tells the catalogue how many there are. An integration that does not answer is asked again. */
export async function watch(env: Env, sql: SqlStorage, now: number): Promise<void> {
  let first: string | undefined;
  for (let page = overdueRuns(sql, now, PAGE); page.length; page = overdueRuns(sql, now, PAGE)) {
    first ??= page[0]?.integration;
    for (const [integration, runs] of Map.groupBy(page, (one) => one.integration)) await lookAfter(env, sql, now, integration, runs);
  }
  await report(env, sql, now, first);
}

/** None of `runs` is among the overdue ones of `now` afterwards. */
async function lookAfter(env: Env, sql: SqlStorage, now: number, integration: string, runs: readonly Watched[]): Promise<void> {
  const ids = runs.map(({ run }) => run);
  const found = await env.INTEGRATIONS.getByName(integration)
    .watch(ids)
    .catch(() => ids.map((run) => ({ run, due: now, isHeld: false })));
  for (const { run, due, isHeld } of found) {
    // What others hold up is looked at again, and is not late.
    if (due !== null && due <= now && !isHeld) lookAgain(sql, run, now);
    else watchRun(sql, { id: run, integration }, due !== null && isHeld ? now : due);
  }
}

/** Tells only what is news: some are overdue, or none is any more. */
async function report(env: Env, sql: SqlStorage, now: number, integration: string | undefined): Promise<void> {
  const { runs, since } = countOverdue(sql, now);
  const before = reportedFor(sql);
  const db = catalogue(env);
  const workspace = before ?? (integration === undefined ? undefined : (await findOwner(db, integration))?.workspace);
  if (workspace === undefined || (runs === 0 && before === undefined)) return;
  await noteOverdue(db, workspace, { runs, since });
  noteReported(sql, runs > 0 ? workspace : undefined);
}
