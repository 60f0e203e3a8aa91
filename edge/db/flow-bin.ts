// The recycle bin: flows that were deleted, with everything that hangs on them, for 30 days.
import { and, asc, count, countDistinct, desc, eq, isNotNull, lte, sql } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { flows, flowVersions, integrations } from "./schema.ts";

/** How long a deleted flow can be restored, in ms. */
export const BIN_LIFE = 30 * 86_400_000;

const ofFlow = (workspace: string, flow: string) => and(eq(integrations.workspace, workspace), eq(integrations.flow, flow));
const theFlow = (workspace: string, flow: string) => and(eq(flows.workspace, workspace), eq(flows.id, flow));

/** What goes with a flow. */
export async function countFallout(db: Catalogue, workspace: string, flow: string) {
  const [[of], [versions]] = await Promise.all([
    db
      .select({
        integrations: count(),
        enabled: sql<number>`coalesce(sum(${integrations.enabled}), 0)`,
        users: countDistinct(integrations.user),
      })
      .from(integrations)
      .where(ofFlow(workspace, flow)),
    db
      .select({ total: count() })
      .from(flowVersions)
      .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow))),
  ]);
  return { integrations: of?.integrations ?? 0, enabled: of?.enabled ?? 0, users: of?.users ?? 0, versions: versions?.total ?? 0 };
}

/** Puts a flow into the bin: nobody sees it any more, and `published` is remembered. */
export async function binFlow(db: Catalogue, workspace: string, flow: string, now = Date.now()): Promise<void> {
  await db
    .update(flows)
    .set({ deletedAt: now, deletedPublished: sql`${flows.published}`, published: null })
    .where(theFlow(workspace, flow));
}

/** Takes a flow out of the bin, published as it was. */
export async function unbinFlow(db: Catalogue, workspace: string, flow: string): Promise<void> {
  await db
    .update(flows)
    .set({ deletedAt: null, published: sql`${flows.deletedPublished}`, deletedPublished: null })
    .where(theFlow(workspace, flow));
}

/** The flow with this key in the bin. */
export async function findBinned(db: Catalogue, workspace: string, key: string) {
  const [row] = await db
    .select()
    .from(flows)
    .where(and(eq(flows.workspace, workspace), eq(flows.key, key), isNotNull(flows.deletedAt)));
  return row;
}

/** What is in the bin, the latest first. */
export async function listBin(db: Catalogue, workspace: string) {
  const rows = await db
    .select({
      key: flows.key,
      name: flows.name,
      deletedAt: flows.deletedAt,
      integrations: sql<number>`(SELECT count(*) FROM integrations WHERE integrations.workspace = flows.workspace AND integrations.flow = flows.id)`,
    })
    .from(flows)
    .where(and(eq(flows.workspace, workspace), isNotNull(flows.deletedAt)))
    .orderBy(desc(flows.deletedAt));
  return rows.map(({ deletedAt, ...row }) => ({
    ...row,
    deletedAt: new Date(deletedAt ?? 0).toISOString(),
    purgedAt: new Date((deletedAt ?? 0) + BIN_LIFE).toISOString(),
  }));
}

/** Lets a flow's time in the bin end now. */
export async function expireBinned(db: Catalogue, workspace: string, flow: string): Promise<void> {
  await db.update(flows).set({ deletedAt: 0 }).where(theFlow(workspace, flow));
}

/** Up to `limit` flows of all workspaces that went into the bin before `before`. */
export function binnedBefore(db: Catalogue, before: number, limit: number) {
  return db
    .select({ id: flows.id, workspace: flows.workspace })
    .from(flows)
    .where(lte(flows.deletedAt, before))
    .orderBy(asc(flows.deletedAt))
    .limit(limit);
}

/** Up to `limit` integrations of a flow in one state: `on`, switched on; `parked`, switched off by the bin; `all`. */
export function integrationsOf(db: Catalogue, workspace: string, flow: string, state: "on" | "parked" | "all", limit: number) {
  const which = state === "on" ? eq(integrations.enabled, true) : state === "parked" ? eq(integrations.parked, true) : undefined;
  return db
    .select({ id: integrations.id, user: integrations.user })
    .from(integrations)
    .where(and(ofFlow(workspace, flow), which, which && eq(integrations.removing, false)))
    .limit(limit);
}

/** Notes whether the bin has switched an integration off. */
export async function setParked(db: Catalogue, workspace: string, id: string, parked: boolean): Promise<void> {
  await db
    .update(integrations)
    .set({ parked })
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, id)));
}

/** Forgets a flow that no integration is left of, with its versions. */
export async function purgeFlow(db: Catalogue, workspace: string, flow: string): Promise<void> {
  await db.delete(flows).where(theFlow(workspace, flow));
}
