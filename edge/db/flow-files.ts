// What builders do with flows: one draft, numbered versions that never change, one of them published or none.
import { and, asc, count, desc, eq } from "drizzle-orm";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { flows, flowVersions, integrations } from "./schema.ts";

const byKey = (workspace: string, key: string) => and(eq(flows.workspace, workspace), eq(flows.key, key));

/** What lists show of a flow. */
const shownOf = ({ name, description, icon, category, tags, audience }: FlowFile) => ({
  name,
  description,
  icon: icon ?? null,
  category: category ?? null,
  tags,
  audience,
});

/** The flow with this key, draft included. */
export async function findFlow(db: Catalogue, workspace: string, key: string) {
  const [row] = await db.select().from(flows).where(byKey(workspace, key));
  return row;
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
  if (!before) {
    const id = newId("flw");
    await db
      .insert(flows)
      .values({ id, workspace, key: file.key, draft: source, published: null, ...shownOf(file), createdAt: now, updatedAt: now });
    return { id, changed: true };
  }
  const published = before.published === null ? undefined : await findVersion(db, workspace, before.id, before.published);
  if (before.draft !== source) await db.update(flows).set({ draft: source, updatedAt: now }).where(byKey(workspace, file.key));
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

/** Makes the next version of `source` and publishes it. */
export async function publishVersion(
  db: Catalogue,
  workspace: string,
  flow: string,
  { source, file, note }: { source: string; file: FlowFile; note: string | null },
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
    db.insert(flowVersions).values({ id: newId("ver"), workspace, flow, number, source, file, note, createdAt: now }),
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

/** The flow's versions, newest first, without their sources. */
export async function listVersions(db: Catalogue, workspace: string, flow: string) {
  const rows = await db
    .select({ number: flowVersions.number, note: flowVersions.note, available: flowVersions.available, createdAt: flowVersions.createdAt })
    .from(flowVersions)
    .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow)))
    .orderBy(desc(flowVersions.number));
  return rows.map(({ number, note, available, createdAt }) => ({
    version: number,
    note,
    available,
    createdAt: new Date(createdAt).toISOString(),
  }));
}

/** Every flow of the workspace by name, with how many integrations there are of it. */
export async function listFlows(db: Catalogue, workspace: string) {
  const counted = db.$with("counted").as(
    db
      .select({ flow: integrations.flow, total: count().as("total") })
      .from(integrations)
      .where(eq(integrations.workspace, workspace))
      .groupBy(integrations.flow),
  );
  const rows = await db
    .with(counted)
    .select({ flow: flows, total: counted.total })
    .from(flows)
    .leftJoin(counted, eq(counted.flow, flows.id))
    .where(eq(flows.workspace, workspace))
    .orderBy(asc(flows.name), asc(flows.key));
  return rows.map(({ flow, total }) => ({
    key: flow.key,
    name: flow.name,
    description: flow.description,
    icon: flow.icon,
    category: flow.category,
    tags: flow.tags,
    audience: flow.audience,
    version: flow.published,
    integrations: total ?? 0,
    updatedAt: new Date(flow.updatedAt).toISOString(),
  }));
}
