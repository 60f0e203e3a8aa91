import { and, asc, eq } from "drizzle-orm";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { Catalogue } from "./catalogue.ts";
import { oweApp } from "./integrations.ts";
import { isIn } from "./is-in.ts";
import { newId } from "./new-id.ts";
import { apps } from "./schema.ts";

/** Stores an app's file; a new version where it differs from the stored one, byte for byte. Integrations that wait for a mended one are owed it. */
export async function saveApp(
  db: Catalogue,
  workspace: string,
  source: string,
  file: AppFile,
  now = Date.now(),
): Promise<{ version: number; changed: boolean }> {
  const mine = and(eq(apps.workspace, workspace), eq(apps.key, file.key));
  const [before] = await db.select({ source: apps.source, version: apps.version }).from(apps).where(mine);
  if (before?.source === source) return { version: before.version, changed: false };
  const version = (before?.version ?? 0) + 1;
  await db.batch([
    db
      .insert(apps)
      .values({ workspace, key: file.key, id: newId("app"), version, source, file, updatedAt: now })
      .onConflictDoUpdate({ target: [apps.workspace, apps.key], set: { version, source, file, updatedAt: now } }),
    oweApp(db, workspace, file.key, now),
  ]);
  return { version, changed: true };
}

/** The app files with these keys, by key. Keys that the workspace does not have are absent. */
export async function loadApps(db: Catalogue, workspace: string, keys: string[]): Promise<Record<string, AppFile>> {
  if (keys.length === 0) return {};
  const rows = await db
    .select({ key: apps.key, file: apps.file })
    .from(apps)
    .where(and(eq(apps.workspace, workspace), isIn(apps.key, keys)));
  return Object.fromEntries(rows.map(({ key, file }) => [key, file]));
}

/** Every app of the workspace by key order, without its file. */
export async function listApps(db: Catalogue, workspace: string) {
  const rows = await db.select().from(apps).where(eq(apps.workspace, workspace)).orderBy(asc(apps.key));
  return rows.map(({ key, version, updatedAt, file }) => ({
    key,
    name: file.name,
    description: file.description,
    icon: file.icon ?? null,
    version,
    queries: Object.keys(file.queries),
    actions: Object.keys(file.actions),
    triggers: Object.keys(file.triggers),
    updatedAt: new Date(updatedAt).toISOString(),
  }));
}

/** An app's file as its builder wrote it. */
export async function readAppSource(db: Catalogue, workspace: string, key: string): Promise<string | undefined> {
  const [row] = await db
    .select({ source: apps.source })
    .from(apps)
    .where(and(eq(apps.workspace, workspace), eq(apps.key, key)));
  return row?.source;
}

/** Which apps the workspace has: the version and the file's text by key. */
export async function readAppSources(db: Catalogue, workspace: string): Promise<Map<string, { version: number; source: string }>> {
  const rows = await db
    .select({ key: apps.key, version: apps.version, source: apps.source })
    .from(apps)
    .where(eq(apps.workspace, workspace));
  return new Map(rows.map(({ key, ...row }) => [key, row]));
}
