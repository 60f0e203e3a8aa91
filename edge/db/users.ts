import { and, eq, inArray, or } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { eventSubscriptions, integrations, users } from "./schema.ts";

/** What a verified token says about its user; `id` is the host's own. */
export interface UserClaims {
  id: string;
  org: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  attributes: Record<string, unknown>;
}

/** Stores what the token says about the user, who becomes known by it. Answers the user's own id, `usr_…`. */
export async function touchUser(db: Catalogue, workspace: string, claims: UserClaims, now = Date.now()): Promise<{ ref: string }> {
  const { id: externalId, ...rest } = claims;
  const mine = and(eq(users.workspace, workspace), eq(users.externalId, externalId));
  const [before] = await db.select({ id: users.id, org: users.org }).from(users).where(mine);
  const [row] = await db
    .insert(users)
    .values({ id: newId("usr"), workspace, externalId, ...rest, createdAt: now, seenAt: now })
    .onConflictDoUpdate({ target: [users.workspace, users.externalId], set: { ...rest, seenAt: now } })
    .returning({ id: users.id });
  if (!row) throw new Error("the user was neither inserted nor updated");
  if (before && before.org !== claims.org) await moveSubscriptions(db, workspace, row.id, claims.org);
  return { ref: row.id };
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
/** Of a user of whom nothing is known but the host's own id. */
export const NO_PROFILE: Omit<UserClaims, "id"> = { org: null, name: null, email: null, locale: null, attributes: {} };

/** The workspace's user who is named `usr_…`, or by the host's own id. With `profile`, one who is new by the latter is made known. */
export async function findUser(
  db: Catalogue,
  workspace: string,
  named: string,
  profile?: Omit<UserClaims, "id">,
): Promise<UserRow | undefined> {
  const mine = eq(users.workspace, workspace);
  const isNamed = named.startsWith("usr_") ? or(eq(users.id, named), eq(users.externalId, named)) : eq(users.externalId, named);
  const rows = await db.select().from(users).where(and(mine, isNamed));
  const found = rows.find(({ id }) => id === named) ?? rows[0];
  if (found || !profile || named.startsWith("usr_")) return found;
  await touchUser(db, workspace, { ...profile, id: named });
  return findUser(db, workspace, named);
}

/** Host events for an org must find the users that are in it now. */
async function moveSubscriptions(db: Catalogue, workspace: string, user: string, org: string | null): Promise<void> {
  const theirs = db
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.user, user)));
  await db
    .update(eventSubscriptions)
    .set({ org })
    .where(and(eq(eventSubscriptions.workspace, workspace), inArray(eventSubscriptions.integration, theirs)));
}
