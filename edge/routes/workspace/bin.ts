import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { BinnedFlow, FlowFallout } from "../../../shared/api/workspace-flow.ts";
import { catalogue } from "../../db/catalogue.ts";
import { binFlow, countFallout, expireBinned, findBinned, listBin, unbinFlow } from "../../db/flow-bin.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { describe } from "../../http/describe.ts";
import { announceFlow, theFlow } from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { parkIntegrations, purgeBinned, unparkIntegrations } from "../../http/tend-bin.ts";
import { validate } from "../../http/validate.ts";

const common = { tag: "Flows", security: "member" as const };
const Confirm = z.object({ confirm: z.string().max(200).optional().meta({ description: "The flow's name, as it is shown" }) });

async function binned(env: AppEnv["Bindings"], workspace: string, key: string) {
  const flow = await findBinned(catalogue(env), workspace, key);
  if (!flow) throw new ProblemError("not_found", "There is no such flow in the recycle bin.");
  return flow;
}

const confirmed = (wanted: string | undefined, name: string, what: string) => {
  if (wanted?.trim() === name.trim()) return;
  throw new ProblemError("invalid", `${what} To go on, send the flow's name as “confirm”.`, {
    errors: [{ path: "confirm", code: "mismatch", message: "This is not the flow's name" }],
  });
};

/** Deleting flows: into the recycle bin for 30 days, and back. */
export const workspaceBin = new Hono<AppEnv>()
  .get(
    "/flows/:flow/fallout",
    describe({ ...common, summary: "What goes with a flow when it is deleted", answers: { 200: FlowFallout }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      return c.json({ key: flow.key, name: flow.name, ...(await countFallout(db, workspace, flow.id)) });
    },
  )
  .delete(
    "/flows/:flow",
    describe({
      ...common,
      summary: "Put a flow into the recycle bin",
      description:
        "Its integrations are switched off. For 30 days it can be restored, and they go on; then all is removed for good, runs included.",
      answers: { 204: null },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write"),
    validate("query", Confirm),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const { integrations, users } = await countFallout(db, workspace, flow.id);
      confirmed(c.req.valid("query").confirm, flow.name, `This switches off ${integrations} integrations of ${users} users.`);
      await binFlow(db, workspace, flow.id);
      await parkIntegrations(c.env, { workspace, id: flow.id });
      noteChange(c, { action: "flow.deleted", target: flow.key, before: { name: flow.name, published: flow.published, integrations } });
      c.executionCtx.waitUntil(announceFlow(c.env, workspace, flow.key));
      return c.body(null, 204);
    },
  )
  .get(
    "/bin",
    describe({ ...common, summary: "List the recycle bin, latest first", answers: { 200: listOf(BinnedFlow) } }),
    requireMember("read"),
    async (c) => c.json({ items: await listBin(catalogue(c.env), c.var.member.workspace), nextCursor: null }),
  )
  .post(
    "/bin/:flow/restore",
    describe({
      ...common,
      summary: "Restore a flow; what the bin had switched off goes on",
      answers: { 200: z.object({ key: z.string(), published: z.number().int().nullable() }) },
      problems: ["not_found"],
    }),
    requireMember("write"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await binned(c.env, workspace, c.req.param("flow"));
      await unbinFlow(db, workspace, flow.id);
      const rest = { workspace, id: flow.id };
      for (let i = 0; i < 5 && !(await unparkIntegrations(c.env, rest)); i++);
      c.executionCtx.waitUntil(Promise.all([unparkIntegrations(c.env, rest), announceFlow(c.env, workspace, flow.key)]));
      noteChange(c, { action: "flow.restored_from_bin", target: flow.key, after: { published: flow.deletedPublished } });
      return c.json({ key: flow.key, published: flow.deletedPublished });
    },
  )
  .delete(
    "/bin/:flow",
    describe({
      ...common,
      summary: "Remove a flow for good, with its integrations and runs",
      answers: { 204: null },
      problems: ["not_found", "invalid"],
    }),
    requireMember("admin"),
    validate("query", Confirm),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await binned(c.env, workspace, c.req.param("flow"));
      confirmed(c.req.valid("query").confirm, flow.name, "This removes the flow, its integrations and their runs for good.");
      await expireBinned(db, workspace, flow.id);
      await purgeBinned(c.env, { workspace, id: flow.id });
      noteChange(c, { action: "flow.purged", target: flow.key, before: { name: flow.name } });
      return c.body(null, 204);
    },
  );
