import { and, eq } from "drizzle-orm";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { Catalogue } from "./catalogue.ts";
import { apps } from "./schema.ts";

/** The workspace's app with this key, whatever a caller took for one: `constructor` is none unless somebody has stored it. */
export async function findApp(db: Catalogue, workspace: string, key: string): Promise<AppFile | undefined> {
  const [row] = await db
    .select({ file: apps.file })
    .from(apps)
    .where(and(eq(apps.workspace, workspace), eq(apps.key, key)));
  return row?.file;
}
