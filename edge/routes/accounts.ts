import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  Account,
  AccountCreate,
  AccountMove,
  AccountMoved,
  AccountPatch,
  AccountRemoved,
  AccountTest,
  Attempt,
  AuthorizeRequest,
  AuthorizeResponse,
} from "../../shared/api/account.ts";
import { listOf } from "../../shared/api/list.ts";
import { type AccountOwner, findUsers, listAccounts, toAccount } from "../db/accounts.ts";
import { catalogue } from "../db/catalogue.ts";
import type { AppEnv } from "../http/app-env.ts";
import { beginSignIn, connectByKey, readSignIn } from "../http/connect-account.ts";
import { paging, readCursor, writeCursor } from "../http/cursor.ts";
import { describe } from "../http/describe.ts";
import { idempotent } from "../http/idempotency.ts";
import { refuseOther } from "../http/link-user.ts";
import { moveIntegrations } from "../http/move-account.ts";
import { requireUser } from "../http/require-user.ts";
import { loadAccount, removeStoredAccount, renameStoredAccount, testStoredAccount } from "../http/stored-account.ts";
import { validate } from "../http/validate.ts";
import { isWithinToken } from "../http/visible-flow.ts";

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
      const { workspace, ref, limit: link } = c.var.user;
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
        items: rows
          .filter((row) => link?.for !== "setup" || link.apps.includes(row.app))
          .map((row) => toAccount(row, users.get(row.id) ?? [])),
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
      refuseOther(c.var.user, c.req.valid("json"));
      const { account, existed } = await connectByKey(c, ownerOf(c), c.req.valid("json"));
      return c.json(account, existed ? 200 : 201);
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
      refuseOther(c.var.user, c.req.valid("json"));
      return c.json(await beginSignIn(c, ownerOf(c), c.req.valid("json")), 201);
    },
  )
  .get(
    "/v1/accounts/attempts/:attempt",
    describe({ tag: TAG, summary: "How far signing in has come", answers: { 200: Attempt }, problems: ["not_found"] }),
    requireUser,
    async (c) => {
      const { limit } = c.var.user;
      const only = limit?.for === "account" ? limit.account : undefined;
      return c.json(await readSignIn(c, ownerOf(c), c.req.param("attempt"), only));
    },
  )
  .post(
    "/v1/accounts/:id/test",
    describe({ tag: TAG, summary: "Call the app's test query with the account", answers: { 200: AccountTest }, problems: ["not_found"] }),
    requireUser,
    async (c) => c.json(await testStoredAccount(c, await loadAccount(c, ownerOf(c), c.req.param("id")))),
  )
  .post(
    "/v1/accounts/:id/move",
    describe({
      tag: TAG,
      summary: "Let integrations use another account of the same app in place of this one",
      description: "All that use it, or those named. Runs that wait for this account go on with the other. Nothing else of them changes.",
      answers: { 200: AccountMoved },
      problems: ["invalid", "not_found"],
    }),
    requireUser,
    validate("json", AccountMove),
    async (c) => {
      const { to, ...which } = c.req.valid("json");
      const [from, target] = [await loadAccount(c, ownerOf(c), c.req.param("id")), await loadAccount(c, ownerOf(c), to)];
      return c.json(await moveIntegrations(c, from, target, which, (tags) => isWithinToken(c.var.user, tags)));
    },
  )
  .patch(
    "/v1/accounts/:id",
    describe({ tag: TAG, summary: "Rename an account", answers: { 200: Account }, problems: ["invalid", "not_found"] }),
    requireUser,
    validate("json", AccountPatch),
    async (c) => c.json(await renameStoredAccount(c, await loadAccount(c, ownerOf(c), c.req.param("id")), c.req.valid("json").label)),
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
    async (c) => c.json(await removeStoredAccount(c, await loadAccount(c, ownerOf(c), c.req.param("id")))),
  );

const ownerOf = (c: Context<AppEnv>): AccountOwner => ({ workspace: c.var.user.workspace, user: c.var.user.ref });
