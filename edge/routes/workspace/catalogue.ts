import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { readAppSources, saveApp } from "../../db/app-files.ts";
import { catalogue } from "../../db/catalogue.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { catalogueApps } from "../../http/catalogue-files.ts";
import { describe } from "../../http/describe.ts";
import { iconUrl } from "../../http/icon-url.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { tellAccounts } from "../../http/tell-accounts.ts";

const CatalogueApp = z.object({
  key: z.string(),
  name: z.string(),
  icon: z.string().nullable(),
  description: z.string(),
  categories: z.array(z.string()),
  queries: z.number().int(),
  actions: z.number().int(),
  triggers: z.number().int(),
  /** The version that the workspace has, null where it has none; `newest`: its file is the catalogue's. */
  version: z.number().int().nullable(),
  newest: z.boolean(),
});
const common = { tag: "Apps", security: "member" as const };

/** Apps that come with the product. */
export const workspaceCatalogue = new Hono<AppEnv>()
  .get(
    "/catalogue/apps",
    describe({ ...common, summary: "List the apps that come with Inlay", answers: { 200: listOf(CatalogueApp) } }),
    requireMember("read"),
    async (c) => {
      const known = await readAppSources(catalogue(c.env), c.var.member.workspace);
      const items = [...catalogueApps().values()].map(({ source, file }) => ({
        key: file.key,
        name: file.name,
        icon: iconUrl(c.env.PUBLIC_URL, c.var.member.workspace, file.icon),
        description: file.description,
        categories: file.categories,
        queries: Object.keys(file.queries).length,
        actions: Object.keys(file.actions).length,
        triggers: Object.keys(file.triggers).length,
        version: known.get(file.key)?.version ?? null,
        newest: known.get(file.key)?.source === source,
      }));
      return c.json({ items, nextCursor: null });
    },
  )
  .get(
    "/catalogue/apps/:app/file",
    describe({ ...common, summary: "The file of an app that comes with Inlay", answers: { 200: null }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const found = catalogueApps().get(c.req.param("app"));
      if (!found) throw new ProblemError("not_found", "There is no such app in the catalogue.");
      return c.body(found.source, 200, { "content-type": "application/yaml; charset=utf-8" });
    },
  )
  .post(
    "/catalogue/apps/:app",
    describe({
      ...common,
      summary: "Add an app of the catalogue to the workspace, or bring it to the newest version",
      answers: { 200: z.object({ key: z.string(), version: z.number().int(), changed: z.boolean() }) },
      problems: ["not_found"],
    }),
    requireMember("write"),
    async (c) => {
      const found = catalogueApps().get(c.req.param("app"));
      if (!found) throw new ProblemError("not_found", "There is no such app in the catalogue.");
      const { workspace } = c.var.member;
      const { version, changed } = await saveApp(catalogue(c.env), workspace, found.source, found.file);
      noteChange(c, { action: "app.saved", target: found.file.key, after: { version, from: "catalogue" } });
      if (changed) c.executionCtx.waitUntil(tellAccounts(c.env, workspace, found.file));
      return c.json({ key: found.file.key, version, changed });
    },
  );
