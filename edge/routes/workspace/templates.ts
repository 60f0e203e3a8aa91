import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { Template, TemplateDetail, TemplateUse } from "../../../shared/api/workspace-flow.ts";
import { Key } from "../../../shared/flow/key.ts";
import { rewriteFile } from "../../../shared/flow/rewrite-file.ts";
import { readAppSources } from "../../db/app-files.ts";
import { type Catalogue, catalogue } from "../../db/catalogue.ts";
import { createFlow } from "../../db/flow-files.ts";
import { deleteTemplate, findTemplate, listTemplates, saveTemplate } from "../../db/templates.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { addMissingApps, appsOf, catalogueTemplates } from "../../http/catalogue-files.ts";
import { describe } from "../../http/describe.ts";
import { checkSource, theFlow } from "../../http/flow-requests.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { freeKey } from "./flow-copies.ts";

const Save = z.object({ flow: z.string().max(64), key: Key.optional(), name: z.string().min(1).max(200).optional() });
const common = { tag: "Flows", security: "member" as const };

interface Found {
  origin: "inlay" | "workspace";
  key: string;
  name: string;
  description: string;
  category: string | null;
  apps: string[];
  source: string;
}

/** The template that `origin` (ours, or the organisation's) has under this key. Refuses with `not_found`. */
async function theTemplate(db: Catalogue, workspace: string, origin: string, key: string): Promise<Found> {
  const ours = origin === "inlay" ? catalogueTemplates().get(key) : undefined;
  if (ours) {
    const { name, description, category = null } = ours.file;
    return { origin: "inlay", key, name, description, category, apps: appsOf(ours.file), source: ours.source };
  }
  const theirs = origin === "workspace" ? await findTemplate(db, workspace, key) : undefined;
  if (!theirs) throw new ProblemError("not_found", "There is no such template.");
  const { name, description, category, apps, source } = theirs;
  return { origin: "workspace", key, name, description, category, apps, source };
}

/** Flows to start from: ours, and the organisation's own. */
export const workspaceTemplates = new Hono<AppEnv>()
  .get(
    "/templates",
    describe({ ...common, summary: "List templates: the organisation's, then ours", answers: { 200: listOf(Template) } }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const [theirs, known] = await Promise.all([listTemplates(db, workspace), readAppSources(db, workspace)]);
      const missing = (apps: string[]) => apps.filter((key) => !known.has(key));
      const ours = [...catalogueTemplates().values()].map(({ file: { key, name, description, category = null }, file }) => ({
        ...{ key, origin: "inlay" as const, name, description, category, apps: appsOf(file) },
        missingApps: missing(appsOf(file)),
      }));
      const own = theirs.map((row) => ({ ...row, origin: "workspace" as const, missingApps: missing(row.apps) }));
      return c.json({ items: [...own, ...ours], nextCursor: null });
    },
  )
  .get(
    "/templates/:origin/:template",
    describe({ ...common, summary: "One template with its file", answers: { 200: TemplateDetail }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const found = await theTemplate(db, workspace, c.req.param("origin"), c.req.param("template"));
      const known = await readAppSources(db, workspace);
      return c.json({ ...found, missingApps: found.apps.filter((key) => !known.has(key)) });
    },
  )
  .post(
    "/templates/:origin/:template/flow",
    describe({
      ...common,
      summary: "Make a new flow from a template",
      description: "Apps of our catalogue that the workspace does not have yet come with it. The flow is a draft until it is published.",
      answers: { 201: z.object({ key: z.string(), apps: z.array(z.string()) }) },
      problems: ["not_found", "invalid", "already_exists"],
    }),
    requireMember("write"),
    capBody,
    validate("json", TemplateUse),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const found = await theTemplate(db, workspace, c.req.param("origin"), c.req.param("template"));
      const { key: wanted, name } = c.req.valid("json");
      const key = await freeKey(db, workspace, wanted, found.key);
      const source = rewriteFile(found.source, { key, ...(name === undefined ? {} : { name }) });
      const apps = await addMissingApps(db, workspace, found.apps);
      const { file, faults } = await checkSource(db, workspace, source);
      if (!file) throw new ProblemError("invalid", `The template has a fault (line ${faults[0]?.line}): ${faults[0]?.message}.`);
      await createFlow(db, workspace, source, file, {});
      noteChange(c, { action: "flow.created", target: key, after: { template: `${found.origin}/${found.key}`, apps } });
      return c.json({ key, apps }, 201);
    },
  )
  .post(
    "/templates",
    describe({
      ...common,
      summary: "Keep a flow's draft as a template of the organisation",
      answers: { 200: z.object({ key: z.string() }) },
      problems: ["not_found", "invalid"],
    }),
    requireMember("write"),
    capBody,
    validate("json", Save),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace, name: author } = c.var.member;
      const { flow: flowKey, key, name } = c.req.valid("json");
      const flow = await theFlow(db, workspace, flowKey);
      const source = rewriteFile(flow.draft ?? "", { key: key ?? flow.key, ...(name === undefined ? {} : { name }) });
      const { file, faults } = await checkSource(db, workspace, source);
      if (!file)
        throw new ProblemError("invalid", `The draft has a fault (line ${faults[0]?.line}): ${faults[0]?.message}. Mend it first.`);
      await saveTemplate(db, workspace, { source, file, author });
      noteChange(c, { action: "template.saved", target: file.key, after: { flow: flow.key } });
      return c.json({ key: file.key });
    },
  )
  .delete(
    "/templates/workspace/:template",
    describe({ ...common, summary: "Remove a template of the organisation", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("write"),
    async (c) => {
      if (!(await deleteTemplate(catalogue(c.env), c.var.member.workspace, c.req.param("template"))))
        throw new ProblemError("not_found", "There is no such template of the organisation.");
      noteChange(c, { action: "template.removed", target: c.req.param("template") });
      return c.body(null, 204);
    },
  );
