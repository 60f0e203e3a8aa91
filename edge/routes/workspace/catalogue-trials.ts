import { Hono } from "hono";
import { z } from "zod";
import { LoggedRequest, LoggedResponse, RunError } from "../../../shared/api/run.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { requireMember } from "../../http/require-member.ts";
import { tryOperation } from "../../http/try-operation.ts";
import { validate } from "../../http/validate.ts";
import { workspaceApp } from "../../http/workspace-app.ts";

const Trial = z.object({
  kind: z.enum(["query", "action"]).default("query"),
  operation: z.string().max(64),
  account: z.string().max(64).optional(),
  input: z.record(z.string(), z.unknown()).default({}),
});
const Tried = z.object({
  ok: z.boolean(),
  output: z.unknown(),
  error: RunError.nullable(),
  calls: z.array(z.object({ request: LoggedRequest, response: LoggedResponse.optional() })),
  more: z.boolean(),
});

/** Trying an app's operations while its file is written. */
export const workspaceTrials = new Hono<AppEnv>().post(
  "/apps/:app/try",
  describe({
    tag: "Apps",
    summary: "Try an operation with an account",
    description:
      "Really calls the app: an action does what it does. Of a list, the first page. What the app refuses comes back as `error`.",
    security: "member",
    answers: { 200: Tried },
    problems: ["not_found", "invalid"],
  }),
  requireMember("write"),
  capBody,
  validate("json", Trial),
  async (c) => {
    const { workspace } = c.var.member;
    const key = c.req.param("app");
    const app = await workspaceApp(c, key);
    const trial = c.req.valid("json");
    const tried = await tryOperation(c.env, workspace, app, trial);
    noteChange(c, {
      action: "app.tried",
      target: key,
      after: { operation: trial.operation, account: trial.account ?? null, ok: tried.ok },
    });
    return c.json(tried);
  },
);
