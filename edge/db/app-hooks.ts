import { and, asc, eq, gt, or, sql } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { isIn } from "./is-in.ts";
import { accounts, appHooks, integrationAccounts, integrations } from "./schema.ts";

export type AppHookRow = typeof appHooks.$inferSelect;

/** The hook of the workspace's app, stored as `fresh` where there is none. */
export async function ensureAppHook(db: Catalogue, fresh: AppHookRow): Promise<AppHookRow> {
  await db.insert(appHooks).values(fresh).onConflictDoNothing();
  const [row] = await db
    .select()
    .from(appHooks)
    .where(and(eq(appHooks.workspace, fresh.workspace), eq(appHooks.app, fresh.app)));
  return row ?? fresh;
}

/** The hook that a call to `/hooks/apps/{app}/{key}` is for; the key, which nobody can guess, tells the workspace. */
export async function findAppHook(db: Catalogue, app: string, key: string): Promise<AppHookRow | undefined> {
  const [row] = await db
    .select()
    .from(appHooks)
    .where(and(eq(appHooks.key, key), eq(appHooks.app, app)));
  return row;
}

interface Call {
  workspace: string;
  app: string;
  /** Ids of accounts at the app. */
  externalIds: string[];
  after: { integration: string; block: string };
}

/**
 * Which enabled integrations use the accounts that a call is about: `block` holds the account. In order of both, behind `after`. `isSettled`: its
 * object knows of all its changes.
 */
export function listAppListeners(db: Catalogue, { workspace, app, externalIds, after }: Call, limit: number) {
  const { integration, account } = integrationAccounts;
  return db
    .selectDistinct({ integration, block: account, isSettled: sql<number>`${integrations.owedAt} IS NULL` })
    .from(accounts)
    .innerJoin(integrationAccounts, and(eq(integrationAccounts.workspace, accounts.workspace), eq(account, accounts.id)))
    .innerJoin(integrations, and(eq(integrations.workspace, accounts.workspace), eq(integrations.id, integration)))
    .where(
      and(
        eq(accounts.workspace, workspace),
        eq(accounts.app, app),
        isIn(accounts.externalId, externalIds),
        eq(integrations.enabled, true),
        eq(integrations.removing, false),
        or(gt(integration, after.integration), and(eq(integration, after.integration), gt(account, after.block))),
      ),
    )
    .orderBy(asc(integration), asc(account))
    .limit(limit);
}
