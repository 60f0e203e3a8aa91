import { and, asc, eq } from "drizzle-orm";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Catalogue } from "./catalogue.ts";
import { templates } from "./schema.ts";

const mine = (workspace: string, key: string) => and(eq(templates.workspace, workspace), eq(templates.key, key));

/** The organisation's templates by name, without their sources. */
export function listTemplates(db: Catalogue, workspace: string) {
  return db
    .select({
      key: templates.key,
      name: templates.name,
      description: templates.description,
      category: templates.category,
      apps: templates.apps,
    })
    .from(templates)
    .where(eq(templates.workspace, workspace))
    .orderBy(asc(templates.name));
}

/** One template of the organisation. */
export async function findTemplate(db: Catalogue, workspace: string, key: string) {
  const [row] = await db.select().from(templates).where(mine(workspace, key));
  return row;
}

/** Stores a flow file as a template, in the place of one with its key. */
export async function saveTemplate(
  db: Catalogue,
  workspace: string,
  { source, file, author }: { source: string; file: FlowFile; author: string },
  now = Date.now(),
): Promise<void> {
  const { name, description, category = null } = file;
  const apps = [...new Set(Object.values(file.accounts).map(({ app }) => app))];
  const row = { name, description, category, apps, source, author, updatedAt: now };
  await db
    .insert(templates)
    .values({ workspace, key: file.key, ...row })
    .onConflictDoUpdate({ target: [templates.workspace, templates.key], set: row });
}

/** Removes a template. False where there is none. */
export async function deleteTemplate(db: Catalogue, workspace: string, key: string): Promise<boolean> {
  const rows = await db.delete(templates).where(mine(workspace, key)).returning({ key: templates.key });
  return rows.length > 0;
}
