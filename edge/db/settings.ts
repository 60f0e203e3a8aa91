import { and, asc, eq } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { icons, secrets, variables } from "./schema.ts";

/** Sets a workspace variable: what `env.NAME` is in expressions. */
export async function setVariable(db: Catalogue, workspace: string, name: string, value: string, now = Date.now()): Promise<void> {
  await db
    .insert(variables)
    .values({ workspace, name, value, updatedAt: now })
    .onConflictDoUpdate({ target: [variables.workspace, variables.name], set: { value, updatedAt: now } });
}

/** All variables of the workspace, by name. */
export async function loadVariables(db: Catalogue, workspace: string): Promise<Record<string, string>> {
  const rows = await db.select({ name: variables.name, value: variables.value }).from(variables).where(eq(variables.workspace, workspace));
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Forgets a variable. Answers what it was; undefined where there was none. */
export async function deleteVariable(db: Catalogue, workspace: string, name: string): Promise<string | undefined> {
  const [row] = await db
    .delete(variables)
    .where(and(eq(variables.workspace, workspace), eq(variables.name, name)))
    .returning({ value: variables.value });
  return row?.value;
}

/** Stores a secret, sealed by the caller. */
export async function setSecret(db: Catalogue, workspace: string, name: string, sealed: string, now = Date.now()): Promise<void> {
  await db
    .insert(secrets)
    .values({ workspace, name, sealed, updatedAt: now })
    .onConflictDoUpdate({ target: [secrets.workspace, secrets.name], set: { sealed, updatedAt: now } });
}

/** Names of the workspace's secrets; their values are never listed. */
export async function listSecrets(db: Catalogue, workspace: string) {
  const rows = await db
    .select({ name: secrets.name, updatedAt: secrets.updatedAt })
    .from(secrets)
    .where(eq(secrets.workspace, workspace))
    .orderBy(asc(secrets.name));
  return rows.map(({ name, updatedAt }) => ({ name, updatedAt: new Date(updatedAt).toISOString() }));
}

/** Forgets a secret. False where there was none. */
export async function deleteSecret(db: Catalogue, workspace: string, name: string): Promise<boolean> {
  const rows = await db
    .delete(secrets)
    .where(and(eq(secrets.workspace, workspace), eq(secrets.name, name)))
    .returning({ name: secrets.name });
  return rows.length > 0;
}

/** Stores an icon under `path`: text for SVG, base64 (and `;base64` behind the type) otherwise. */
export async function setIcon(db: Catalogue, workspace: string, path: string, type: string, body: string, now = Date.now()): Promise<void> {
  await db
    .insert(icons)
    .values({ workspace, path, type, body, updatedAt: now })
    .onConflictDoUpdate({ target: [icons.workspace, icons.path], set: { type, body, updatedAt: now } });
}

/** Icons by path, without what they show; `type` as they are served. */
export async function listIcons(db: Catalogue, workspace: string): Promise<{ path: string; type: string; updatedAt: string }[]> {
  const rows = await db
    .select({ path: icons.path, type: icons.type, updatedAt: icons.updatedAt })
    .from(icons)
    .where(eq(icons.workspace, workspace))
    .orderBy(icons.path);
  return rows.map(({ path, type, updatedAt }) => ({
    path,
    type: type.split(";")[0] ?? type,
    updatedAt: new Date(updatedAt).toISOString(),
  }));
}

/** Forgets an icon: what names it shows its first letter. False where there was none. */
export async function deleteIcon(db: Catalogue, workspace: string, path: string): Promise<boolean> {
  const rows = await db
    .delete(icons)
    .where(and(eq(icons.workspace, workspace), eq(icons.path, path)))
    .returning({ path: icons.path });
  return rows.length > 0;
}
