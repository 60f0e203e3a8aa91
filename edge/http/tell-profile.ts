// A changed profile reaches its user's integrations: at once, after the answer to whoever brought it; what is left then, with the sweep. The
// user's row says that some are left, and each integration's which profile it knows: whatever dies meanwhile, each is told.
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { listUntold, listUntoldUsers, noteTellAt, noteTold, readUser, type UserRow } from "../db/users.ts";
import type { Env } from "../env.ts";
import type { ConfigUser, IntegrationState } from "../objects/integration/rpc.ts";
import { logFault } from "../security/log-line.ts";
import { sweepDue } from "./due.ts";

const PAGE = 10;
const AT_ONCE = 5;
/** ms before each page: on one thread, the answer and other requests would wait for all of them. */
const PAUSE = 1;
const ONE_THREAD_PAUSE = 100;
/** Integrations of one user that are told at a time; the rest with the next sweep. */
const MOST = 400;
/** Time for one sweep's part (ms). */
const TIME_BOX = 20_000;
/** ms until those are told again that could not be. */
const AGAIN = 30_000;
/** What its object knows nothing of is being set up; after this (ms) it was left half-way. */
const SET_UP = 600_000;

/** The user as configurations keep them. */
export const configUser = ({ id: ref, externalId: id, org, name, email, locale, attributes, revision }: UserRow): ConfigUser => ({
  ...{ ref, id, org, name, email, locale, attributes, revision },
});

/** Tells integrations of the user what has changed of the profile. Never rejects. */
export async function tellProfile(env: Env, { workspace, id }: Pick<UserRow, "workspace" | "id">): Promise<void> {
  try {
    const db = catalogue(env);
    const user = await readUser(db, workspace, id);
    if (user && user.tellAt !== null) await noteTellAt(db, user, (await tellAll(env, db, user)) ? null : Date.now() + AGAIN);
  } catch (error) {
    logFault("profile", { user: id, error });
  }
}

/** The sweep's part: goes on with what is left. */
export async function tellProfiles(env: Env, now: number): Promise<void> {
  const begun = Date.now();
  const users = await listUntoldUsers(catalogue(env), now, 200);
  for (let user = users.shift(); user && Date.now() - begun < TIME_BOX; user = users.shift()) await tellProfile(env, user);
}

/** Whether none is left. */
async function tellAll(env: Env, db: Catalogue, user: UserRow): Promise<boolean> {
  let isComplete = true;
  let after = "";
  for (let count = 0; count < MOST; count += PAGE) {
    await scheduler.wait(env.INLAY_ONE_THREAD === "true" ? ONE_THREAD_PAUSE : PAUSE);
    const page = await listUntold(db, user, after, PAGE);
    const told: Parameters<typeof noteTold>[2][number][] = [];
    const work = [...page];
    const worker = async () => {
      for (let one = work.shift(); one; one = work.shift()) {
        const outcome = await tellOne(env, one, user);
        if (outcome) told.push(outcome);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await noteTold(db, user, told);
    isComplete &&= told.length === page.length;
    if (page.length < PAGE) return isComplete;
    after = page.at(-1)?.id ?? after;
  }
  return false;
}

/** Undefined where it has to be told again. */
async function tellOne(env: Env, { id, updatedAt }: { id: string; updatedAt: number }, user: UserRow) {
  try {
    const state: IntegrationState | null = await env.INTEGRATIONS.getByName(id).userChanged(configUser(user));
    const now = Date.now();
    if (state) return { id, state: { attention: state.attention, nextDue: sweepDue(state, now) } };
    return updatedAt < now - SET_UP ? { id } : undefined;
  } catch (error) {
    logFault("profile", { integration: id, error });
    return undefined;
  }
}
