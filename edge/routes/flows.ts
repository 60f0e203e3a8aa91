import { Hono } from "hono";
import { z } from "zod";
import { FlowDetail, FlowSummary } from "../../shared/api/flow.ts";
import { listOf } from "../../shared/api/list.ts";
import { matchesTags, parseTags } from "../../shared/flow/tags.ts";
import { pickTranslation, translateFlow, translateSummary } from "../../shared/flow/translations.ts";
import { loadApps } from "../db/app-files.ts";
import { catalogue } from "../db/catalogue.ts";
import { countInstalled, type ListedFlow, listPublishedFlows, loadAppNames } from "../db/published-flows.ts";
import type { AppEnv } from "../http/app-env.ts";
import { paging, readCursor, writeCursor } from "../http/cursor.ts";
import { describe } from "../http/describe.ts";
import { jsonWithETag } from "../http/etag.ts";
import { findSetup, SetupQuery } from "../http/find-setup.ts";
import { toFlowDetail, toFlowSummary } from "../http/flow-shape.ts";
import { requireUser } from "../http/require-user.ts";
import { validate } from "../http/validate.ts";
import { isOffered } from "../http/visible-flow.ts";
import { wantedLocale } from "../http/wanted-locale.ts";

const Query = z.object({
  tag: z.string().max(500).optional().meta({ description: "Space = or, + = and, leading - = not: `crm+beta billing -internal`" }),
  category: z.string().max(100).optional(),
  search: z.string().max(200).optional(),
  ...paging,
});
const Position = z.tuple([z.string(), z.string()]);

/** What the marketplace offers to the user. */
export const flows = new Hono<AppEnv>()
  .get(
    "/v1/flows",
    describe({
      tag: "Marketplace",
      summary: "List the flows on offer",
      description:
        "Names, descriptions and categories are in the first language of `Accept-Language`, else in the token's `locale`, where the flow has it.",
      answers: { 200: listOf(FlowSummary) },
      problems: ["bad_request"],
    }),
    requireUser,
    validate("query", Query),
    async (c) => {
      const { limit, cursor, ...filter } = c.req.valid("query");
      const user = c.var.user;
      const db = catalogue(c.env);
      const list = ["flows", user.workspace, user.ref, user.tags ?? null, filter];
      const after = await readCursor(list, cursor, Position);
      const appNames = await loadAppNames(db, user.workspace);
      const locale = wantedLocale(c);
      const inWords = (flow: ListedFlow) => translateSummary(flow, pickTranslation(flow.translations, locale));
      const isWanted = matcherOf(filter, (key) => appNames.get(key)?.name ?? key);
      const found = await listPublishedFlows(db, user.workspace, {
        limit: limit + 1,
        after: after && { name: after[0], key: after[1] },
        matches: (flow) => isOffered(user, flow) && (isWanted(flow) || isWanted(inWords(flow))),
      });
      const page = found.slice(0, limit);
      const installed = await countInstalled(
        db,
        user.workspace,
        user.ref,
        page.map((flow) => flow.id),
      );
      const context = { publicUrl: c.env.PUBLIC_URL, workspace: user.workspace, appNames };
      const last = page.at(-1);
      return c.json({
        items: page.map((flow) => toFlowSummary(inWords(flow), installed.get(flow.id) ?? 0, context)),
        nextCursor: found.length > limit && last ? await writeCursor(list, [last.name, last.key]) : null,
      });
    },
  )
  .get(
    "/v1/flows/:flow",
    describe({
      tag: "Marketplace",
      summary: "One flow with its setup form",
      description: "The version on offer. With `integration` a withdrawn flow is shown as well, in the version that the integration has.",
      answers: { 200: FlowDetail, 304: null },
      problems: ["not_found", "gone"],
    }),
    requireUser,
    validate("query", SetupQuery),
    async (c) => {
      const user = c.var.user;
      const db = catalogue(c.env);
      const { flow, version, file } = await findSetup(db, user, c.req.param("flow"), c.req.valid("query"));
      const keys = Object.values(file.accounts).map(({ app }) => app);
      const [apps, installed] = await Promise.all([
        loadApps(db, user.workspace, keys),
        countInstalled(db, user.workspace, user.ref, [flow]),
      ]);
      const appNames = new Map(Object.values(apps).map(({ key, name, icon }) => [key, { name, icon: icon ?? null }]));
      const context = { publicUrl: c.env.PUBLIC_URL, workspace: user.workspace, appNames };
      return jsonWithETag(
        c,
        toFlowDetail({ id: flow, version, file: translateFlow(file, wantedLocale(c)) }, installed.get(flow) ?? 0, apps, context),
      );
    },
  );

/** Whether a flow fits what was asked for. `search` looks for each word in names, tags, category and apps. */
function matcherOf(
  { tag, category, search }: { tag?: string | undefined; category?: string | undefined; search?: string | undefined },
  appName: (key: string) => string,
): (flow: ListedFlow) => boolean {
  const tags = parseTags(tag ?? "");
  const words = (search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const wantedCategory = category?.toLowerCase();
  return (flow) => {
    if (!matchesTags(tags, flow.tags)) return false;
    if (wantedCategory !== undefined && flow.category?.toLowerCase() !== wantedCategory) return false;
    const apps = Object.values(flow.accounts).map(({ app }) => appName(app));
    const text = [flow.name, flow.description, flow.category ?? "", ...flow.tags, ...apps].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
