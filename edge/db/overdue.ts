import { and, count, eq, lte, min, sum } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { integrations, overdue } from "./schema.ts";

/** What a workspace's ledger says: how many runs are overdue, and since when the oldest (ms); none clears it. */
export async function noteOverdue(
  db: Catalogue,
  workspace: string,
  { runs, since }: { runs: number; since: number | null },
): Promise<void> {
  if (runs === 0 || since === null) await db.delete(overdue).where(eq(overdue.workspace, workspace));
  else await db.insert(overdue).values({ workspace, runs, since }).onConflictDoUpdate({ target: overdue.workspace, set: { runs, since } });
}

/** The sweep looks after everything that is due within this (ms): what has been due for longer it has found late, or it does not come at all. */
const SWEPT = 120_000;

/** Over all workspaces: runs that should have gone on, and integrations whose next time has passed; since when (ms) at the longest. */
export async function readOverdue(db: Catalogue, now: number) {
  const [[runs], [timers]] = await Promise.all([
    db.select({ count: sum(overdue.runs).mapWith(Number), since: min(overdue.since) }).from(overdue),
    db
      .select({ count: count(), since: min(integrations.nextDue) })
      .from(integrations)
      .where(and(eq(integrations.enabled, true), lte(integrations.nextDue, now - SWEPT))),
  ]);
  return {
    runs: { count: runs?.count ?? 0, since: runs?.since ?? null },
    timers: { count: timers?.count ?? 0, since: timers?.since ?? null },
  };
}
