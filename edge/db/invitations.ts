import { and, desc, eq, gt, isNull } from "drizzle-orm";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { ensureMember, type Role } from "./members.ts";
import { newId } from "./new-id.ts";
import { invitations } from "./schema.ts";

/** How long (ms) an invitation can be taken up. */
export const INVITATION_LIFE = 7 * 86_400_000;
export type InvitationRow = typeof invitations.$inferSelect;

const open = (now: number) => and(isNull(invitations.acceptedAt), gt(invitations.expiresAt, now));

/** Invites `email`, in place of an earlier invitation. `token` is what the link holds; it is stored as a hash alone. */
export async function createInvitation(
  db: Catalogue,
  workspace: string,
  { email, role, invitedBy }: { email: string; role: Role; invitedBy: string },
  now = Date.now(),
): Promise<{ row: InvitationRow; token: string }> {
  const address = email.toLowerCase();
  const token = randomToken("");
  const row: InvitationRow = {
    ...{ id: newId("inv"), workspace, email: address, role, hash: await hashToken(token), invitedBy },
    ...{ expiresAt: now + INVITATION_LIFE, createdAt: now, acceptedAt: null },
  };
  await db.batch([
    db.delete(invitations).where(and(eq(invitations.workspace, workspace), eq(invitations.email, address), isNull(invitations.acceptedAt))),
    db.insert(invitations).values(row),
  ]);
  return { row, token };
}

/** Invitations that can still be taken up, newest first. */
export async function listInvitations(db: Catalogue, workspace: string, now = Date.now()): Promise<InvitationRow[]> {
  return db
    .select()
    .from(invitations)
    .where(and(eq(invitations.workspace, workspace), open(now)))
    .orderBy(desc(invitations.createdAt));
}

/** The open invitation of this address. */
export async function findInvitation(
  db: Catalogue,
  workspace: string,
  email: string,
  now = Date.now(),
): Promise<InvitationRow | undefined> {
  const [row] = await db
    .select()
    .from(invitations)
    .where(and(eq(invitations.workspace, workspace), eq(invitations.email, email.toLowerCase()), open(now)));
  return row;
}

/** Withdraws an invitation. Undefined where there is none such. */
export async function deleteInvitation(db: Catalogue, workspace: string, id: string): Promise<InvitationRow | undefined> {
  const [row] = await db
    .delete(invitations)
    .where(and(eq(invitations.workspace, workspace), eq(invitations.id, id), isNull(invitations.acceptedAt)))
    .returning();
  return row;
}

/** Uses an invitation up, by its link's token or its id: whoever is invited is a member from now on. Undefined where it is used, old or unknown. */
export async function acceptInvitation(
  db: Catalogue,
  by: { token: string } | { workspace: string; id: string },
  now = Date.now(),
): Promise<{ workspace: string; member: string; row: InvitationRow } | undefined> {
  const which =
    "token" in by
      ? eq(invitations.hash, await hashToken(by.token))
      : and(eq(invitations.workspace, by.workspace), eq(invitations.id, by.id));
  const [row] = await db
    .update(invitations)
    .set({ acceptedAt: now })
    .where(and(which, open(now)))
    .returning();
  if (!row) return undefined;
  const { workspace, email, role } = row;
  return { workspace, row, member: await ensureMember(db, workspace, email, role as Role, now) };
}
