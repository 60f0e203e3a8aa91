import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { catalogue } from "../db/catalogue.ts";
import { findOwner } from "../db/integrations.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { findOwnIntegration } from "../http/find-setup.ts";
import { isIntegrationId, toIncoming, toOutgoing, unlessOwed } from "../http/incoming.ts";
import { ProblemError } from "../http/problem.ts";
import { requireMember } from "../http/require-member.ts";
import { requireUser } from "../http/require-user.ts";

const nothing = () => new ProblemError("not_found", "There is no such integration, or it is not yours.");
const isApiToken = (authorization: string | undefined) => /^bearer\s+inlay_/i.test(authorization ?? "");

/** Lets in the integration's user, or an API token of its workspace that may write. */
const requireCaller = createMiddleware<AppEnv>((c, next) =>
  isApiToken(c.req.header("authorization")) ? requireMember("write")(c, next) : requireUser(c, next),
);

/** Api triggers: the block answers the caller. */
export const api = new Hono<AppEnv>().on(
  ["GET", "POST", "PUT", "PATCH", "DELETE"],
  "/api/:integration/:block",
  describe({
    tag: "From outside",
    summary: "An api trigger: the block answers",
    description: "With the user's own token, or with an API token of the workspace. What the answer holds is up to the block.",
    answers: { 200: null },
    problems: [
      "not_found",
      "method_not_allowed",
      "request_timeout",
      "invalid",
      "disabled",
      "rate_limited",
      "queue_full",
      "quota_exceeded",
      "unavailable",
    ],
    security: "any",
  }),
  requireCaller,
  async (c) => {
    const { integration, block } = c.req.param();
    if (!isIntegrationId(integration)) throw nothing();
    const db = catalogue(c.env);
    if (isApiToken(c.req.header("authorization"))) {
      const owner = await findOwner(db, integration);
      if (owner?.workspace !== c.var.member.workspace) throw nothing();
    } else await findOwnIntegration(db, c.var.user, integration);
    const request = await toIncoming(c.req.raw, ["authorization"]);
    const result = await c.env.INTEGRATIONS.getByName(integration).acceptApi(block, request);
    return toOutgoing(c, await unlessOwed(c.env, integration, result));
  },
);
