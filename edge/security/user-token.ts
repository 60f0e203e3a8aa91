// User tokens, as the contract's section 3 has them. The key says which algorithm counts, never the token; nothing of the token is
// believed before its signature but the names under which the key is looked up.
import { decodeJwt, decodeProtectedHeader, errors, importJWK, jwtVerify } from "jose";

export const SIGNING_ALGORITHMS = ["RS256", "ES256", "EdDSA"] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** The public half of a registered key, imported for its one algorithm. */
export interface SigningKey {
  alg: SigningAlgorithm;
  key: CryptoKey;
}

/** What a good token says. `id` is the host's own id of the user; times are in ms since epoch. */
export interface UserClaims {
  workspace: string;
  id: string;
  org: string | null;
  name: string | null;
  email: string | null;
  locale: string | null;
  attributes: Record<string, unknown>;
  /** A tag expression that limits what the user sees and can set up. */
  tags?: string;
  issuedAt: number;
  expiresAt: number;
}

/** Why a token is refused. Only `token_expired` is mended by asking the host for another. */
export interface TokenFault {
  ok: false;
  code: "unauthenticated" | "token_expired";
  message: string;
}

const MAX_TOKEN = 16_000;
const MIN_RSA = 2_048;
const MAX_LIFE = 15 * 60;
const SKEW = 60;

/** Imports a public JWK for exactly `alg`. Throws `TypeError` where the key is private, or does not fit the algorithm. */
export async function importSigningKey(jwk: JsonWebKey, alg: string): Promise<SigningKey> {
  const known = SIGNING_ALGORITHMS.find((one) => one === alg);
  if (!known) throw new TypeError(`use one of ${SIGNING_ALGORITHMS.join(", ")}, not ${alg}`);
  if (jwk.d !== undefined || jwk.kty === "oct") throw new TypeError("this is a private or shared key: register the public half only");
  if ((jwk.kty === "RSA") !== (known === "RS256") || (jwk.kty === "OKP") !== (known === "EdDSA"))
    throw new TypeError(`a key of type ${jwk.kty} does not sign ${known}`);
  const { kty = "", n, e, crv, x, y } = jwk;
  const bare = Object.fromEntries(Object.entries({ n, e, crv, x, y }).filter(([, value]) => value !== undefined));
  try {
    const key = await importJWK({ kty, ...bare }, known);
    if (!(key instanceof CryptoKey)) throw new TypeError("no public key");
    const { modulusLength } = key.algorithm as { modulusLength?: number };
    if (modulusLength !== undefined && modulusLength < MIN_RSA) throw new TypeError(`an RSA key has at least ${MIN_RSA} bits`);
    return { alg: known, key };
  } catch (error) {
    throw new TypeError(`the key cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Verifies a user token at `now` (ms since epoch). `findKey` looks among the keys of that workspace that are registered and not revoked. */
export async function verifyUserToken(
  token: string,
  findKey: (workspace: string, kid: string) => Promise<SigningKey | undefined>,
  now: number,
): Promise<{ ok: true; claims: UserClaims } | TokenFault> {
  if (token.length > MAX_TOKEN) return refuse("the user token is longer than 16,000 characters");
  const names = readNames(token);
  if (!names) return refuse("this is no user token: a JWT with a kid in its header and a workspace id as iss is expected");
  const found = await findKey(names.workspace, names.kid);
  if (!found) return refuse("no registered key of that workspace has the kid of the user token");
  try {
    const { payload } = await jwtVerify(token, found.key, {
      algorithms: [found.alg],
      issuer: names.workspace,
      audience: "inlay",
      requiredClaims: ["sub", "iat", "exp", "jti"],
      clockTolerance: SKEW,
      currentDate: new Date(now),
    });
    return judge(payload, names.workspace, now);
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return { ok: false, code: "token_expired", message: "the user token has expired: ask the host for a new one" };
    if (error instanceof errors.JOSEError) return refuse(`the user token is refused: ${error.message}`);
    throw error;
  }
}

function readNames(token: string): { workspace: string; kid: string } | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    if (typeof kid !== "string" || kid === "" || kid.length > 200) return undefined;
    return typeof iss === "string" && /^ws_[0-9A-Za-z]{1,60}$/.test(iss) ? { workspace: iss, kid } : undefined;
  } catch {
    return undefined;
  }
}

function judge(payload: Record<string, unknown>, workspace: string, now: number): { ok: true; claims: UserClaims } | TokenFault {
  const { sub, iat, exp, jti, aud, tags, attributes } = payload;
  if (typeof iat !== "number" || typeof exp !== "number" || !Number.isFinite(iat) || !Number.isFinite(exp))
    return refuse("iat and exp must be numbers of seconds");
  if (exp - iat > MAX_LIFE) return refuse("the user token lives longer than 15 minutes: set exp to at most 900 seconds after iat");
  if (iat > now / 1000 + SKEW) return refuse("the user token was issued in the future: check the clock of the host's backend");
  if (Array.isArray(aud) && aud.length !== 1) return refuse("the user token is for others as well: aud must be inlay alone");
  if (typeof jti !== "string" || jti === "" || jti.length > 256) return refuse("jti must be a text of 1 to 256 characters");
  if (!isUserId(sub)) return refuse("sub must be the host's id of the user, 1 to 256 characters");
  for (const name of ["org", "name", "email", "locale", "tags"])
    if (payload[name] !== undefined && payload[name] !== null && !isPlainText(payload[name], name === "tags" ? 2_000 : 256))
      return refuse(`${name} must be a text of at most ${name === "tags" ? "2,000" : 256} characters`);
  if (attributes !== undefined && (!isObject(attributes) || JSON.stringify(attributes).length > 8_000))
    return refuse("attributes must be an object of at most 8,000 characters as JSON");
  const text = (name: string) => (typeof payload[name] === "string" && payload[name] !== "" ? payload[name] : null);
  const claims: UserClaims = {
    workspace,
    id: sub,
    org: text("org"),
    name: text("name"),
    email: text("email"),
    locale: text("locale"),
    attributes: isObject(attributes) ? attributes : {},
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    ...(typeof tags === "string" ? { tags } : {}),
  };
  return { ok: true, claims };
}

const refuse = (message: string): TokenFault => ({ ok: false, code: "unauthenticated", message });
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a host may call a user so. */
export const isUserId = (value: unknown): value is string => isPlainText(value, 256) && value !== "";

function isPlainText(value: unknown, max: number): value is string {
  if (typeof value !== "string" || value.length > max) return false;
  return [...value].every((c) => (c.codePointAt(0) ?? 0) >= 32 && c !== "\u007f");
}
