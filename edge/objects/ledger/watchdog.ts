// The second line behind the integrations' own alarms: runs that should have gone on and have not are looked after, and counted.
import { catalogue } from "../../db/catalogue.ts";
import { findOwner } from "../../db/integrations.ts";
import { noteOverdue } from "../../db/overdue.ts";
import type { Env } from "../../env.ts";
import { countOverdue, lookAgain, noteReported, overdueRuns, reportedFor, watchRun } from "./watch-store.ts";

const PAGE = 500;

/** Wakes the integrations of overdue runs, and tells the catalogue how many there are. An integration that does not answer is asked again. */
export async function watch(env: Env, sql: SqlStorage, now: number): Promise<void> {
  const byIntegration = new Map<string, string[]>();
  for (const { run, integration } of overdueRuns(sql, now, PAGE))
    byIntegration.set(integration, [...(byIntegration.get(integration) ?? []), run]);
  for (const [integration, runs] of byIntegration) {
    const found = await env.INTEGRATIONS.getByName(integration)
      .watch(runs)
      .catch(() => runs.map((run) => ({ run, due: now })));
    for (const { run, due } of found)
      if (due !== null && due <= now) lookAgain(sql, run, now);
      else watchRun(sql, { id: run, integration }, due);
  }
  await report(env, sql, now, [...byIntegration.keys()][0]);
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
