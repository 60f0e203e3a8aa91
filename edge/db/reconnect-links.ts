import { and, eq, gt, isNull, lt } from "drizzle-orm";
import type { ReconnectLink } from "../../shared/api/account.ts";
import { RECONNECT_LINK_LIFE } from "../../shared/api/reconnect-link.ts";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { isIn } from "./is-in.ts";
import { newId } from "./new-id.ts";
import { accounts, reconnectLinks, users, workspaces } from "./schema.ts";

export type ReconnectLinkRow = typeof reconnectLinks.$inferSelect;

/** What the tokens of links begin with. */
export const RECONNECT_TOKEN = "renew_";
const FORGET_AFTER = 30 * 86_400_000;

/** A link for this account, in place of one that waits. `token` is what its address holds; it is stored as a hash alone. */
export async function createReconnectLink(
  db: Catalogue,
  { workspace, account, author }: Pick<ReconnectLinkRow, "workspace" | "account" | "author">,
  now = Date.now(),
): Promise<{ row: ReconnectLinkRow; token: string }> {
  const token = randomToken(RECONNECT_TOKEN);
  const row: ReconnectLinkRow = {
    ...{ id: newId("lnk"), workspace, account, author, hash: await hashToken(token), usedAt: null },
    ...{ expiresAt: now + RECONNECT_LINK_LIFE, createdAt: now },
  };
  const ofAccount = and(eq(reconnectLinks.workspace, workspace), eq(reconnectLinks.account, account));
  await db.batch([
    db.delete(reconnectLinks).where(and(ofAccount, lt(reconnectLinks.expiresAt, now - FORGET_AFTER))),
    db.delete(reconnectLinks).where(and(ofAccount, isNull(reconnectLinks.usedAt))),
    db.insert(reconnectLinks).values(row),
  ]);
  return { row, token };
}

/** The links of these accounts that can still be used, by account: there is one at most. */
export async function findReconnectLinks(
  db: Catalogue,
  workspace: string,
  ids: readonly string[],
  now = Date.now(),
): Promise<Map<string, ReconnectLinkRow>> {
  if (!ids.length) return new Map();
  const waiting = and(isNull(reconnectLinks.usedAt), gt(reconnectLinks.expiresAt, now));
  const rows = await db
    .select()
    .from(reconnectLinks)
    .where(and(eq(reconnectLinks.workspace, workspace), isIn(reconnectLinks.account, ids), waiting));
  return new Map(rows.map((row) => [row.account, row]));
}

/** Withdraws the link that waits for this account. Undefined where there is none. */
export async function deleteReconnectLink(db: Catalogue, workspace: string, account: string): Promise<ReconnectLinkRow | undefined> {
  const [row] = await db
    .delete(reconnectLinks)
    .where(and(eq(reconnectLinks.workspace, workspace), eq(reconnectLinks.account, account), isNull(reconnectLinks.usedAt)))
    .returning();
  return row;
}

/** The link of a token, with whom it is for and which account it is about, while it lasts. */
export async function findReconnectLink(db: Catalogue, token: string, now = Date.now()) {
  const [found] = await db
    .select({ link: reconnectLinks, account: accounts, user: users, workspace: workspaces.name })
    .from(reconnectLinks)
    .innerJoin(accounts, and(eq(accounts.workspace, reconnectLinks.workspace), eq(accounts.id, reconnectLinks.account)))
    .innerJoin(users, and(eq(users.workspace, reconnectLinks.workspace), eq(users.id, accounts.user)))
    .innerJoin(workspaces, eq(workspaces.id, reconnectLinks.workspace))
    .where(and(eq(reconnectLinks.hash, await hashToken(token)), gt(reconnectLinks.expiresAt, now)));
  return found;
}

/** The account is connected anew, by whatever way: nobody has to be asked any more. */
export async function endReconnectLinks(db: Catalogue, workspace: string, account: string, now = Date.now()): Promise<void> {
  await db
    .update(reconnectLinks)
    .set({ usedAt: now })
    .where(and(eq(reconnectLinks.workspace, workspace), eq(reconnectLinks.account, account), isNull(reconnectLinks.usedAt)));
}

/** A link as it goes over the wire. */
export const toReconnectLink = ({ id, author, createdAt, expiresAt }: ReconnectLinkRow): ReconnectLink => ({
  ...{ id, author, createdAt: new Date(createdAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() },
});
