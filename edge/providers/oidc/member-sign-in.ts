// Signing members in by OpenID Connect: discovery, code with PKCE, state and nonce; the ID token's issuer, audience, times, nonce and
// signature are checked. What the provider refuses is a value; only bugs throw.
import * as oauth from "oauth4webapi";
import type { GuardedFetch } from "../http/guarded-fetch.ts";
import { ProviderUnavailableError, tokenFetch } from "../oauth/token-fetch.ts";

/** Our client at a provider. */
export interface OidcClient {
  issuer: string;
  clientId: string;
  /** Null for a public client. */
  secret: string | null;
}

/** What must come back as it went out. */
export interface OidcAttempt {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
}

/** Who has signed in. `isVerified`: what the provider says of the address, undefined where it says nothing. */
export interface OidcIdentity {
  subject: string;
  email: string | null;
  isVerified: boolean | undefined;
  name: string | null;
}

/** `denied`: whoever tried did not allow it. `refused`: what came back is not to be trusted. `setting`, `unavailable`: the provider's side. */
export type OidcFault = { ok: false; kind: "denied" | "refused" | "setting" | "unavailable"; message: string };

const SCOPE = "openid email profile";

/** The address that the browser is sent to. */
export async function memberAuthorizeUrl(
  client: OidcClient,
  { state, nonce, verifier, redirectUri }: OidcAttempt,
  fetch: GuardedFetch,
): Promise<{ ok: true; url: string } | OidcFault> {
  return judged(async () => {
    const server = await discover(client, fetch);
    if (server.authorization_endpoint === undefined) return setting("the provider does not say where to sign in");
    const url = new URL(server.authorization_endpoint);
    const parameters = {
      ...{ response_type: "code", client_id: client.clientId, redirect_uri: redirectUri, scope: SCOPE, state, nonce },
      ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" },
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { ok: true as const, url: url.href };
  });
}

/** Redeems what the browser has brought back, and says who it is. */
export async function identifyMember(
  client: OidcClient,
  attempt: OidcAttempt,
  returned: URLSearchParams,
  fetch: GuardedFetch,
): Promise<{ ok: true; identity: OidcIdentity } | OidcFault> {
  return judged(async () => {
    const server = await discover(client, fetch);
    const options = optionsOf(fetch);
    const party: oauth.Client = { client_id: client.clientId };
    const parameters = oauth.validateAuthResponse(server, party, returned, attempt.state);
    const clientAuth = clientAuthOf(client, server);
    const { redirectUri, verifier, nonce } = attempt;
    const response = await oauth.authorizationCodeGrantRequest(server, party, clientAuth, parameters, redirectUri, verifier, options);
    const tokens = await oauth.processAuthorizationCodeResponse(server, party, response, { expectedNonce: nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(server, response, options);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    if (!claims) return setting("the provider sent no ID token");
    const info = await readUserInfo(server, party, tokens.access_token, claims, options);
    return { ok: true as const, identity: toIdentity({ ...claims, ...info }) };
  });
}

type Options = { [oauth.customFetch]: ReturnType<typeof tokenFetch>; [oauth.allowInsecureRequests]: boolean };
type Claims = Record<string, unknown> & { sub: string };

/** Plain http is the guarded fetch's to refuse: it opens hosts that a development setting names. */
const optionsOf = (fetch: GuardedFetch): Options => ({
  [oauth.customFetch]: tokenFetch(fetch, {}, true),
  [oauth.allowInsecureRequests]: true,
});

async function discover({ issuer }: OidcClient, fetch: GuardedFetch): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const response = await oauth.discoveryRequest(url, { algorithm: "oidc", ...optionsOf(fetch) });
  return oauth.processDiscoveryResponse(url, response);
}

/** By the Authorization header, unless the provider says that it takes the secret in the body alone. */
function clientAuthOf({ secret }: OidcClient, server: oauth.AuthorizationServer): oauth.ClientAuth {
  if (secret === null) return oauth.None();
  const known = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return known.includes("client_secret_basic") ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}

/** Many providers keep the address out of the ID token. */
async function readUserInfo(
  server: oauth.AuthorizationServer,
  party: oauth.Client,
  token: string,
  claims: oauth.IDToken,
  options: Options,
): Promise<Record<string, unknown>> {
  if (typeof claims.email === "string" || server.userinfo_endpoint === undefined) return {};
  const response = await oauth.userInfoRequest(server, party, token, options);
  return oauth.processUserInfoResponse(server, party, claims.sub, response);
}

function toIdentity({ sub, email, email_verified: verified, name }: Claims): OidcIdentity {
  return {
    subject: sub,
    email: typeof email === "string" && email.includes("@") ? email.toLowerCase() : null,
    isVerified: verified === undefined ? undefined : verified === true || verified === "true",
    name: typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 200) : null,
  };
}

const setting = (message: string): OidcFault => ({ ok: false, kind: "setting", message });

async function judged<T>(work: () => Promise<T | OidcFault>): Promise<T | OidcFault> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderUnavailableError) return { ok: false, kind: "unavailable", message: error.message };
    if (error instanceof oauth.AuthorizationResponseError)
      return { ok: false, kind: error.error === "access_denied" ? "denied" : "refused", message: error.error_description ?? error.error };
    if (error instanceof oauth.ResponseBodyError)
      return { ok: false, kind: error.error === "invalid_grant" ? "refused" : "setting", message: error.error_description ?? error.error };
    if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
      return { ok: false, kind: "refused", message: error.message };
    if (error instanceof oauth.WWWAuthenticateChallengeError) return setting("the provider refused its own token");
    throw error;
  }
}
