// Versions of flows as members see them: who published which, and how many integrations are on each.
import { and, count, desc, eq } from "drizzle-orm";
import type { FlowVersion } from "../../shared/api/workspace-flow.ts";
import type { Catalogue } from "./catalogue.ts";
import { flows, flowVersions, integrations } from "./schema.ts";

interface FlowRef {
  /** `flows.id` */
  id: string;
  published: number | null;
}

const shown = {
  number: flowVersions.number,
  note: flowVersions.note,
  labels: flowVersions.labels,
  author: flowVersions.author,
  available: flowVersions.available,
  createdAt: flowVersions.createdAt,
};

/** How many integrations of the flow are on each version. */
export async function countByVersion(db: Catalogue, workspace: string, flow: string): Promise<Map<number, number>> {
  const rows = await db
    .select({ version: integrations.version, total: count() })
    .from(integrations)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.flow, flow)))
    .groupBy(integrations.version);
  return new Map(rows.map(({ version, total }) => [version, total]));
}

/** The flow's versions, newest first, without their sources. */
export async function listVersions(db: Catalogue, workspace: string, flow: FlowRef): Promise<FlowVersion[]> {
  const [rows, totals] = await Promise.all([
    db
      .select(shown)
      .from(flowVersions)
      .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow.id)))
      .orderBy(desc(flowVersions.number)),
    countByVersion(db, workspace, flow.id),
  ]);
  return rows.map(({ number, createdAt, ...row }) => ({
    version: number,
    ...row,
    published: number === flow.published,
    integrations: totals.get(number) ?? 0,
    createdAt: new Date(createdAt).toISOString(),
  }));
}

/** How many versions the flow has. */
export async function countVersions(db: Catalogue, workspace: string, flow: string): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(flowVersions)
    .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow)));
  return row?.total ?? 0;
}

/** Changes what may change of a version: its note, its labels, and whether it is available. */
export async function patchVersion(
  db: Catalogue,
  workspace: string,
  flow: string,
  number: number,
  change: { note?: string | null; labels?: string[]; available?: boolean },
): Promise<void> {
  if (!Object.keys(change).length) return;
  await db
    .update(flowVersions)
    .set(change)
    .where(and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow), eq(flowVersions.number, number)));
}

/** Puts the flow into a folder; null is Standalone. */
export async function moveFlow(db: Catalogue, workspace: string, flow: string, folder: string | null): Promise<void> {
  await db
    .update(flows)
    .set({ folder })
    .where(and(eq(flows.workspace, workspace), eq(flows.id, flow)));
}
