import { type Context, Hono } from "hono";
import { readForm } from "../http/form.ts";
import type { Sessions } from "../http/sessions.ts";
import { answerAt, readAuthorizeRequest } from "./authorize-request.ts";
import { isClientProven, type OAuthClient } from "./oauth-client.ts";
import { consentPage } from "./pages/consent-page.ts";
import { messagePage } from "./pages/message-page.ts";
import { signInPage } from "./pages/sign-in-page.ts";
import { type IssueResult, SCOPES, type TokenStore } from "./token-store.ts";

export interface OAuthDeps {
  client: OAuthClient;
  tokens: TokenStore;
  sessions: Sessions;
  /** The origin under which browsers and clients reach this server: the issuer. */
  issuer(): string;
}

/** The authorization server: code grant with PKCE S256, rotating refresh tokens, revocation, metadata (RFC 8414). */
export function oauthRoutes({ client, tokens, sessions, issuer }: OAuthDeps) {
  const answer = async (c: Context, decision?: string) => {
    const result = readAuthorizeRequest(c.req.query(), client);
    if (!result.ok && result.tag === "untrusted") return c.html(messagePage("This link cannot be trusted", result.message), 400);
    const { redirectUri, state } = result.ok ? result.request : result;
    const redirect = (parameters: Record<string, string>) =>
      c.redirect(answerAt(redirectUri, { ...parameters, state, iss: issuer() }), 303);
    if (!result.ok) return redirect({ error: result.error, error_description: result.message });

    const person = sessions.personOf(c);
    const here = `${c.req.path}?${new URL(c.req.url).searchParams}`;
    if (!person) return c.html(signInPage({ next: here, reason: `Sign in to continue to ${client.name}` }));
    const { challenge, scopes } = result.request;
    if (decision === undefined) return c.html(consentPage({ client, person, scopes, here, redirectUri }));
    if (decision !== "allow") return redirect({ error: "access_denied", error_description: `${person.name} did not allow it` });
    return redirect({ code: tokens.issueCode({ client: client.id, redirectUri, challenge, person, scope: scopes.join(" ") }) });
  };

  const tokenAnswer = (c: Context, result: IssueResult) => {
    if (!result.ok) return c.json({ error: "invalid_grant", error_description: result.message }, 400);
    const { accessToken, expiresIn, refreshToken, scope } = result.tokens;
    const refresh = refreshToken ? { refresh_token: refreshToken } : {};
    return c.json({ access_token: accessToken, token_type: "Bearer", expires_in: expiresIn, ...refresh, scope });
  };

  const refuseClient = (c: Context) =>
    c.json({ error: "invalid_client", error_description: "The client id or secret is wrong" }, 401, {
      "WWW-Authenticate": 'Basic realm="pipeline"',
    });

  return new Hono()
    .use("/oauth/*", async (c, next) => {
      await next();
      c.header("Cache-Control", "no-store");
    })
    .get("/oauth/authorize", (c) => answer(c))
    .post("/oauth/authorize", async (c) => answer(c, (await readForm(c)).decision ?? "deny"))
    .post("/oauth/token", async (c) => {
      const form = await readForm(c);
      if (!isClientProven(client, c.req.header("Authorization"), form)) return refuseClient(c);
      switch (form.grant_type) {
        case "authorization_code": {
          const { code = "", redirect_uri: redirectUri = "", code_verifier: verifier = "" } = form;
          return tokenAnswer(c, tokens.redeemCode({ code, client: client.id, redirectUri, verifier }));
        }
        case "refresh_token":
          return tokenAnswer(c, tokens.refresh(form.refresh_token ?? "", client.id));
        default:
          return c.json({ error: "unsupported_grant_type", error_description: "Use authorization_code or refresh_token" }, 400);
      }
    })
    .post("/oauth/revoke", async (c) => {
      const form = await readForm(c);
      if (!isClientProven(client, c.req.header("Authorization"), form)) return refuseClient(c);
      tokens.revoke(form.token ?? "", client.id);
      return c.body(null, 200);
    })
    .get("/.well-known/oauth-authorization-server", (c) =>
      c.json({
        issuer: issuer(),
        authorization_endpoint: `${issuer()}/oauth/authorize`,
        token_endpoint: `${issuer()}/oauth/token`,
        revocation_endpoint: `${issuer()}/oauth/revoke`,
        response_types_supported: ["code"],
        grant_types_supported: ["authorization_code", "refresh_token"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        scopes_supported: Object.keys(SCOPES),
        authorization_response_iss_parameter_supported: true,
      }),
    );
}
