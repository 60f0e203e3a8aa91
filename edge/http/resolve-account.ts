import type { AppFile } from "../../shared/flow/app-file.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import type { UsableAccount } from "../db/usable-accounts.ts";
import { own } from "../setup-form/form-scope.ts";
import { ProblemError } from "./problem.ts";

/** What is known of the accounts that a form may use. */
export interface AccountChoice {
  flow: FlowFile;
  apps: Record<string, AppFile>;
  known: Record<string, UsableAccount>;
  input: { accounts: Record<string, string> };
}

/** The app of `slot` and the account chosen for it. Refuses with `app_failed`, `account_needed` or `account_expired`. */
export function resolveAccount(slot: string, { flow, apps, known, input }: AccountChoice): { app: AppFile; account: string } {
  const app = apps[flow.accounts[slot]?.app ?? ""];
  if (!app) throw new ProblemError("app_failed", `The flow has no account “${slot}”.`, { why: { code: "unknown_account" } });
  const account = own(input.accounts, slot);
  if (typeof account !== "string" || account === "")
    throw new ProblemError("account_needed", `Connect ${app.name} first.`, { why: { code: "account_missing" } });
  const found = Object.hasOwn(known, account) ? known[account] : undefined;
  if (!found || found.app !== app.key)
    throw new ProblemError("account_needed", `This account of ${app.name} is no longer there. Connect one.`, {
      why: { code: "account_missing" },
    });
  if (found.status !== "connected") throw expired(app.name);
  return { app, account };
}

/** `account_expired`, in words for the user of app `name`. */
export const expired = (name: string) =>
  new ProblemError("account_expired", `The sign-in to ${name} no longer works. Connect it again, then choose here.`, {
    why: { code: "account_expired", params: { app: name } },
  });
