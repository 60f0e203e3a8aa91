import type { MiddlewareHandler } from "hono";
import { catalogue } from "../db/catalogue.ts";
import { findSigningKey } from "../db/keys.ts";
import { touchUser, type UserRow } from "../db/users.ts";
import type { Env } from "../env.ts";
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
  const { user, isChanged = false } = link ? { user: await userOfLink(c, link) } : await userOfRequest(c.env, header);
  c.set("user", user);
  try {
    countRequest(c, "user", user.ref);
    countRequest(c, "workspace", user.workspace, false);
    await next();
  } finally {
    if (isChanged) c.executionCtx.waitUntil(tellProfile(c.env, { workspace: user.workspace, id: user.ref }));
  }
};

/** Who is asking; `isChanged`: their integrations are to be told of a new profile. */
interface Asking {
  user: TokenUser;
  isChanged?: boolean;
}

/** The user of an `Authorization` header. Throws ProblemError `unauthenticated` or `token_expired`. */
async function userOfRequest(env: Env, authorization: string | undefined, now = Date.now()): Promise<Asking> {
  const [scheme = "", token = "", ...more] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || token === "" || more.length > 0)
    throw refusal("Send a user token: Authorization: Bearer TOKEN.");
  if (token.startsWith("inlay_")) throw refusal("This is an API token. Here a user token is needed, signed by the host's backend.");
  const db = catalogue(env);
  const result = await verifyUserToken(token, (workspace, kid) => findSigningKey(db, workspace, kid), now);
  if (!result.ok) throw new ProblemError(result.code, sentence(result.message), { headers: challenge(result.code) });
  const { ref, isChanged } = await refOf(env, result.claims, now);
  return { user: { ...result.claims, ref }, isChanged };
}

/** The user's row is written when the user is new, when the profile has changed, and else once in five minutes. */
async function refOf(env: Env, claims: UserClaims, now: number): Promise<{ ref: string; isChanged: boolean }> {
  const { workspace, id, org, name, email, locale, attributes, issuedAt } = claims;
  const key = JSON.stringify([workspace, id]);
  const profile = JSON.stringify([org, name, email, locale, attributes]);
  const seen = known.get(key);
  if (seen && seen.until > now && seen.profile === profile && seen.issuedAt >= issuedAt) return { ref: seen.ref, isChanged: false };
  const { ref, isChanged } = await touchUser(catalogue(env), workspace, { id, org, name, email, locale, attributes }, issuedAt, now);
  if (known.size >= MAX_KEPT) known.clear();
  known.set(key, { ref, profile, issuedAt, until: now + KEEP });
  return { ref, isChanged };
}

const refusal = (message: string) => new ProblemError("unauthenticated", message, { headers: challenge("unauthenticated") });
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const challenge = (code: string) => ({
  "www-authenticate": `Bearer error="${code === "token_expired" ? "invalid_token" : "invalid_request"}"`,
});
