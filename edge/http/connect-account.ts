// Connecting accounts, for users and for the workspace alike: with a key at once, by OAuth in an attempt that is watched.
import type { Context } from "hono";
import type { Account, AccountCreate, Attempt, AuthorizeRequest, AuthorizeResponse } from "../../shared/api/account.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { AppFile, Auth } from "../../shared/flow/app-file.ts";
import { type AccountOwner, findAccount } from "../db/accounts.ts";
import { endAttempt, findAttempt, insertAttempt } from "../db/attempts.ts";
import { catalogue } from "../db/catalogue.ts";
import { findApp } from "../db/find-app.ts";
import { newId } from "../db/new-id.ts";
import { loadVariables } from "../db/settings.ts";
import { authFields, isSecretField } from "../providers/app/auth-fields.ts";
import { proveAccount } from "../providers/oauth/prove-account.ts";
import { withParty } from "../providers/oauth/sign-in.ts";
import { signInDeps } from "../providers/oauth/sign-in-deps.ts";
import { sealSecret } from "../security/seal.ts";
import type { AppEnv } from "./app-env.ts";
import { noteChange } from "./audited.ts";
import { checkAuthFields } from "./check-auth-fields.ts";
import { KEY_TRIES, limitRate } from "./limit-rate.ts";
import { pageLocale } from "./page-words.ts";
import { ProblemError } from "./problem.ts";
import { accountChange, storeProvenAccount } from "./store-account.ts";
import { loadAccount, shapeAccount } from "./stored-account.ts";

/** How long (ms) somebody has for signing in at a provider. */
export const ATTEMPT_LIFE = 600_000;

/** Connects with what was entered, tried at the app first. Refuses with `invalid` and the fields at fault, or `app_failed`. */
export async function connectByKey(
  c: Context<AppEnv>,
  owner: AccountOwner,
  { app: appKey, auth: authKey, fields: given, label, account, key }: AccountCreate & { key?: string | undefined },
): Promise<{ account: Account; existed: boolean }> {
  const { workspace, user } = owner;
  const app = await loadApp(c, workspace, appKey);
  const auth = pickAuth(app, authKey);
  if (auth.type === "oauth2")
    throw invalid([{ path: "auth", code: "oauth", message: `Connect ${app.name} by signing in there: POST …/accounts/authorize` }]);
  const { fields, problems } = checkAuthFields(auth, given);
  if (problems.length) throw invalid(problems);
  if (account !== undefined) await loadAccount(c, owner, account);
  await limitRate(c.env, workspace, `keys/${user ?? "workspace"}`, KEY_TRIES);
  const variables = await loadVariables(catalogue(c.env), workspace);
  const proven = await proveAccount(app, auth, { fields }, signInDeps(c.env, workspace, variables));
  if (!proven.ok) {
    const params = { app: app.name, ...proven.params };
    const reason = proven.message.replace(/[.\s]+$/, "");
    if (proven.kind === "unavailable")
      throw appFailed("unavailable", `${app.name} cannot check this now: ${reason}. Try again later.`, params);
    const misled = proven.kind === "address" ? addressField(app, auth) : undefined;
    if (misled) throw invalid([{ path: misled, code: "address", message: `This cannot be used: ${reason}.` }]);
    if (proven.kind !== "denied") throw appFailed("setting", `${app.name} cannot be connected: ${reason}.`, params);
    throw invalid([{ path: fieldAtFault(auth), code: "invalid", message: keyRefused(app, reason), params }]);
  }
  const stored = await storeProvenAccount(c.env, { workspace, user, app, variables, ...proven, account, label, key }, (work) =>
    c.executionCtx.waitUntil(work),
  );
  if (!stored.ok) throw invalid([{ path: "account", code: "other_account", message: stored.message, params: { app: app.name } }]);
  noteChange(c, accountChange(stored.existed ? "reconnected" : "connected", stored.row));
  return { account: await shapeAccount(c, stored.row), existed: stored.existed };
}

/** Begins a sign-in by OAuth: the address to open in a browser, and the attempt to watch. `member` asks for the workspace. */
export async function beginSignIn(
  c: Context<AppEnv>,
  owner: AccountOwner,
  wanted: AuthorizeRequest & { key?: string | undefined; label?: string | undefined },
  member: string | null = null,
): Promise<AuthorizeResponse> {
  const { workspace, user } = owner;
  const app = await loadApp(c, workspace, wanted.app);
  const auth = pickAuth(app, wanted.auth, "oauth2");
  if (auth.type !== "oauth2")
    throw invalid([{ path: "auth", code: "not_oauth", message: `${app.name} is connected with a key here: POST …/accounts` }]);
  const { fields, problems } = checkAuthFields(auth, wanted.fields ?? {});
  if (problems.length) throw invalid(problems);
  refuseReturn(c, wanted.returnTo);
  if (wanted.account !== undefined) await loadAccount(c, owner, wanted.account);
  const db = catalogue(c.env);
  const variables = await loadVariables(db, workspace);
  const party = await withParty(app, auth, fields, signInDeps(c.env, workspace, variables), async () => ({ ok: true }) as const);
  if (!party.ok) throw appFailed("setting", `${app.name} cannot be connected: ${party.message}.`, { app: app.name });
  const id = newId("att");
  const now = Date.now();
  await insertAttempt(db, {
    ...{ id, workspace, user, member, app: app.key, auth: auth.key, account: wanted.account ?? null, status: "pending" },
    ...{ key: wanted.key ?? null, label: wanted.label ?? null, returnTo: wanted.returnTo ?? null },
    fields: await sealSecret(c.env, workspace, `attempt/${id}/fields`, JSON.stringify(fields)),
    expiresAt: now + ATTEMPT_LIFE,
    createdAt: now,
  });
  // The pages on the way speak as the widget did that asked.
  const locale = pageLocale(c.req.header("accept-language"));
  return { authorizeUrl: `${c.env.PUBLIC_URL}/oauth/start/${id}${locale ? `?lang=${locale}` : ""}`, attempt: id };
}

/** How far an attempt has come. Refuses with `not_found` where it is not the owner's, or not for the account `only`. */
export async function readSignIn(c: Context<AppEnv>, { workspace, user }: AccountOwner, id: string, only?: string): Promise<Attempt> {
  const db = catalogue(c.env);
  const row = await findAttempt(db, workspace, user, id);
  if (!row || (only !== undefined && row.account !== only))
    throw new ProblemError("not_found", "There is no such attempt of yours. Connect again.");
  if (row.status === "pending" && row.expiresAt < Date.now()) {
    const end = { status: "failed", reason: "expired", message: "Signing in took longer than ten minutes. Connect again." } as const;
    await endAttempt(db, id, end);
    return end;
  }
  const account = row.status === "connected" && row.account ? await findAccount(db, workspace, user, row.account) : undefined;
  return {
    status: row.status,
    ...(account ? { account: await shapeAccount(c, account), existed: row.existed ?? false } : {}),
    ...(row.status === "failed" ? { reason: row.reason ?? "error", message: row.message ?? "Signing in failed. Connect again." } : {}),
    ...(row.why ? { why: row.why } : {}),
  };
}

/** `code` says what it was, to say it in another language: `unavailable` or `setting`. */
const appFailed = (code: string, message: string, params: Record<string, string>) =>
  new ProblemError("app_failed", message, { errors: [{ path: "app", code, message, params }] });

const invalid = (errors: FieldProblem[]) => new ProblemError("invalid", errors[0]?.message ?? "Check what was sent.", { errors });

async function loadApp(c: Context<AppEnv>, workspace: string, key: string): Promise<AppFile> {
  const app = await findApp(catalogue(c.env), workspace, key);
  if (!app) throw new ProblemError("not_found", `There is no app “${key}” here.`);
  return app;
}

/** Nobody is led anywhere but to the origin that asked, which the browser names and which held the user's token. */
function refuseReturn(c: Context<AppEnv>, returnTo: string | undefined): void {
  if (returnTo === undefined) return;
  const { origin, protocol } = new URL(returnTo);
  if (/^https?:$/.test(protocol) && origin === c.req.header("origin")) return;
  throw invalid([{ path: "returnTo", code: "origin", message: "Lead back to a page of the origin that this is asked from" }]);
}

/** The auth kind with this key, or the app's first of `type` where none is named. */
function pickAuth(app: AppFile, key: string | undefined, type?: Auth["type"]): Auth {
  const found = app.auth.find((auth) => (key === undefined ? type === undefined || auth.type === type : auth.key === key));
  if (found) return found;
  const known = app.auth.map((auth) => auth.key).join(", ") || "none";
  throw invalid([{ path: "auth", code: "unknown", message: `${app.name} cannot be connected like this. It knows: ${known}` }]);
}

/** Where only one secret was entered, that one is wrong. */
function fieldAtFault(auth: Auth): string {
  const secrets = authFields(auth).filter(isSecretField);
  return secrets.length === 1 && secrets[0] ? `fields.${secrets[0].key}` : "fields";
}

/** The field that addresses are made of; undefined where the user has no say in them. */
function addressField(app: AppFile, auth: Auth): string | undefined {
  const places = JSON.stringify([app.baseUrl, { ...auth, fields: undefined }]);
  const asked = authFields(auth).filter(
    (field) => !isSecretField(field) && new Set(places.match(/\baccount\.\w+/g)).has(`account.${field.key}`),
  );
  const [only] = asked;
  return only && (asked.length === 1 ? `fields.${only.key}` : "fields");
}

const keyRefused = (app: AppFile, words: string) =>
  `${app.name} did not accept this. ${words}. Check that it is copied whole, and still valid at ${app.name}.`;
