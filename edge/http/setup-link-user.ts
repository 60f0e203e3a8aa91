// A link's token stands for its user, for one flow's setup and nothing else: what may be asked with it is written down here.
import type { Context } from "hono";
import { catalogue } from "../db/catalogue.ts";
import { findSetupLink } from "../db/setup-links.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";

/** What a link limits its user to. `apps`: those that the flow has accounts of. */
export interface LinkLimit {
  link: string;
  flow: string;
  apps: string[];
  used: boolean;
}

/** The user that a link speaks for. Refuses with 401 where it is over, 403 where it is not for this request. */
export async function userOfLink(c: Context<AppEnv>, token: string): Promise<TokenUser> {
  const found = await findSetupLink(catalogue(c.env), token);
  if (!found || found.flow.deletedAt !== null)
    throw new ProblemError("unauthenticated", "This link no longer works: it was withdrawn, replaced by another, or is older than a week.");
  const { link, user, flow } = found;
  if (!isAllowed(c.req.method, c.req.path, flow.key))
    throw new ProblemError("forbidden", "This link is for setting up one integration alone.");
  const { id: ref, externalId: id, org, name, email, locale, attributes, workspace } = user;
  const limit: LinkLimit = { link: link.id, flow: flow.key, apps: flow.apps, used: link.integration !== null };
  return { ...{ workspace, ref, id, org, name, email, locale, attributes }, expiresAt: link.expiresAt, limit };
}

const ROUTES: readonly (readonly [methods: string, path: RegExp])[] = [
  ["GET", /^\/v1\/(?:setup-link|stream)$/],
  ["GET POST", /^\/v1\/accounts$/],
  ["POST", /^\/v1\/accounts\/authorize$/],
  ["GET", /^\/v1\/accounts\/attempts\/[^/]+$/],
  ["POST", /^\/v1\/integrations$/],
  ["GET", /^\/v1\/integrations\/[^/]+$/],
];

function isAllowed(method: string, path: string, flow: string): boolean {
  const own = `/v1/flows/${encodeURIComponent(flow)}`;
  if (path === own) return method === "GET";
  if (path === `${own}/draft`) return method === "GET" || method === "PUT";
  if (path === `${own}/options` || path === `${own}/preview`) return method === "POST";
  return ROUTES.some(([methods, pattern]) => methods.split(" ").includes(method) && pattern.test(path));
}

/** Refuses an app that a link's flow has nothing to do with. */
export function refuseOtherApp({ limit }: TokenUser, app: string): void {
  if (limit && !limit.apps.includes(app)) throw new ProblemError("not_found", `There is no app “${app}” here.`);
}
