// Accounts that there are, for users and for the workspace alike: found, shown, tested and removed.
import type { Context } from "hono";
import type { Account, AccountRemoved, AccountTest } from "../../shared/api/account.ts";
import {
  type AccountOwner,
  type AccountRow,
  deleteAccount,
  findAccount,
  findAnyAccount,
  findUsers,
  renameAccount,
  toAccount,
} from "../db/accounts.ts";
import { catalogue } from "../db/catalogue.ts";
import { findApp } from "../db/find-app.ts";
import { loadVariables } from "../db/settings.ts";
import { type AccountTestResult, testAccount } from "../providers/app/test-account.ts";
import { signInDeps } from "../providers/oauth/sign-in-deps.ts";
import type { AppEnv } from "./app-env.ts";
import { noteChange } from "./audited.ts";
import { leaveIntegrations } from "./leave-integrations.ts";
import { ProblemError } from "./problem.ts";
import { accountChange, publishAccount } from "./store-account.ts";

/** The owner's account. Refuses with `not_found`. */
export async function loadAccount(c: Context<AppEnv>, { workspace, user }: AccountOwner, id: string): Promise<AccountRow> {
  const row = await findAccount(catalogue(c.env), workspace, user, id);
  if (!row) throw new ProblemError("not_found", "There is no such account of yours. It may have been removed.");
  return row;
}

/** The account as it goes over the wire, with what uses it. */
export async function shapeAccount(c: Context<AppEnv>, row: AccountRow): Promise<Account> {
  return toAccount(row, (await findUsers(catalogue(c.env), row.workspace, [row.id])).get(row.id) ?? []);
}

/** Calls the app's test query with the account, which may find out that it has ended. */
export async function testStoredAccount(c: Context<AppEnv>, row: AccountRow): Promise<AccountTest> {
  const db = catalogue(c.env);
  const app = await findApp(db, row.workspace, row.app);
  if (!app) throw new ProblemError("not_found", `There is no app “${row.app}” here.`);
  const deps = signInDeps(c.env, row.workspace, await loadVariables(db, row.workspace));
  const object = c.env.ACCOUNTS.getByName(row.id);
  const gate = {
    lease: (options?: { maxDelay?: number }) => object.lease(options),
    report: (report: Parameters<typeof object.report>[0]) => object.report(report),
  };
  const result = await testAccount(app, gate, deps);
  const now = (await findAnyAccount(db, row.workspace, row.id)) ?? row;
  return {
    ok: result.ok,
    account: await shapeAccount(c, now),
    ...(result.ok ? {} : { message: result.message, why: whyOf(app.name, result) }),
  };
}

const whyOf = (app: string, { kind, params }: Extract<AccountTestResult, { ok: false }>): AccountTest["why"] => ({
  code: kind === "denied" ? "account_expired" : kind,
  params: { app, ...params },
});

/** Gives the account another name. */
export async function renameStoredAccount(c: Context<AppEnv>, row: AccountRow, label: string): Promise<Account> {
  const renamed = await renameAccount(catalogue(c.env), row.workspace, row.id, label);
  if (!renamed) throw new ProblemError("not_found", "The account was removed meanwhile.");
  noteChange(c, { ...accountChange("renamed", renamed), before: { label: row.label }, after: { label } });
  c.executionCtx.waitUntil(publishAccount(c.env, renamed));
  return shapeAccount(c, renamed);
}

/** Removes the account: revoked at the app where that offers it. Answers which integrations now need another. */
export async function removeStoredAccount(c: Context<AppEnv>, row: AccountRow): Promise<AccountRemoved> {
  const db = catalogue(c.env);
  const usedBy = (await findUsers(db, row.workspace, [row.id])).get(row.id) ?? [];
  await leaveIntegrations(c.env, row, usedBy);
  await c.env.ACCOUNTS.getByName(row.id).remove();
  await deleteAccount(db, row.workspace, row.user, row.id);
  noteChange(c, { ...accountChange("removed", row), after: { usedBy } });
  c.executionCtx.waitUntil(publishAccount(c.env, row, true));
  return { id: row.id, usedBy };
}
