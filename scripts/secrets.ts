import type { JsonWebKey } from "node:crypto";
import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { paths } from "./settings.ts";

/** What a local Inlay makes once and keeps: the edge's secrets and the demo host's signing key. */
export interface LocalSecrets {
  masterKey: string;
  bootstrapToken: string;
  hostKid: string;
  hostPrivateJwk: JsonWebKey;
  /** Credentials of the demo's apps, by the name of the environment variable that sets each. */
  demo: Record<DemoCredential, string>;
}

const DEMO_CREDENTIALS = [
  "PIPELINE_CLIENT_ID",
  "PIPELINE_CLIENT_SECRET",
  "PIPELINE_TOKEN",
  "PIPELINE_SOUTH_TOKEN",
  "POSTBOX_KEY",
  "POSTBOX_SOUTH_KEY",
] as const;
type DemoCredential = (typeof DEMO_CREDENTIALS)[number];

/** Random in the form that each app gives out. */
function makeDemoCredential(name: DemoCredential): string {
  if (name === "PIPELINE_CLIENT_ID") return "ledgerly";
  return name.startsWith("POSTBOX") ? `pb_${randomBytes(12).toString("hex")}` : `plp_${randomBytes(18).toString("hex")}`;
}

/** A fresh master key: `id:base64 of 32 bytes`. */
export const makeMasterKey = () => `k${randomBytes(3).toString("hex")}:${randomBytes(32).toString("base64")}`;

/** Reads the local secrets, or makes them, readable by this user alone. */
export function ensureSecrets(): LocalSecrets {
  if (existsSync(paths.secrets)) return JSON.parse(readFileSync(paths.secrets, "utf8")) as LocalSecrets;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const secrets: LocalSecrets = {
    masterKey: makeMasterKey(),
    bootstrapToken: randomBytes(24).toString("base64url"),
    hostKid: `ledgerly-${randomBytes(3).toString("hex")}`,
    hostPrivateJwk: privateKey.export({ format: "jwk" }),
    demo: Object.fromEntries(DEMO_CREDENTIALS.map((name) => [name, makeDemoCredential(name)])) as LocalSecrets["demo"],
  };
  writeFileSync(paths.secrets, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** The public half of the demo host's key. */
export function hostPublicJwk({ hostPrivateJwk }: LocalSecrets): JsonWebKey {
  const { kty, crv, x, y } = createPrivateKey({ key: hostPrivateJwk, format: "jwk" }).export({ format: "jwk" });
  return { kty, crv, x, y } as JsonWebKey;
}

/** Writes the variables that `wrangler dev` gives to the Worker. */
export function writeEdgeEnv({ masterKey, bootstrapToken }: LocalSecrets, edgeUrl: string): void {
  const lines = [
    `PUBLIC_URL=${edgeUrl}`,
    `INLAY_MASTER_KEY=${masterKey}`,
    `INLAY_BOOTSTRAP_TOKEN=${bootstrapToken}`,
    // Development only: the demo's apps and any endpoint of this machine may be called by plain http.
    "INLAY_LOCAL_HOSTS=localhost,127.0.0.1",
    "INLAY_ONE_THREAD=true",
    `INLAY_LIMITS=${process.env.INLAY_LIMITS ?? ""}`,
    `INLAY_RUN_DAYS=${process.env.INLAY_RUN_DAYS ?? ""}`,
  ];
  writeFileSync(paths.edgeEnv, `${lines.join("\n")}\n`, { mode: 0o600 });
}
