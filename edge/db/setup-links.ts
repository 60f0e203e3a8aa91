import { and, desc, eq, gt, isNull, lt } from "drizzle-orm";
import { SETUP_LINK_LIFE } from "../../shared/api/setup-link.ts";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { flows, setupLinks, users, workspaces } from "./schema.ts";

export type SetupLinkRow = typeof setupLinks.$inferSelect;
type User = Pick<typeof users.$inferSelect, "id" | "externalId" | "name" | "org">;

/** What the tokens of links begin with. */
export const SETUP_TOKEN = "setup_";
const FORGET_AFTER = 30 * 86_400_000;

/** A link for this user and flow, in place of one that waits. `token` is what its address holds; it is stored as a hash alone. */
export async function createSetupLink(
  db: Catalogue,
  { workspace, user, flow, author }: Pick<SetupLinkRow, "workspace" | "user" | "flow" | "author">,
  now = Date.now(),
): Promise<{ row: SetupLinkRow; token: string }> {
  const token = randomToken(SETUP_TOKEN);
  const row: SetupLinkRow = {
    ...{ id: newId("lnk"), workspace, user, flow, author, hash: await hashToken(token), integration: null },
    ...{ expiresAt: now + SETUP_LINK_LIFE, createdAt: now },
  };
  const ofFlow = and(eq(setupLinks.workspace, workspace), eq(setupLinks.flow, flow));
  await db.batch([
    db.delete(setupLinks).where(and(ofFlow, lt(setupLinks.expiresAt, now - FORGET_AFTER))),
    db.delete(setupLinks).where(and(ofFlow, eq(setupLinks.user, user), isNull(setupLinks.integration))),
    db.insert(setupLinks).values(row),
  ]);
  return { row, token };
}

/** Links of a flow that users have not used yet, newest first. `flow` is `flows.id`. */
export async function listSetupLinks(
  db: Catalogue,
  workspace: string,
  flow: string,
  now = Date.now(),
): Promise<{ row: SetupLinkRow; user: User }[]> {
  return db
    .select({ row: setupLinks, user: { id: users.id, externalId: users.externalId, name: users.name, org: users.org } })
    .from(setupLinks)
    .innerJoin(users, and(eq(users.workspace, setupLinks.workspace), eq(users.id, setupLinks.user)))
    .where(
      and(eq(setupLinks.workspace, workspace), eq(setupLinks.flow, flow), isNull(setupLinks.integration), gt(setupLinks.expiresAt, now)),
    )
    .orderBy(desc(setupLinks.createdAt));
}

/** Withdraws a link. Undefined where the flow has none such. */
export async function deleteSetupLink(db: Catalogue, workspace: string, flow: string, id: string): Promise<SetupLinkRow | undefined> {
  const [row] = await db
    .delete(setupLinks)
    .where(and(eq(setupLinks.workspace, workspace), eq(setupLinks.flow, flow), eq(setupLinks.id, id)))
    .returning();
  return row;
}

/** The link of a token, with whom it is for and what it is about, while it lasts. */
export async function findSetupLink(db: Catalogue, token: string, now = Date.now()) {
  const [found] = await db
    .select({ link: setupLinks, user: users, flow: flows, workspace: workspaces.name })
    .from(setupLinks)
    .innerJoin(users, and(eq(users.workspace, setupLinks.workspace), eq(users.id, setupLinks.user)))
    .innerJoin(flows, and(eq(flows.workspace, setupLinks.workspace), eq(flows.id, setupLinks.flow)))
    .innerJoin(workspaces, eq(workspaces.id, setupLinks.workspace))
    .where(and(eq(setupLinks.hash, await hashToken(token)), gt(setupLinks.expiresAt, now)));
  return found;
}

/** Notes what came of a link; the first stays. False where it has been used already. */
export async function useSetupLink(db: Catalogue, workspace: string, id: string, integration: string): Promise<boolean> {
  const rows = await db
    .update(setupLinks)
    .set({ integration })
    .where(and(eq(setupLinks.workspace, workspace), eq(setupLinks.id, id), isNull(setupLinks.integration)))
    .returning({ id: setupLinks.id });
  return rows.length > 0;
}
