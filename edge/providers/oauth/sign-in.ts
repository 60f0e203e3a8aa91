// From what a user entered to credentials that a call can carry, and from spent credentials to fresh ones, for each kind of auth.
import type { AppFile, Auth } from "../../../shared/flow/app-file.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";
import type { Credentials } from "../../objects/account/rpc.ts";
import { expressionError, isAddressFault } from "../app/call.ts";
import { performAppRequest } from "../app/perform.ts";
import { type GrantFault, type GrantResult, grantClientCredentials, refreshTokens, revokeToken } from "./grants.ts";
import { findParty, type OAuthParty, type SignInDeps, SignInSettingError } from "./oauth-party.ts";
import { ProviderUnavailableError } from "./token-fetch.ts";

export type SignInResult = { ok: true; credentials: Credentials } | GrantFault;

/** Credentials from the fields of a key form. `oauth2` cannot be entered: it needs the provider's own page. */
export async function signIn(app: AppFile, auth: Auth, fields: Record<string, string>, deps: SignInDeps): Promise<SignInResult> {
  const entered: Credentials = { auth: auth.key, fields };
  if (auth.type === "oauth2_client_credentials")
    return withTokens(entered, await withParty(app, auth, fields, deps, (party) => grantClientCredentials(party, deps.now())));
  if (auth.type === "custom" && auth.request) return signInByRequest(app, auth, auth.request, entered, deps);
  return { ok: true, credentials: entered };
}

/** Whether spent credentials of this kind can be made fresh without the user. */
export function isRenewable(auth: Auth, credentials: Credentials): boolean {
  if (auth.type === "oauth2") return credentials.refreshToken !== undefined;
  return auth.type === "oauth2_client_credentials" || (auth.type === "custom" && auth.request !== undefined);
}

/** Fresh credentials for spent ones. Rotated refresh tokens replace the old; where none comes back, the old one stays good. */
export async function renew(app: AppFile, auth: Auth, credentials: Credentials, deps: SignInDeps): Promise<SignInResult> {
  const { refreshToken, fields } = credentials;
  if (auth.type !== "oauth2") return isRenewable(auth, credentials) ? signIn(app, auth, fields, deps) : gone;
  if (refreshToken === undefined) return gone;
  return withTokens(credentials, await withParty(app, auth, fields, deps, (party) => refreshTokens(party, refreshToken, deps.now())));
}

const gone: GrantFault = { ok: false, kind: "denied", message: "nothing is stored that could renew the access" };

/** Tells the provider to forget an account's tokens, where the app file or its issuer says where. False where it was not told. */
export async function revoke(app: AppFile, auth: Auth, credentials: Credentials, deps: SignInDeps): Promise<boolean> {
  if (auth.type !== "oauth2" || (auth.revokeUrl === undefined && auth.issuer === undefined)) return false;
  const token = credentials.refreshToken ?? credentials.accessToken;
  if (token === undefined) return false;
  const result = await withParty(app, auth, credentials.fields, deps, async (party): Promise<GrantFault | { ok: true; done: boolean }> => {
    return { ok: true, done: await revokeToken(party, token) };
  });
  return result.ok && result.done;
}

/** Runs `use` with both sides of the sign-in; what the app file or the workspace lacks becomes a fault. */
export async function withParty<T>(
  app: AppFile,
  auth: Extract<Auth, { type: "oauth2" | "oauth2_client_credentials" }>,
  fields: Record<string, string>,
  deps: SignInDeps,
  use: (party: OAuthParty) => Promise<T>,
): Promise<T | GrantFault> {
  let party: OAuthParty;
  try {
    party = await findParty(app, auth, fields, deps);
  } catch (error) {
    if (error instanceof SignInSettingError) return { ok: false, kind: "setting", message: error.message };
    if (error instanceof ProviderUnavailableError) return { ok: false, kind: "unavailable", message: error.message };
    return { ok: false, kind: "setting", message: expressionError(error).message };
  }
  return use(party);
}

function withTokens(before: Credentials, result: GrantResult): SignInResult {
  if (!result.ok) return result;
  const { expiresAt: _spent, accessToken: _old, ...kept } = before;
  return { ok: true, credentials: { ...kept, ...result.tokens } };
}

async function signInByRequest(
  app: AppFile,
  auth: Extract<Auth, { type: "custom" }>,
  request: NonNullable<Extract<Auth, { type: "custom" }>["request"]>,
  entered: Credentials,
  deps: SignInDeps,
): Promise<SignInResult> {
  const { env, fetch, now } = deps;
  const signal = AbortSignal.timeout(30_000);
  const scope = { account: entered.fields };
  const result = await performAppRequest(app, request, scope, { env, accounts: null, effectKey: "sign-in", signal, now, fetch });
  if (!result.ok) {
    if (isAddressFault(result.error)) return { ok: false, kind: "address", message: result.error.message };
    const kind = result.error.retryable ? "unavailable" : result.error.class === "expression" ? "setting" : "denied";
    return { ok: false, kind, message: result.error.message, params: result.error.params };
  }
  const seen = { ...scope, env, ...(result.output as Record<string, unknown>) };
  try {
    const token = printValue(await evaluateValue(auth.token ?? "{{ body.access_token }}", seen));
    if (token === "") return { ok: false, kind: "denied", message: `${app.name} answered without a token` };
    const seconds = auth.expiresIn === undefined ? Number.NaN : Number(printValue(await evaluateValue(auth.expiresIn, seen)) || "x");
    return {
      ok: true,
      credentials: { ...entered, accessToken: token, ...(Number.isFinite(seconds) ? { expiresAt: now() + seconds * 1000 } : {}) },
    };
  } catch (error) {
    return { ok: false, kind: "setting", message: expressionError(error).message };
  }
}
