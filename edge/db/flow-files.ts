// What builders do with flows: one draft, numbered versions that never change, one of them published or none.
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { flows, flowVersions } from "./schema.ts";

const byKey = (workspace: string, key: string) => and(eq(flows.workspace, workspace), eq(flows.key, key));

/** What lists show of a flow. */
const shownOf = ({ name, description, icon, category, tags, labels, audience, accounts }: FlowFile) => ({
  name,
  description,
  icon: icon ?? null,
  category: category ?? null,
  tags,
  labels: lowerCase(labels),
  audience,
  apps: [...new Set(Object.values(accounts).map(({ app }) => app))],
});

const lowerCase = (labels: readonly string[]) => [...new Set(labels.map((label) => label.toLowerCase()))];

/** The flow with this key, draft included. One in the recycle bin is not found. */
export async function findFlow(db: Catalogue, workspace: string, key: string) {
  const [row] = await db
    .select()
    .from(flows)
    .where(and(byKey(workspace, key), isNull(flows.deletedAt)));
  return row;
}

/** Whether a flow with this key is in the recycle bin. */
export async function isBinned(db: Catalogue, workspace: string, key: string): Promise<boolean> {
  const [row] = await db.select({ deletedAt: flows.deletedAt }).from(flows).where(byKey(workspace, key));
  return typeof row?.deletedAt === "number";
}

/**
 * Stores `source` as the flow's draft, whatever it says, where the draft still is what `revision` counted. Answers the new revision;
 * undefined where somebody else was first. A flow that has never been published is listed by what its draft says (`file`).
 */
export async function changeDraft(
  db: Catalogue,
  workspace: string,
  { id, revision }: { id: string; revision: number },
  source: string,
  file: FlowFile | undefined,
  now = Date.now(),
): Promise<number | undefined> {
  const mine = and(eq(flows.workspace, workspace), eq(flows.id, id), eq(flows.revision, revision));
  const shown = file ? shownOf(file) : {};
  const [row] = await db
    .update(flows)
    .set({ draft: source, revision: revision + 1, updatedAt: now })
    .where(mine)
    .returning({
      revision: flows.revision,
      versions: sql<number>`(SELECT count(*) FROM flow_versions WHERE workspace = ${workspace} AND flow = ${id})`,
    });
  if (row && row.versions === 0 && file)
    await db
      .update(flows)
      .set(shown)
      .where(and(eq(flows.workspace, workspace), eq(flows.id, id)));
  return row?.revision;
}

/** Makes a flow of `source`, as a draft; its key must be free. Answers the flow's id. */
export async function createFlow(
  db: Catalogue,
  workspace: string,
  source: string,
  file: FlowFile,
  more: { forkedFrom?: string | null; folder?: string | null },
  now = Date.now(),
): Promise<string> {
  const id = newId("flw");
  await db
    .insert(flows)
    .values({ id, workspace, key: file.key, draft: source, published: null, ...shownOf(file), ...more, createdAt: now, updatedAt: now });
  return id;
}

/** Whether a flow has this key, the recycle bin included. */
export async function isKeyTaken(db: Catalogue, workspace: string, key: string): Promise<boolean> {
  const rows = await db.select({ id: flows.id }).from(flows).where(byKey(workspace, key));
  return rows.length > 0;
}

/** Stores `source` as the flow's draft, making the flow where it is new. `changed`: it differs from the published version. */
export async function saveDraft(
  db: Catalogue,
  workspace: string,
  source: string,
  file: FlowFile,
  now = Date.now(),
): Promise<{ id: string; changed: boolean }> {
  const before = await findFlow(db, workspace, file.key);
  if (!before) return { id: await createFlow(db, workspace, source, file, {}, now), changed: true };
  const published = before.published === null ? undefined : await findVersion(db, workspace, before.id, before.published);
  for (let row: typeof before | undefined = before; row && row.draft !== source; row = await findFlow(db, workspace, file.key))
    if ((await changeDraft(db, workspace, row, source, file, now)) !== undefined) break;
  return { id: before.id, changed: published?.source !== source };
}

/** One version of a flow by its number. */
export async function findVersion(db: Catalogue, workspace: string, flow: string, number: number) {
  const [row] = await db
    .select()
    .from(flowVersions)
    .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow), eq(flowVersions.number, number)));
  return row;
}

/** What becomes a version; its `labels` are those of its file where none are given. */
export interface NewVersion {
  source: string;
  file: FlowFile;
  note: string | null;
  labels?: string[] | undefined;
  author?: string | null;
}

/** Makes the next version of `source` and publishes it. */
export async function publishVersion(
  db: Catalogue,
  workspace: string,
  flow: string,
  { source, file, note, labels, author }: NewVersion,
  now = Date.now(),
): Promise<number> {
  const [last] = await db
    .select({ number: flowVersions.number })
    .from(flowVersions)
    .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow)))
    .orderBy(desc(flowVersions.number))
    .limit(1);
  const number = (last?.number ?? 0) + 1;
  await db.batch([
    db.insert(flowVersions).values({
      ...{ id: newId("ver"), workspace, flow, number, source, file, note, author: author ?? null, createdAt: now },
      labels: lowerCase(labels ?? file.labels),
    }),
    db
      .update(flows)
      .set({ published: number, ...shownOf(file), updatedAt: now })
      .where(and(eq(flows.workspace, workspace), eq(flows.id, flow))),
  ]);
  return number;
}

/** Publishes version `number`, or with null withdraws the flow: nobody can set it up anew, what runs goes on. */
export async function setPublished(db: Catalogue, workspace: string, key: string, number: number | null, now = Date.now()): Promise<void> {
  await db.update(flows).set({ published: number, updatedAt: now }).where(byKey(workspace, key));
}
