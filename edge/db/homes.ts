import { and, eq } from "drizzle-orm";
import type { Home } from "../../shared/api/workspace-flow.ts";
import type { Catalogue } from "./catalogue.ts";
import { homes } from "./schema.ts";

/** How the member has arranged Home; tiles in no order of their own until they have. */
export async function readHome(db: Catalogue, workspace: string, member: string): Promise<Home> {
  const [row] = await db
    .select({ view: homes.view, order: homes.order, pins: homes.pins })
    .from(homes)
    .where(and(eq(homes.workspace, workspace), eq(homes.member, member)));
  return row ?? { view: "tiles", order: [], pins: [] };
}

/** Keeps how the member has arranged Home. */
export async function writeHome(db: Catalogue, workspace: string, member: string, home: Home, now = Date.now()): Promise<void> {
  const unique = { view: home.view, order: [...new Set(home.order)], pins: [...new Set(home.pins)], updatedAt: now };
  await db
    .insert(homes)
    .values({ workspace, member, ...unique })
    .onConflictDoUpdate({ target: [homes.workspace, homes.member], set: unique });
}
