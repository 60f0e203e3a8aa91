// Which master key each workspace's own key is wrapped by. Over all workspaces: for whoever operates the deployment.
import { and, asc, count, eq, min, ne, sql } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { workspaces } from "./schema.ts";

/** The id of the master key stands in the wrapped key: `v1.ID.…`. */
const keyId = sql<string>`substr(${workspaces.dek}, 4, instr(substr(${workspaces.dek}, 4), '.') - 1)`;

/** Master keys in use by id: how many workspaces each wraps, and the first of them. */
export async function listKeyUse(db: Catalogue): Promise<{ id: string; workspaces: number; first: string }[]> {
  const rows = await db
    .select({ id: keyId, workspaces: count(), first: min(workspaces.id) })
    .from(workspaces)
    .groupBy(keyId);
  return rows.map((row) => ({ ...row, first: row.first ?? "" }));
}

/** Up to `limit` workspaces whose key another master key than `id` wraps. */
export function listWrappedByOthers(db: Catalogue, id: string, limit: number) {
  return db
    .select({ id: workspaces.id, dek: workspaces.dek, keyId })
    .from(workspaces)
    .where(ne(keyId, id))
    .orderBy(asc(workspaces.id))
    .limit(limit);
}

/** Puts `after` in the place of `before`; false where somebody else has been there meanwhile. */
export async function replaceWrappedKey(db: Catalogue, workspace: string, before: string, after: string): Promise<boolean> {
  const rows = await db
    .update(workspaces)
    .set({ dek: after })
    .where(and(eq(workspaces.id, workspace), eq(workspaces.dek, before)))
    .returning({ id: workspaces.id });
  return rows.length > 0;
}
