// A changed profile reaches its user's integrations: at once, after the answer to whoever brought it; what is left then, with the sweep. The
// user's row says that some are left, and each integration's which profile it knows: whatever dies meanwhile, each is told.
import type { Integration } from "../../shared/api/integration.ts";
import { type Catalogue, catalogue } from "../db/catalogue.ts";
import { listUntold, listUntoldUsers, noteTellAt, noteTold, readUser, type Untold, type UserRow } from "../db/users.ts";
import type { Env } from "../env.ts";
import type { ConfigUser, IntegrationState } from "../objects/integration/rpc.ts";
import { logFault } from "../security/log-line.ts";
import { announce } from "./announce.ts";
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
  const news: News[] = [];
  const isComplete = await tellPages(env, db, user, news);
  // Open lists show next times, which may be others now.
  await announce(env, user.workspace, user.id, ...news.map((integration) => ({ type: "integration" as const, integration })));
  return isComplete;
}

/** The same; adds to `news` those that have been told. */
async function tellPages(env: Env, db: Catalogue, user: UserRow, news: News[]): Promise<boolean> {
  let isComplete = true;
  let after = "";
  for (let count = 0; count < MOST; count += PAGE) {
    await scheduler.wait(env.INLAY_ONE_THREAD === "true" ? ONE_THREAD_PAUSE : PAUSE);
    const page = await listUntold(db, user, after, PAGE);
    const told: Told[] = [];
    const work = [...page];
    const worker = async () => {
      for (let one = work.shift(); one; one = work.shift()) {
        const outcome = await tellOne(env, one, user);
        if (outcome) told.push(outcome);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await noteTold(db, user, told);
    news.push(...told.flatMap(({ id, flow, status }) => (status ? [{ id, flow, status }] : [])));
    isComplete &&= told.length === page.length;
    if (page.length < PAGE) return isComplete;
    after = page.at(-1)?.id ?? after;
  }
  return false;
}

type News = Pick<Integration, "id" | "flow" | "status">;

interface Told extends Pick<Untold, "id" | "flow"> {
  /** What its object says of itself; absent where there is none. */
  state?: { attention: IntegrationState["attention"]; nextDue: number | null };
  status?: Integration["status"];
}

/** Undefined where it has to be told again. */
async function tellOne(env: Env, { id, flow, updatedAt }: Untold, user: UserRow): Promise<Told | undefined> {
  try {
    const state: IntegrationState | null = await env.INTEGRATIONS.getByName(id).userChanged(configUser(user));
    const now = Date.now();
    if (!state) return updatedAt < now - SET_UP ? { id, flow } : undefined;
    const { attention, enabled } = state;
    const status = enabled ? (attention.length ? "needs_attention" : "enabled") : "disabled";
    return { id, flow, state: { attention, nextDue: sweepDue(state, now) }, status };
  } catch (error) {
    logFault("profile", { integration: id, error });
    return undefined;
  }
}
