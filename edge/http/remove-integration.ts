// An integration goes in three steps: its row is marked, its object forgets it, the row goes. What a death leaves of that the sweep does.
import type { Catalogue } from "../db/catalogue.ts";
import { deleteIntegration, markRemoving, type Owner, unmarkRemoving } from "../db/integrations.ts";
import type { Env } from "../env.ts";
import { logFault } from "../security/log-line.ts";

/** Removes an integration with its runs. Where its object cannot, it rejects, and the integration stays as it was. */
export async function removeIntegration(env: Env, db: Catalogue, owner: Owner, id: string): Promise<void> {
  await markRemoving(db, owner, id);
  try {
    await env.INTEGRATIONS.getByName(id).remove();
  } catch (error) {
    await unmarkRemoving(db, owner, id);
    throw error;
  }
  await deleteIntegration(db, owner, id);
}

/** The same for one that nobody knows of. What its object cannot do now is left to the sweep; never rejects for that. */
export async function forgetIntegration(env: Env, db: Catalogue, owner: Owner, id: string): Promise<void> {
  await markRemoving(db, owner, id);
  try {
    await env.INTEGRATIONS.getByName(id).remove();
    await deleteIntegration(db, owner, id);
  } catch (error) {
    logFault("not removed", { integration: id, error });
  }
}
