import { createMiddleware } from "hono/factory";
import type { Access, TokenStore } from "./token-store.ts";

/** What the API's handlers find in their context. */
export interface ApiEnv {
  Variables: { access: Access };
}

/** The one route that answers an expired token in the old way: `200 {ok: false}`. Clients that know only status codes go wrong here. */
const OLD_STYLE = "/v1/tags";

/** Lets in a caller with a good bearer token; 401 with the reason otherwise. */
export const requireToken = (tokens: TokenStore) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "") ?? [];
    const result = token ? tokens.check(token) : undefined;
    if (result?.ok) {
      c.set("access", result.access);
      return next();
    }
    const error = result?.error ?? "missing_token";
    const message = {
      missing_token: "Send an access token: Authorization: Bearer TOKEN. One is under Settings → API.",
      invalid_token: "The access token is not known, or has been revoked.",
      token_expired: "The access token has expired. Get a new one with the refresh token.",
    }[error];
    if (error === "token_expired" && c.req.path === OLD_STYLE) return c.json({ ok: false, error, message }, 200);
    return c.json({ ok: false, error, message }, 401, {
      "WWW-Authenticate": `Bearer realm="pipeline"${result ? ', error="invalid_token"' : ""}`,
    });
  });

/** Asks for a scope that the person granted; 403 where it is missing. */
export const requireScope = (scope: string) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.var.access.scopes.includes(scope)) return next();
    return c.json({ ok: false, error: "insufficient_scope", message: `This needs the scope ${scope}. Connect again and allow it.` }, 403);
  });
