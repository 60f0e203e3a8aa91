import type { AppFile } from "../../../shared/flow/app-file.ts";
import type { Env } from "../../env.ts";
import type { AccountGate } from "../../providers/app/perform.ts";
import type { IntegrationConfig } from "./rpc.ts";

/** As much of a configuration as calls to apps need. */
export interface Wired {
  config: Pick<IntegrationConfig, "flow" | "apps" | "accounts" | "env"> & { id?: string };
}

/** An app with the account that a slot is connected to. */
export interface Connected {
  app: AppFile;
  account: string;
}

/** What `slot` is connected to, or words for why it is not. */
export function connectedOf({ config }: Wired, slot: string): Connected | string {
  const wanted = config.flow.accounts[slot];
  const app = wanted && config.apps[wanted.app];
  if (!wanted || !app) return `The flow has no account “${slot}”`;
  const account = config.accounts[slot];
  return account === undefined ? `No ${app.name} account is chosen: edit the integration and connect one` : { app, account };
}

/** The one way to an account's access; `by` is the integration that asks. Each call has a stub of its own: one that has thrown is good for nothing more. */
export function gateOf(env: Pick<Env, "ACCOUNTS">, account: string, by = ""): AccountGate {
  const object = () => env.ACCOUNTS.getByName(account);
  return { lease: (options) => object().lease({ ...options, by }), report: (report) => object().report(report) };
}
