import { and, desc, eq, isNull } from "drizzle-orm";
import { importSigningKey, type SigningKey } from "../security/user-token.ts";
import type { Catalogue } from "./catalogue.ts";
import { signingKeys } from "./schema.ts";

const KEEP = 60_000;
/** Short, so that a key registered after a failed try counts soon. */
const KEEP_MISS = 2_000;
const MAX_KEPT = 500;
const kept = new Map<string, { key: SigningKey | undefined; until: number }>();

/** The live signing key `kid` of `workspace`, kept by this isolate for 60 s: a revoked key dies everywhere within that time. */
export async function findSigningKey(db: Catalogue, workspace: string, kid: string): Promise<SigningKey | undefined> {
  const name = JSON.stringify([workspace, kid]);
  const known = kept.get(name);
  if (known && known.until > Date.now()) return known.key;
  const [row] = await db
    .select({ alg: signingKeys.alg, jwk: signingKeys.publicJwk })
    .from(signingKeys)
    .where(and(eq(signingKeys.workspace, workspace), eq(signingKeys.kid, kid), isNull(signingKeys.revokedAt)));
  const key = row ? await importSigningKey(row.jwk, row.alg) : undefined;
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(name, { key, until: Date.now() + (key ? KEEP : KEEP_MISS) });
  return key;
}

/** Drops a key from this isolate's cache; call it after registering or revoking one. */
export function forgetSigningKey(workspace: string, kid: string): void {
  kept.delete(JSON.stringify([workspace, kid]));
}

/** Registers a public key under `kid`, or replaces it. */
export async function putSigningKey(
  db: Catalogue,
  workspace: string,
  { kid, alg, publicJwk }: { kid: string; alg: string; publicJwk: JsonWebKey },
  now = Date.now(),
): Promise<void> {
  await db
    .insert(signingKeys)
    .values({ workspace, kid, alg, publicJwk, createdAt: now })
    .onConflictDoUpdate({ target: [signingKeys.workspace, signingKeys.kid], set: { alg, publicJwk, revokedAt: null } });
  forgetSigningKey(workspace, kid);
}

/** The workspace's keys, newest first, revoked ones too. */
export async function listSigningKeys(db: Catalogue, workspace: string) {
  const { kid, alg, createdAt, revokedAt } = signingKeys;
  return db
    .select({ kid, alg, createdAt, revokedAt })
    .from(signingKeys)
    .where(eq(signingKeys.workspace, workspace))
    .orderBy(desc(signingKeys.createdAt));
}

/** Ends a key. False where the workspace has no such live key. */
export async function revokeSigningKey(db: Catalogue, workspace: string, kid: string, now = Date.now()): Promise<boolean> {
  const live = and(eq(signingKeys.workspace, workspace), eq(signingKeys.kid, kid), isNull(signingKeys.revokedAt));
  const rows = await db.update(signingKeys).set({ revokedAt: now }).where(live).returning({ kid: signingKeys.kid });
  forgetSigningKey(workspace, kid);
  return rows.length > 0;
}
