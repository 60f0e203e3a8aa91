// A link's token stands for its user, for what the link is about and nothing else: what may be asked with it is written down here.
import type { Context } from "hono";
import { catalogue } from "../db/catalogue.ts";
import { findReconnectLink, RECONNECT_TOKEN } from "../db/reconnect-links.ts";
import { findSetupLink } from "../db/setup-links.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError } from "./problem.ts";
import type { TokenUser } from "./require-user.ts";

/** The setup of one flow. `apps`: those that the flow has accounts of. */
interface SetupLimit {
  for: "setup";
  link: string;
  flow: string;
  apps: string[];
  used: boolean;
}

/** Connecting one account anew. */
interface AccountLimit {
  for: "account";
  link: string;
  account: string;
  app: string;
  used: boolean;
}

/** What a link limits its user to. */
export type LinkLimit = SetupLimit | AccountLimit;

/** The token of a link in an `Authorization` header. */
export const linkToken = (header: string | undefined): string | undefined =>
  /^Bearer ((?:setup|renew)_[0-9A-Za-z]{43})$/i.exec(header ?? "")?.[1];

/** The user that a link speaks for. Refuses with 401 where it is over, 403 where it is not for this request. */
export async function userOfLink(c: Context<AppEnv>, token: string): Promise<TokenUser> {
  const { user, expiresAt, limit, own } = await (token.startsWith(RECONNECT_TOKEN) ? readReconnect(c, token) : readSetup(c, token));
  if (![...OF_LINKS, ...own].some(([methods, path]) => methods.split(" ").includes(c.req.method) && fits(c.req.path, path)))
    throw new ProblemError(
      "forbidden",
      `This link is for ${limit.for === "setup" ? "setting up one integration" : "connecting one account again"} alone.`,
    );
  const { id: ref, externalId: id, org, name, email, locale, attributes, workspace, saidAt: issuedAt } = user;
  return { ...{ workspace, ref, id, org, name, email, locale, attributes, issuedAt }, expiresAt, limit };
}

/** Methods, and a path; `*` stands for one part of it. */
type Allowed = readonly [methods: string, path: string];

const OF_LINKS: readonly Allowed[] = [
  ["GET", "/v1/stream"],
  ["POST", "/v1/accounts"],
  ["POST", "/v1/accounts/authorize"],
  ["GET", "/v1/accounts/attempts/*"],
];
const OF_RECONNECT: readonly Allowed[] = [["GET", "/v1/reconnect-link"]];
const ofSetup = (flow: string): readonly Allowed[] => [
  ["GET", "/v1/setup-link"],
  ["GET", "/v1/accounts"],
  ["GET", flow],
  ["GET PUT", `${flow}/draft`],
  ["POST", `${flow}/options`],
  ["POST", `${flow}/preview`],
  ["POST", "/v1/integrations"],
  ["GET", "/v1/integrations/*"],
];

function fits(path: string, allowed: string): boolean {
  const rest = allowed.endsWith("/*") && path.startsWith(allowed.slice(0, -1)) ? path.slice(allowed.length - 1) : undefined;
  return rest === undefined ? path === allowed : rest !== "" && !rest.includes("/");
}

async function readSetup(c: Context<AppEnv>, token: string) {
  const found = await findSetupLink(catalogue(c.env), token);
  if (!found || found.flow.deletedAt !== null) throw over();
  const { link, user, flow } = found;
  const limit: LinkLimit = { for: "setup", link: link.id, flow: flow.key, apps: flow.apps, used: link.integration !== null };
  return { user, expiresAt: link.expiresAt, limit, own: ofSetup(`/v1/flows/${encodeURIComponent(flow.key)}`) };
}

async function readReconnect(c: Context<AppEnv>, token: string) {
  const found = await findReconnectLink(catalogue(c.env), token);
  if (!found) throw over();
  const { link, user, account } = found;
  const limit: LinkLimit = { for: "account", link: link.id, account: account.id, app: account.app, used: link.usedAt !== null };
  return { user, expiresAt: link.expiresAt, limit, own: OF_RECONNECT };
}

const over = () =>
  new ProblemError("unauthenticated", "This link no longer works: it was withdrawn, replaced by another, or is older than a week.");

/** Whether a link, if the user came by one, is about this flow. */
export const isOfLink = ({ limit }: TokenUser, flow: string): boolean => !limit || (limit.for === "setup" && limit.flow === flow);

/** Refuses to connect what a link is not about: an app that its flow has nothing to do with, or another account than its own. */
export function refuseOther({ limit }: TokenUser, { app, account }: { app: string; account?: string | undefined }): void {
  if (!limit) return;
  if (limit.for === "setup" ? !limit.apps.includes(app) : limit.app !== app)
    throw new ProblemError("not_found", `There is no app “${app}” here.`);
  if (limit.for === "setup") return;
  if (limit.account !== account) throw new ProblemError("forbidden", "This link is for connecting one account again, and no other.");
  if (limit.used) throw new ProblemError("gone", "This account has been connected again already: the link has done what it is for.");
}
