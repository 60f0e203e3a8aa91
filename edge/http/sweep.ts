// An alarm can be lost (a re-arm that died with its object). The sweep touches what should have moved on by now.
import { and, eq, lt } from "drizzle-orm";
import type { Attention } from "../../shared/api/integration.ts";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { DUE, type DueIntegration, listDue, oweAgain } from "../db/integrations.ts";
import { idempotency, integrations } from "../db/schema.ts";
import type { Env } from "../env.ts";
import type { IntegrationState } from "../objects/integration/rpc.ts";
import { logFault } from "../security/log-line.ts";
import { FARTHEST, sweepDue } from "./due.ts";
import { KEY_LIFE } from "./idempotency.ts";
import { settleIntegrations } from "./settle-integrations.ts";
import { tellProfiles } from "./tell-profile.ts";
import { tendBin } from "./tend-bin.ts";

const PAGE = 200;
const AT_ONCE = 6;
/** Time for one sweep (ms); the next one goes on. */
const TIME_BOX = 45_000;
const AGAIN = 120_000;

/** Pokes integrations that are due at `now`, or that nobody would look after; answers how many. One that fails is due again in two minutes. */
export async function sweep(env: Env, now = Date.now()): Promise<number> {
  const db = catalogue(env);
  await db.delete(idempotency).where(lt(idempotency.createdAt, now - KEY_LIFE));
  await settleIntegrations(env, now).catch((error: unknown) => logFault("settle", { error }));
  await tendBin(env, now).catch((error: unknown) => logFault("bin", { error }));
  let poked = 0;
  for (const why of DUE) poked += await touchAll(env, db, why, now);
  await tellProfiles(env, now).catch((error: unknown) => logFault("profile", { error }));
  return poked;
}

/** Page by page: one that stays overdue keeps no others from being looked after. */
async function touchAll(env: Env, db: Catalogue, why: (typeof DUE)[number], now: number): Promise<number> {
  let poked = 0;
  let after: DueIntegration | undefined;
  while (Date.now() - now < TIME_BOX) {
    const rows = await listDue(db, why, { now, farthest: now + FARTHEST, after, limit: PAGE });
    const work = [...rows];
    const worker = async () => {
      for (let row = work.shift(); row; row = work.shift()) await touch(env, db, row, now);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    poked += rows.length;
    after = rows.at(-1);
    if (rows.length < PAGE) break;
  }
  return poked;
}

async function touch(env: Env, db: Catalogue, { id, workspace }: DueIntegration, now: number): Promise<void> {
  const { isOn, ...noted } = await poke(env, id, now);
  await db
    .update(integrations)
    .set(noted)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, id)));
  if (isOn !== undefined) await oweAgain(db, { workspace, id }, isOn, now);
}

/** What the catalogue notes after it: when the next look is due, and what the object says that keeps it from running; and whether it is on. */
async function poke(env: Env, id: string, now: number): Promise<{ isOn?: boolean; nextDue: number | null; attention?: Attention[] }> {
  try {
    const object = env.INTEGRATIONS.getByName(id);
    await object.poke();
    const state: IntegrationState = await object.describe();
    return { isOn: state.enabled, nextDue: sweepDue(state, now), attention: state.attention };
  } catch (error) {
    logFault("sweep", { integration: id, error });
    return { nextDue: now + AGAIN };
  }
}
