// What an account that has ended owes to others: the news, told once to the catalogue, its user, the workspace's members and its log; and an
// end to waiting, after 30 days, for the runs that are held for it. Both are kept in memos until they are done, whatever dies meanwhile.
import { findUsers, setAccountStatus } from "../../db/accounts.ts";
import { catalogue } from "../../db/catalogue.ts";
import type { Env } from "../../env.ts";
import type { AccountStatus } from "./account-store.ts";
import * as store from "./account-store.ts";
import { HOLD } from "./rpc.ts";

/** ms until something that could not be done is tried again. */
const AGAIN = 5_000;
const RELEASE_AGAIN = 60_000;
/** ms until an account that is at fault through no fault of its own is looked at again; a deployed app file is looked at at once. */
const LOOK_AGAIN = 300_000;
/** Who connects an account anew has what waits for it told at once; where that has not come about by then (ms), the account does it. */
const RESTORE_AFTER = 30_000;

interface News {
  workspace: string;
  id: string;
  app: string;
  /** `removed`: there is no such account any more. */
  status: AccountStatus | "removed";
  message: string;
}

interface Holding {
  workspace: string;
  id: string;
  until: number;
  isRemoved: boolean;
}

/** What waits for the account is to be told that it is connected; `left`: those who could not be told before. */
interface Restoring {
  workspace: string;
  id: string;
  at: number;
  left?: string[];
}

/** Runs that need the account are held from now on, for 30 days. */
export function beginHolding(sql: SqlStorage, { workspace, id }: Pick<News, "workspace" | "id">, now: number, isRemoved = false): void {
  store.writeMemo(sql, "holding", { workspace, id, until: now + HOLD, isRemoved } satisfies Holding);
}

/** The account is connected: nobody waits for it any more, and no older news is true. */
export function endHolding(sql: SqlStorage): void {
  for (const key of ["holding", "untold", "faulty", "unrenewed"] as const) store.writeMemo(sql, key, undefined);
}

/** What keeps the account from working lies outside its credentials: whether it is mended is looked at in a while, as long as runs are held. */
export const lookLater = (sql: SqlStorage, now: number): void => store.writeMemo(sql, "faulty", now + LOOK_AGAIN);

export const isLookDue = (sql: SqlStorage, now: number): boolean =>
  (store.readMemo<number>(sql, "faulty") ?? Number.POSITIVE_INFINITY) <= now;

/** What waits for the account has to be told: by {@link restore}, or later by the account's alarm. Answers when that is (ms since epoch). */
export function beginRestoring(sql: SqlStorage, { workspace, id }: Pick<News, "workspace" | "id">, now: number): number {
  const at = now + RESTORE_AFTER;
  store.writeMemo(sql, "restoring", { workspace, id, at } satisfies Restoring);
  return at;
}

/** Whether nobody has done that in time. Whoever asks must not be who an integration waits for, as one that asks for a lease is. */
export const isRestoringDue = (sql: SqlStorage, now: number): boolean =>
  (store.readMemo<Restoring>(sql, "restoring")?.at ?? Number.POSITIVE_INFINITY) <= now;

/** Tells the integrations that use the account to go on. Those that cannot be told now are told later. */
export async function restore(env: Env, sql: SqlStorage): Promise<void> {
  const restoring = store.readMemo<Restoring>(sql, "restoring");
  if (!restoring) return;
  const left = await tellUsers(env, restoring).catch(() => restoring.left);
  const now = store.readMemo<Restoring>(sql, "restoring");
  if (JSON.stringify(now) !== JSON.stringify(restoring)) return;
  const again = { ...restoring, at: Date.now() + RELEASE_AGAIN, ...(left && { left }) };
  store.writeMemo(sql, "restoring", left?.length === 0 ? undefined : again);
}

/** Those that could not be told. */
async function tellUsers(env: Env, { workspace, id, left }: Restoring): Promise<string[]> {
  const users = left ? [] : (await findUsers(catalogue(env), workspace, [id])).get(id);
  const ids = left ?? [...new Set(users?.map(({ integration }) => integration))];
  const told = await Promise.allSettled(ids.map((one) => env.INTEGRATIONS.getByName(one).accountRestored(id)));
  return ids.filter((_, index) => told[index]?.status === "rejected");
}

/** Notes news to be told by {@link serve}. */
export const noteNews = (sql: SqlStorage, news: News): void => store.writeMemo(sql, "untold", news);

/** Does what is due of the memos. Answers when to come again (ms since epoch); undefined where nothing is left. */
export async function serve(env: Env, sql: SqlStorage, now: number): Promise<number | undefined> {
  const news = store.readMemo<News>(sql, "untold");
  const isTold = !news || (await attempt(() => tell(env, news)));
  if (news && isTold) store.writeMemo(sql, "untold", undefined);
  const holding = store.readMemo<Holding>(sql, "holding");
  const isOver = holding !== undefined && holding.until <= now;
  const isDone = isOver && (await attempt(() => letGo(env, holding)));
  if (isDone) store.writeMemo(sql, "holding", undefined);
  const restoring = store.readMemo<Restoring>(sql, "restoring");
  const faulty = store.readMemo<number>(sql, "faulty");
  const times = [
    ...(isTold ? [] : [now + AGAIN]),
    ...(!holding || isDone ? [] : [isOver ? now + RELEASE_AGAIN : holding.until]),
    ...(restoring ? [restoring.at] : []),
    ...(faulty !== undefined && holding && !isDone ? [Math.max(faulty, now)] : []),
  ];
  return times.length ? Math.min(...times) : undefined;
}

async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

async function tell(env: Env, { workspace, id, app, status, message }: News): Promise<void> {
  const notices = env.NOTICES.getByName(workspace);
  if (status === "removed") return notices.settle(id);
  const row = await setAccountStatus(catalogue(env), workspace, id, status);
  if (!row) return;
  const subject = { account: id, app, label: row.label, owner: row.owner, user: row.user, status };
  if (status === "connected")
    return notices.settle(id, { type: "account.restored", about: id, message: `${row.label} is connected again.`, subject });
  // Of an account of the workspace users know nothing.
  const told = { type: "account" as const, account: { id, app, status } };
  if (row.user !== null) await env.LEDGERS.getByName(workspace).publish([{ user: row.user, message: told }]);
  await notices.tell({ type: "account.expired", about: id, message, subject });
  await env.AUDITS.getByName(workspace).append(workspace, [
    {
      actor: { type: "system", id, name: null },
      ...{ action: `account.${status}`, target: id, after: { app, label: row.label, owner: row.owner, message } },
      from: { address: null, agent: null, request: null },
    },
  ]);
}

/** Runs that wait for the account take it up once more, are told that it has lapsed, and fail. */
async function letGo(env: Env, { workspace, id, isRemoved }: Holding): Promise<void> {
  const users = await findUsers(catalogue(env), workspace, [id]);
  for (const integration of new Set(users.get(id)?.map((one) => one.integration))) {
    const object = env.INTEGRATIONS.getByName(integration);
    await object.accountLapsed(id);
    if (isRemoved) await object.accountRemoving(id);
  }
}
