import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { importSigningKey, type SigningKey, verifyUserToken } from "./user-token.ts";

const NOW = Date.UTC(2026, 0, 1);
const SECONDS = NOW / 1000;
const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: new Uint8Array([1, 0, 1]) };
const GOOD = { iss: "ws_A", aud: "inlay", sub: "ada", iat: SECONDS, exp: SECONDS + 600, jti: "1", org: "north", name: "Ada", tags: "crm" };

let keys: Record<string, SigningKey>;
let privates: Record<string, CryptoKey>;
let rsaPublic: JsonWebKey;

beforeAll(async () => {
  keys = {};
  privates = {};
  for (const [kid, alg] of [
    ["rs", "RS256"],
    ["es", "ES256"],
    ["ed", "EdDSA"],
    ["other", "ES256"],
  ] as const) {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwk = (await exportJWK(pair.publicKey)) as JsonWebKey;
    if (kid === "rs") rsaPublic = jwk;
    keys[`${kid === "other" ? "ws_B" : "ws_A"} ${kid}`] = await importSigningKey(jwk, alg);
    privates[kid] = pair.privateKey;
  }
});

const find = async (workspace: string, kid: string) => keys[`${workspace} ${kid}`];
const sign = (claims: Record<string, unknown>, kid = "es", alg = "ES256") =>
  new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privates[kid]!);
const verify = (token: string, now = NOW) => verifyUserToken(token, find, now);
const b64 = (value: unknown) =>
  btoa(typeof value === "string" ? value : JSON.stringify(value))
    .replaceAll("=", "")
    .replaceAll("+", "-")
    .replaceAll("/", "_");

describe("a good user token", () => {
  it.each([
    ["rs", "RS256"],
    ["es", "ES256"],
    ["ed", "EdDSA"],
  ])("is accepted when signed with %s as %s", async (kid, alg) => {
    const result = await verify(await sign(GOOD, kid, alg));
    expect(result).toMatchObject({
      ok: true,
      claims: { workspace: "ws_A", id: "ada", org: "north", name: "Ada", email: null, tags: "crm", attributes: {} },
    });
  });

  it("is accepted up to 60 s behind its end, and no longer", async () => {
    const token = await sign(GOOD);
    expect(await verify(token, NOW + 655_000)).toMatchObject({ ok: true });
    expect(await verify(token, NOW + 665_000)).toMatchObject({ ok: false, code: "token_expired" });
  });
});

describe("a key", () => {
  it("of RSA has at least 2,048 bits, else it is not registered", async () => {
    const make = async (modulusLength: number) =>
      exportJWK(((await crypto.subtle.generateKey({ ...RSA, modulusLength }, true, ["sign", "verify"])) as CryptoKeyPair).publicKey);
    await expect(importSigningKey((await make(1_024)) as JsonWebKey, "RS256")).rejects.toThrow(/at least 2048 bits/);
    await expect(importSigningKey((await make(2_048)) as JsonWebKey, "RS256")).resolves.toMatchObject({ alg: "RS256" });
  });
});

describe("a user token is refused", () => {
  const cases: [string, Record<string, unknown>, RegExp][] = [
    ["T07 for another audience", { ...GOOD, aud: "other" }, /aud/],
    ["T07 for others as well", { ...GOOD, aud: ["inlay", "other"] }, /aud/],
    ["T05 that lives longer than 15 minutes", { ...GOOD, exp: SECONDS + 901 }, /15 minutes/],
    ["from the future", { ...GOOD, iat: SECONDS + 300, exp: SECONDS + 600 }, /future/],
    ["T05 without exp", { ...GOOD, exp: undefined }, /exp/],
    ["T05 with a text as exp", { ...GOOD, exp: "never" }, /exp/],
    ["T05 with null as exp", { ...GOOD, exp: null }, /exp/],
    ["T05 with an exp beyond all numbers", { ...GOOD, exp: 1e308 }, /15 minutes|exp/],
    ["without iat", { ...GOOD, iat: undefined }, /iat/],
    ["without sub", { ...GOOD, sub: undefined }, /sub/],
    ["with an empty sub", { ...GOOD, sub: "" }, /sub/],
    ["T10 with a number as sub", { ...GOOD, sub: 7 }, /sub/],
    ["T10 with a line break in sub", { ...GOOD, sub: "ada\nroot" }, /sub/],
    ["T10 with a sub of 10 kB", { ...GOOD, sub: "a".repeat(10_000) }, /sub/],
    ["without jti", { ...GOOD, jti: undefined }, /jti/],
    ["with an object as org", { ...GOOD, org: { id: 1 } }, /org/],
    ["with a list as attributes", { ...GOOD, attributes: [] }, /attributes/],
  ];
  it.each(cases)("%s", async (_, claims, reason) => {
    const result = await verify(await sign(claims));
    expect(result).toMatchObject({ ok: false, code: "unauthenticated" });
    expect(result.ok === false && result.message).toMatch(reason);
  });

  it("T01 with alg none, in any spelling", async () => {
    for (const alg of ["none", "None", "NONE", "nOnE", ""])
      for (const signature of ["", "AAAA"])
        expect(await verify(`${b64({ alg, kid: "es" })}.${b64(GOOD)}.${signature}`)).toMatchObject({ ok: false, code: "unauthenticated" });
  });

  it("T02 signed by HS256 with our stored public key", async () => {
    const secret = new TextEncoder().encode(JSON.stringify(rsaPublic));
    const token = await new SignJWT(GOOD).setProtectedHeader({ alg: "HS256", kid: "rs" }).sign(secret);
    expect(await verify(token)).toMatchObject({ ok: false, code: "unauthenticated" });
  });

  it("T13 signed with a key of another workspace", async () => {
    expect(await verify(await sign(GOOD, "other"))).toMatchObject({ ok: false, code: "unauthenticated" });
    const forged = await new SignJWT(GOOD).setProtectedHeader({ alg: "ES256", kid: "es" }).sign(privates.other!);
    expect(await verify(forged)).toMatchObject({ ok: false, code: "unauthenticated" });
  });

  it.each(["../es", "es' OR 1=1", "", "gone"])("T04 with the kid “%s”", async (kid) => {
    const token = await new SignJWT(GOOD).setProtectedHeader({ alg: "ES256", kid }).sign(privates.es!);
    expect(await verify(token)).toMatchObject({ ok: false, code: "unauthenticated" });
  });

  it("without a kid, with another algorithm than its key's, changed, or no token at all", async () => {
    const noKid = await new SignJWT(GOOD).setProtectedHeader({ alg: "ES256" }).sign(privates.es!);
    const [head = "", , tail = ""] = (await sign(GOOD)).split(".");
    const changed = `${head}.${b64({ ...GOOD, sub: "grace" })}.${tail}`;
    const relabeled = `${b64({ alg: "RS256", kid: "es" })}.${b64(GOOD)}.${tail}`;
    for (const token of [noKid, changed, relabeled, "", "a.b.c", "x".repeat(20_000)])
      expect(await verify(token)).toMatchObject({ ok: false, code: "unauthenticated" });
  });
});

it("T05 with 0 as exp is refused as long over", async () => {
  expect(await verify(await sign({ ...GOOD, iat: -600, exp: 0 }))).toMatchObject({ ok: false, code: "token_expired" });
});

describe("a signing key", () => {
  it("is refused when it is private, shared, or does not fit its algorithm", async () => {
    const pair = await generateKeyPair("ES256", { extractable: true });
    const privateJwk = (await exportJWK(pair.privateKey)) as JsonWebKey;
    await expect(importSigningKey(privateJwk, "ES256")).rejects.toThrow(/private/);
    await expect(importSigningKey({ kty: "oct", k: "AAAA" } as JsonWebKey, "ES256")).rejects.toThrow(/shared/);
    await expect(importSigningKey(rsaPublic, "ES256")).rejects.toThrow(/does not sign/);
    await expect(importSigningKey(rsaPublic, "HS256")).rejects.toThrow(/use one of/);
  });
});
