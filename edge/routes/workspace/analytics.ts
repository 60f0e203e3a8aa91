import { and, eq } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { ANALYTICS_BY, Analytics, type Counts } from "../../../shared/api/workspace-error.ts";
import { type Catalogue, catalogue } from "../../db/catalogue.ts";
import { isIn } from "../../db/is-in.ts";
import { flows, users } from "../../db/schema.ts";
import { findUserRef } from "../../db/users.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { csvLine, csvResponse } from "../../http/csv.ts";
import { describe } from "../../http/describe.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { Time } from "../../http/run-requests.ts";
import { validate } from "../../http/validate.ts";
import { HOUR } from "../../objects/insight/count-store.ts";

const DAY = 24;
const MAX_RANGE = 366 * DAY;
const Query = z.object({
  from: Time.optional(),
  to: Time.optional(),
  unit: z.enum(["hour", "day"]).optional(),
  by: z.enum(ANALYTICS_BY).default("flow"),
  flow: z.string().max(64).optional(),
  user: z
    .string()
    .max(256)
    .optional()
    .meta({ description: "The host's own id, or `usr_…`: totals and series of this user alone, without items" }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  format: z.enum(["json", "csv"]).default("json"),
  table: z.enum(["series", "items"]).default("series"),
});

/** The range in hours since epoch: the last seven days where it is not given, whole days for units of a day. */
function rangeOf({ from, to, unit }: z.infer<typeof Query>): { from: number; to: number; unit: "hour" | "day" } {
  const end = to === undefined ? Math.floor(Date.now() / HOUR) + 1 : Math.ceil(Date.parse(to) / HOUR);
  const start = from === undefined ? end - 7 * DAY : Math.floor(Date.parse(from) / HOUR);
  if (start >= end) throw new ProblemError("bad_request", "“from” must be before “to”.");
  if (end - start > MAX_RANGE) throw new ProblemError("bad_request", "A range has at most 366 days.");
  const chosen = unit ?? (end - start > 3 * DAY ? "day" : "hour");
  if (chosen === "hour") return { from: start, to: end, unit: chosen };
  return { from: Math.floor(start / DAY) * DAY, to: Math.ceil(end / DAY) * DAY, unit: chosen };
}

/** Runs by outcome, with tasks and durations. */
export const workspaceAnalytics = new Hono<AppEnv>().get(
  "/analytics",
  describe({
    tag: "Analytics",
    summary: "Runs by outcome, tasks and duration: over time, and by flow, block or user",
    description:
      "Runs count where they were accepted, once they have ended. `by`, `flow` and `user` look at whole days (UTC). `format=csv` answers the `table` asked for.",
    security: "member",
    answers: { 200: Analytics },
    problems: ["bad_request"],
  }),
  requireMember("read"),
  validate("query", Query),
  async (c) => {
    const query = c.req.valid("query");
    const { workspace } = c.var.member;
    const range = rangeOf(query);
    const { by, flow, user, limit } = query;
    if (flow !== undefined && user !== undefined) throw new ProblemError("bad_request", "Give “flow” or “user”, not both.");
    // Nobody of that name: a name that no user has, so that nothing is counted.
    const ref = user === undefined ? undefined : ((await findUserRef(catalogue(c.env), workspace, user)) ?? user);
    const only = { ...(flow === undefined ? {} : { flow }), ...(ref === undefined ? {} : { user: ref }) };
    const counted = await c.env.LEDGERS.getByName(workspace).countRuns({ ...range, by, limit, ...only });
    const names = await namesOf(
      catalogue(c.env),
      workspace,
      by,
      counted.items.map(({ key }) => key),
    );
    const answer: Analytics = {
      from: new Date(range.from * HOUR).toISOString(),
      to: new Date(range.to * HOUR).toISOString(),
      unit: range.unit,
      totals: counted.totals,
      series: counted.series.map(({ at, counts }) => ({ at, ...counts })),
      items: counted.items.map(({ key, counts }) => ({ key, name: names.get(key) ?? key, ...counts })),
    };
    return query.format === "csv" ? csvResponse(`analytics-${query.table}.csv`, csvLines(answer, query.table)) : c.json(answer);
  },
);

/** What keys are called: flows by their name, users by the host's own id, blocks by flow and key. */
async function namesOf(db: Catalogue, workspace: string, by: (typeof ANALYTICS_BY)[number], keys: string[]): Promise<Map<string, string>> {
  if (by === "user") {
    const found = keys.filter(Boolean);
    const rows = found.length
      ? await db
          .select({ id: users.id, name: users.externalId })
          .from(users)
          .where(and(eq(users.workspace, workspace), isIn(users.id, found)))
      : [];
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
  const flowKeys = [...new Set(keys.map((key) => key.split("/")[0] ?? ""))];
  const rows = flowKeys.length
    ? await db
        .select({ key: flows.key, name: flows.name })
        .from(flows)
        .where(and(eq(flows.workspace, workspace), isIn(flows.key, flowKeys)))
    : [];
  const names = new Map(rows.map(({ key, name }) => [key, name]));
  return new Map(
    keys.map((key) => {
      const [flow = "", block] = key.split("/");
      const name = names.get(flow) ?? flow;
      return [key, block === undefined ? name : `${name} / ${block}`];
    }),
  );
}

const COLUMNS = ["runs", "succeeded", "failed", "stopped", "canceled", "tasks", "averageMs"] as const satisfies (keyof Counts)[];

async function* csvLines({ series, items }: Analytics, table: "series" | "items"): AsyncGenerator<string> {
  yield csvLine([...(table === "series" ? ["at"] : ["key", "name"]), ...COLUMNS]);
  if (table === "series") for (const row of series) yield csvLine([row.at, ...COLUMNS.map((name) => row[name])]);
  else for (const row of items) yield csvLine([row.key, row.name, ...COLUMNS.map((name) => row[name])]);
}
