import { and, desc, eq, getTableColumns, gt, isNull, lt, or } from "drizzle-orm";
import { hashToken, randomToken } from "../security/random-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { newId } from "./new-id.ts";
import { apiTokens, members } from "./schema.ts";

/** What a token may do. `admin` includes all others, `write` includes `read`. */
export const SCOPES = ["read", "write", "events", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

const TOUCH_EVERY = 60_000;

interface NewToken {
  name: string;
  scopes: Scope[];
  expiresAt: number | null;
  /** That of whoever makes it. */
  role?: string | null;
  /** The member whose it is, and with whom it ends; null: the workspace's own. */
  member?: string | null;
}

/** Makes an API token; `token` is shown this once and kept nowhere. */
export async function createApiToken(
  db: Catalogue,
  workspace: string,
  { role = null, member = null, ...rest }: NewToken,
  now = Date.now(),
): Promise<{ id: string; token: string }> {
  const token = randomToken("inlay_");
  const id = newId("tok");
  await db.insert(apiTokens).values({ ...rest, id, workspace, hash: await hashToken(token), role, member, createdAt: now });
  return { id, token };
}

/** The token's row where it is live at `now`, with what the member whose it is is by now; notes its use, once a minute at most. */
export async function findApiToken(db: Catalogue, token: string, now = Date.now()) {
  const live = and(
    eq(apiTokens.hash, await hashToken(token)),
    isNull(apiTokens.revokedAt),
    or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now)),
  );
  const [row] = await db
    .select({ ...getTableColumns(apiTokens), memberRole: members.role })
    .from(apiTokens)
    .leftJoin(members, eq(members.id, apiTokens.member))
    .where(live);
  if (!row) return undefined;
  if ((row.lastUsedAt ?? 0) < now - TOUCH_EVERY) {
    const stale = or(isNull(apiTokens.lastUsedAt), lt(apiTokens.lastUsedAt, now - TOUCH_EVERY));
    await db
      .update(apiTokens)
      .set({ lastUsedAt: now })
      .where(and(eq(apiTokens.workspace, row.workspace), eq(apiTokens.id, row.id), stale));
  }
  return row;
}

/** The workspace's live tokens, or those of one `member` of it, newest first, without their hashes. */
export async function listApiTokens(db: Catalogue, workspace: string, member?: string) {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt } = apiTokens;
  const whose = member === undefined ? undefined : eq(apiTokens.member, member);
  return db
    .select({ id, name, scopes, member: members.email, createdAt, expiresAt, lastUsedAt })
    .from(apiTokens)
    .leftJoin(members, eq(members.id, apiTokens.member))
    .where(and(eq(apiTokens.workspace, workspace), isNull(apiTokens.revokedAt), whose))
    .orderBy(desc(apiTokens.createdAt));
}

/** Ends a token at once. False where the workspace has no such live token. */
export async function revokeApiToken(db: Catalogue, workspace: string, id: string, now = Date.now()): Promise<boolean> {
  const mine = and(eq(apiTokens.workspace, workspace), eq(apiTokens.id, id), isNull(apiTokens.revokedAt));
  const rows = await db.update(apiTokens).set({ revokedAt: now }).where(mine).returning({ id: apiTokens.id });
  return rows.length > 0;
}
