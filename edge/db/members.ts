import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { invitations, members, signInLinks } from "./schema.ts";
import { type Opening, startSession } from "./sessions.ts";

/** How long a sign-in link lives, in milliseconds. */
export const SIGN_IN_LINK_LIFE = 15 * 60_000;

/** A member's roles, strongest first. */
export const ROLES = ["owner", "admin", "builder", "operator", "viewer"] as const;
export type Role = (typeof ROLES)[number];
export type MemberRow = typeof members.$inferSelect;

/** Whether whoever has `role` may give, take or stand in for `other`: one's own role and weaker ones. */
export const isWithinRole = (role: Role, other: string): boolean => ROLES.indexOf(role) <= ROLES.indexOf(other as Role);

/** Makes `email` a member of the workspace, unless they are one. Answers the member's id. */
export async function ensureMember(db: Catalogue, workspace: string, email: string, role: Role, now = Date.now()): Promise<string> {
  const address = email.toLowerCase();
  const row = { id: newId("mem"), workspace, email: address, name: address.split("@")[0] ?? address, role, createdAt: now };
  await db.insert(members).values(row).onConflictDoNothing();
  const mine = and(eq(members.workspace, workspace), eq(members.email, address));
  const [member] = await db.select({ id: members.id }).from(members).where(mine);
  if (!member) throw new Error("the member was neither there nor inserted");
  return member.id;
}

/** The member with this address, if there is one. */
export async function findMember(db: Catalogue, workspace: string, email: string) {
  const [row] = await db
    .select()
    .from(members)
    .where(and(eq(members.workspace, workspace), eq(members.email, email.toLowerCase())));
  return row;
}

/** A secret that signs `member` in once, within {@link SIGN_IN_LINK_LIFE}. */
export async function createSignInLink(db: Catalogue, workspace: string, member: string, now = Date.now()): Promise<string> {
  const token = randomToken("");
  await db.insert(signInLinks).values({ hash: await hashToken(token), member, workspace, expiresAt: now + SIGN_IN_LINK_LIFE });
  return token;
}

/** Uses a sign-in link up and opens a session. Answers whose it is and its secret; undefined where the link is used, old or unknown. */
export async function redeemSignInLink(
  db: Catalogue,
  link: string,
  opening: Omit<Opening, "by">,
  now = Date.now(),
): Promise<{ workspace: string; member: string; token: string } | undefined> {
  const live = and(eq(signInLinks.hash, await hashToken(link)), isNull(signInLinks.usedAt), gt(signInLinks.expiresAt, now));
  const [used] = await db.update(signInLinks).set({ usedAt: now }).where(live).returning();
  if (!used) return undefined;
  const { member, workspace } = used;
  return { workspace, member, token: await startSession(db, { workspace, member }, { ...opening, by: "link" }, now) };
}

/** {@link redeemSignInLink}, for the session's secret alone. */
export async function openSession(db: Catalogue, link: string, now = Date.now()): Promise<string | undefined> {
  return (await redeemSignInLink(db, link, {}, now))?.token;
}

/** All members, by address. */
export async function listMembers(db: Catalogue, workspace: string): Promise<MemberRow[]> {
  return db.select().from(members).where(eq(members.workspace, workspace)).orderBy(asc(members.email));
}

/** The member `mem_…`. */
export async function readMember(db: Catalogue, workspace: string, id: string): Promise<MemberRow | undefined> {
  const [row] = await db
    .select()
    .from(members)
    .where(and(eq(members.workspace, workspace), eq(members.id, id)));
  return row;
}

/**
 * Changes a member. False where that would leave the workspace without an owner; asked in the statement itself, so that two owners who
 * demote each other at once do not both succeed.
 */
export async function changeMember(
  db: Catalogue,
  workspace: string,
  id: string,
  change: { role?: Role | undefined; name?: string | undefined },
): Promise<boolean> {
  const keepsOwner = change.role === undefined || change.role === "owner" ? undefined : isNotLastOwner(workspace, id);
  const set = { ...(change.role ? { role: change.role } : {}), ...(change.name ? { name: change.name } : {}) };
  if (!Object.keys(set).length) return true;
  const rows = await db
    .update(members)
    .set(set)
    .where(and(eq(members.workspace, workspace), eq(members.id, id), keepsOwner))
    .returning({ id: members.id });
  return rows.length > 0;
}

/** Removes a member with their sessions, API tokens and invitations that nobody has taken up. False where that is the last owner. */
export async function deleteMember(db: Catalogue, workspace: string, id: string): Promise<boolean> {
  const theirs = and(eq(invitations.workspace, workspace), eq(invitations.invitedBy, id), isNull(invitations.acceptedAt));
  const isGone = sql`NOT EXISTS (SELECT 1 FROM members WHERE id = ${id})`;
  const [rows] = await db.batch([
    db
      .delete(members)
      .where(and(eq(members.workspace, workspace), eq(members.id, id), isNotLastOwner(workspace, id)))
      .returning({ id: members.id }),
    db.delete(invitations).where(and(theirs, isGone)),
  ]);
  return rows.length > 0;
}

const isNotLastOwner = (workspace: string, id: string) =>
  sql`(${members.role} <> 'owner' OR EXISTS (SELECT 1 FROM members other WHERE other.workspace = ${workspace} AND other.role = 'owner' AND other.id <> ${id}))`;
