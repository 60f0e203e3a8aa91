import { Hono } from "hono";
import { z } from "zod";
import { catalogue } from "../db/catalogue.ts";
import type { AppEnv } from "../http/app-env.ts";
import { noteChange } from "../http/audited.ts";
import { describe } from "../http/describe.ts";
import { requireOperator } from "../http/require-operator.ts";
import { readKeyUse, rotateKeys } from "../http/rotate-keys.ts";

const Use = z.object({
  newest: z.string(),
  keys: z.array(z.object({ id: z.string(), setting: z.string(), workspaces: z.number().int() })),
  missing: z.array(z.object({ id: z.string(), workspaces: z.number().int(), first: z.string() })),
});
const Rotated = z.object({ newest: z.string(), rewrapped: z.number().int(), left: z.number().int() });

/** The keys that wrap the workspaces' own: for whoever operates the deployment. What they are is told nowhere, only which is used. */
export const masterKeysRoute = new Hono<AppEnv>()
  .get(
    "/v1/workspaces/keys",
    describe({
      tag: "Workspace",
      summary: "Which master keys are configured, and how many workspaces need each",
      security: "bootstrap",
      answers: { 200: Use },
    }),
    requireOperator,
    async (c) => c.json(await readKeyUse(c.env, catalogue(c.env))),
  )
  .post(
    "/v1/workspaces/keys/rotate",
    describe({
      tag: "Workspace",
      summary: "Wrap workspaces' keys by the newest master key, up to 100 at once",
      description: "Ask again until `left` is 0; then the older keys are not needed. Nothing sealed is rewritten, serving goes on.",
      security: "bootstrap",
      answers: { 200: Rotated },
      problems: ["conflict"],
    }),
    requireOperator,
    async (c) =>
      c.json(
        await rotateKeys(c.env, catalogue(c.env), (workspace, before, after) =>
          noteChange(c, { action: "workspace.key_rotated", target: workspace, workspace, before, after }),
        ),
      ),
  );
