import { and, asc, eq, or } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import type { Owner } from "./integrations.ts";
import { accounts } from "./schema.ts";

/** What a setup must know of an account: never a credential. */
export interface UsableAccount {
  app: string;
  auth: string;
  label: string;
  status: "connected" | "expired" | "revoked" | "error";
  owner: "user" | "workspace";
  /** What flow files call an account of the workspace by. */
  key: string | null;
  /** Granted, as far as the provider tells. */
  scopes: string[];
}

/** The accounts that the user may use, by id, oldest first: their own, and in slots that ask for such those of the workspace. */
export async function loadUsableAccounts(db: Catalogue, { workspace, ref }: Owner): Promise<Record<string, UsableAccount>> {
  const rows = await db
    .select({
      id: accounts.id,
      app: accounts.app,
      auth: accounts.auth,
      label: accounts.label,
      status: accounts.status,
      owner: accounts.owner,
      key: accounts.key,
      scopes: accounts.scopes,
    })
    .from(accounts)
    .where(and(eq(accounts.workspace, workspace), or(eq(accounts.user, ref), eq(accounts.owner, "workspace"))))
    .orderBy(asc(accounts.createdAt), asc(accounts.id));
  return Object.fromEntries(rows.map(({ id, ...rest }) => [id, rest]));
}
