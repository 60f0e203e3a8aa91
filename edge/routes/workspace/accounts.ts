import { type Context, Hono } from "hono";
import { z } from "zod";
import {
  ACCOUNT_STATUSES,
  Account,
  AccountMove,
  AccountMoved,
  AccountPatch,
  AccountRemoved,
  AccountTest,
  Attempt,
  AuthorizeResponse,
  WorkspaceAccount,
  WorkspaceAccountCreate,
  WorkspaceAuthorizeRequest,
} from "../../../shared/api/account.ts";
import { listOf } from "../../../shared/api/list.ts";
import { ReconnectLinkMade } from "../../../shared/api/reconnect-link.ts";
import { type AccountOwner, type AccountRow, findAnyAccount, findUsers, toAccount } from "../../db/accounts.ts";
import { listAllAccounts } from "../../db/all-accounts.ts";
import { catalogue } from "../../db/catalogue.ts";
import { createReconnectLink, deleteReconnectLink, findReconnectLinks, toReconnectLink } from "../../db/reconnect-links.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody } from "../../http/cap-body.ts";
import { beginSignIn, connectByKey, readSignIn } from "../../http/connect-account.ts";
import { paging, readCursor, writeCursor } from "../../http/cursor.ts";
import { describe } from "../../http/describe.ts";
import { moveIntegrations } from "../../http/move-account.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { removeStoredAccount, renameStoredAccount, testStoredAccount } from "../../http/stored-account.ts";
import { validate } from "../../http/validate.ts";

const TAG = "Connections";
const Query = z.object({
  app: z.string().max(64).optional(),
  owner: z.enum(["user", "workspace"]).optional(),
  status: z.enum(ACCOUNT_STATUSES).optional(),
  user: z.string().max(255).optional().meta({ description: "The host's own id of a user" }),
  ...paging,
});

/** All accounts of the workspace: those of its users, watched over and moved, and its own, which flows use without asking anybody. */
export const workspaceAccounts = new Hono<AppEnv>()
  .get(
    "/",
    describe({
      tag: TAG,
      summary: "List the accounts of all users and of the workspace, newest first",
      security: "member",
      answers: { 200: listOf(WorkspaceAccount) },
      problems: ["bad_request"],
    }),
    requireMember("read"),
    validate("query", Query),
    async (c) => {
      const { limit, cursor, ...filter } = c.req.valid("query");
      const { workspace } = c.var.member;
      const db = catalogue(c.env);
      const list = ["all-accounts", workspace, filter];
      const after = await readCursor(list, cursor, z.tuple([z.number(), z.string()]));
      const found = await listAllAccounts(db, workspace, filter, { after, limit: limit + 1 });
      const rows = found.slice(0, limit);
      const ids = rows.map(({ row }) => row.id);
      const [users, links] = await Promise.all([findUsers(db, workspace, ids), findReconnectLinks(db, workspace, ids)]);
      const last = rows.at(-1)?.row;
      return c.json({
        items: rows.map(({ row, user }) => {
          const link = links.get(row.id);
          return { ...toAccount(row, users.get(row.id) ?? []), user, asked: link ? toReconnectLink(link) : null };
        }),
        nextCursor: found.length > limit && last ? await writeCursor(list, [last.createdAt, last.id]) : null,
      });
    },
  )
  .post(
    "/",
    describe({
      tag: TAG,
      summary: "Connect an account of the workspace with a key, or renew one",
      description: "Flows use it in slots with `owner: workspace`, by `key` where there are several of the app.",
      security: "member",
      answers: { 200: Account, 201: Account },
      problems: ["invalid", "not_found", "app_failed", "rate_limited"],
    }),
    requireMember("write"),
    capBody,
    validate("json", WorkspaceAccountCreate),
    async (c) => {
      const { account, existed } = await connectByKey(c, ownerOf(c), c.req.valid("json"));
      return c.json(account, existed ? 200 : 201);
    },
  )
  .post(
    "/authorize",
    describe({
      tag: TAG,
      summary: "Begin signing in at an app for the workspace",
      description: "Open `authorizeUrl` in a browser within ten minutes, then watch the attempt.",
      security: "member",
      answers: { 201: AuthorizeResponse },
      problems: ["invalid", "not_found", "app_failed"],
    }),
    requireMember("write"),
    capBody,
    validate("json", WorkspaceAuthorizeRequest),
    async (c) => c.json(await beginSignIn(c, ownerOf(c), c.req.valid("json"), c.var.member.id), 201),
  )
  .get(
    "/attempts/:attempt",
    describe({
      tag: TAG,
      summary: "How far signing in for the workspace has come",
      security: "member",
      answers: { 200: Attempt },
      problems: ["not_found"],
    }),
    requireMember("write"),
    async (c) => c.json(await readSignIn(c, ownerOf(c), c.req.param("attempt"))),
  )
  .post(
    "/:id/test",
    describe({
      tag: TAG,
      summary: "Call the app's test query with any account",
      security: "member",
      answers: { 200: AccountTest },
      problems: ["not_found"],
    }),
    requireMember("write", "events"),
    async (c) => c.json(await testStoredAccount(c, await load(c, c.req.param("id")))),
  )
  .post(
    "/:id/move",
    describe({
      tag: TAG,
      summary: "Let integrations use another account of the same app and owner in place of this one",
      security: "member",
      answers: { 200: AccountMoved },
      problems: ["invalid", "not_found"],
    }),
    requireMember("write"),
    capBody,
    validate("json", AccountMove),
    async (c) => {
      const { to, ...which } = c.req.valid("json");
      const [from, target] = [await load(c, c.req.param("id")), await load(c, to)];
      if (from.user !== target.user) throw otherOwner();
      return c.json(await moveIntegrations(c, from, target, which));
    },
  )
  .post(
    "/:id/link",
    describe({
      tag: TAG,
      summary: "Make a link by which a user connects their account anew",
      description:
        "`url` is shown this once: send it to the user. It leads to a page that connects this one account and does nothing else, lasts seven days, takes the place of an earlier one, and is over as soon as the account is connected. Runs that wait for the account then go on.",
      security: "member",
      answers: { 201: ReconnectLinkMade },
      problems: ["invalid", "not_found"],
    }),
    requireMember("write"),
    async (c) => {
      const { workspace, name: author } = c.var.member;
      const { id, user, app, label } = await load(c, c.req.param("id"));
      if (user === null) throw new ProblemError("invalid", "This account is the workspace’s own: a member connects it anew.");
      const { row, token } = await createReconnectLink(catalogue(c.env), { workspace, account: id, author });
      noteChange(c, { action: "account.asked_for", target: id, after: { app, label, user, link: row.id } });
      return c.json({ ...toReconnectLink(row), account: id, url: `${c.env.PUBLIC_URL}/reconnect#${token}` }, 201);
    },
  )
  .delete(
    "/:id/link",
    describe({
      tag: TAG,
      summary: "Withdraw the link that asks a user to connect their account anew",
      security: "member",
      answers: { 204: null },
      problems: ["not_found"],
    }),
    requireMember("write"),
    async (c) => {
      const { id, app, label } = await load(c, c.req.param("id"));
      const row = await deleteReconnectLink(catalogue(c.env), c.var.member.workspace, id);
      if (!row) throw new ProblemError("not_found", "No link for this account waits. It may have been used or withdrawn.");
      noteChange(c, { action: "account.link_withdrawn", target: id, before: { app, label, link: row.id } });
      return c.body(null, 204);
    },
  )
  .patch(
    "/:id",
    describe({
      tag: TAG,
      summary: "Rename any account",
      security: "member",
      answers: { 200: Account },
      problems: ["invalid", "not_found"],
    }),
    requireMember("write"),
    capBody,
    validate("json", AccountPatch),
    async (c) => c.json(await renameStoredAccount(c, await load(c, c.req.param("id")), c.req.valid("json").label)),
  )
  .delete(
    "/:id",
    describe({
      tag: TAG,
      summary: "Remove any account; revoked at the app where it offers that",
      security: "member",
      answers: { 200: AccountRemoved },
      problems: ["not_found"],
    }),
    requireMember("write"),
    async (c) => c.json(await removeStoredAccount(c, await load(c, c.req.param("id")))),
  );

const ownerOf = (c: Context<AppEnv>): AccountOwner => ({ workspace: c.var.member.workspace, user: null });

async function load(c: Context<AppEnv>, id: string): Promise<AccountRow> {
  const row = await findAnyAccount(catalogue(c.env), c.var.member.workspace, id);
  if (!row) throw new ProblemError("not_found", "There is no such account in the workspace. It may have been removed.");
  return row;
}

function otherOwner(): ProblemError {
  const message = "Choose an account of the same user, or of the workspace where this one is.";
  return new ProblemError("invalid", message, { errors: [{ path: "to", code: "account", message }] });
}
