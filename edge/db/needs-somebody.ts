import { sql } from "drizzle-orm";

/**
 * Whether a row of `integrations` waits for somebody: its object says so, or an account that it uses is gone or no longer works. Names stand
 * in full: within a subquery, drizzle would leave the table out.
 */
export const needsSomebody = sql<number>`(integrations.attention != '[]' OR EXISTS (
  SELECT 1 FROM integration_accounts AS used
  LEFT JOIN accounts ON accounts.workspace = used.workspace AND accounts.id = used.account
  WHERE used.integration = integrations.id AND accounts.status IS NOT 'connected'))`;
