// An alarm can be lost (a re-arm that died with its object). The sweep touches what should have moved on by now.
import { and, asc, eq, gt, lt, lte, or } from "drizzle-orm";
import type { Attention } from "../../shared/api/integration.ts";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { oweAgain } from "../db/integrations.ts";
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

type Due = Pick<typeof integrations.$inferSelect, "id" | "workspace" | "nextDue">;

/** Pokes enabled integrations that are due at `now`, or would never be since the clock was set back, page by page; answers how many. One that fails is due again in two minutes. */
export async function sweep(env: Env, now = Date.now()): Promise<number> {
  const db = catalogue(env);
  await db.delete(idempotency).where(lt(idempotency.createdAt, now - KEY_LIFE));
  await settleIntegrations(env, now).catch((error: unknown) => logFault("settle", { error }));
  await tendBin(env, now).catch((error: unknown) => logFault("bin", { error }));
  const isDue = or(lte(integrations.nextDue, now), gt(integrations.nextDue, now + FARTHEST));
  let poked = 0;
  let last: Due | undefined;
  while (Date.now() - now < TIME_BOX) {
    const rows = await db
      .select({ id: integrations.id, workspace: integrations.workspace, nextDue: integrations.nextDue })
      .from(integrations)
      .where(and(eq(integrations.enabled, true), isDue, last && behind(last)))
      .orderBy(asc(integrations.nextDue), asc(integrations.id))
      .limit(PAGE);
    const work = [...rows];
    const worker = async () => {
      for (let row = work.shift(); row; row = work.shift()) await touch(env, db, row, now);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    poked += rows.length;
    last = rows.at(-1);
    if (rows.length < PAGE) break;
  }
  await tellProfiles(env, now).catch((error: unknown) => logFault("profile", { error }));
  return poked;
}

/** Those after `last`: one that stays overdue keeps no others from being looked after. */
const behind = ({ id, nextDue }: Due) =>
  or(gt(integrations.nextDue, nextDue ?? 0), and(eq(integrations.nextDue, nextDue ?? 0), gt(integrations.id, id)));

async function touch(env: Env, db: Catalogue, { id, workspace }: Due, now: number): Promise<void> {
  const noted = await poke(env, id, now);
  await db
    .update(integrations)
    .set(noted)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, id)));
  // Switched on by an earlier release, which died before it told the object.
  if (noted.nextDue === null) await oweAgain(db, { workspace, id }, now);
}

/** What the catalogue notes after it: when the next look is due, and what the object says that keeps it from running. */
async function poke(env: Env, id: string, now: number): Promise<{ nextDue: number | null; attention?: Attention[] }> {
  try {
    const object = env.INTEGRATIONS.getByName(id);
    await object.poke();
    const state: IntegrationState = await object.describe();
    return { nextDue: sweepDue(state, now), attention: state.attention };
  } catch (error) {
    logFault("sweep", { integration: id, error });
    return { nextDue: now + AGAIN };
  }
}
