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
