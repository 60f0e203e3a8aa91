import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { attempts } from "./schema.ts";

export type AttemptRow = typeof attempts.$inferSelect;
export type AttemptEnd =
  | { status: "connected"; account: string; existed: boolean }
  | { status: "failed"; reason: NonNullable<AttemptRow["reason"]>; message: string; why?: AttemptRow["why"] };

/** Stores a new attempt, and drops those that ended a day ago. */
export async function insertAttempt(db: Catalogue, row: typeof attempts.$inferInsert): Promise<void> {
  await db.delete(attempts).where(lt(attempts.expiresAt, row.createdAt - 86_400_000));
  await db.insert(attempts).values(row);
}

/** An attempt of this user, or one for the workspace where `user` is null. */
export async function findAttempt(db: Catalogue, workspace: string, user: string | null, id: string): Promise<AttemptRow | undefined> {
  const [row] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.workspace, workspace), user === null ? isNull(attempts.user) : eq(attempts.user, user), eq(attempts.id, id)));
  return row;
}

/**
 * Binds an attempt to the browser that begins it: the state and the browser's cookie are hashed, the verifier is sealed. The id is
 * unguessable and comes from the start address. Undefined where the attempt is unknown, over, or has begun in another browser.
 */
export async function beginAttempt(
  db: Catalogue,
  id: string,
  bound: { stateHash: string; browserHash: string; verifier: string | null },
  now: number,
): Promise<AttemptRow | undefined> {
  const isFree = or(isNull(attempts.browserHash), eq(attempts.browserHash, bound.browserHash));
  const open = and(eq(attempts.id, id), eq(attempts.status, "pending"), isFree, gt(attempts.expiresAt, now));
  const [row] = await db.update(attempts).set(bound).where(open).returning();
  return row;
}

/** What a start address names, whatever its state. */
export async function readAttempt(db: Catalogue, id: string): Promise<AttemptRow | undefined> {
  const [row] = await db.select().from(attempts).where(eq(attempts.id, id));
  return row;
}

/** The pending attempt with this state, for this browser. A state is good for one return: the attempt cannot be found by it again. */
export async function takeAttempt(db: Catalogue, stateHash: string, browserHash: string): Promise<AttemptRow | undefined> {
  const mine = and(eq(attempts.stateHash, stateHash), eq(attempts.browserHash, browserHash), eq(attempts.status, "pending"));
  const [row] = await db.update(attempts).set({ stateHash: null, browserHash: "used" }).where(mine).returning();
  return row;
}

/** Ends an attempt; the first end stays. */
export async function endAttempt(db: Catalogue, id: string, end: AttemptEnd): Promise<void> {
  await db
    .update(attempts)
    .set({ ...end, verifier: null, fields: null })
    .where(and(eq(attempts.id, id), eq(attempts.status, "pending")));
}
