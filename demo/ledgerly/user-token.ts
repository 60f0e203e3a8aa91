import { createPrivateKey, randomUUID, sign } from "node:crypto";
import type { LedgerlyConfig } from "./config-file.ts";
import type { LedgerlyUser } from "./users.ts";

/** Inlay takes at most 15 minutes; shorter shows early that renewal works. */
const LIFETIME_SECONDS = 600;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWT that tells Inlay who the user is, signed with ES256 (RFC 7518 3.4: the signature is r and s, not DER). `now` is in milliseconds. */
export function signUserToken(config: LedgerlyConfig, user: LedgerlyUser, now: number = Date.now()): string {
  const iat = Math.floor(now / 1000);
  const { org, name, email, locale, attributes } = user;
  const times = { iat, exp: iat + LIFETIME_SECONDS, jti: randomUUID() };
  const claims = { iss: config.workspaceId, aud: "inlay", sub: user.id, ...times, org, name, email, locale, attributes };
  const unsigned = `${encode({ alg: "ES256", kid: config.kid, typ: "JWT" })}.${encode(claims)}`;
  const key = createPrivateKey({ key: config.privateJwk, format: "jwk" });
  return `${unsigned}.${sign("sha256", Buffer.from(unsigned), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}
