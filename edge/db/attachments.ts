import { and, count, desc, eq } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { flowAttachments } from "./schema.ts";

export type AttachmentRow = typeof flowAttachments.$inferSelect;

const ofFlow = (workspace: string, flow: string) => and(eq(flowAttachments.workspace, workspace), eq(flowAttachments.flow, flow));
const one = (workspace: string, flow: string, id: string) => and(ofFlow(workspace, flow), eq(flowAttachments.id, id));

/** A flow's attachments, newest first. `flow` is `flows.id`. */
export function listAttachments(db: Catalogue, workspace: string, flow: string): Promise<AttachmentRow[]> {
  return db.select().from(flowAttachments).where(ofFlow(workspace, flow)).orderBy(desc(flowAttachments.createdAt));
}

export async function countAttachments(db: Catalogue, workspace: string, flow: string): Promise<number> {
  const [row] = await db.select({ total: count() }).from(flowAttachments).where(ofFlow(workspace, flow));
  return row?.total ?? 0;
}

export async function findAttachment(db: Catalogue, workspace: string, flow: string, id: string): Promise<AttachmentRow | undefined> {
  const [row] = await db
    .select()
    .from(flowAttachments)
    .where(one(workspace, flow, id));
  return row;
}

export async function insertAttachment(db: Catalogue, row: AttachmentRow): Promise<void> {
  await db.insert(flowAttachments).values(row);
}

export async function renameAttachment(db: Catalogue, { workspace, flow, id }: AttachmentRow, name: string): Promise<void> {
  await db
    .update(flowAttachments)
    .set({ name })
    .where(one(workspace, flow, id));
}

export async function deleteAttachment(db: Catalogue, { workspace, flow, id }: AttachmentRow): Promise<void> {
  await db.delete(flowAttachments).where(one(workspace, flow, id));
}
