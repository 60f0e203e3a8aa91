// A user's integrations. Every query names the workspace and the user; both come from the verified token.
import { and, asc, count, desc, eq, inArray, lt, ne, or, sql } from "drizzle-orm";
import type { Attention } from "../../shared/api/integration.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { WAITING_RUNS } from "../../shared/flow/waited-events.ts";
import type { Catalogue } from "./catalogue.ts";
import { subscriptionRows } from "./event-subscriptions.ts";
import { eventSubscriptions, flows, flowVersions, integrationAccounts, integrations } from "./schema.ts";
import { orgOf } from "./users.ts";

export type IntegrationRow = typeof integrations.$inferSelect;

/** Who asks: both parts come from the verified token. */
export interface Owner {
  workspace: string;
  /** `usr_…` */
  ref: string;
}

const mine = ({ workspace, ref }: Owner) => sql`${integrations.workspace} = ${workspace} AND ${integrations.user} = ${ref}`;

/** What goes with an integration's row wherever it is shown. */
export interface OwnedIntegration {
  row: IntegrationRow;
  flow: { key: string; tags: string[]; published: number | null };
  file: FlowFile;
}

const joined = (db: Catalogue) =>
  db
    .select({ row: integrations, flow: { key: flows.key, tags: flows.tags, published: flows.published }, file: flowVersions.file })
    .from(integrations)
    .innerJoin(flows, and(eq(flows.workspace, integrations.workspace), eq(flows.id, integrations.flow)))
    .innerJoin(
      flowVersions,
      and(
        eq(flowVersions.workspace, integrations.workspace),
        eq(flowVersions.flow, integrations.flow),
        eq(flowVersions.number, integrations.version),
      ),
    );

/** Up to `limit` of the user's integrations, newest first, behind `after`. */
export function listIntegrations(
  db: Catalogue,
  owner: Owner,
  { flow, after, limit }: { flow?: string | undefined; after?: { createdAt: number; id: string } | undefined; limit: number },
): Promise<OwnedIntegration[]> {
  const { createdAt, id } = integrations;
  const behind = after && or(lt(createdAt, after.createdAt), and(eq(createdAt, after.createdAt), lt(id, after.id)));
  return joined(db)
    .where(and(mine(owner), flow === undefined ? undefined : eq(flows.key, flow), behind))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

/** The user's integration `id`, or undefined where it is not theirs. */
export async function findIntegration(db: Catalogue, owner: Owner, id: string): Promise<OwnedIntegration | undefined> {
  const [found] = await joined(db).where(and(mine(owner), eq(integrations.id, id)));
  return found;
}

/** The workspace that integration `id` belongs to, and the user. */
export async function findOwner(db: Catalogue, id: string): Promise<Owner | undefined> {
  const [row] = await db
    .select({ workspace: integrations.workspace, ref: integrations.user })
    .from(integrations)
    .where(eq(integrations.id, id));
  return row;
}

/** How many integrations the user has of a flow (`flows.id`). */
export async function countIntegrations(db: Catalogue, owner: Owner, flow: string): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(integrations)
    .where(and(mine(owner), eq(integrations.flow, flow)));
  return row?.total ?? 0;
}

/** Whether `id` was stored first of the user's integrations of its flow (`rowid` tells): who wins where two were made at once. */
export async function isFirstIntegration(db: Catalogue, owner: Owner, flow: string, id: string): Promise<boolean> {
  const [first] = await db
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(mine(owner), eq(integrations.flow, flow)))
    .orderBy(asc(sql`${integrations}.rowid`))
    .limit(1);
  return first?.id === id;
}

/**
 * Stores an integration with all that hangs on it, in one transaction: its accounts by slot, and the host events it waits for. Those that
 * runs of an earlier version may wait for stay.
 */
export async function saveIntegration(
  db: Catalogue,
  row: IntegrationRow,
  file: FlowFile,
  user: { id: string; org: string | null },
): Promise<void> {
  await db.batch(saving(db, row, file, user));
}

/** The same in place of `before`. False, and nothing is stored, where it has been changed or removed since that was read. */
export async function replaceIntegration(
  db: Catalogue,
  before: IntegrationRow,
  row: IntegrationRow,
  file: FlowFile,
  user: { id: string; org: string | null },
): Promise<boolean> {
  // A batch is one transaction, and has no condition but a failure: reading no JSON rolls all of it back.
  const guard = db
    .select({ isUnchanged: sql`json(CASE count(*) WHEN 1 THEN '1' ELSE '' END)` })
    .from(integrations)
    .where(
      and(mine({ workspace: row.workspace, ref: row.user }), eq(integrations.id, row.id), eq(integrations.updatedAt, before.updatedAt)),
    );
  try {
    await db.batch([guard, ...saving(db, row, file, user)]);
    return true;
  } catch (error) {
    if (/malformed JSON/.test(`${error} ${(error as Error).cause}`)) return false;
    throw error;
  }
}

function saving(db: Catalogue, row: IntegrationRow, file: FlowFile, user: { id: string; org: string | null }) {
  const slots = Object.entries(row.accounts).map(([slot, account]) => ({ integration: row.id, account, slot, workspace: row.workspace }));
  const org = orgOf(row.workspace, row.user);
  const waiting = subscriptionRows(file, row, user).map((one) => ({ ...one, org }));
  const { id, workspace: _workspace, user: _user, createdAt: _createdAt, profile: _profile, ...changed } = row;
  return [
    db
      .insert(integrations)
      .values(row)
      .onConflictDoUpdate({ target: integrations.id, set: changed, setWhere: mine({ workspace: row.workspace, ref: row.user }) }),
    db.delete(integrationAccounts).where(and(eq(integrationAccounts.workspace, row.workspace), eq(integrationAccounts.integration, id))),
    db
      .delete(eventSubscriptions)
      .where(
        and(
          eq(eventSubscriptions.workspace, row.workspace),
          eq(eventSubscriptions.integration, id),
          ne(eventSubscriptions.block, WAITING_RUNS),
        ),
      ),
    ...slots.map((slot) => db.insert(integrationAccounts).values(slot)),
    ...waiting.map((one) => db.insert(eventSubscriptions).values(one).onConflictDoNothing()),
  ] as const;
}

/** Notes what the integration's object said: what keeps it from running, and when the sweep should look after it. */
export async function noteState(
  db: Catalogue,
  { workspace, id }: { workspace: string; id: string },
  state: { attention: Attention[]; nextDue: number | null },
): Promise<void> {
  await db
    .update(integrations)
    .set(state)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, id)));
}

/** Notes what keeps the integration from running, as its object finds it out by itself. */
export async function noteAttention(
  db: Catalogue,
  { workspace, id }: { workspace: string; id: string },
  attention: Attention[],
): Promise<void> {
  await db
    .update(integrations)
    .set({ attention })
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, id)));
}

/** Forgets the user's integration and all that hangs on it. */
export async function deleteIntegration(db: Catalogue, owner: Owner, id: string): Promise<void> {
  const theirs = db
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(mine(owner), eq(integrations.id, id)));
  await db.batch([
    db
      .delete(integrationAccounts)
      .where(and(eq(integrationAccounts.workspace, owner.workspace), inArray(integrationAccounts.integration, theirs))),
    db
      .delete(eventSubscriptions)
      .where(and(eq(eventSubscriptions.workspace, owner.workspace), inArray(eventSubscriptions.integration, theirs))),
    db.delete(integrations).where(and(mine(owner), eq(integrations.id, id))),
  ]);
}
