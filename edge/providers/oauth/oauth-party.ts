// The two sides of an OAuth sign-in, from the app file: the authorization server and our client at it.
import * as oauth from "oauth4webapi";
import type { AppFile, Auth } from "../../../shared/flow/app-file.ts";
import { resolveUrl } from "../app/render-request.ts";
import { renderUrl } from "../app/render-url.ts";
import type { GuardedFetch } from "../http/guarded-fetch.ts";

export type OAuthAuth = Extract<Auth, { type: "oauth2" | "oauth2_client_credentials" }>;

/** What a sign-in needs from around it. `readSecret` gives a secret of the workspace by name. */
export interface SignInDeps {
  /** Workspace variables. */
  env: Record<string, string>;
  fetch: GuardedFetch;
  readSecret: (name: string) => Promise<string | undefined>;
  /** ms since epoch */
  now: () => number;
}

/** The part of fetch that oauth4webapi calls. */
type OAuthFetch = (url: string, options: { method: string; headers: Record<string, string>; body?: unknown }) => Promise<Response>;

/** An authorization server, our client there, and how to call it. */
export interface OAuthParty {
  server: oauth.AuthorizationServer;
  /** Whether the app file names the issuer; else `server.issuer` is merely the origin that signs in. */
  isIssuerKnown: boolean;
  client: oauth.Client;
  clientAuth: oauth.ClientAuth;
  options: { [oauth.customFetch]: OAuthFetch; [oauth.allowInsecureRequests]: boolean };
  scopes: string[];
  scopeSeparator: string;
}

/** The provider cannot be asked now: no answer, overloaded, or broken. Nothing is known about the credentials. `retryAfter` in ms. */
export class ProviderUnavailableError extends Error {
  override readonly name = "ProviderUnavailableError";
}

/** The app file or the workspace lacks something that signing in needs; `message` says what, for the builder. */
export class SignInSettingError extends Error {
  override readonly name = "SignInSettingError";
}

/** Both sides for `auth`. Throws SignInSettingError where a client or an address is missing, ProviderUnavailableError where discovery fails. */
export async function findParty(app: AppFile, auth: OAuthAuth, fields: Record<string, string>, deps: SignInDeps): Promise<OAuthParty> {
  const options = { [oauth.customFetch]: fetchFor(deps.fetch), [oauth.allowInsecureRequests]: true };
  const { id, secret } = await readClient(app, auth, deps);
  const method = auth.tokenAuth ?? (secret === undefined ? "none" : "basic");
  const clientAuth =
    method === "none" || secret === undefined
      ? oauth.None()
      : method === "body"
        ? oauth.ClientSecretPost(secret)
        : oauth.ClientSecretBasic(secret);
  return {
    server: await findServer(app, auth, fields, deps, options),
    isIssuerKnown: auth.type === "oauth2" && auth.issuer !== undefined,
    client: { client_id: id },
    clientAuth,
    options,
    scopes: auth.scopes ?? [],
    scopeSeparator: (auth.type === "oauth2" ? auth.scopeSeparator : undefined) ?? " ",
  };
}

async function readClient(app: AppFile, auth: OAuthAuth, deps: SignInDeps): Promise<{ id: string; secret: string | undefined }> {
  if (!auth.client) throw new SignInSettingError(`${app.name} has no OAuth client: name its secrets under client in the app file`);
  const read = async (name: string) => {
    const value = await deps.readSecret(name);
    if (value === undefined) throw new SignInSettingError(`the secret ${name} is not set: ${app.name} needs it for signing in`);
    return value;
  };
  return { id: await read(auth.client.id), secret: auth.client.secret === undefined ? undefined : await read(auth.client.secret) };
}

async function findServer(
  app: AppFile,
  auth: OAuthAuth,
  fields: Record<string, string>,
  deps: SignInDeps,
  options: OAuthParty["options"],
): Promise<oauth.AuthorizationServer> {
  const scope = { env: deps.env, account: fields };
  const absolute = async (template: string | undefined) =>
    template === undefined ? undefined : resolveUrl(app, await renderUrl(template, scope), scope);
  const issuer = auth.type === "oauth2" ? auth.issuer : undefined;
  const authorizeUrl = auth.type === "oauth2" ? await absolute(auth.authorizeUrl) : undefined;
  const revokeUrl = auth.type === "oauth2" ? await absolute(auth.revokeUrl) : undefined;
  const tokenUrl = await absolute(auth.tokenUrl);
  const isWhole = tokenUrl !== undefined && (authorizeUrl !== undefined || auth.type !== "oauth2");
  if (!isWhole && issuer === undefined)
    throw new SignInSettingError(`${app.name} does not say where to sign in: give authorizeUrl and tokenUrl, or issuer, in the app file`);
  const found = isWhole
    ? { issuer: issuer ?? URL.parse(authorizeUrl ?? tokenUrl)?.origin ?? "unknown" }
    : await discover(issuer ?? "", options);
  return {
    ...found,
    ...(authorizeUrl === undefined ? {} : { authorization_endpoint: authorizeUrl }),
    ...(tokenUrl === undefined ? {} : { token_endpoint: tokenUrl }),
    ...(revokeUrl === undefined ? {} : { revocation_endpoint: revokeUrl }),
  };
}

async function discover(issuer: string, options: OAuthParty["options"]): Promise<oauth.AuthorizationServer> {
  for (const algorithm of ["oidc", "oauth2"] as const) {
    const response = await oauth.discoveryRequest(new URL(issuer), { algorithm, ...options });
    if (response.ok) return oauth.processDiscoveryResponse(new URL(issuer), response);
  }
  throw new ProviderUnavailableError(`${issuer} does not publish where to sign in`);
}

const PASSED_ON = ["content-type", "cache-control"];

/** The guarded fetch in the shape that oauth4webapi calls. Tolerates what providers leave out; drops ID tokens, which nobody here reads. */
function fetchFor(guarded: GuardedFetch): OAuthFetch {
  return async (url, { method, headers, body }) => {
    const text = body === undefined || body === null ? {} : { body: String(body) };
    const answer = await guarded({ method, url, headers, maxBytes: 500_000, ...text });
    if (!answer.ok) throw new ProviderUnavailableError(answer.message);
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408)
      throw new ProviderUnavailableError(`${URL.parse(url)?.host} answered ${answer.status}`);
    const kept = PASSED_ON.flatMap((name) =>
      answer.headers[name] === undefined ? [] : [[name, answer.headers[name]] as [string, string]],
    );
    const isEmpty = answer.status === 204 || answer.status === 304;
    return new Response(isEmpty ? null : tolerate(answer.body), { status: answer.status, headers: kept });
  };
}

function tolerate(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || !("access_token" in value)) return body;
    const { id_token: _unread, ...rest } = value as Record<string, unknown>;
    return JSON.stringify({ token_type: "bearer", ...rest });
  } catch {
    return body;
  }
}
