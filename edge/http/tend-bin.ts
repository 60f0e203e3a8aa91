// What going into the recycle bin, coming back and going for good do to integrations. A flow may have thousands: each call does some
// and says whether any are left; the sweep goes on with those.
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { BIN_LIFE, binnedBefore, integrationsOf, purgeFlow, setParked } from "../db/flow-bin.ts";
import type { Env } from "../env.ts";
import { removeFilesOf } from "./attachment-files.ts";
import { patchIntegration } from "./change-integration.ts";
import { describeOrNull } from "./find-setup.ts";
import { findMemberIntegration } from "./member-integration.ts";
import { removeIntegration } from "./remove-integration.ts";

const BATCH = 40;
const AT_ONCE = 6;

interface Binned {
  workspace: string;
  /** `flows.id` */
  id: string;
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function switchOne(env: Env, db: Catalogue, workspace: string, id: string, enabled: boolean): Promise<void> {
  const { user, owned } = await findMemberIntegration(db, workspace, id);
  if (enabled) await setParked(db, workspace, id, false);
  const row = { ...owned.row, parked: false };
  const state = await describeOrNull(env, id);
  await patchIntegration({ env, db, user, owned: { ...owned, row }, state }, { enabled });
  if (!enabled) await setParked(db, workspace, id, true);
}

/** Switches off integrations of a flow in the bin. True where none is left. */
export async function parkIntegrations(env: Env, { workspace, id }: Binned): Promise<boolean> {
  const db = catalogue(env);
  const some = await integrationsOf(db, workspace, id, "on", BATCH);
  await forEach(some, (one) => switchOne(env, db, workspace, one.id, false));
  return some.length < BATCH;
}

/** Switches on again what the bin had switched off. True where none is left. */
export async function unparkIntegrations(env: Env, { workspace, id }: Binned): Promise<boolean> {
  const db = catalogue(env);
  const some = await integrationsOf(db, workspace, id, "parked", BATCH);
  await forEach(some, (one) => switchOne(env, db, workspace, one.id, true));
  return some.length < BATCH;
}

/** Removes a flow for good, integrations and runs first. True where nothing is left. */
export async function purgeBinned(env: Env, { workspace, id }: Binned): Promise<boolean> {
  const db = catalogue(env);
  const some = await integrationsOf(db, workspace, id, "all", BATCH);
  await forEach(some, async (one) => {
    await removeIntegration(env, db, { workspace, ref: one.user }, one.id);
  });
  if (some.length === BATCH) return false;
  await removeFilesOf(env, workspace, id);
  await purgeFlow(db, workspace, id);
  return true;
}

/** The sweep's part: goes on with what is left to switch off, and removes what has been in the bin for 30 days. */
export async function tendBin(env: Env, now = Date.now()): Promise<void> {
  const db = catalogue(env);
  for (const flow of await binnedBefore(db, now - BIN_LIFE, 5)) await purgeBinned(env, flow);
  for (const flow of await binnedBefore(db, now, 20)) await parkIntegrations(env, flow);
}
