import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { FlowFile } from "../../../shared/flow/flow-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { loadApps } from "../../db/app-files.ts";
import { type Catalogue, catalogue } from "../../db/catalogue.ts";
import { findFlow, findVersion, listFlows, listVersions, publishVersion, saveDraft, setPublished } from "../../db/flow-files.ts";
import { checkFlow } from "../../engine/check-flow.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { iconUrl } from "../../http/icon-url.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { faultsProblem, readFileBody } from "./files.ts";

const FlowRow = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string().nullable(),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  audience: z.enum(["everyone", "beta", "nobody"]),
  version: z.number().int().nullable(),
  integrations: z.number().int(),
  updatedAt: z.string(),
});
const Version = z.object({ version: z.number().int(), note: z.string().nullable(), available: z.boolean(), createdAt: z.string() });
const Saved = z.object({ key: z.string(), changed: z.boolean() });
const Publish = z.object({ note: z.string().max(2_000).optional() });
const Availability = z.object({ published: z.number().int().min(1).nullable() });

/** The flow with this key in the member's workspace, or a refusal. */
async function theFlow(db: Catalogue, workspace: string, key: string) {
  const flow = await findFlow(db, workspace, key);
  if (!flow) throw new ProblemError("not_found", "There is no flow with this key in the workspace.");
  return flow;
}

/** Reads a draft again and checks it against the workspace's apps: what is published can run. */
async function checkDraft(db: Catalogue, workspace: string, source: string): Promise<FlowFile> {
  const result = readFile(source, FlowFile);
  if (!result.ok) throw faultsProblem(result.faults);
  const apps = await loadApps(
    db,
    workspace,
    Object.values(result.value.accounts).map(({ app }) => app),
  );
  const faults = checkFlow(result.value, apps);
  if (faults.length) throw faultsProblem(faults);
  return result.value;
}

export const workspaceFlows = new Hono<AppEnv>()
  .get(
    "/",
    describe({ tag: "Flows", summary: "List flows", security: "member", answers: { 200: listOf(FlowRow) } }),
    requireMember("read"),
    async (c) => {
      const { workspace } = c.var.member;
      const rows = await listFlows(catalogue(c.env), workspace);
      const items = rows.map((row) => ({ ...row, icon: iconUrl(c.env.PUBLIC_URL, workspace, row.icon) }));
      return c.json({ items, nextCursor: null });
    },
  )
  .post(
    "/",
    describe({
      tag: "Flows",
      summary: "Store a flow file as the flow's draft",
      security: "member",
      answers: { 200: Saved },
      problems: ["invalid", "too_large"],
    }),
    requireMember("write"),
    async (c) => {
      const { source, file } = await readFileBody(c, FlowFile);
      const { changed } = await saveDraft(catalogue(c.env), c.var.member.workspace, source, file);
      return c.json({ key: file.key, changed });
    },
  )
  .get(
    "/:flow/file",
    describe({
      tag: "Flows",
      summary: "Download a flow's draft, byte for byte",
      security: "member",
      answers: { 200: null },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const flow = await theFlow(catalogue(c.env), c.var.member.workspace, c.req.param("flow"));
      return c.body(flow.draft ?? "", 200, { "content-type": "application/yaml; charset=utf-8" });
    },
  )
  .get(
    "/:flow/versions",
    describe({ tag: "Flows", summary: "List versions", security: "member", answers: { 200: listOf(Version) }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const flow = await theFlow(db, c.var.member.workspace, c.req.param("flow"));
      return c.json({ items: await listVersions(db, c.var.member.workspace, flow.id), nextCursor: null });
    },
  )
  .post(
    "/:flow/versions",
    describe({
      tag: "Flows",
      summary: "Publish the draft as the next version",
      security: "member",
      answers: { 201: Version.pick({ version: true }) },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write"),
    capBody,
    validate("json", Publish),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      if (flow.draft === null) throw new ProblemError("invalid", "The flow has no draft. Store its file first.");
      const file = await checkDraft(db, workspace, flow.draft);
      const version = await publishVersion(db, workspace, flow.id, { source: flow.draft, file, note: c.req.valid("json").note ?? null });
      c.executionCtx.waitUntil(announce(c.env, workspace, flow.key));
      return c.json({ version }, 201);
    },
  )
  .patch(
    "/:flow",
    describe({
      tag: "Flows",
      summary: "Publish another version, or withdraw the flow",
      security: "member",
      answers: { 200: Availability },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write"),
    capBody,
    validate("json", Availability),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const flow = await theFlow(db, workspace, c.req.param("flow"));
      const { published } = c.req.valid("json");
      if (published !== null && !(await findVersion(db, workspace, flow.id, published)))
        throw new ProblemError("invalid", `The flow has no version ${published}.`, {
          errors: [{ path: "published", code: "unknown", message: "No such version" }],
        });
      await setPublished(db, workspace, flow.key, published);
      c.executionCtx.waitUntil(announce(c.env, workspace, flow.key));
      return c.json({ published });
    },
  );

/** Tells open marketplaces that a flow has changed. */
async function announce(env: AppEnv["Bindings"], workspace: string, key: string): Promise<void> {
  await env.LEDGERS.getByName(workspace).publish([{ user: null, message: { type: "flow", flow: { key } } }]);
}
