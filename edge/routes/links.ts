import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { ReconnectLinkInfo } from "../../shared/api/reconnect-link.ts";
import { SetupLinkInfo } from "../../shared/api/setup-link.ts";
import { catalogue } from "../db/catalogue.ts";
import { findApp } from "../db/find-app.ts";
import { findReconnectLink } from "../db/reconnect-links.ts";
import { findSetupLink } from "../db/setup-links.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { toAppDetail } from "../http/flow-shape.ts";
import { linkToken } from "../http/link-user.ts";
import { pageLanguage } from "../http/page-words.ts";
import { ProblemError } from "../http/problem.ts";
import { requireUser } from "../http/require-user.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types lit-html";

/** The page that a link opens. Its token stands behind `#`, which no server and no referrer is told. */
const page = (title: "setup" | "reconnect") => (c: Context<AppEnv>) => {
  const { lang, dir, say } = pageLanguage(undefined, c.req.header("accept-language"));
  c.header("content-security-policy", POLICY);
  c.header("vary", "accept-language", { append: true });
  return c.html(
    html`<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${say(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/setup.css"><script type="module" src="/inlay.js"></script><script type="module" src="/setup.js"></script></head><body><main id="setup"></main></body></html>`,
  );
};

const tokenOf = (c: Context<AppEnv>) => linkToken(c.req.header("authorization")) ?? "";

/** Where users finish what a member has begun for them, or connect an account anew, without signing in to the host. */
export const links = new Hono<AppEnv>()
  .get("/setup", page("setup"))
  .get("/reconnect", page("reconnect"))
  .get(
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
      const found = c.var.user.limit ? await findSetupLink(catalogue(c.env), tokenOf(c)) : undefined;
      if (!found) throw new ProblemError("not_found", "This is for the token of a setup link.");
      const { link, flow, user, workspace } = found;
      return c.json({
        ...{ workspace, flow: flow.key, author: link.author, user: user.name ?? user.externalId, integration: link.integration },
        expiresAt: new Date(link.expiresAt).toISOString(),
      });
    },
  )
  .get(
    "/v1/reconnect-link",
    describe({
      tag: "Accounts",
      summary: "What a link that asks to connect an account anew is about",
      description:
        "For the token of a link (`Authorization: Bearer renew_…`), which stands for its user in connecting its account alone: POST /v1/accounts and /v1/accounts/authorize, with `account`.",
      answers: { 200: ReconnectLinkInfo },
      problems: ["not_found"],
    }),
    requireUser,
    async (c) => {
      const db = catalogue(c.env);
      const found = c.var.user.limit ? await findReconnectLink(db, tokenOf(c)) : undefined;
      if (!found) throw new ProblemError("not_found", "This is for the token of a link that asks to connect an account anew.");
      const { link, account, workspace } = found;
      const app = await findApp(db, account.workspace, account.app);
      if (!app) throw new ProblemError("not_found", `There is no app “${account.app}” any more.`);
      const { id, auth, label, status } = account;
      return c.json({
        ...{ workspace, author: link.author, account: { id, auth, label, status }, isDone: link.usedAt !== null },
        app: toAppDetail(app, { publicUrl: c.env.PUBLIC_URL, workspace: account.workspace }),
        expiresAt: new Date(link.expiresAt).toISOString(),
      });
    },
  );
