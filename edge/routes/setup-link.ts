import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { SetupLinkInfo } from "../../shared/api/setup-link.ts";
import { catalogue } from "../db/catalogue.ts";
import { findSetupLink } from "../db/setup-links.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { ProblemError } from "../http/problem.ts";
import { requireUser } from "../http/require-user.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

/** The page that a link opens. Its token stands behind `#`, which no server and no referrer is told. */
const page = (c: Context<AppEnv>) => {
  c.header("content-security-policy", POLICY);
  return c.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Setup</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/setup.css"><script type="module" src="/inlay.js"></script><script type="module" src="/setup.js"></script></head><body><main id="setup"></main></body></html>`,
  );
};

/** Where users finish what a member has begun for them, without signing in to the host. */
export const setupLink = new Hono<AppEnv>().get("/setup", page).get(
  "/v1/setup-link",
  describe({
    tag: "Setup",
    summary: "What a setup link is about",
    description: "For the token of a link (`Authorization: Bearer setup_…`), which stands for its user in the setup of its flow alone.",
    answers: { 200: SetupLinkInfo },
    problems: ["not_found"],
  }),
  requireUser,
  async (c) => {
    const token = (c.req.header("authorization") ?? "").split(" ")[1] ?? "";
    const found = c.var.user.limit ? await findSetupLink(catalogue(c.env), token) : undefined;
    if (!found) throw new ProblemError("not_found", "This is for the token of a setup link.");
    const { link, flow, user, workspace } = found;
    return c.json({
      ...{ workspace, flow: flow.key, author: link.author, user: user.name ?? user.externalId, integration: link.integration },
      expiresAt: new Date(link.expiresAt).toISOString(),
    });
  },
);
