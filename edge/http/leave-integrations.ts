import type { Account } from "../../shared/api/account.ts";
import type { AccountRow } from "../db/accounts.ts";
import { catalogue } from "../db/catalogue.ts";
import { noteState } from "../db/integrations.ts";
import type { Env } from "../env.ts";
import { announce } from "./announce.ts";
import { sweepDue } from "./due.ts";

/**
 * Tells the integrations that use `account` that it is about to be removed: they end their subscriptions with its credentials, and need
 * attention from now on, in the catalogue too. One that does not answer keeps nobody from removing an account.
 */
export async function leaveIntegrations(env: Env, { id: account, workspace, user }: AccountRow, usedBy: Account["usedBy"]): Promise<void> {
  const flows = new Map(usedBy.map(({ integration, flow }) => [integration, flow]));
  await Promise.allSettled(
    [...flows].map(async ([id, flow]) => {
      const state = await env.INTEGRATIONS.getByName(id).accountRemoving(account);
      await noteState(catalogue(env), { workspace, id }, { attention: state.attention, nextDue: sweepDue(state, Date.now()) });
      const status = state.enabled ? ("needs_attention" as const) : ("disabled" as const);
      await announce(env, workspace, user, { type: "integration", integration: { id, flow, status } });
    }),
  );
}
