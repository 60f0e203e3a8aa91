// Hono has had each of these faults. Whether a version has them again is asked here through the whole Worker, by the number of the advisory.
import { env, exports } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { putSigningKey } from "../db/keys.ts";
import { createApiToken } from "../db/tokens.ts";
import { ROUTE_TABLE } from "./route-table.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

let ws: TestWorkspace;
let apiToken: string;
let rsa: CryptoKeyPair;
let jwk: JsonWebKey;
beforeAll(async () => {
  ws = await makeWorkspace();
  apiToken = (await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token;
  rsa = (await generateKeyPair("RS256", { extractable: true })) as CryptoKeyPair;
  jwk = (await exportJWK(rsa.publicKey)) as JsonWebKey;
  await putSigningKey(ws.db, ws.id, { kid: "rsa", alg: "RS256", publicJwk: jwk });
});

const ask = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(new Request(`http://edge.test${path}`, { redirect: "manual", ...init }));
const statusOf = async (authorization: string, path = "/v1/accounts") => {
  const response = await ask(path, { headers: { authorization } });
  await response.body?.cancel();
  return response.status;
};
const now = () => Math.floor(Date.now() / 1_000);
const claims = (more: Record<string, unknown> = {}) => ({
  iss: ws.id,
  aud: "inlay",
  sub: "ada",
  jti: "j",
  iat: now(),
  exp: now() + 600,
  ...more,
});
const sign = (payload: Record<string, unknown>) =>
  new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "rsa" }).sign(rsa.privateKey);

describe("tokens", () => {
  it("CVE-2026-22817 CVE-2026-22818 are checked by their key's algorithm, never by the one that they name", async () => {
    expect(await statusOf(`Bearer ${await sign(claims())}`)).toBe(200);
    const spki = `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...new Uint8Array((await crypto.subtle.exportKey("spki", rsa.publicKey)) as ArrayBuffer)))}\n-----END PUBLIC KEY-----`;
    for (const secret of [JSON.stringify(jwk), spki, jwk.n ?? ""])
      for (const alg of ["HS256", "HS384", "HS512"]) {
        const forged = await new SignJWT(claims()).setProtectedHeader({ alg, kid: "rsa" }).sign(new TextEncoder().encode(secret));
        expect(await statusOf(`Bearer ${forged}`)).toBe(401);
      }
  });

  it.each([
    { exp: "9999999999" },
    { exp: [9_999_999_999] },
    { exp: true },
    { exp: {} },
    { iat: "0" },
    { iat: null },
    { nbf: "9999999999" },
    { nbf: {} },
    { nbf: 9_999_999_999 },
  ])("GHSA-hm8q-7f3q-5f36 whose times are no numbers, or ahead, are refused: %j", async (more) => {
    expect(await statusOf(`Bearer ${await sign(claims(more))}`)).toBe(401);
  });

  it("CVE-2026-47673 count behind Bearer alone, for users and for members", async () => {
    const token = await sign(claims());
    expect(await statusOf(`bEaReR ${token}`)).toBe(200);
    expect(await statusOf(`Bearer ${apiToken}`, "/v1/workspace")).toBe(200);
    for (const scheme of ["Basic", "Digest", "Token", "JWT", "Bearerx", "Negotiate", "", "Bearer,"]) {
      expect(await statusOf(`${scheme} ${token}`)).toBe(401);
      expect(await statusOf(`${scheme} ${apiToken}`, "/v1/workspace")).toBe(401);
      expect(await statusOf(`${scheme} ${env.INLAY_BOOTSTRAP_TOKEN}`, "/v1/workspaces/keys")).toBe(401);
    }
  });
});

describe("cookies", () => {
  it("CVE-2026-47675 carry nothing of a request in their names and attributes", async () => {
    for (const odd of ["x;Domain=evil.example", "x%0d%0aset-cookie:a=b", "x; Path=/; Secure", "att_%3bDomain=evil"])
      for (const path of [`/oauth/start/${odd}`, `/oauth/callback?state=${odd}.x`, `/auth/sign-in?token=${odd}`]) {
        const { headers } = await ask(path, { headers: { cookie: `inlay-session=${odd}` } });
        expect(headers.get("set-cookie") ?? "").not.toMatch(/evil|a=b|Domain/i);
      }
    const out = await ask("/auth/sign-out", { method: "POST", headers: { cookie: "inlay-session=x" } });
    expect(out.headers.get("set-cookie")).toMatch(/^inlay-session=; Max-Age=0; Path=\//);
  });
});

describe("paths", () => {
  it("CVE-2026-47676 reach nothing by another spelling than their own", async () => {
    const spellings = [
      ...[
        "/v1%2Fworkspace",
        "/v1/workspace%2Fkeys",
        "/%761/workspace/keys",
        "/v1//workspace/keys",
        "//v1/workspace/keys",
        "/v1/workspace//keys",
      ],
      ...[
        "/v1/./workspace/keys",
        "/v1/x/../workspace/keys",
        "/v1/workspace/keys/",
        "/V1/WORKSPACE/KEYS",
        "/v1/workspace/keys%00",
        "/v1/workspace/keys;x",
      ],
      ...["/v1/workspace/%6beys", "/hooks/%2e%2e/v1/workspace/keys", "/icons/..%2f..%2fv1%2fworkspace", "/v1/workspace%3fx"],
    ];
    for (const path of spellings) {
      const response = await ask(path);
      expect([401, 404], path).toContain(response.status);
      expect(await response.text()).not.toMatch(/"items"/);
    }
  });
});

describe("bodies", () => {
  const endless = (bytes: number) => {
    let left = bytes;
    return new ReadableStream({
      pull(controller) {
        if (left <= 0) return controller.close();
        left -= 10_000;
        controller.enqueue(new TextEncoder().encode("a".repeat(10_000)));
      },
    });
  };

  it("CVE-2026-44456 CVE-2025-59139 are capped as they come, in chunks and whatever length they claim", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await ask("/auth/sign-in", { method: "POST", body: endless(2_000_000), headers: form })).status).toBe(413);
    const json = { "content-type": "application/json", authorization: `Bearer ${await sign(claims())}` };
    expect((await ask("/v1/integrations", { method: "POST", body: endless(2_000_000), headers: json })).status).toBe(413);
    for (const length of ["0", "1", "-1", "x"]) {
      const lying = ask("/v1/integrations", { method: "POST", body: endless(2_000_000), headers: { ...json, "content-length": length } });
      expect([400, 413]).toContain(
        await lying.then(
          ({ status }) => status,
          () => 400,
        ),
      );
      const chunked = ask("/auth/sign-in", {
        method: "POST",
        body: endless(100_000),
        headers: { ...form, "transfer-encoding": "chunked", "content-length": length },
      });
      expect([400, 413]).toContain(
        await chunked.then(
          ({ status }) => status,
          () => 400,
        ),
      );
    }
  });
});

describe("answers", () => {
  const reads = Object.entries(ROUTE_TABLE).flatMap(([name, line]) =>
    name.startsWith("GET /v1/") && "path" in line && !name.includes(":") && !name.endsWith("/stream") ? [name.slice(4)] : [],
  );

  it("GHSA-p77w-8qqv-26rm are kept by no cache, so that none goes to another user", async () => {
    expect(reads.length).toBeGreaterThan(10);
    const token = await sign(claims());
    for (const path of reads)
      for (const authorization of [`Bearer ${token}`, `Bearer ${apiToken}`, ""]) {
        const response = await ask(path, { headers: { authorization } });
        await response.body?.cancel();
        expect(response.headers.get("cache-control"), path).toMatch(/no-store/);
      }
  });

  it("CVE-2026-54290 let no page of another origin read with cookies, nor anything of members", async () => {
    for (const origin of ["https://evil.example", "null", "http://edge.test.evil.example"])
      for (const path of ["/v1/accounts", "/v1/workspace", "/v1/workspaces", "/v1/workspaces/keys", "/auth/sign-in", "/api/int_x/y"])
        for (const method of ["GET", "OPTIONS"]) {
          const { headers } = await ask(path, { method, headers: { origin, "access-control-request-method": "POST" } });
          expect(headers.get("access-control-allow-credentials"), path).toBeNull();
          expect([null, "*"], path).toContain(headers.get("access-control-allow-origin"));
          if (/workspace|auth/.test(path)) expect(headers.get("access-control-allow-origin"), path).toBeNull();
        }
  });

  it("CVE-2026-47674 depend on no address that a caller claims: no rule looks at one", async () => {
    const token = await sign(claims());
    for (const address of ["::1", "::ffff:127.0.0.1", "[::ffff:7f00:1]", "127.0.0.1"]) {
      const headers = { "x-forwarded-for": address, "x-real-ip": address, "cf-connecting-ip": address };
      expect((await ask("/v1/accounts", { headers })).status).toBe(401);
      expect((await ask("/v1/accounts", { headers: { ...headers, authorization: `Bearer ${token}` } })).status).toBe(200);
    }
  });
});
