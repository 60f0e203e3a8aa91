// The catalogue's row of an integration is written before its object takes it. What dies between the two has left a mark at the row: the sweep
// hands over what is owed, and goes on with removals.
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { listOwed, type OwedIntegration, postponeOwed } from "../db/integrations.ts";
import type { Env } from "../env.ts";
import { logFault } from "../security/log-line.ts";
import { announce } from "./announce.ts";
import { configureIntegration } from "./configure-integration.ts";
import { loadSetupContext } from "./find-setup.ts";
import { findMemberIntegration } from "./member-integration.ts";
import { removeIntegration } from "./remove-integration.ts";

const PAGE = 100;
const AT_ONCE = 6;
/** Time for one sweep's part (ms). */
const TIME_BOX = 20_000;
/** One that cannot be told is told again after this (ms). */
const AGAIN = 120_000;

/** Tells objects what has become of their integrations, where whoever changed them died. One that fails keeps no other from it. */
export async function settleIntegrations(env: Env, now: number): Promise<void> {
  const db = catalogue(env);
  const begun = Date.now();
  const left = await listOwed(db, now, PAGE);
  const worker = async () => {
    for (let one = left.shift(); one && Date.now() - begun < TIME_BOX; one = left.shift()) await settle(env, db, one, now);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function settle(env: Env, db: Catalogue, one: OwedIntegration, now: number): Promise<void> {
  try {
    if (one.removing) await removeIntegration(env, db, { workspace: one.workspace, ref: one.user }, one.id);
    else await handOver(env, db, one);
  } catch (error) {
    logFault("settle", { integration: one.id, error });
    await postponeOwed(db, one, now + AGAIN);
  }
}

async function handOver(env: Env, db: Catalogue, { id, workspace }: OwedIntegration): Promise<void> {
  const { user, owned } = await findMemberIntegration(db, workspace, id);
  const { row, file, flow } = owned;
  const { apps, variables } = await loadSetupContext(db, user, file);
  const { enabled, attention } = await configureIntegration(env, db, user, { row, file, apps, variables });
  const status = enabled ? (attention.length ? "needs_attention" : "enabled") : "disabled";
  await announce(env, workspace, user.ref, { type: "integration", integration: { id, flow: flow.key, status } });
}
