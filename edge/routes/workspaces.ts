import { Hono } from "hono";
import { z } from "zod";
import { catalogue } from "../db/catalogue.ts";
import { ensureMember } from "../db/members.ts";
import { newId } from "../db/new-id.ts";
import { workspaces } from "../db/schema.ts";
import { createApiToken } from "../db/tokens.ts";
import type { AppEnv } from "../http/app-env.ts";
import { noteChange } from "../http/audited.ts";
import { capBody } from "../http/cap-body.ts";
import { describe } from "../http/describe.ts";
import { requireOperator } from "../http/require-operator.ts";
import { validate } from "../http/validate.ts";
import { createWorkspaceKey } from "../security/seal.ts";

const WorkspaceWrite = z.object({ name: z.string().min(1).max(200), email: z.email() });
const WorkspaceMade = z.object({ id: z.string(), apiToken: z.string() });

/** Creating workspaces: for whoever operates the deployment. */
export const workspacesRoute = new Hono<AppEnv>().post(
  "/v1/workspaces",
  describe({
    tag: "Workspace",
    summary: "Create a workspace, with its owner and a first API token (shown this once)",
    security: "bootstrap",
    answers: { 201: WorkspaceMade },
    problems: ["invalid"],
  }),
  requireOperator,
  capBody,
  validate("json", WorkspaceWrite),
  async (c) => {
    const { name, email } = c.req.valid("json");
    const db = catalogue(c.env);
    const id = newId("ws");
    await db.insert(workspaces).values({ id, name, dek: await createWorkspaceKey(c.env, id), createdAt: Date.now() });
    await ensureMember(db, id, email, "owner");
    const { token } = await createApiToken(db, id, { name: "First token", scopes: ["admin"], expiresAt: null });
    noteChange(c, { action: "workspace.created", target: id, workspace: id, after: { name, owner: email } });
    return c.json({ id, apiToken: token }, 201);
  },
);
