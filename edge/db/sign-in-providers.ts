import { and, asc, eq, lt, sql } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { memberAttempts, memberIdentities, signInProviders, workspaces } from "./schema.ts";

export type SignInProviderRow = typeof signInProviders.$inferSelect;
export type MemberAttemptRow = typeof memberAttempts.$inferSelect;

/** The workspace's providers, oldest first. */
export async function listProviders(db: Catalogue, workspace: string): Promise<SignInProviderRow[]> {
  return db.select().from(signInProviders).where(eq(signInProviders.workspace, workspace)).orderBy(asc(signInProviders.createdAt));
}

/** Stores a provider, new or changed. */
export async function saveProvider(db: Catalogue, row: SignInProviderRow): Promise<void> {
  const { id: _id, workspace, createdAt: _createdAt, ...changed } = row;
  await db
    .insert(signInProviders)
    .values(row)
    .onConflictDoUpdate({ target: signInProviders.id, set: changed, setWhere: eq(signInProviders.workspace, workspace) });
}

/** The workspace's provider with this id. */
export async function findProvider(db: Catalogue, workspace: string, id: string): Promise<SignInProviderRow | undefined> {
  const [row] = await db
    .select()
    .from(signInProviders)
    .where(and(eq(signInProviders.workspace, workspace), eq(signInProviders.id, id)));
  return row;
}

/** Any workspace's provider, for whoever is about to sign in by it; its id is all that they know. */
export async function readProvider(db: Catalogue, id: string): Promise<(SignInProviderRow & { workspaceName: string }) | undefined> {
  const [row] = await db
    .select({ provider: signInProviders, workspaceName: workspaces.name })
    .from(signInProviders)
    .innerJoin(workspaces, eq(workspaces.id, signInProviders.workspace))
    .where(eq(signInProviders.id, id));
  return row && { ...row.provider, workspaceName: row.workspaceName };
}

/** Providers of any workspace that names the domain of `email`: names alone, for a sign-in page. */
export async function providersOfDomain(db: Catalogue, domain: string): Promise<{ id: string; label: string }[]> {
  return db
    .select({ id: signInProviders.id, label: signInProviders.label })
    .from(signInProviders)
    .where(sql`EXISTS (SELECT 1 FROM json_each(${signInProviders.domains}) WHERE value = ${domain})`)
    .limit(20);
}

/** Forgets a provider, and whom it has signed in; their sessions are the caller's to end. */
export async function deleteProvider(db: Catalogue, workspace: string, id: string): Promise<boolean> {
  const rows = await db
    .delete(signInProviders)
    .where(and(eq(signInProviders.workspace, workspace), eq(signInProviders.id, id)))
    .returning({ id: signInProviders.id });
  return rows.length > 0;
}

/** Notes a sign-in that is under way, and drops those that are over. */
export async function insertMemberAttempt(db: Catalogue, row: MemberAttemptRow, now: number): Promise<void> {
  await db.delete(memberAttempts).where(lt(memberAttempts.expiresAt, now));
  await db.insert(memberAttempts).values(row);
}

/** The sign-in with this state that this browser has begun; it cannot be found again. */
export async function takeMemberAttempt(db: Catalogue, stateHash: string, browserHash: string): Promise<MemberAttemptRow | undefined> {
  const [row] = await db
    .delete(memberAttempts)
    .where(and(eq(memberAttempts.stateHash, stateHash), eq(memberAttempts.browserHash, browserHash)))
    .returning();
  return row;
}

/** The member whom the provider knows by `subject`. */
export async function findIdentity(db: Catalogue, workspace: string, provider: string, subject: string): Promise<string | undefined> {
  const [row] = await db
    .select({ member: memberIdentities.member })
    .from(memberIdentities)
    .where(and(eq(memberIdentities.workspace, workspace), eq(memberIdentities.provider, provider), eq(memberIdentities.subject, subject)));
  return row?.member;
}

/** Binds a member to a provider's subject. */
export async function saveIdentity(db: Catalogue, workspace: string, provider: string, subject: string, member: string): Promise<void> {
  await db.insert(memberIdentities).values({ workspace, provider, subject, member }).onConflictDoNothing();
}
