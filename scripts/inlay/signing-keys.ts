// Keys that the host signs user tokens with. The workspace has the public halves alone.
import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CommandError } from "../edge-access.ts";
import { askUser } from "./ask-user.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

interface KeyRow {
  kid: string;
  alg: string;
  createdAt: string;
  revokedAt: string | null;
}
const ALGORITHMS = ["ES256", "RS256", "EdDSA"] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const readKeys = async (access: WorkspaceAccess): Promise<KeyRow[]> => (await access.json<{ items: KeyRow[] }>("/keys")).items;

/** Prints the workspace's signing keys. */
export async function listKeys(access: WorkspaceAccess, json: boolean): Promise<void> {
  const keys = await readKeys(access);
  if (json) console.log(JSON.stringify(keys, null, 2));
  else
    for (const { kid, alg, createdAt, revokedAt } of keys)
      console.log(`${kid.padEnd(24)} ${alg.padEnd(6)} registered ${createdAt}${revokedAt === null ? "" : `, revoked ${revokedAt}`}`);
}

/** Registers the public half in `file`, PEM or JWK. A private key is refused before anything is sent. */
export async function addSigningKey(access: WorkspaceAccess, kid: string, file: string): Promise<void> {
  if (!existsSync(file)) throw new CommandError(`There is no ${file}.`);
  const publicJwk = readPublic(readFileSync(file, "utf8"), file);
  await register(access, kid, publicJwk);
}

/** Makes a pair: the private half goes into `out`, readable by this user alone; the public half is registered. */
export async function makeSigningKey(access: WorkspaceAccess, kid: string, out: string, given: string | undefined): Promise<void> {
  const alg = ALGORITHMS.find((one) => one === (given ?? "ES256"));
  if (!alg) throw new CommandError(`--alg is one of ${ALGORITHMS.join(", ")}.`);
  if (existsSync(out)) throw new CommandError(`${out} is there already: nothing was made.`);
  if ((await readKeys(access)).some((key) => key.kid === kid))
    throw new CommandError(`There is a key “${kid}” already: take another name.`);
  const { privateKey, publicKey } = makePair(alg);
  writeFileSync(out, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  await register(access, kid, publicKey.export({ format: "jwk" }));
  console.log(`Its private half is in ${out}: give it to your backend's secrets, and remove the file.`);
}

/** Revokes a key: tokens that it has signed stop within a minute. False where the answer is no. */
export async function revokeSigningKey(access: WorkspaceAccess, kid: string, isSure: boolean): Promise<boolean> {
  if (!(await askUser(`Revoke the signing key ${kid} of ${access.called}? Its tokens stop within a minute.`, isSure))) return false;
  await access.ask("DELETE", `/keys/${encodeURIComponent(kid)}`);
  console.log(`${kid} is revoked.`);
  return true;
}

async function register(access: WorkspaceAccess, kid: string, publicJwk: JsonWebKey): Promise<void> {
  const body = { text: JSON.stringify({ alg: algorithmOf(publicJwk), publicJwk }), type: "application/json" };
  await access.ask("PUT", `/keys/${encodeURIComponent(kid)}`, body);
  console.log(`${kid} is registered.`);
}

function makePair(alg: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (alg === "RS256") return generateKeyPairSync("rsa", { modulusLength: 2_048 });
  return alg === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" }) : generateKeyPairSync("ed25519");
}

function readPublic(text: string, file: string): JsonWebKey {
  if (/PRIVATE KEY|"d"\s*:/.test(text)) throw new CommandError(`${file} holds a private key. Give the public half: nothing was sent.`);
  try {
    const key = text.trimStart().startsWith("{")
      ? createPublicKey({ key: JSON.parse(text) as JsonWebKey, format: "jwk" })
      : createPublicKey(text);
    return key.export({ format: "jwk" });
  } catch {
    throw new CommandError(`${file} holds no public key in PEM or JWK.`);
  }
}

function algorithmOf({ kty, crv }: JsonWebKey): Algorithm {
  if (kty === "RSA") return "RS256";
  if (kty === "EC" && crv === "P-256") return "ES256";
  if (kty === "OKP" && crv === "Ed25519") return "EdDSA";
  throw new CommandError(`Keys are RSA, P-256 or Ed25519; this one is ${crv ?? kty}.`);
}
