// A user's integrations. Every query names the workspace and the user; both come from the verified token.
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, like, lt, lte, ne, or, sql } from "drizzle-orm";
import type { Attention } from "../../shared/api/integration.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { WAITING_RUNS } from "../../shared/flow/waited-events.ts";
import type { Catalogue } from "./catalogue.ts";
import { subscriptionRows } from "./event-subscriptions.ts";
import { isIn } from "./is-in.ts";
import { type Change, eventSubscriptions, flows, flowVersions, integrationAccounts, integrations } from "./schema.ts";
import { orgOf } from "./users.ts";

export type IntegrationRow = typeof integrations.$inferSelect;

/** Who asks: both parts come from the verified token. */
export interface Owner {
  workspace: string;
  /** `usr_…` */
  ref: string;
}

/** What is being removed is nobody's any more. */
const mine = (owner: Owner) => sql`${theirs(owner)} AND ${integrations.removing} = 0`;
const theirs = ({ workspace, ref }: Owner) => sql`${integrations.workspace} = ${workspace} AND ${integrations.user} = ${ref}`;

/** A change is handed to the integration's object at once. Where that has not come about by then (ms), the sweep does it. */
const HAND_OVER_AFTER = 30_000;

/** What a row says of `change` until its object has confirmed it; `before` is the row that it changes. */
export function owing(before: Pick<IntegrationRow, "revision" | "owed">, change: Change, now = Date.now()) {
  const revision = before.revision + 1;
  return { revision, owed: [...before.owed, { change, revision }], owedAt: now + HAND_OVER_AFTER };
}

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

/** What an earlier try to make the user's integration `id` has left, whatever has become of it. */
export async function findLeft(db: Catalogue, owner: Owner, id: string) {
  const { revision, removing, createdAt } = integrations;
  const [row] = await db
    .select({ id: integrations.id, revision, removing, createdAt })
    .from(integrations)
    .where(and(theirs(owner), eq(integrations.id, id)));
  return row;
}

/** The workspace that integration `id` belongs to, and the user. */
export async function findOwner(db: Catalogue, id: string): Promise<Owner | undefined> {
  const [row] = await db
    .select({ workspace: integrations.workspace, ref: integrations.user })
    .from(integrations)
    .where(eq(integrations.id, id));
  return row;
}

/** Which of `ids` the workspace has (any more). */
export async function findExisting(db: Catalogue, workspace: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(eq(integrations.workspace, workspace), isIn(integrations.id, ids)));
  return new Set(rows.map(({ id }) => id));
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
    .where(and(mine({ workspace: row.workspace, ref: row.user }), eq(integrations.id, row.id), eq(integrations.revision, before.revision)));
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

/**
 * The same where the object has taken the row as it was read. False where that has been changed or removed since: whoever did it notes
 * what comes of it.
 */
export async function noteSettled(
  db: Catalogue,
  { workspace, id, revision }: Pick<IntegrationRow, "workspace" | "id" | "revision">,
  state: { attention: Attention[]; nextDue: number | null },
): Promise<boolean> {
  const settled = await db
    .update(integrations)
    .set({ ...state, owed: [], owedAt: null })
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, id), eq(integrations.revision, revision)))
    .returning({ id: integrations.id });
  return settled.length > 0;
}

export type OwedIntegration = Pick<IntegrationRow, "id" | "workspace" | "user" | "revision" | "removing">;

/** Integrations of all workspaces whose objects are to be told by `now` what has become of them, longest due first. */
export function listOwed(db: Catalogue, now: number, limit: number): Promise<OwedIntegration[]> {
  const { id, workspace, user, revision, removing, owedAt } = integrations;
  return db
    .select({ id, workspace, user, revision, removing })
    .from(integrations)
    .where(lte(owedAt, now))
    .orderBy(asc(owedAt), asc(id))
    .limit(limit);
}

/** The object could not be told: once more at `owedAt` (ms), where nobody has changed the row since. */
export async function postponeOwed(db: Catalogue, { id, revision }: OwedIntegration, owedAt: number): Promise<void> {
  await db
    .update(integrations)
    .set({ owedAt })
    .where(and(eq(integrations.id, id), eq(integrations.revision, revision), isNotNull(integrations.owedAt)));
}

/**
 * The integration's object says that it is on (`isOn`) or off, and nothing of the row is owed to it: where the row says otherwise, it is told
 * once more. Releases before the row noted what is owed have left such.
 */
export async function oweAgain(
  db: Catalogue,
  { workspace, id }: Pick<IntegrationRow, "workspace" | "id">,
  isOn: boolean,
  now: number,
): Promise<void> {
  const { enabled, removing, owedAt, revision } = integrations;
  const isUntold = and(eq(integrations.id, id), eq(enabled, !isOn), eq(removing, false), isNull(owedAt));
  const [row] = await db
    .select()
    .from(integrations)
    .where(and(eq(integrations.workspace, workspace), isUntold));
  if (!row) return;
  await db
    .update(integrations)
    .set({ ...owing(row, row.enabled ? "enabled" : "disabled"), owedAt: now })
    .where(and(eq(integrations.workspace, workspace), isUntold, eq(revision, row.revision)));
}

export type DueIntegration = Pick<IntegrationRow, "id" | "workspace" | "enabled" | "nextDue">;

/**
 * Why the sweep touches an integration: it is due (`nextDue`, ms); it never would be, since that was noted while the clock ran ahead (`farthest`,
 * ms); or a release that did not note what is owed has left it switched off and looked after, or switched on and not.
 */
export const DUE = ["due", "ahead", "off", "unnoted"] as const;

/** Up to `limit` integrations of all workspaces that the sweep touches for that reason, longest due first, behind `after`. Reads no others. */
export function listDue(
  db: Catalogue,
  why: (typeof DUE)[number],
  { now, farthest, after, limit }: { now: number; farthest: number; after: DueIntegration | undefined; limit: number },
): Promise<DueIntegration[]> {
  const { id, workspace, enabled, nextDue, owedAt } = integrations;
  const isDue = {
    due: and(eq(enabled, true), lte(nextDue, now)),
    ahead: and(eq(enabled, true), gt(nextDue, farthest)),
    off: and(eq(enabled, false), isNotNull(nextDue), isNull(owedAt)),
    unnoted: and(eq(enabled, true), isNull(nextDue), isNull(owedAt)),
  }[why];
  const isBehind = after && sql`(${nextDue}, ${id}) > (${after.nextDue}, ${after.id})`;
  return db
    .select({ id, workspace, enabled, nextDue })
    .from(integrations)
    .where(and(isDue, isBehind))
    .orderBy(asc(nextDue), asc(id))
    .limit(limit);
}

/**
 * The file of `app` is another. Integrations that could not subscribe at it, or not read what it answered, are handed the new one by the next
 * sweep, which subscribes with it.
 */
export const oweApp = (db: Catalogue, workspace: string, app: string, now: number) => {
  const { owed, revision, attention, enabled, removing } = integrations;
  const next = sql`${revision} + 1`;
  const usesApp = sql`EXISTS (
    SELECT 1 FROM flow_versions AS pinned, json_each(pinned.file, '$.accounts') AS slot
    WHERE pinned.workspace = integrations.workspace AND pinned.flow = integrations.flow AND pinned.number = integrations.version
    AND slot.value ->> 'app' = ${app})`;
  return db
    .update(integrations)
    .set({ revision: next, owed: sql`json_insert(${owed}, '$[#]', json_object('change', 'app', 'revision', ${next}))`, owedAt: now })
    .where(
      and(
        ...[eq(integrations.workspace, workspace), eq(enabled, true), eq(removing, false)],
        or(like(attention, '%"subscription_unread"%'), like(attention, '%"subscribe_failed"%')),
        usesApp,
      ),
    );
};

/** Whether the catalogue has a change of the integration that its object need not know yet: what it refuses may be welcome soon. */
export async function isOwed(db: Catalogue, id: string): Promise<boolean> {
  const [row] = await db
    .select({ owedAt: integrations.owedAt })
    .from(integrations)
    .where(and(eq(integrations.id, id), eq(integrations.removing, false)));
  return row !== undefined && row.owedAt !== null;
}

/** Whether the integration is off for all that the catalogue knows: switched off or removed, and its object has been told. */
export async function isOff(db: Catalogue, id: string): Promise<boolean> {
  const [row] = await db
    .select({ enabled: integrations.enabled, owedAt: integrations.owedAt })
    .from(integrations)
    .where(and(eq(integrations.id, id), eq(integrations.removing, false)));
  return row === undefined || (!row.enabled && row.owedAt === null);
}

/** Whether there is an integration `id` that nobody removes. */
export async function isKept(db: Catalogue, id: string): Promise<boolean> {
  const [row] = await db
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(eq(integrations.id, id), eq(integrations.removing, false)));
  return row !== undefined;
}

/** Hides the user's integration until it is removed, by whoever asked or, after a death, by the sweep. */
export async function markRemoving(db: Catalogue, owner: Owner, id: string, now = Date.now()): Promise<void> {
  await db
    .update(integrations)
    .set({ removing: true, revision: sql`${integrations.revision} + 1`, owedAt: now + HAND_OVER_AFTER })
    .where(and(theirs(owner), eq(integrations.id, id)));
}

/** It could not be removed: it is as it was, also where its object has forgotten it. */
export async function unmarkRemoving(db: Catalogue, owner: Owner, id: string): Promise<void> {
  const [row] = await db
    .select()
    .from(integrations)
    .where(and(theirs(owner), eq(integrations.id, id)));
  if (!row) return;
  await db
    .update(integrations)
    .set({ removing: false, ...owing(row, "restored") })
    .where(and(theirs(owner), eq(integrations.id, id), eq(integrations.revision, row.revision)));
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
  const it = db
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(theirs(owner), eq(integrations.id, id)));
  await db.batch([
    db
      .delete(integrationAccounts)
      .where(and(eq(integrationAccounts.workspace, owner.workspace), inArray(integrationAccounts.integration, it))),
    db
      .delete(eventSubscriptions)
      .where(and(eq(eventSubscriptions.workspace, owner.workspace), inArray(eventSubscriptions.integration, it))),
    db.delete(integrations).where(and(theirs(owner), eq(integrations.id, id))),
  ]);
}
