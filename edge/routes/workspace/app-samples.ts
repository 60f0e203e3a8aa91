import { Hono } from "hono";
import { z } from "zod";
import { AppSample, SAMPLE_MAX, SampleWrite } from "../../../shared/api/app-sample.ts";
import { listOf } from "../../../shared/api/list.ts";
import { type AppSampleRow, deleteSample, listSamples, saveSample } from "../../db/app-samples.ts";
import { catalogue } from "../../db/catalogue.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { workspaceApp } from "../../http/workspace-app.ts";

const common = { tag: "Apps", security: "member" as const };
const Place = z.object({ app: z.string(), kind: z.enum(["query", "action"]), operation: z.string().max(64) });

/** Samples of an app's operations: one answer each, kept for whoever writes flows with them. */
export const workspaceSamples = new Hono<AppEnv>()
  .get(
    "/apps/:app/samples",
    describe({ ...common, summary: "List an app's samples", answers: { 200: listOf(AppSample) }, problems: ["not_found"] }),
    requireMember("read"),
    async (c) => {
      const app = await workspaceApp(c, c.req.param("app"));
      const rows = await listSamples(catalogue(c.env), c.var.member.workspace, app.key);
      return c.json({ items: rows.map(toSample), nextCursor: null });
    },
  )
  .put(
    "/apps/:app/samples/:kind/:operation",
    describe({
      ...common,
      summary: "Keep what an operation answered as its sample",
      description: "In place of an earlier one. All members read it: keep nothing of a customer that they may not see.",
      answers: { 200: AppSample },
      problems: ["not_found", "too_large"],
    }),
    requireMember("write"),
    capBody,
    validate("param", Place),
    validate("json", SampleWrite),
    async (c) => {
      const { kind, operation, ...place } = c.req.valid("param");
      const app = await workspaceApp(c, place.app);
      if (!Object.hasOwn(kind === "query" ? app.queries : app.actions, operation))
        throw new ProblemError("not_found", `${app.name} has no ${kind} “${operation}”.`);
      const { input, output = null } = c.req.valid("json");
      if (JSON.stringify([input, output]).length > SAMPLE_MAX)
        throw new ProblemError("too_large", `A sample has at most ${SAMPLE_MAX / 1_000} kB. Keep a smaller answer.`);
      const { workspace, name: author } = c.var.member;
      const row: AppSampleRow = { workspace, app: app.key, kind, operation, input, output, author, createdAt: Date.now() };
      await saveSample(catalogue(c.env), row);
      noteChange(c, { action: "sample.kept", target: app.key, after: { kind, operation } });
      return c.json(toSample(row));
    },
  )
  .delete(
    "/apps/:app/samples/:kind/:operation",
    describe({ ...common, summary: "Forget a sample", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("write"),
    validate("param", Place),
    async (c) => {
      const { app, kind, operation } = c.req.valid("param");
      if (!(await deleteSample(catalogue(c.env), { workspace: c.var.member.workspace, app, kind, operation })))
        throw new ProblemError("not_found", "There is no sample of this operation.");
      noteChange(c, { action: "sample.forgotten", target: app, before: { kind, operation } });
      return c.body(null, 204);
    },
  );

const toSample = ({ kind, operation, input, output, author, createdAt }: AppSampleRow): AppSample => ({
  ...{ kind, operation, input, output, author },
  createdAt: new Date(createdAt).toISOString(),
});
