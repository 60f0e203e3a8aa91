// Sessions of members. Their tokens are stored as hashes. One browser may have several, one a workspace, and switch between them: each was
// opened by that workspace's own sign-in, so that nobody's word for an address counts in a workspace that is not theirs.
import { and, desc, eq, gt, isNotNull, lt, ne } from "drizzle-orm";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { memberSessions, members, workspaces } from "./schema.ts";

/** How long (ms) a session lives. */
export const SESSION_LIFE = 12 * 60 * 60_000;
const SEEN_EVERY = 60_000;

/** How a session comes to be: `by` a link, an invitation, or a provider's id; `former` is the token that the browser had until now. */
export interface Opening {
  by: string;
  agent?: string | undefined;
  former?: string | undefined;
}

/** Opens a session of `member`. A former one of the same workspace in the same browser ends. Answers its secret. */
export async function startSession(
  db: Catalogue,
  { workspace, member }: { workspace: string; member: string },
  { by, agent, former }: Opening,
  now = Date.now(),
): Promise<string> {
  const known = former === undefined ? undefined : await findSession(db, former, now);
  const browser = known?.browser ?? randomToken("");
  if (known) await db.delete(memberSessions).where(and(eq(memberSessions.workspace, workspace), eq(memberSessions.browser, browser)));
  await db.delete(memberSessions).where(and(eq(memberSessions.workspace, workspace), lt(memberSessions.expiresAt, now)));
  const token = randomToken("");
  await db.insert(memberSessions).values({
    ...{ hash: await hashToken(token), member, workspace, expiresAt: now + SESSION_LIFE, createdAt: now },
    ...{ id: newId("ses"), browser, by, agent: agent?.slice(0, 200) ?? null, seenAt: now },
  });
  return token;
}

/** The member behind a live session, with the workspace's name. Notes once a minute that the session is in use. */
export async function findSession(db: Catalogue, token: string, now = Date.now()) {
  const hash = await hashToken(token);
  const [row] = await db
    .select({
      member: members,
      workspaceName: workspaces.name,
      id: memberSessions.id,
      browser: memberSessions.browser,
      seenAt: memberSessions.seenAt,
    })
    .from(memberSessions)
    .innerJoin(members, eq(members.id, memberSessions.member))
    .innerJoin(workspaces, eq(workspaces.id, memberSessions.workspace))
    .where(and(eq(memberSessions.hash, hash), gt(memberSessions.expiresAt, now)));
  if (row && (row.seenAt ?? 0) < now - SEEN_EVERY)
    await db
      .update(memberSessions)
      .set({ seenAt: now })
      .where(and(eq(memberSessions.workspace, row.member.workspace), eq(memberSessions.hash, hash)));
  return row;
}

/** Ends a session at once, and with it those of other workspaces in the same browser. */
export async function closeSession(db: Catalogue, token: string): Promise<void> {
  const [gone] = await db
    .delete(memberSessions)
    .where(eq(memberSessions.hash, await hashToken(token)))
    .returning({ browser: memberSessions.browser });
  if (gone?.browser) await db.delete(memberSessions).where(eq(memberSessions.browser, gone.browser));
}

/** A member's live sessions, newest first. */
export async function listSessions(db: Catalogue, workspace: string, member: string, now = Date.now()) {
  return db
    .select({
      id: memberSessions.id,
      by: memberSessions.by,
      agent: memberSessions.agent,
      createdAt: memberSessions.createdAt,
      seenAt: memberSessions.seenAt,
      expiresAt: memberSessions.expiresAt,
    })
    .from(memberSessions)
    .where(
      and(
        eq(memberSessions.workspace, workspace),
        eq(memberSessions.member, member),
        gt(memberSessions.expiresAt, now),
        isNotNull(memberSessions.id),
      ),
    )
    .orderBy(desc(memberSessions.createdAt));
}

/** Ends a member's sessions at once: one, all, or all `but` one. How many there were. */
export async function endSessions(
  db: Catalogue,
  workspace: string,
  member: string,
  { id, but }: { id?: string | undefined; but?: string | undefined } = {},
): Promise<number> {
  const which = and(
    eq(memberSessions.workspace, workspace),
    eq(memberSessions.member, member),
    id === undefined ? undefined : eq(memberSessions.id, id),
    but === undefined ? undefined : ne(memberSessions.id, but),
  );
  return (await db.delete(memberSessions).where(which).returning({ hash: memberSessions.hash })).length;
}

/** Ends all sessions that a provider has opened. How many there were. */
export async function endSessionsBy(db: Catalogue, workspace: string, provider: string): Promise<number> {
  const theirs = and(eq(memberSessions.workspace, workspace), eq(memberSessions.by, provider));
  return (await db.delete(memberSessions).where(theirs).returning({ hash: memberSessions.hash })).length;
}

/** Workspaces that the browser with this session is signed in to. */
export async function listBrowserWorkspaces(db: Catalogue, token: string, now = Date.now()) {
  const current = await findSession(db, token, now);
  if (!current?.browser) return [];
  const rows = await db
    .select({ id: workspaces.id, name: workspaces.name, role: members.role, email: members.email })
    .from(memberSessions)
    .innerJoin(members, eq(members.id, memberSessions.member))
    .innerJoin(workspaces, eq(workspaces.id, memberSessions.workspace))
    .where(and(eq(memberSessions.browser, current.browser), gt(memberSessions.expiresAt, now)))
    .orderBy(workspaces.name);
  return rows.map((row) => ({ ...row, current: row.id === current.member.workspace }));
}

/** A new secret for the browser's session in another workspace; undefined where it is not signed in there. The session's own life stays. */
export async function switchSession(db: Catalogue, token: string, workspace: string, now = Date.now()): Promise<string | undefined> {
  const current = await findSession(db, token, now);
  if (!current?.browser) return undefined;
  const fresh = randomToken("");
  const [row] = await db
    .update(memberSessions)
    .set({ hash: await hashToken(fresh), seenAt: now })
    .where(and(eq(memberSessions.workspace, workspace), eq(memberSessions.browser, current.browser), gt(memberSessions.expiresAt, now)))
    .returning({ id: memberSessions.id });
  return row && fresh;
}
