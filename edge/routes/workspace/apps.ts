import { Hono } from "hono";
import { z } from "zod";
import { AppDetail } from "../../../shared/api/flow.ts";
import { listOf } from "../../../shared/api/list.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { listApps, readAppSource, saveApp } from "../../db/app-files.ts";
import { catalogue } from "../../db/catalogue.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { openAppWebhook } from "../../http/app-webhook.ts";
import { noteChange, noteNothing } from "../../http/audited.ts";
import { describe } from "../../http/describe.ts";
import { toAppDetail } from "../../http/flow-shape.ts";
import { iconUrl } from "../../http/icon-url.ts";
import { ProblemError } from "../../http/problem.ts";
import { refuseLargeFile } from "../../http/refuse-large-file.ts";
import { requireMember } from "../../http/require-member.ts";
import { tellAccounts } from "../../http/tell-accounts.ts";
import { workspaceApp } from "../../http/workspace-app.ts";
import { readFileBody } from "./files.ts";

const AppRow = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string().nullable(),
  version: z.number().int(),
  queries: z.array(z.string()),
  actions: z.array(z.string()),
  triggers: z.array(z.string()),
  updatedAt: z.string(),
});

const Saved = z.object({ key: z.string(), version: z.number().int(), changed: z.boolean() });

export const workspaceApps = new Hono<AppEnv>()
  .get(
    "/",
    describe({ tag: "Apps", summary: "List apps", security: "member", answers: { 200: listOf(AppRow) } }),
    requireMember("read"),
    async (c) => {
      const { workspace } = c.var.member;
      const rows = await listApps(catalogue(c.env), workspace);
      const items = rows.map((row) => ({ ...row, icon: iconUrl(c.env.PUBLIC_URL, workspace, row.icon) }));
      return c.json({ items, nextCursor: null });
    },
  )
  .post(
    "/",
    describe({
      tag: "Apps",
      summary: "Store an app file (YAML or JSON)",
      security: "member",
      answers: { 200: Saved },
      problems: ["invalid", "too_large"],
    }),
    requireMember("write"),
    async (c) => {
      const { source, file } = await readFileBody(c, AppFile);
      refuseLargeFile(source, file);
      const { version, changed } = await saveApp(catalogue(c.env), c.var.member.workspace, source, file);
      if (changed) {
        noteChange(c, { action: "app.saved", target: file.key, after: { version } });
        c.executionCtx.waitUntil(tellAccounts(c.env, c.var.member.workspace, file));
      } else noteNothing(c);
      return c.json({ key: file.key, version, changed });
    },
  )
  .get(
    "/:app",
    describe({
      tag: "Apps",
      summary: "One app, and how accounts of it are connected",
      security: "member",
      answers: { 200: AppDetail },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const { workspace } = c.var.member;
      const app = await workspaceApp(c, c.req.param("app"));
      return c.json(toAppDetail(app, { publicUrl: c.env.PUBLIC_URL, workspace }));
    },
  )
  .post(
    "/:app/webhook",
    describe({
      tag: "Apps",
      summary: "The address of the app's one webhook for all customers, to be entered at the app; the same each time",
      security: "member",
      answers: { 200: z.object({ url: z.string(), secret: z.string() }) },
      problems: ["not_found", "conflict"],
    }),
    requireMember("write"),
    async (c) => c.json(await openAppWebhook(c.env, c.var.member.workspace, c.req.param("app"))),
  )
  .get(
    "/:app/file",
    describe({
      tag: "Apps",
      summary: "Download an app file, byte for byte",
      security: "member",
      answers: { 200: null },
      problems: ["not_found"],
    }),
    requireMember("read"),
    async (c) => {
      const source = await readAppSource(catalogue(c.env), c.var.member.workspace, c.req.param("app"));
      if (source === undefined) throw noApp();
      return c.body(source, 200, { "content-type": "application/yaml; charset=utf-8" });
    },
  );

const noApp = () => new ProblemError("not_found", "There is no app with this key in the workspace.");
