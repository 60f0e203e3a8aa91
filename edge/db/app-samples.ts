import { and, asc, eq } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { appSamples } from "./schema.ts";

export type AppSampleRow = typeof appSamples.$inferSelect;
type Which = Pick<AppSampleRow, "workspace" | "app" | "kind" | "operation">;

const one = ({ workspace, app, kind, operation }: Which) =>
  and(eq(appSamples.workspace, workspace), eq(appSamples.app, app), eq(appSamples.kind, kind), eq(appSamples.operation, operation));

/** An app's samples by their operations. */
export function listSamples(db: Catalogue, workspace: string, app: string): Promise<AppSampleRow[]> {
  return db
    .select()
    .from(appSamples)
    .where(and(eq(appSamples.workspace, workspace), eq(appSamples.app, app)))
    .orderBy(asc(appSamples.kind), asc(appSamples.operation));
}

/** Keeps a sample in place of the operation's earlier one. */
export async function saveSample(db: Catalogue, row: AppSampleRow): Promise<void> {
  const { input, output, author, createdAt } = row;
  await db
    .insert(appSamples)
    .values(row)
    .onConflictDoUpdate({
      target: [appSamples.workspace, appSamples.app, appSamples.kind, appSamples.operation],
      set: { input, output, author, createdAt },
    });
}

/** Forgets a sample. False where there is none. */
export async function deleteSample(db: Catalogue, which: Which): Promise<boolean> {
  const rows = await db.delete(appSamples).where(one(which)).returning({ operation: appSamples.operation });
  return rows.length > 0;
}
