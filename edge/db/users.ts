import { and, asc, eq, gt, inArray, lt, lte, or, sql } from "drizzle-orm";
import type { Attention } from "../../shared/api/integration.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { eventSubscriptions, flows, integrations, users } from "./schema.ts";

/** What a verified token says about its user; `id` is the host's own. */
export interface UserClaims {
  id: string;
  org: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  attributes: Record<string, unknown>;
}

/** A user's row says when they were last seen to within this (ms). */
const SEEN_EVERY = 300_000;
/** Whoever stores a change has integrations told of it at once; where that has not come about by then (ms), the sweep does it. */
const TELL_AFTER = 30_000;

/**
 * Stores what the token says about the user, who becomes known by it. Answers the user's own id, `usr_…`, and whether something has changed that
 * integrations are to be told. `saidAt`: when the token was issued (ms); one older than that of the last change changes nothing.
 */
export async function touchUser(
  db: Catalogue,
  workspace: string,
  claims: UserClaims,
  saidAt = 0,
  now = Date.now(),
): Promise<{ ref: string; isChanged: boolean }> {
  const { id: externalId, ...profile } = claims;
  const mine = and(eq(users.workspace, workspace), eq(users.externalId, externalId));
  const [before] = await db.select().from(users).where(mine);
  if (!before) {
    const row = { id: newId("usr"), workspace, externalId, ...profile, saidAt, createdAt: now, seenAt: now };
    const [made] = await db.insert(users).values(row).onConflictDoNothing().returning({ id: users.id });
    return made ? { ref: made.id, isChanged: false } : touchUser(db, workspace, claims, saidAt, now);
  }
  if (before.saidAt > saidAt || isSame(profileOf(before), profile)) {
    if (before.seenAt < now - SEEN_EVERY) await db.update(users).set({ seenAt: now }).where(mine);
    return { ref: before.id, isChanged: false };
  }
  const theirs = and(eq(integrations.workspace, workspace), eq(integrations.user, before.id));
  const ids = db.select({ id: integrations.id }).from(integrations).where(theirs);
  const revision = before.revision + 1;
  const tellAt = sql<number>`CASE WHEN EXISTS ${ids} THEN ${now + TELL_AFTER} END`;
  const [changed] = await db.batch([
    db
      .update(users)
      .set({ ...profile, revision, saidAt, tellAt, seenAt: now })
      .where(and(mine, eq(users.revision, before.revision)))
      .returning({ tellAt: users.tellAt }),
    // Host events for an org must find the users that are in it now.
    ...(before.org === claims.org
      ? []
      : [
          db
            .update(eventSubscriptions)
            .set({ org: orgOf(workspace, before.id) })
            .where(and(eq(eventSubscriptions.workspace, workspace), inArray(eventSubscriptions.integration, ids))),
        ]),
  ]);
  const [row] = changed;
  return row ? { ref: before.id, isChanged: row.tellAt !== null } : touchUser(db, workspace, claims, saidAt, now);
}

/** The org that user `ref` is in by the time that a statement is done. */
export const orgOf = (workspace: string, ref: string) =>
  sql<string | null>`(SELECT ${users.org} FROM ${users} WHERE ${users.workspace} = ${workspace} AND ${users.id} = ${ref})`;

const profileOf = ({ org, name, email, locale, attributes }: Profile): Profile => ({ org, name, email, locale, attributes });

/** Whether two values say the same, in whatever order they name it. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const names = Object.keys(a);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]))
  );
}

/** `usr_…` of the workspace's user who is named so, or by the host's own id. */
export async function findUserRef(db: Catalogue, workspace: string, user: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.workspace, workspace), or(eq(users.externalId, user), eq(users.id, user))));
  return row?.id;
}

export type UserRow = typeof users.$inferSelect;
type Profile = Omit<UserClaims, "id">;
/** Of a user of whom nothing is known but the host's own id. */
export const NO_PROFILE: Profile = { org: null, name: null, email: null, locale: null, attributes: {} };

/** The workspace's user who is named `usr_…`, or by the host's own id. With `profile`, one who is new by the latter is made known. */
export async function findUser(db: Catalogue, workspace: string, named: string, profile?: Profile): Promise<UserRow | undefined> {
  const mine = eq(users.workspace, workspace);
  const isNamed = named.startsWith("usr_") ? or(eq(users.id, named), eq(users.externalId, named)) : eq(users.externalId, named);
  const rows = await db.select().from(users).where(and(mine, isNamed));
  const found = rows.find(({ id }) => id === named) ?? rows[0];
  if (found || !profile || named.startsWith("usr_")) return found;
  await touchUser(db, workspace, { ...profile, id: named });
  return findUser(db, workspace, named);
}

/** The row of user `ref` (`usr_…`). */
export async function readUser(db: Catalogue, workspace: string, ref: string): Promise<UserRow | undefined> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.workspace, workspace), eq(users.id, ref)));
  return row;
}

/** Users of all workspaces whose integrations are to be told of their profile by `now`, longest due first. */
export function listUntoldUsers(db: Catalogue, now: number, limit: number): Promise<Pick<UserRow, "id" | "workspace">[]> {
  return db
    .select({ id: users.id, workspace: users.workspace })
    .from(users)
    .where(lte(users.tellAt, now))
    .orderBy(asc(users.tellAt), asc(users.id))
    .limit(limit);
}

export interface Untold {
  id: string;
  /** Its flow's key. */
  flow: string;
  updatedAt: number;
}

/** Up to `limit` of the user's integrations, in order behind `after`, that have not been told of the profile as `user` has it. */
export function listUntold(db: Catalogue, user: UserRow, after: string, limit: number): Promise<Untold[]> {
  return db
    .select({ id: integrations.id, flow: flows.key, updatedAt: integrations.updatedAt })
    .from(integrations)
    .innerJoin(flows, eq(flows.id, integrations.flow))
    .where(and(...untoldOf(user), gt(integrations.id, after)))
    .orderBy(asc(integrations.id))
    .limit(limit);
}

const untoldOf = ({ workspace, id, revision }: UserRow) => [
  eq(integrations.workspace, workspace),
  eq(integrations.user, id),
  lt(integrations.profile, revision),
];

/** Integrations have been told of the profile as `user` has it; what their objects said to it. */
export async function noteTold(
  db: Catalogue,
  user: UserRow,
  told: readonly { id: string; state?: { attention: Attention[]; nextDue: number | null } }[],
): Promise<void> {
  const [first, ...rest] = told.map(({ id, state }) =>
    db
      .update(integrations)
      .set({ profile: user.revision, ...state })
      .where(and(...untoldOf(user), eq(integrations.id, id))),
  );
  if (first) await db.batch([first, ...rest]);
}

/** When the rest of the user's integrations is told (ms); null where none is left. A change that came meanwhile keeps its own time. */
export async function noteTellAt(db: Catalogue, { workspace, id, revision }: UserRow, tellAt: number | null): Promise<void> {
  await db
    .update(users)
    .set({ tellAt })
    .where(and(eq(users.workspace, workspace), eq(users.id, id), eq(users.revision, revision)));
}
