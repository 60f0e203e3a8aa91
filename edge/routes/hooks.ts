import { Hono } from "hono";
import { z } from "zod";
import type { AppEnv } from "../http/app-env.ts";
import { acceptAppCall } from "../http/app-webhook.ts";
import { describe } from "../http/describe.ts";
import { isIntegrationId, toIncoming, toOutgoing, unlessOwed } from "../http/incoming.ts";
import { countRequest } from "../http/limit-requests.ts";
import { ProblemError } from "../http/problem.ts";

const nothing = () => new ProblemError("not_found", "There is no webhook at this address. Copy it again from the integration.");

/** Webhooks, answered once the event is durable. Those of an integration that takes them touch one object and no shared database. */
export const hooks = new Hono<AppEnv>()
  .post(
    "/hooks/apps/:app/:key",
    describe({
      tag: "From outside",
      summary: "An app's one webhook for all customers",
      description:
        "Handed to the accounts that it is about, by the app's rule. 202 once that is durable; `ignored` where it is about none.",
      answers: { 200: null, 202: z.object({ id: z.string() }) },
      problems: ["not_found", "unauthenticated", "invalid", "request_timeout", "too_large", "rate_limited"],
      security: "none",
    }),
    async (c) => {
      const { app, key } = c.req.param();
      countRequest(c, "hook", `${app}/${key}`.slice(0, 200), false);
      const answer = await acceptAppCall(c.env, app, key, await toIncoming(c.req.raw));
      if ("challenge" in answer) return c.text(answer.challenge);
      return c.json(answer.id === null ? { ignored: true } : { id: answer.id }, 202);
    },
  )
  .post(
    "/hooks/:integration/:block/:key",
    describe({
      tag: "From outside",
      summary: "A webhook trigger",
      description: "Any content type, at most 1 MB. 202 once the event is durable, or the block's own response where it has one.",
      answers: { 202: z.object({ run: z.string() }) },
      problems: [
        "not_found",
        "unauthenticated",
        "request_timeout",
        "too_large",
        "rate_limited",
        "queue_full",
        "quota_exceeded",
        "disabled",
        "unavailable",
      ],
      security: "none",
    }),
    async (c) => {
      const { integration, block, key } = c.req.param();
      if (!isIntegrationId(integration)) throw nothing();
      const request = await toIncoming(c.req.raw);
      const result = await c.env.INTEGRATIONS.getByName(integration).acceptHook(block, key, request);
      return toOutgoing(c, await unlessOwed(c.env, integration, result));
    },
  )
  .all("/hooks/*", (c) => {
    throw c.req.method === "POST"
      ? nothing()
      : new ProblemError("method_not_allowed", "Webhooks are sent with POST.", { headers: { allow: "POST" } });
  });
