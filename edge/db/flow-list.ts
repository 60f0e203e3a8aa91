// The console's list of flows: one query, narrowed by what the indexes and the rows themselves tell.
import { and, asc, eq, gt, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import type { FlowFilter } from "../../shared/api/workspace-flow.ts";
import { parseTags } from "../../shared/flow/tags.ts";
import type { Catalogue } from "./catalogue.ts";
import { needsSomebody } from "./needs-somebody.ts";
import { flows } from "./schema.ts";

/** A flow of the list; `apps` are keys. */
export interface ListedFlowRow {
  key: string;
  name: string;
  description: string;
  icon: string | null;
  category: string | null;
  tags: string[];
  labels: string[];
  audience: "everyone" | "beta" | "nobody";
  apps: string[];
  folder: string | null;
  version: number | null;
  integrations: number;
  enabled: number;
  attention: number;
  updatedAt: string;
}

const holds = (column: SQL | typeof flows.tags | typeof flows.labels | typeof flows.apps, value: string) =>
  sql`EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ${value})`;

function tagCondition(text: string): SQL | undefined {
  const { any, none } = parseTags(text);
  const all = any.slice(0, 10).map((tags) => and(...tags.slice(0, 5).map((tag) => holds(flows.tags, tag))));
  return and(all.length ? or(...all) : undefined, ...none.slice(0, 10).map((tag) => sql`NOT ${holds(flows.tags, tag)}`));
}

/** All integrations of the row's flow, those switched on, and of those the ones in need of somebody. Names stand in full: within a subquery, drizzle would leave the table out. */
const counts = sql<string>`(SELECT json_array(count(*), coalesce(sum(integrations.enabled), 0),
  coalesce(sum(integrations.enabled AND ${needsSomebody}), 0))
  FROM integrations WHERE integrations.workspace = flows.workspace AND integrations.flow = flows.id)`;

const troubled = sql`EXISTS (SELECT 1 FROM integrations WHERE integrations.workspace = flows.workspace
  AND integrations.flow = flows.id AND integrations.enabled AND ${needsSomebody})`;

/** What the ledger knows of flows, for `health`: keys of those with open errors. */
const healthCondition = (health: FlowFilter["health"], failing: readonly string[]): SQL | undefined => {
  const isFailing = sql`${flows.key} IN (SELECT value FROM json_each(${JSON.stringify(failing)}))`;
  if (health === "errors") return isFailing;
  if (health === "attention") return troubled;
  if (health === "ok") return and(sql`NOT ${troubled}`, sql`NOT ${isFailing}`);
  return undefined;
};

/** Conditions of a filter; `failing` are the keys of flows with open errors. */
function narrow(
  { search, category, label, tag, app, folder, availability, health }: FlowFilter,
  failing: readonly string[],
): SQL | undefined {
  const words = search?.trim().toLowerCase();
  const part = (column: SQL) => sql`instr(${column}, ${words}) > 0`;
  return and(
    words ? or(part(sql`lower(${flows.name})`), part(sql`lower(${flows.key})`), part(sql`lower(${flows.description})`)) : undefined,
    category === undefined ? undefined : eq(flows.category, category),
    label === undefined ? undefined : holds(flows.labels, label.toLowerCase()),
    tag === undefined ? undefined : tagCondition(tag),
    app === undefined ? undefined : holds(flows.apps, app),
    folder === undefined ? undefined : folder === "standalone" ? isNull(flows.folder) : eq(flows.folder, folder),
    availability === undefined ? undefined : availability === "published" ? isNotNull(flows.published) : isNull(flows.published),
    healthCondition(health, failing),
  );
}

/** Up to `limit` flows of the workspace by name, behind `after`. Those in the recycle bin are left out. */
export async function listFlows(
  db: Catalogue,
  workspace: string,
  filter: FlowFilter,
  { after, limit, failing }: { after?: { name: string; key: string } | undefined; limit: number; failing: readonly string[] },
): Promise<ListedFlowRow[]> {
  const behind = after && or(gt(flows.name, after.name), and(eq(flows.name, after.name), gt(flows.key, after.key)));
  const rows = await db
    .select({ flow: flows, counts })
    .from(flows)
    .where(and(eq(flows.workspace, workspace), isNull(flows.deletedAt), narrow(filter, failing), behind))
    .orderBy(asc(flows.name), asc(flows.key))
    .limit(limit);
  return rows.map((row) => toListed(row.flow, row.counts));
}

/** One flow as the list shows it. */
export async function findListedFlow(db: Catalogue, workspace: string, key: string): Promise<ListedFlowRow | undefined> {
  const [row] = await db
    .select({ flow: flows, counts })
    .from(flows)
    .where(and(eq(flows.workspace, workspace), eq(flows.key, key)));
  return row && toListed(row.flow, row.counts);
}

function toListed(flow: typeof flows.$inferSelect, text: string): ListedFlowRow {
  const [all = 0, enabled = 0, attention = 0] = JSON.parse(text) as number[];
  return {
    key: flow.key,
    name: flow.name,
    description: flow.description,
    icon: flow.icon,
    category: flow.category,
    tags: flow.tags,
    labels: flow.labels,
    audience: flow.audience,
    apps: flow.apps,
    folder: flow.folder,
    version: flow.published,
    integrations: all,
    enabled,
    attention,
    updatedAt: new Date(flow.updatedAt).toISOString(),
  };
}
