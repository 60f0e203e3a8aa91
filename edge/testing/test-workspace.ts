// For tests: a workspace of one's own with a signing key, so that files do not disturb each other, and users' tokens for it.
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { saveApp } from "../db/app-files.ts";
import { catalogue } from "../db/catalogue.ts";
import { publishVersion, saveDraft } from "../db/flow-files.ts";
import { newId } from "../db/new-id.ts";
import { accounts, signingKeys, workspaces } from "../db/schema.ts";
import { touchUser } from "../db/users.ts";
import { createWorkspaceKey } from "../security/seal.ts";

export interface TokenClaims {
  org?: string;
  name?: string;
  email?: string;
  locale?: string;
  attributes?: Record<string, unknown>;
  tags?: string;
  /** Seconds; 600 by default. */
  life?: number;
  /** Seconds since epoch; now by default. */
  issuedAt?: number;
}

/** A workspace with one ES256 signing key, and what tests do in it. */
export async function makeWorkspace() {
  const db = catalogue(env);
  const id = newId("ws");
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const now = Date.now();
  await db.insert(workspaces).values({ id, name: "A workspace", dek: await createWorkspaceKey(env, id), createdAt: now });
  await db.insert(signingKeys).values({
    workspace: id,
    kid: "k1",
    alg: "ES256",
    publicJwk: (await exportJWK(publicKey)) as JsonWebKey,
    createdAt: now,
    revokedAt: null,
  });

  return {
    id,
    db,
    /** A user token, as the host's backend would sign it. */
    token: ({ life = 600, issuedAt, ...claims }: TokenClaims & { sub: string }): Promise<string> =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "k1" })
        .setIssuer(id)
        .setAudience("inlay")
        .setJti(crypto.randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(Math.floor(Date.now() / 1000) + life)
        .sign(privateKey),
    /** The `usr_…` of the host's user `externalId`. */
    user: async (externalId: string, org: string | null = null): Promise<string> =>
      (await touchUser(db, id, { id: externalId, org, name: null, email: null, locale: null, attributes: {} })).ref,
    /** Stores an app from YAML. */
    app: (source: string) => saveApp(db, id, source, mustRead(source, AppFile)),
    /** Publishes a flow from YAML; answers its version. */
    flow: async (source: string): Promise<number> => {
      const file = mustRead(source, FlowFile);
      const draft = await saveDraft(db, id, source, file);
      return publishVersion(db, id, draft.id, { source, file, note: null });
    },
    /** A connected account's row, without an object behind it. `user` is `usr_…`. */
    account: async (user: string | null, app: string, more: Partial<typeof accounts.$inferInsert> = {}): Promise<string> => {
      const account = newId("acc");
      await db.insert(accounts).values({
        ...{ id: account, workspace: id, user, app, auth: "api_key", label: "An account", externalId: account },
        owner: user === null ? ("workspace" as const) : ("user" as const),
        ...{ status: "connected" as const, scopes: [], createdAt: Date.now(), updatedAt: Date.now(), lastUsedAt: null },
        ...more,
      });
      return account;
    },
  };
}
export type TestWorkspace = Awaited<ReturnType<typeof makeWorkspace>>;

/** What the file says; throws where it has a fault. */
export function mustRead<T>(source: string, schema: Parameters<typeof readFile<T>>[1]): T {
  const result = readFile(source, schema);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.value;
}
