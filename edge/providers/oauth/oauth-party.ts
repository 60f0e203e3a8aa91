// The two sides of an OAuth sign-in, from the app file: the authorization server and our client at it.
import * as oauth from "oauth4webapi";
import type { AppFile, Auth } from "../../../shared/flow/app-file.ts";
import type { OAuthQuirks } from "../../../shared/flow/oauth-provider.ts";
import { resolveUrl } from "../app/render-request.ts";
import { renderUrl } from "../app/render-url.ts";
import type { GuardedFetch } from "../http/guarded-fetch.ts";
import { completeAuth, OWN_CLIENT } from "./complete-auth.ts";
import { isHostFixed } from "./fixed-host.ts";
import { type OAuthFetch, ProviderUnavailableError, tokenFetch } from "./token-fetch.ts";

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
  quirks: OAuthQuirks;
}

/** The app file or the workspace lacks something that signing in needs; `message` says what, for the builder. */
export class SignInSettingError extends Error {
  override readonly name = "SignInSettingError";
}

/** Both sides for `auth`. Throws SignInSettingError where a client or an address is missing, ProviderUnavailableError where discovery fails. */
export async function findParty(app: AppFile, given: OAuthAuth, fields: Record<string, string>, deps: SignInDeps): Promise<OAuthParty> {
  const auth = completeAuth(given);
  const quirks: OAuthQuirks = auth.type === "oauth2" ? auth : {};
  const options = { [oauth.customFetch]: tokenFetch(deps.fetch, quirks), [oauth.allowInsecureRequests]: true };
  const { id, secret } = await readClient(app, auth, fields, deps);
  const method = auth.tokenAuth ?? (secret === undefined ? "none" : "basic");
  const clientAuth =
    method === "none" || secret === undefined
      ? oauth.None()
      : method === "body"
        ? oauth.ClientSecretPost(secret)
        : clientSecretBasic(secret);
  return {
    server: await findServer(app, auth, fields, deps, options),
    isIssuerKnown: auth.type === "oauth2" && auth.issuer !== undefined,
    client: { client_id: id },
    clientAuth,
    options,
    scopes: auth.scopes ?? [],
    scopeSeparator: quirks.scopeSeparator ?? " ",
    quirks,
  };
}

/**
 * The client's secret in the Authorization header (RFC 6749 §2.3.1). Encoded as a form is, which leaves `-`, `.` and `_` alone: many
 * providers compare without decoding, and their ids and secrets hold these.
 */
const clientSecretBasic =
  (secret: string): oauth.ClientAuth =>
  (_server, client, _body, headers) => {
    const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
    headers.set("authorization", `Basic ${btoa(`${encode(client.client_id)}:${encode(secret)}`)}`);
  };

/** The client: that of the workspace, whose secret goes to no host that a user has named, or the user's own. */
async function readClient(
  app: AppFile,
  auth: OAuthAuth,
  fields: Record<string, string>,
  deps: SignInDeps,
): Promise<{ id: string; secret: string | undefined }> {
  const { client } = auth;
  if (client === "user") {
    const { [OWN_CLIENT.id]: id, [OWN_CLIENT.secret]: secret } = fields;
    if (!id) throw new SignInSettingError(`${app.name} needs the client that you have registered there: enter its id and secret`);
    return { id, secret };
  }
  if (!client) throw new SignInSettingError(`${app.name} has no OAuth client: name its secrets under client in the app file`);
  const read = async (name: string) => {
    const value = await deps.readSecret(name);
    if (value === undefined) throw new SignInSettingError(`the secret ${name} is not set: ${app.name} needs it for signing in`);
    return value;
  };
  if (client.secret !== undefined && auth.tokenUrl !== undefined && !isHostFixed(auth.tokenUrl, app.baseUrl))
    throw new SignInSettingError(
      `${app.name} is signed in to at a host that the user enters, which must not get the workspace's client secret: write “client: user” in the app file, or give tokenUrl a host`,
    );
  return { id: await read(client.id), secret: client.secret === undefined ? undefined : await read(client.secret) };
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
    throw new SignInSettingError(
      `${app.name} does not say where to sign in: give a provider, an issuer, or authorizeUrl and tokenUrl in the app file`,
    );
  const found = isWhole
    ? { issuer: issuer ?? URL.parse(authorizeUrl ?? tokenUrl)?.origin ?? "unknown" }
    : await discover(issuer ?? "", options);
  const server: oauth.AuthorizationServer = {
    ...found,
    ...(authorizeUrl === undefined ? {} : { authorization_endpoint: authorizeUrl }),
    ...(tokenUrl === undefined ? {} : { token_endpoint: tokenUrl }),
    ...(revokeUrl === undefined ? {} : { revocation_endpoint: revokeUrl }),
  };
  const needed = [server.token_endpoint, ...(auth.type === "oauth2" ? [server.authorization_endpoint] : [])];
  if (needed.every((address) => URL.canParse(address ?? ""))) return server;
  throw new SignInSettingError(`${server.issuer} does not say where to sign in`);
}

/** What `issuer` publishes of itself. Throws SignInSettingError where that is of somebody else, or cannot be read. */
async function discover(issuer: string, options: OAuthParty["options"]): Promise<oauth.AuthorizationServer> {
  const url = URL.parse(issuer);
  if (!url) throw new SignInSettingError(`“${issuer.slice(0, 200)}” is no address of an issuer`);
  for (const algorithm of ["oidc", "oauth2"] as const) {
    const response = await oauth.discoveryRequest(url, { algorithm, ...options });
    if (!response.ok) continue;
    return oauth.processDiscoveryResponse(url, response).catch((error: Error) => {
      throw new SignInSettingError(`what ${issuer} publishes about signing in cannot be used: ${error.message}`);
    });
  }
  throw new ProviderUnavailableError(`${issuer} does not publish where to sign in`);
}
