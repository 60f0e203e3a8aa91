import { and, desc, eq, lt, or } from "drizzle-orm";
import type { AccountRow } from "./accounts.ts";
import type { Catalogue } from "./catalogue.ts";
import { accounts, users } from "./schema.ts";

/** Which accounts of a workspace to list; `user` is the host's own id. */
export interface AccountFilter {
  app?: string | undefined;
  owner?: AccountRow["owner"] | undefined;
  status?: AccountRow["status"] | undefined;
  user?: string | undefined;
}

/** Accounts of the workspace and of all its users, newest first, behind `after`; each with its user's own id at the host. */
export async function listAllAccounts(
  db: Catalogue,
  workspace: string,
  { app, owner, status, user }: AccountFilter,
  { after, limit }: { after?: [number, string] | undefined; limit: number },
): Promise<{ row: AccountRow; user: string | null }[]> {
  const behind = after && or(lt(accounts.createdAt, after[0]), and(eq(accounts.createdAt, after[0]), lt(accounts.id, after[1])));
  return db
    .select({ row: accounts, user: users.externalId })
    .from(accounts)
    .leftJoin(users, and(eq(users.workspace, accounts.workspace), eq(users.id, accounts.user)))
    .where(
      and(
        eq(accounts.workspace, workspace),
        app === undefined ? undefined : eq(accounts.app, app),
        owner === undefined ? undefined : eq(accounts.owner, owner),
        status === undefined ? undefined : eq(accounts.status, status),
        user === undefined ? undefined : eq(users.externalId, user),
        behind,
      ),
    )
    .orderBy(desc(accounts.createdAt), desc(accounts.id))
    .limit(limit);
}
