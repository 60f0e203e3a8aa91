import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  Account,
  AccountCreate,
  AccountRemoved,
  AccountTest,
  Attempt,
  AuthorizeRequest,
  AuthorizeResponse,
} from "../../shared/api/account.ts";
import { listOf } from "../../shared/api/list.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { AppFile, Auth } from "../../shared/flow/app-file.ts";
import { type AccountRow, deleteAccount, findAccount, findUsers, listAccounts, toAccount } from "../db/accounts.ts";
import { loadApps } from "../db/app-files.ts";
import { endAttempt, findAttempt, insertAttempt } from "../db/attempts.ts";
import { catalogue } from "../db/catalogue.ts";
import { newId } from "../db/new-id.ts";
import { loadVariables } from "../db/settings.ts";
import type { AppEnv } from "../http/app-env.ts";
import { noteChange } from "../http/audited.ts";
import { checkAuthFields } from "../http/check-auth-fields.ts";
import { paging, readCursor, writeCursor } from "../http/cursor.ts";
import { describe } from "../http/describe.ts";
import { idempotent } from "../http/idempotency.ts";
import { leaveIntegrations } from "../http/leave-integrations.ts";
import { KEY_TRIES, limitRate } from "../http/limit-rate.ts";
import { ProblemError } from "../http/problem.ts";
import { requireUser } from "../http/require-user.ts";
import { accountChange, publishAccount, storeProvenAccount } from "../http/store-account.ts";
import { validate } from "../http/validate.ts";
import { authFields, isSecretField } from "../providers/app/auth-fields.ts";
import { testAccount } from "../providers/app/test-account.ts";
import { proveAccount } from "../providers/oauth/prove-account.ts";
import { withParty } from "../providers/oauth/sign-in.ts";
import { signInDeps } from "../providers/oauth/sign-in-deps.ts";
import { sealSecret } from "../security/seal.ts";

/** How long (ms) a user has for signing in at a provider. */
export const ATTEMPT_LIFE = 600_000;
const Position = z.tuple([z.number(), z.string()]);
const TAG = "Accounts";

/** The user's accounts: connect, check, renew and remove them. */
export const accounts = new Hono<AppEnv>()
  .get(
    "/v1/accounts",
    describe({ tag: TAG, summary: "List the user's accounts", answers: { 200: listOf(Account) }, problems: ["bad_request"] }),
    requireUser,
    validate("query", z.object({ app: z.string().max(64).optional(), ...paging })),
    async (c) => {
      const { app, limit, cursor } = c.req.valid("query");
      const { workspace, ref } = c.var.user;
      const db = catalogue(c.env);
      const list = ["accounts", workspace, ref, app ?? null];
      const after = await readCursor(list, cursor, Position);
      const found = await listAccounts(db, workspace, ref, { app, after, limit: limit + 1 });
      const rows = found.slice(0, limit);
      const users = await findUsers(
        db,
        workspace,
        rows.map(({ id }) => id),
      );
      const last = rows.at(-1);
      return c.json({
        items: rows.map((row) => toAccount(row, users.get(row.id) ?? [])),
        nextCursor: found.length > limit && last ? await writeCursor(list, [last.createdAt, last.id]) : null,
      });
    },
  )
  .post(
    "/v1/accounts",
    describe({
      tag: TAG,
      summary: "Connect with a key, or renew an account with one",
      description: "Tried at the app first. 201: a new account; 200: one of the user's that was known already and has been renewed.",
      answers: { 200: Account, 201: Account },
      problems: ["invalid", "not_found", "app_failed", "rate_limited"],
    }),
    requireUser,
    validate("json", AccountCreate),
    idempotent,
    async (c) => {
      const { app: appKey, auth: authKey, fields: given, label, account } = c.req.valid("json");
      const app = await loadApp(c, appKey);
      const auth = pickAuth(app, authKey);
      if (auth.type === "oauth2")
        throw invalid([{ path: "auth", code: "oauth", message: `Connect ${app.name} by signing in there: POST /v1/accounts/authorize` }]);
      const { fields, problems } = checkAuthFields(auth, given);
      if (problems.length) throw invalid(problems);
      const { workspace, ref: user } = c.var.user;
      if (account !== undefined) await loadAccount(c, account);
      await limitRate(c.env, workspace, `keys/${user}`, KEY_TRIES);
      const variables = await loadVariables(catalogue(c.env), workspace);
      const proven = await proveAccount(app, auth, { fields }, signInDeps(c.env, workspace, variables));
      if (!proven.ok) {
        if (proven.kind === "unavailable")
          throw new ProblemError("app_failed", `${app.name} cannot check this now: ${proven.message}. Try again later.`);
        if (proven.kind === "setting") throw new ProblemError("app_failed", `${app.name} cannot be connected: ${proven.message}.`);
        throw invalid([{ path: fieldAtFault(auth), code: "invalid", message: keyRefused(app, proven.message) }]);
      }
      const stored = await storeProvenAccount(c.env, { workspace, user, app, variables, ...proven, account, label }, (work) =>
        c.executionCtx.waitUntil(work),
      );
      if (!stored.ok) throw invalid([{ path: "account", code: "other_account", message: stored.message }]);
      noteChange(c, accountChange(stored.existed ? "reconnected" : "connected", stored.row));
      return c.json(await shape(c, stored.row), stored.existed ? 200 : 201);
    },
  )
  .post(
    "/v1/accounts/authorize",
    describe({
      tag: TAG,
      summary: "Begin signing in at an app by OAuth",
      description: "Open `authorizeUrl` in a window of the user's browser, then watch the attempt. It lives ten minutes and works once.",
      answers: { 201: AuthorizeResponse },
      problems: ["invalid", "not_found", "app_failed"],
    }),
    requireUser,
    validate("json", AuthorizeRequest),
    async (c) => {
      const { app: appKey, auth: authKey, account, fields: given = {} } = c.req.valid("json");
      const app = await loadApp(c, appKey);
      const auth = pickAuth(app, authKey, "oauth2");
      if (auth.type !== "oauth2")
        throw invalid([{ path: "auth", code: "not_oauth", message: `${app.name} is connected with a key here: POST /v1/accounts` }]);
      const { fields, problems } = checkAuthFields(auth, given);
      if (problems.length) throw invalid(problems);
      if (account !== undefined) await loadAccount(c, account);
      const { workspace, ref: user } = c.var.user;
      const db = catalogue(c.env);
      const variables = await loadVariables(db, workspace);
      const party = await withParty(app, auth, fields, signInDeps(c.env, workspace, variables), async () => ({ ok: true }) as const);
      if (!party.ok) throw new ProblemError("app_failed", `${app.name} cannot be connected: ${party.message}.`);
      const id = newId("att");
      const now = Date.now();
      await insertAttempt(db, {
        ...{ id, workspace, user, app: app.key, auth: auth.key, account: account ?? null, status: "pending" },
        fields: await sealSecret(c.env, workspace, `attempt/${id}/fields`, JSON.stringify(fields)),
        expiresAt: now + ATTEMPT_LIFE,
        createdAt: now,
      });
      return c.json({ authorizeUrl: `${c.env.PUBLIC_URL}/oauth/start/${id}`, attempt: id }, 201);
    },
  )
  .get(
    "/v1/accounts/attempts/:attempt",
    describe({ tag: TAG, summary: "How far signing in has come", answers: { 200: Attempt }, problems: ["not_found"] }),
    requireUser,
    async (c) => {
      const { workspace, ref } = c.var.user;
      const db = catalogue(c.env);
      const id = c.req.param("attempt");
      const row = await findAttempt(db, workspace, ref, id);
      if (!row) throw new ProblemError("not_found", "There is no such attempt of yours. Connect again.");
      if (row.status === "pending" && row.expiresAt < Date.now()) {
        const end = { status: "failed", reason: "expired", message: "Signing in took longer than ten minutes. Connect again." } as const;
        await endAttempt(db, id, end);
        return c.json(end satisfies Attempt);
      }
      const account = row.status === "connected" && row.account ? await findAccount(db, workspace, ref, row.account) : undefined;
      const answer: Attempt = {
        status: row.status,
        ...(account ? { account: await shape(c, account), existed: row.existed ?? false } : {}),
        ...(row.status === "failed" ? { reason: row.reason ?? "error", message: row.message ?? "Signing in failed. Connect again." } : {}),
      };
      return c.json(answer);
    },
  )
  .post(
    "/v1/accounts/:id/test",
    describe({ tag: TAG, summary: "Call the app's test query with the account", answers: { 200: AccountTest }, problems: ["not_found"] }),
    requireUser,
    async (c) => {
      const row = await loadAccount(c, c.req.param("id"));
      const app = await loadApp(c, row.app);
      const { workspace, ref } = c.var.user;
      const db = catalogue(c.env);
      const deps = signInDeps(c.env, workspace, await loadVariables(db, workspace));
      const object = c.env.ACCOUNTS.getByName(row.id);
      const gate = {
        lease: (options?: { maxDelay?: number }) => object.lease(options),
        report: (report: Parameters<typeof object.report>[0]) => object.report(report),
      };
      const result = await testAccount(app, gate, deps);
      const now = (await findAccount(db, workspace, ref, row.id)) ?? row;
      return c.json({ ok: result.ok, account: await shape(c, now), ...(result.ok ? {} : { message: result.message }) });
    },
  )
  .delete(
    "/v1/accounts/:id",
    describe({
      tag: TAG,
      summary: "Remove an account",
      description: "Revoked at the app where it offers that. The answer names the integrations that used it and now need another.",
      answers: { 200: AccountRemoved },
      problems: ["not_found"],
    }),
    requireUser,
    async (c) => {
      const row = await loadAccount(c, c.req.param("id"));
      const db = catalogue(c.env);
      const users = await findUsers(db, row.workspace, [row.id]);
      await leaveIntegrations(c.env, row, users.get(row.id) ?? []);
      await c.env.ACCOUNTS.getByName(row.id).remove();
      await deleteAccount(db, row.workspace, c.var.user.ref, row.id);
      noteChange(c, { ...accountChange("removed", row), after: { usedBy: users.get(row.id) ?? [] } });
      c.executionCtx.waitUntil(publishAccount(c.env, row, true));
      return c.json({ id: row.id, usedBy: users.get(row.id) ?? [] });
    },
  );

const invalid = (errors: FieldProblem[]) => new ProblemError("invalid", errors[0]?.message ?? "Check what was sent.", { errors });

async function loadApp(c: Context<AppEnv>, key: string): Promise<AppFile> {
  const app = (await loadApps(catalogue(c.env), c.var.user.workspace, [key]))[key];
  if (!app) throw new ProblemError("not_found", `There is no app “${key}” here.`);
  return app;
}

async function loadAccount(c: Context<AppEnv>, id: string): Promise<AccountRow> {
  const row = await findAccount(catalogue(c.env), c.var.user.workspace, c.var.user.ref, id);
  if (!row) throw new ProblemError("not_found", "There is no such account of yours. It may have been removed.");
  return row;
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

const keyRefused = (app: AppFile, words: string) =>
  `${app.name} did not accept this. ${words.replace(/[.\s]+$/, "")}. Check that it is copied whole, and still valid at ${app.name}.`;

async function shape(c: Context<AppEnv>, row: AccountRow): Promise<Account> {
  return toAccount(row, (await findUsers(catalogue(c.env), row.workspace, [row.id])).get(row.id) ?? []);
}
