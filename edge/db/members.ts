import { and, eq, gt, isNull } from "drizzle-orm";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { memberSessions, members, signInLinks, workspaces } from "./schema.ts";

/** How long a sign-in link and a session live, in milliseconds. */
export const SIGN_IN_LINK_LIFE = 15 * 60_000;
export const SESSION_LIFE = 12 * 60 * 60_000;

/** A member's roles, strongest first. */
export const ROLES = ["owner", "admin", "builder", "operator", "viewer"] as const;
export type Role = (typeof ROLES)[number];

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

/** Uses a sign-in link up and opens a session. Answers the session's secret, or undefined where the link is used, old or unknown. */
export async function openSession(db: Catalogue, link: string, now = Date.now()): Promise<string | undefined> {
  const live = and(eq(signInLinks.hash, await hashToken(link)), isNull(signInLinks.usedAt), gt(signInLinks.expiresAt, now));
  const [used] = await db.update(signInLinks).set({ usedAt: now }).where(live).returning();
  if (!used) return undefined;
  const token = randomToken("");
  const { member, workspace } = used;
  await db
    .insert(memberSessions)
    .values({ hash: await hashToken(token), member, workspace, expiresAt: now + SESSION_LIFE, createdAt: now });
  return token;
}

/** The member behind a live session, with the workspace's name. */
export async function findSession(db: Catalogue, token: string, now = Date.now()) {
  const [row] = await db
    .select({ member: members, workspaceName: workspaces.name })
    .from(memberSessions)
    .innerJoin(members, eq(members.id, memberSessions.member))
    .innerJoin(workspaces, eq(workspaces.id, memberSessions.workspace))
    .where(and(eq(memberSessions.hash, await hashToken(token)), gt(memberSessions.expiresAt, now)));
  return row;
}

/** Ends a session at once. */
export async function closeSession(db: Catalogue, token: string): Promise<void> {
  await db.delete(memberSessions).where(eq(memberSessions.hash, await hashToken(token)));
}
