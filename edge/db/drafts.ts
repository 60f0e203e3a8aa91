import { and, eq } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import type { Owner } from "./integrations.ts";
import { type DraftBody, drafts } from "./schema.ts";

/** Which draft: of a flow, for a new integration or for changes of one. */
export interface DraftKey {
  flow: string;
  integration: string | undefined;
}

const which = ({ workspace, ref }: Owner, { flow, integration = "" }: DraftKey) =>
  and(eq(drafts.workspace, workspace), eq(drafts.user, ref), eq(drafts.flow, flow), eq(drafts.integration, integration));

/** The user's draft, secrets sealed. */
export async function findDraft(db: Catalogue, owner: Owner, key: DraftKey): Promise<{ body: DraftBody; updatedAt: number } | undefined> {
  const [row] = await db.select({ body: drafts.body, updatedAt: drafts.updatedAt }).from(drafts).where(which(owner, key));
  return row;
}

/** Stores the user's draft in place of the one before. */
export async function saveDraftBody(db: Catalogue, owner: Owner, { flow, integration = "" }: DraftKey, body: DraftBody, now = Date.now()) {
  await db
    .insert(drafts)
    .values({ workspace: owner.workspace, user: owner.ref, flow, integration, body, updatedAt: now })
    .onConflictDoUpdate({ target: [drafts.workspace, drafts.user, drafts.flow, drafts.integration], set: { body, updatedAt: now } });
}

/** Forgets the user's draft; there need not be one. */
export async function deleteDraft(db: Catalogue, owner: Owner, key: DraftKey): Promise<void> {
  await db.delete(drafts).where(which(owner, key));
}
