// The grants of OAuth 2.0 that accounts live on. What the provider refuses is a value; only bugs throw.
import * as oauth from "oauth4webapi";
import type { RunError } from "../../../shared/api/run.ts";
import type { OAuthParty } from "./oauth-party.ts";
import { ProviderUnavailableError } from "./token-fetch.ts";

/** Tokens as a provider answers them; `expiresAt` in ms since epoch, absent where it does not say. */
export interface Tokens {
  accessToken: string;
  refreshToken?: string;
  expiresAt?: number;
  scopes?: string[];
  tokenType: string;
}

/**
 * `denied`: the credentials are no good, connect again. `address`: what was entered makes an address that may not be called. `setting`: the
 * builder must mend something. `unavailable`: try later.
 */
export interface GrantFault {
  ok: false;
  kind: "denied" | "address" | "setting" | "unavailable";
  message: string;
  /** What `message` names, as a run's error has it; `said` is the provider's own. */
  params?: RunError["params"];
}
export type GrantResult = { ok: true; tokens: Tokens } | GrantFault;

/** What stands in the way back from the provider, judged: an error of its own, or a return that is not for this attempt. */
export type CallbackResult =
  | { ok: true; parameters: URLSearchParams }
  | { ok: false; reason: "denied" | "invalid" | "error"; message: string; params?: RunError["params"] };

/** Where to send the user to sign in. `verifier` is the PKCE secret of this attempt, null where the app file switches PKCE off. */
export async function authorizeUrl(
  party: OAuthParty,
  options: { redirectUri: string; state: string; verifier: string | null; extra: Record<string, string> },
): Promise<string> {
  const url = new URL(party.server.authorization_endpoint ?? "");
  const { redirectUri, state, verifier, extra } = options;
  const parameters: Record<string, string> = {
    ...extra,
    response_type: "code",
    [party.quirks.clientIdParam ?? "client_id"]: party.client.client_id,
    redirect_uri: redirectUri,
    state,
  };
  if (party.scopes.length) parameters[party.quirks.scopeParam ?? "scope"] = party.scopes.join(party.scopeSeparator);
  if (verifier !== null) {
    parameters.code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
    parameters.code_challenge_method = "S256";
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** Judges what came back (RFC 6749 §4.1.2, RFC 9207): state, issuer, error. Without a declared issuer, `iss` must be on the host that signs in. */
export function readCallback(party: OAuthParty, parameters: URLSearchParams, state: string): CallbackResult {
  const { server, isIssuerKnown } = party;
  const iss = parameters.get("iss");
  const isOwn = iss !== null && URL.parse(iss)?.origin === URL.parse(server.authorization_endpoint ?? "")?.origin;
  const expected = isOwn && !isIssuerKnown ? { ...server, issuer: iss } : server;
  try {
    return { ok: true, parameters: oauth.validateAuthResponse(expected, party.client, parameters, state) };
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      const words = error.error_description ?? error.error;
      return error.error === "access_denied"
        ? { ok: false, reason: "denied", message: words }
        : { ok: false, reason: "error", message: words, params: { said: cut(words) } };
    }
    if (error instanceof Error) return { ok: false, reason: "invalid", message: error.message };
    throw error;
  }
}

/** Redeems the code of a judged return. */
export function exchangeCode(
  party: OAuthParty,
  parameters: URLSearchParams,
  redirectUri: string,
  verifier: string | null,
  now: number,
): Promise<GrantResult> {
  return grant(now, async () => {
    const { server, client, clientAuth, options } = party;
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuth,
      parameters,
      redirectUri,
      verifier ?? oauth.nopkce,
      options,
    );
    return oauth.processAuthorizationCodeResponse(server, client, response);
  });
}

/** Fresh tokens for a refresh token; where the provider rotates it, the new one is among them. */
export function refreshTokens(party: OAuthParty, refreshToken: string, now: number): Promise<GrantResult> {
  return grant(now, async () => {
    const { server, client, clientAuth, options } = party;
    const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken, options);
    return oauth.processRefreshTokenResponse(server, client, response);
  });
}

/** Tokens for the client itself. */
export function grantClientCredentials(party: OAuthParty, now: number): Promise<GrantResult> {
  return grant(now, async () => {
    const { server, client, clientAuth, options, scopes, scopeSeparator } = party;
    const parameters = new URLSearchParams(scopes.length ? { scope: scopes.join(scopeSeparator) } : {});
    const response = await oauth.clientCredentialsGrantRequest(server, client, clientAuth, parameters, options);
    return oauth.processClientCredentialsResponse(server, client, response);
  });
}

/** Tells the provider that a token is done with (RFC 7009). False where it offers no such place or does not answer well. */
export async function revokeToken(party: OAuthParty, token: string): Promise<boolean> {
  if (party.server.revocation_endpoint === undefined) return false;
  try {
    const response = await oauth.revocationRequest(party.server, party.client, party.clientAuth, token, party.options);
    return response.ok;
  } catch {
    return false;
  }
}

/** Errors that say that what was presented is no good; every other error of RFC 6749 §5.2 is about the client or the app file. */
const DENIALS = new Set([
  ...["invalid_grant", "access_denied", "interaction_required", "login_required", "consent_required"],
  // Words of providers that know no invalid_grant.
  ...["bad_verification_code", "bad_refresh_token", "invalid_refresh_token", "invalid_code", "code_already_used", "token_revoked"],
]);

async function grant(now: number, request: () => Promise<oauth.TokenEndpointResponse>): Promise<GrantResult> {
  try {
    return { ok: true, tokens: toTokens(await request(), now) };
  } catch (error) {
    if (error instanceof ProviderUnavailableError) return { ok: false, kind: "unavailable", message: error.message };
    if (error instanceof oauth.ResponseBodyError) {
      const kind = DENIALS.has(error.error) ? "denied" : "setting";
      const said = cut(error.error_description ?? error.error);
      return { ok: false, kind, message: said, params: { said } };
    }
    if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
      return { ok: false, kind: "setting", message: `the token endpoint's answer cannot be used: ${cut(error.message)}` };
    throw error;
  }
}

function toTokens(answer: oauth.TokenEndpointResponse, now: number): Tokens {
  return {
    accessToken: answer.access_token,
    tokenType: answer.token_type,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    ...(answer.expires_in === undefined ? {} : { expiresAt: now + answer.expires_in * 1000 }),
    ...(answer.scope === undefined ? {} : { scopes: answer.scope.split(/[\s,]+/).filter(Boolean) }),
  };
}

const cut = (text: string) => text.replace(/\s+/g, " ").slice(0, 300);
