import { and, eq, or } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import type { Owner } from "./integrations.ts";
import { accounts } from "./schema.ts";

/** What a setup must know of an account: never a credential. */
export interface UsableAccount {
  app: string;
  auth: string;
  label: string;
  status: "connected" | "expired" | "revoked" | "error";
  /** Granted, as far as the provider tells. */
  scopes: string[];
}

/** The accounts that the user may use, by id: their own, and the workspace's. */
export async function loadUsableAccounts(db: Catalogue, { workspace, ref }: Owner): Promise<Record<string, UsableAccount>> {
  const rows = await db
    .select({
      id: accounts.id,
      app: accounts.app,
      auth: accounts.auth,
      label: accounts.label,
      status: accounts.status,
      scopes: accounts.scopes,
    })
    .from(accounts)
    .where(and(eq(accounts.workspace, workspace), or(eq(accounts.user, ref), eq(accounts.owner, "workspace"))));
  return Object.fromEntries(rows.map(({ id, ...rest }) => [id, rest]));
}
