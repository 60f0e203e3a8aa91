// Accounts that were removed while the integration still names them.
import type { Attention } from "../../../shared/api/integration.ts";
import type { Parts } from "./parts.ts";
import type { IntegrationConfig } from "./rpc.ts";
import { endSubscriptions } from "./subscriptions.ts";

const read = (parts: Parts): string[] => JSON.parse(parts.meta.get("lost") ?? "[]") as string[];

/** Ends the subscriptions of `account`, which is about to be removed, and remembers that it is missing. */
export async function loseAccount(parts: Parts, account: string): Promise<void> {
  const { currentId } = parts.configs;
  if (currentId === undefined) return;
  const named = new Set(Object.values(parts.configs.current?.accounts ?? {}));
  const lost = new Set([...read(parts).filter((one) => named.has(one)), account]);
  parts.meta.set("lost", JSON.stringify([...lost]));
  await endSubscriptions(parts, await parts.configs.open(currentId), account);
}

/** The account is connected after all. */
export function regainAccount(parts: Parts, account: string): void {
  const lost = read(parts);
  if (lost.includes(account)) parts.meta.set("lost", JSON.stringify(lost.filter((one) => one !== account)));
}

/** What is to be mended: one entry for each removed account that `config` still names. */
export function lostAccounts(parts: Parts, config: IntegrationConfig): Attention[] {
  const named = new Set(Object.values(config.accounts));
  const message = "An account that this needs was removed. Choose or connect another.";
  return read(parts).flatMap((account) => (named.has(account) ? [{ code: "account_expired", account, message }] : []));
}
