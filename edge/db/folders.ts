// Folders of flows. What is in none stands in Standalone, which is no row and cannot be renamed or removed.
import { and, asc, count, eq, isNull, sql } from "drizzle-orm";
import type { Folder } from "../../shared/api/workspace-flow.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { flows, folders } from "./schema.ts";

const mine = (workspace: string, id: string) => and(eq(folders.workspace, workspace), eq(folders.id, id));

/** The folder, where the workspace has it. */
export async function findFolder(db: Catalogue, workspace: string, id: string) {
  const [row] = await db.select({ id: folders.id, name: folders.name }).from(folders).where(mine(workspace, id));
  return row;
}

/** Every folder by name, with how many flows are in it; Standalone first. */
export async function listFolders(db: Catalogue, workspace: string): Promise<Folder[]> {
  const [rows, totals] = await Promise.all([
    db
      .select({ id: folders.id, name: folders.name })
      .from(folders)
      .where(eq(folders.workspace, workspace))
      .orderBy(asc(sql`lower(${folders.name})`)),
    db
      .select({ folder: flows.folder, total: count() })
      .from(flows)
      .where(and(eq(flows.workspace, workspace), isNull(flows.deletedAt)))
      .groupBy(flows.folder),
  ]);
  const counts = new Map(totals.map(({ folder, total }) => [folder, total]));
  return [
    { id: "standalone", name: "Standalone", flows: counts.get(null) ?? 0 },
    ...rows.map((row) => ({ ...row, flows: counts.get(row.id) ?? 0 })),
  ];
}

/** Makes a folder. Undefined where there is one of this name. */
export async function createFolder(db: Catalogue, workspace: string, name: string, now = Date.now()): Promise<string | undefined> {
  const rows = await db
    .insert(folders)
    .values({ id: newId("fld"), workspace, name, createdAt: now })
    .onConflictDoNothing()
    .returning({ id: folders.id });
  return rows[0]?.id;
}

/** Renames a folder. False where another has the name. */
export async function renameFolder(db: Catalogue, workspace: string, id: string, name: string): Promise<boolean> {
  const [taken] = await db
    .select({ id: folders.id })
    .from(folders)
    .where(and(eq(folders.workspace, workspace), eq(folders.name, name)));
  if (taken && taken.id !== id) return false;
  await db.update(folders).set({ name }).where(mine(workspace, id));
  return true;
}

/** Removes a folder; its flows stand in Standalone from then on. */
export async function deleteFolder(db: Catalogue, workspace: string, id: string): Promise<void> {
  await db.batch([
    db
      .update(flows)
      .set({ folder: null })
      .where(and(eq(flows.workspace, workspace), eq(flows.folder, id))),
    db.delete(folders).where(mine(workspace, id)),
  ]);
}
