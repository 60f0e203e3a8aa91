// Why an account can be of no use although its credentials are not at fault, and when it is of use again. No clock: `now` (ms) is passed in.
import type { Freshness } from "./access.ts";
import * as store from "./account-store.ts";
import { beginRestoring, endHolding, noteNews } from "./aftercare.ts";
import type { AccountConfig } from "./rpc.ts";

/** ms for which access that is over could not be renewed, after which that is no passing trouble: the account is at fault. */
const PATIENCE = 3_600_000;

export const noSignIn = (app: string): string =>
  `${app} no longer has the kind of sign-in that this account was connected by. It works again once ${app} is deployed with it, or the account is connected in another way.`;

export const notRenewed =
  (why: string) =>
  (app: string): string =>
    `The access to ${app} cannot be renewed: ${why.replace(/[.\s]+$/, "")}. It works again once that is mended, or the account is connected again.`;

/** Whether access has been over for long. Asked when it could not be renewed: the first time begins the count. */
export function isLongUnrenewed(sql: SqlStorage, now: number): boolean {
  const since = store.readMemo<number>(sql, "unrenewed");
  if (since === undefined) store.writeMemo(sql, "unrenewed", now);
  return now - (since ?? now) >= PATIENCE;
}

/** Since when an account gives no access is not known: since now. */
export function beginCounting(sql: SqlStorage, state: store.AccountState | undefined, now: number): void {
  if (state) store.writeStatus(sql, { ...state, since: now });
  else store.writeMemo(sql, "removed", now);
}

/** Takes in how an account that was at fault stands now: connected again, ended, or as before. True where its users are to be told that it is connected. */
export function isMendedBy(sql: SqlStorage, { id, workspace, app }: AccountConfig, freshness: Freshness, now: number): boolean {
  const before = store.readState(sql);
  if (before?.status !== "error") return false;
  const news = { workspace, id, app: app.key };
  if (freshness.state === "dead") {
    const message = `Connect ${app.name} again. ${freshness.message}`;
    store.writeMemo(sql, "faulty", undefined);
    store.writeStatus(sql, { status: "expired", message, since: before.since });
    noteNews(sql, { ...news, status: "expired", message });
    return false;
  }
  if (freshness.state === "later" && !freshness.usable) return false;
  store.writeStatus(sql, { status: "connected", message: "", since: 0 });
  endHolding(sql);
  noteNews(sql, { ...news, status: "connected", message: "" });
  beginRestoring(sql, { workspace, id }, now);
  return true;
}
