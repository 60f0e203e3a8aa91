import { and, eq } from "drizzle-orm";
import { Hono } from "hono";
import { z } from "zod";
import { Upgraded, UpgradePlan, UpgradeRequest } from "../../../shared/api/workspace-flow.ts";
import { type Catalogue, catalogue } from "../../db/catalogue.ts";
import { findVersion } from "../../db/flow-files.ts";
import { countByVersion } from "../../db/flow-versions.ts";
import { isIn } from "../../db/is-in.ts";
import type { FlowRow } from "../../db/published-flows.ts";
import { flowVersions } from "../../db/schema.ts";
import type { Env } from "../../env.ts";
import { announce } from "../../http/announce.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { moveToVersion } from "../../http/change-integration.ts";
import { readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { describeOrNull } from "../../http/find-setup.ts";
import { theFlow } from "../../http/flow-requests.ts";
import { findMemberIntegration, idsOnOtherVersions } from "../../http/member-integration.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { planUpgrade } from "../../setup-form/plan-upgrade.ts";

const Target = z.object({ to: z.coerce.number().int().min(1).optional() });
const common = { tag: "Flows", security: "member" as const };

/** The version to upgrade to: the one asked for, else the published one. Refuses one that is not there or not available. */
async function target(db: Catalogue, workspace: string, flow: FlowRow, wanted: number | undefined) {
  const number = wanted ?? flow.published;
  const version = number === null ? undefined : await findVersion(db, workspace, flow.id, number);
  if (!version) throw new ProblemError("not_found", number === null ? "The flow is not published." : `The flow has no version ${number}.`);
  if (!version.available) throw new ProblemError("conflict", `Version ${number} is not available. Make it available first.`);
  return version;
}

/** Upgrades of many users' integrations at once, and what they would ask. */
export const workspaceFlowUpgrades = new Hono<AppEnv>()
  .get(
    "/:flow/upgrade",
    describe({
      ...common,
      summary: "What an upgrade of the flow's integrations asks of their users",
      description: "By the version that they are on. Told from the files; what an integration holds is looked at when it is upgraded.",
      answers: { 200: UpgradePlan },
      problems: ["not_found", "conflict"],
    }),
    requireMember("read"),
    validate("query", Target),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const to = await target(db, workspace, flow, c.req.valid("query").to);
      const totals = [...(await countByVersion(db, workspace, flow.id))].filter(([version]) => version !== to.number);
      const mine = and(eq(flowVersions.workspace, workspace), eq(flowVersions.flow, flow.id));
      const files = totals.length
        ? await db
            .select({ number: flowVersions.number, file: flowVersions.file })
            .from(flowVersions)
            .where(
              and(
                mine,
                isIn(
                  flowVersions.number,
                  totals.map(([version]) => version),
                ),
              ),
            )
        : [];
      const counts = new Map(totals);
      const groups = files.map(({ number, file }) => ({
        version: number,
        integrations: counts.get(number) ?? 0,
        ...planUpgrade(file, to.file),
      }));
      return c.json({ to: to.number, groups });
    },
  )
  .post(
    "/:flow/upgrade",
    describe({
      ...common,
      summary: "Upgrade some or all of the flow's integrations",
      description:
        "Those named; or, without names, up to `limit` of all, and `nextCursor` goes on with the rest. One that asks something of its user is left as it is, and says so; it keeps no other from it.",
      answers: { 200: Upgraded },
      problems: ["not_found", "invalid", "conflict"],
    }),
    requireMember("write"),
    capBody,
    validate("json", UpgradeRequest),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const { to: wanted, integrations: named, limit, cursor } = c.req.valid("json");
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const to = await target(db, workspace, flow, wanted);
      const list = ["upgrade", workspace, flow.id, to.number];
      const [after] = (await readCursor(list, cursor, z.tuple([z.string()]))) ?? [];
      const ids = named ?? (await idsOnOtherVersions(db, workspace, flow.id, { version: to.number, after, limit: limit + 1 }));
      const page = named ? [...new Set(named)] : ids.slice(0, limit);
      const items: z.infer<typeof Upgraded>["items"] = [];
      for (const id of page) items.push(await upgradeOne(c.env, db, { workspace, flow, to, id }));
      for (const { integration, upgraded } of items)
        if (upgraded) noteChange(c, { action: "integration.upgraded", target: integration, after: { version: to.number } });
      const last = page.at(-1);
      return c.json({ items, nextCursor: !named && ids.length > limit && last ? await writeCursor(list, [last]) : null });
    },
  );

interface One {
  workspace: string;
  flow: FlowRow;
  to: NonNullable<Awaited<ReturnType<typeof findVersion>>>;
  id: string;
}

async function upgradeOne(env: Env, db: Catalogue, { workspace, flow, to, id }: One): Promise<z.infer<typeof Upgraded>["items"][number]> {
  try {
    const { user, owned } = await findMemberIntegration(db, workspace, id);
    if (owned.row.flow !== flow.id) throw new ProblemError("not_found", `The integration is not one of “${flow.key}”.`);
    if (owned.row.version === to.number) throw new ProblemError("conflict", "It is on this version already.");
    const state = await describeOrNull(env, id);
    const { status } = await moveToVersion({ env, db, user, owned, state }, { version: to.number, file: to.file }, {});
    await announce(env, workspace, user.ref, { type: "integration", integration: { id, flow: flow.key, status } });
    return { integration: id, upgraded: true };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const places = error.options.errors?.map(({ path, message }) => `${path}: ${message}`) ?? [];
    return { integration: id, upgraded: false, code: error.code, message: places.length ? places.join(" · ") : error.message };
  }
}
