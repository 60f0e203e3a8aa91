// Flows as users find them: published versions alone. Tags and search are matched here in code, over rows that hold no file.
import { and, asc, count, eq, gt, isNotNull, or, sql } from "drizzle-orm";
import type { AccountSlot, FlowFile } from "../../shared/flow/flow-file.ts";
import type { Translations } from "../../shared/flow/translations.ts";
import type { Catalogue } from "./catalogue.ts";
import { isIn } from "./is-in.ts";
import { apps, flows, flowVersions, integrations } from "./schema.ts";

const PAGE = 200;

/** A published flow without its form and blocks. */
export interface ListedFlow {
  id: string;
  key: string;
  name: string;
  description: string;
  icon: string | null;
  category: string | null;
  tags: string[];
  audience: "everyone" | "beta" | "nobody";
  version: number;
  instances: "one" | "many";
  accounts: Record<string, AccountSlot>;
  translations?: Translations | undefined;
}

/** Up to `limit` published flows that `matches` takes, by name, behind `after` (name and key). */
export async function listPublishedFlows(
  db: Catalogue,
  workspace: string,
  { limit, after, matches }: { limit: number; after: { name: string; key: string } | undefined; matches: (flow: ListedFlow) => boolean },
): Promise<ListedFlow[]> {
  const found: ListedFlow[] = [];
  let from = after;
  while (found.length < limit) {
    const rows = await pageOfFlows(db, workspace, from);
    found.push(...rows.filter(matches));
    const last = rows.at(-1);
    if (rows.length < PAGE || !last) break;
    from = { name: last.name, key: last.key };
  }
  return found.slice(0, limit);
}

async function pageOfFlows(db: Catalogue, workspace: string, after: { name: string; key: string } | undefined): Promise<ListedFlow[]> {
  const behind = after && or(gt(flows.name, after.name), and(eq(flows.name, after.name), gt(flows.key, after.key)));
  const rows = await db
    .select({
      id: flows.id,
      key: flows.key,
      name: flows.name,
      description: flows.description,
      icon: flows.icon,
      category: flows.category,
      tags: flows.tags,
      audience: flows.audience,
      version: flowVersions.number,
      instances: sql<string>`json_extract(${flowVersions.file}, '$.instances')`,
      accounts: sql<string>`json_extract(${flowVersions.file}, '$.accounts')`,
      translations: sql<string | null>`json_extract(${flowVersions.file}, '$.translations')`,
    })
    .from(flows)
    .innerJoin(
      flowVersions,
      and(eq(flowVersions.workspace, flows.workspace), eq(flowVersions.flow, flows.id), eq(flowVersions.number, flows.published)),
    )
    .where(and(eq(flows.workspace, workspace), isNotNull(flows.published), behind))
    .orderBy(asc(flows.name), asc(flows.key))
    .limit(PAGE);
  return rows.map(({ instances, accounts, translations, ...row }) => ({
    ...row,
    instances: instances === "one" ? "one" : "many",
    accounts: JSON.parse(accounts || "{}") as Record<string, AccountSlot>,
    ...(translations ? { translations: JSON.parse(translations) as Translations } : {}),
  }));
}

export type FlowRow = typeof flows.$inferSelect;

/** A flow and its published version; `file` is null where the flow has been withdrawn. */
export async function findPublishedFlow(
  db: Catalogue,
  workspace: string,
  key: string,
): Promise<{ flow: FlowRow; version: number; file: FlowFile } | { flow: FlowRow; file: null } | undefined> {
  const [row] = await db
    .select({ flow: flows, version: flowVersions.number, file: flowVersions.file })
    .from(flows)
    .leftJoin(
      flowVersions,
      and(eq(flowVersions.workspace, flows.workspace), eq(flowVersions.flow, flows.id), eq(flowVersions.number, flows.published)),
    )
    .where(and(eq(flows.workspace, workspace), eq(flows.key, key)));
  if (!row) return undefined;
  const { flow, version, file } = row;
  return version === null || file === null ? { flow, file: null } : { flow, version, file };
}

/** How many integrations the user has of each flow, by flow id. */
export async function countInstalled(db: Catalogue, workspace: string, user: string, flowIds: string[]): Promise<Map<string, number>> {
  if (!flowIds.length) return new Map();
  const rows = await db
    .select({ flow: integrations.flow, total: count() })
    .from(integrations)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.user, user), isIn(integrations.flow, flowIds)))
    .groupBy(integrations.flow);
  return new Map(rows.map(({ flow, total }) => [flow, total]));
}

/** Names and icons of all apps of the workspace, by key. */
export async function loadAppNames(db: Catalogue, workspace: string): Promise<Map<string, { name: string; icon: string | null }>> {
  const rows = await db
    .select({
      key: apps.key,
      name: sql<string>`json_extract(${apps.file}, '$.name')`,
      icon: sql<string | null>`json_extract(${apps.file}, '$.icon')`,
    })
    .from(apps)
    .where(eq(apps.workspace, workspace));
  return new Map(rows.map(({ key, name, icon }) => [key, { name, icon }]));
}
