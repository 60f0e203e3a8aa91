import { and, desc, eq, isNull, lt, not, or } from "drizzle-orm";
import type { Account } from "../../shared/api/account.ts";
import type { Catalogue } from "./catalogue.ts";
import { isIn } from "./is-in.ts";
import { newId } from "./new-id.ts";
import { accounts, flows, integrationAccounts, integrations } from "./schema.ts";

export type AccountRow = typeof accounts.$inferSelect;
type UsedBy = Account["usedBy"];

/** Whose accounts: those of a user (`usr_…`), or with null those of the workspace itself. */
export interface AccountOwner {
  workspace: string;
  user: string | null;
}

const mine = (workspace: string, user: string | null) =>
  and(
    eq(accounts.workspace, workspace),
    user === null ? isNull(accounts.user) : eq(accounts.user, user),
    eq(accounts.owner, user === null ? "workspace" : "user"),
  );

/** The user's accounts, newest first, behind `after`; of one app where `app` is given. */
export async function listAccounts(
  db: Catalogue,
  workspace: string,
  user: string | null,
  { app, after, limit }: { app?: string | undefined; after?: [number, string] | undefined; limit: number },
): Promise<AccountRow[]> {
  const behind = after && or(lt(accounts.createdAt, after[0]), and(eq(accounts.createdAt, after[0]), lt(accounts.id, after[1])));
  return db
    .select()
    .from(accounts)
    .where(and(mine(workspace, user), app === undefined ? undefined : eq(accounts.app, app), behind))
    .orderBy(desc(accounts.createdAt), desc(accounts.id))
    .limit(limit);
}

/** One account of the user, or of the workspace where `user` is null. */
export async function findAccount(db: Catalogue, workspace: string, user: string | null, id: string): Promise<AccountRow | undefined> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(mine(workspace, user), eq(accounts.id, id)));
  return row;
}

/** The user's account that is the same one at the app. */
export async function findSameAccount(
  db: Catalogue,
  workspace: string,
  user: string | null,
  app: string,
  externalId: string,
): Promise<AccountRow | undefined> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(mine(workspace, user), eq(accounts.app, app), eq(accounts.externalId, externalId)));
  return row;
}

/** What a connection has proved. `id` renews that account; else the user's account with the same external id is renewed, or a new one made. */
export interface Connection {
  id?: string | undefined;
  app: string;
  auth: string;
  /** What a new account is called. */
  label: string;
  /** What an account that there is shall be called from now on; left out it keeps its name. */
  newLabel?: string | undefined;
  externalId: string | null;
  scopes: string[];
  /** What flow files call it by; accounts of the workspace alone. */
  key?: string | null | undefined;
}

/**
 * Makes or finds the row of a connection. A new row has the status `error` until its credentials are stored, so that a crash in
 * between leaves an account that asks to be connected, never one that claims to be.
 */
export async function saveAccount(
  db: Catalogue,
  workspace: string,
  user: string | null,
  { id, app, auth, label, newLabel, externalId, scopes, key }: Connection,
  now = Date.now(),
): Promise<{ id: string; existed: boolean }> {
  const values = { app, auth, externalId, scopes, updatedAt: now, ...(key ? { key } : {}) };
  if (id === undefined) {
    const fresh = {
      id: newId("acc"),
      workspace,
      user,
      owner: user === null ? ("workspace" as const) : ("user" as const),
      status: "error" as const,
      createdAt: now,
      lastUsedAt: null,
      label,
      ...values,
    };
    const [made] = await db.insert(accounts).values(fresh).onConflictDoNothing().returning({ id: accounts.id });
    if (made) return { id: made.id, existed: false };
  }
  const which = id === undefined ? and(eq(accounts.app, app), eq(accounts.externalId, externalId ?? "")) : eq(accounts.id, id);
  const [row] = await db
    .update(accounts)
    .set({ ...values, ...(newLabel === undefined ? {} : { label: newLabel }) })
    .where(and(mine(workspace, user), which))
    .returning({ id: accounts.id });
  if (!row) throw new Error("the account was neither inserted nor updated");
  return { id: row.id, existed: true };
}

/** The account's status as its object has found it. */
export async function setAccountStatus(
  db: Catalogue,
  workspace: string,
  id: string,
  status: AccountRow["status"],
  now = Date.now(),
): Promise<AccountRow | undefined> {
  const [row] = await db
    .update(accounts)
    .set({ status, updatedAt: now })
    .where(and(eq(accounts.workspace, workspace), eq(accounts.id, id)))
    .returning();
  return row;
}

/** Ids of accounts that a new file of `app` bears upon: its kinds of sign-in are `auths` now. */
export async function findConcerned(db: Catalogue, workspace: string, app: string, auths: string[]): Promise<string[]> {
  const isCutOff = and(eq(accounts.status, "connected"), not(isIn(accounts.auth, auths)));
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.workspace, workspace), eq(accounts.app, app), or(eq(accounts.status, "error"), isCutOff)));
  return rows.map(({ id }) => id);
}

/** Gives the account another name. Undefined where it is gone. */
export async function renameAccount(
  db: Catalogue,
  workspace: string,
  id: string,
  label: string,
  now = Date.now(),
): Promise<AccountRow | undefined> {
  const [row] = await db
    .update(accounts)
    .set({ label, updatedAt: now })
    .where(and(eq(accounts.workspace, workspace), eq(accounts.id, id)))
    .returning();
  return row;
}

/** Notes that the account has been used; its object calls this now and then, not at each call. */
export async function touchAccount(db: Catalogue, workspace: string, id: string, now: number): Promise<void> {
  await db
    .update(accounts)
    .set({ lastUsedAt: now })
    .where(and(eq(accounts.workspace, workspace), eq(accounts.id, id)));
}

/** Forgets the account. The integrations that used it keep naming it, so that they can say what they miss. */
export async function deleteAccount(db: Catalogue, workspace: string, user: string | null, id: string): Promise<void> {
  await db.delete(accounts).where(and(mine(workspace, user), eq(accounts.id, id)));
}

/** The workspace's account that flow files call `key`. */
export async function findByKey(db: Catalogue, workspace: string, app: string, key: string): Promise<AccountRow | undefined> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(mine(workspace, null), eq(accounts.app, app), eq(accounts.key, key)));
  return row;
}

/** Any account of the workspace or of its users. */
export async function findAnyAccount(db: Catalogue, workspace: string, id: string): Promise<AccountRow | undefined> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.workspace, workspace), eq(accounts.id, id)));
  return row;
}

/** Which integrations use each of the accounts, by account id. */
export async function findUsers(db: Catalogue, workspace: string, ids: string[]): Promise<Map<string, UsedBy>> {
  const found = new Map<string, UsedBy>(ids.map((id) => [id, []]));
  if (ids.length === 0) return found;
  const rows = await db
    .selectDistinct({ account: integrationAccounts.account, integration: integrations.id, flow: flows.key, name: integrations.name })
    .from(integrationAccounts)
    .innerJoin(integrations, eq(integrations.id, integrationAccounts.integration))
    .innerJoin(flows, eq(flows.id, integrations.flow))
    .where(and(eq(integrationAccounts.workspace, workspace), isIn(integrationAccounts.account, ids)));
  for (const { account, ...used } of rows) found.get(account)?.push(used);
  return found;
}

/** The account as it goes over the wire. */
export function toAccount(row: AccountRow, usedBy: UsedBy): Account {
  const { id, app, auth, label, key, externalId, owner, status, scopes, createdAt, lastUsedAt } = row;
  const time = (at: number) => new Date(at).toISOString();
  return {
    id,
    app,
    auth,
    label,
    ...(key === null ? {} : { key }),
    externalId,
    owner,
    status,
    scopes,
    usedBy,
    createdAt: time(createdAt),
    lastUsedAt: lastUsedAt === null ? null : time(lastUsedAt),
  };
}
