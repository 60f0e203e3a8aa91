// An integration as members handle it: in the name of the user whom it belongs to, with all that this user's token would say.
import { and, asc, eq, gt, ne } from "drizzle-orm";
import type { Catalogue } from "../db/catalogue.ts";
import { findIntegration, findOwner, type OwnedIntegration } from "../db/integrations.ts";
import { integrations, users } from "../db/schema.ts";
import { ProblemError } from "./problem.ts";
import { asTokenUser, type TokenUser } from "./require-user.ts";

/** The workspace's integration `id` and its user. Refuses with `not_found`. */
export async function findMemberIntegration(
  db: Catalogue,
  workspace: string,
  id: string,
): Promise<{ user: TokenUser; owned: OwnedIntegration }> {
  const owner = await findOwner(db, id);
  const isOurs = owner?.workspace === workspace;
  const [owned, user] = isOurs ? await Promise.all([findIntegration(db, owner, id), loadUser(db, workspace, owner.ref)]) : [];
  if (!owned || !user) throw new ProblemError("not_found", "There is no such integration in the workspace.");
  return { user, owned };
}

/** The user `usr_…` as their own token would name them. */
export async function loadUser(db: Catalogue, workspace: string, ref: string): Promise<TokenUser | undefined> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.workspace, workspace), eq(users.id, ref)));
  return row && asTokenUser(row);
}

/** Ids of the flow's integrations that are on another version than `version`, in order, behind `after`. */
export async function idsOnOtherVersions(
  db: Catalogue,
  workspace: string,
  flow: string,
  { version, after, limit }: { version: number; after: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db
    .select({ id: integrations.id })
    .from(integrations)
    .where(
      and(
        eq(integrations.workspace, workspace),
        eq(integrations.flow, flow),
        ne(integrations.version, version),
        eq(integrations.removing, false),
        gt(integrations.id, after ?? ""),
      ),
    )
    .orderBy(asc(integrations.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
