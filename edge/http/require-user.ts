import type { Context, MiddlewareHandler } from "hono";
import { catalogue } from "../db/catalogue.ts";
import { findSigningKey } from "../db/keys.ts";
import { touchUser, type UserRow } from "../db/users.ts";
import { type UserClaims, verifyUserToken } from "../security/user-token.ts";
import type { AppEnv } from "./app-env.ts";
import { countRequest } from "./limit-requests.ts";
import { type LinkLimit, linkToken, userOfLink } from "./link-user.ts";
import { ProblemError } from "./problem.ts";
import { tellProfile } from "./tell-profile.ts";

/** The verified user of a request; the only source of `workspace` and user in a query. `ref` is `usr_…`, `id` the host's own. */
export interface TokenUser extends UserClaims {
  ref: string;
  /** Somebody who came by a link: they do what it is for, and nothing else. */
  limit?: LinkLimit;
}

/** The user of a row, as their own token would name them now. */
export function asTokenUser({ workspace, id: ref, externalId: id, org, name, email, locale, attributes, saidAt }: UserRow): TokenUser {
  return { workspace, ref, id, org, name, email, locale, attributes, issuedAt: saidAt, expiresAt: Date.now() + 900_000 };
}

const KEEP = 300_000;
const MAX_KEPT = 2_000;
const known = new Map<string, { ref: string; profile: string; issuedAt: number; until: number }>();

/** Lets in requests with a good user token and sets `c.var.user`; everyone else gets 401 with `unauthenticated` or `token_expired`. */
export const requireUser: MiddlewareHandler<AppEnv> = async (c, next) => {
  const header = c.req.header("authorization");
  const link = linkToken(header);
  const user = link ? await userOfLink(c, link) : await userOfRequest(c, header);
  c.set("user", user);
  countRequest(c, "user", user.ref);
  countRequest(c, "workspace", user.workspace, false);
  await next();
};

/** The user of an `Authorization` header. Throws ProblemError `unauthenticated` or `token_expired`. */
async function userOfRequest(c: Context<AppEnv>, authorization: string | undefined, now = Date.now()): Promise<TokenUser> {
  const [scheme = "", token = "", ...more] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || token === "" || more.length > 0)
    throw refusal("Send a user token: Authorization: Bearer TOKEN.");
  if (token.startsWith("inlay_")) throw refusal("This is an API token. Here a user token is needed, signed by the host's backend.");
  const db = catalogue(c.env);
  const result = await verifyUserToken(token, (workspace, kid) => findSigningKey(db, workspace, kid), now);
  if (!result.ok) throw new ProblemError(result.code, sentence(result.message), { headers: challenge(result.code) });
  return { ...result.claims, ref: await refOf(c, result.claims, now) };
}

/** The user's row is written when the user is new, when the profile has changed, and else once in five minutes. */
async function refOf(c: Context<AppEnv>, claims: UserClaims, now: number): Promise<string> {
  const { workspace, id, org, name, email, locale, attributes, issuedAt } = claims;
  const key = JSON.stringify([workspace, id]);
  const profile = JSON.stringify([org, name, email, locale, attributes]);
  const seen = known.get(key);
  if (seen && seen.until > now && seen.profile === profile && seen.issuedAt >= issuedAt) return seen.ref;
  const { ref, isChanged } = await touchUser(catalogue(c.env), workspace, { id, org, name, email, locale, attributes }, issuedAt, now);
  if (isChanged) c.executionCtx.waitUntil(tellProfile(c.env, { workspace, id: ref }));
  if (known.size >= MAX_KEPT) known.clear();
  known.set(key, { ref, profile, issuedAt, until: now + KEEP });
  return ref;
}

const refusal = (message: string) => new ProblemError("unauthenticated", message, { headers: challenge("unauthenticated") });
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const challenge = (code: string) => ({
  "www-authenticate": `Bearer error="${code === "token_expired" ? "invalid_token" : "invalid_request"}"`,
});
