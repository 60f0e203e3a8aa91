import { env, exports } from "cloudflare:workers";
import { exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { sessionCookie } from "../../http/require-member.ts";

const EDGE = "http://edge.test";
let token = "";

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const isText = typeof body === "string";
  return exports.default.fetch(`${EDGE}${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": isText ? "application/yaml" : "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
};
const problemOf = async (response: Response) =>
  (await response.json()) as { code: string; detail: string; errors?: { path: string; params?: { line: number } }[] };

const createWorkspace = async (name: string) => {
  const headers = { authorization: `Bearer ${env.INLAY_BOOTSTRAP_TOKEN}` };
  const response = await send("POST", "/v1/workspaces", { name, email: "owner@example.com" }, headers);
  return (await response.json()) as { id: string; apiToken: string };
};

const FLOW = `inlay: 1
key: hello
name: Hello
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: say, value: hello }
`;

beforeAll(async () => {
  token = (await createWorkspace("One")).apiToken;
});

describe("creating workspaces", () => {
  it("is for who deployed the edge alone", async () => {
    for (const authorization of ["", "Bearer wrong", `Basic ${env.INLAY_BOOTSTRAP_TOKEN}`, `Bearer ${token}`]) {
      const response = await send("POST", "/v1/workspaces", { name: "X", email: "x@example.com" }, { authorization });
      expect(response.status).toBe(401);
    }
  });
});

describe("API tokens", () => {
  it("are refused when unknown, revoked, expired or short of a scope", async () => {
    const expiresAt = new Date(Date.now() - 1_000).toISOString();
    const make = async (body: object) =>
      (await (await send("POST", "/v1/workspace/tokens", { name: "t", ...body })).json()) as { id: string; token: string };
    const reader = await make({ scopes: ["read"] });
    const expired = await make({ scopes: ["admin"], expiresAt });
    const revoked = await make({ scopes: ["admin"] });
    expect((await send("DELETE", `/v1/workspace/tokens/${revoked.id}`)).status).toBe(204);

    const as = (one: string) => ({ authorization: `Bearer ${one}` });
    expect((await send("GET", "/v1/workspace/flows", undefined, as(reader.token))).status).toBe(200);
    expect((await send("PUT", "/v1/workspace/secrets/A", { value: "x" }, as(reader.token))).status).toBe(403);
    for (const one of [expired.token, revoked.token, "inlay_unknown", ""])
      expect((await send("GET", "/v1/workspace/flows", undefined, as(one))).status).toBe(401);
  });

  it("are listed without anything that could be used", async () => {
    const text = await (await send("GET", "/v1/workspace/tokens")).text();
    expect(text).not.toContain("inlay_");
    expect(text).not.toContain("hash");
  });

  it("see their own workspace alone", async () => {
    const other = await createWorkspace("Two");
    await send("POST", "/v1/workspace/flows", FLOW);
    const response = await send("GET", "/v1/workspace/flows", undefined, { authorization: `Bearer ${other.apiToken}` });
    expect(await response.json()).toEqual({ items: [], nextCursor: null });
  });
});

describe("flow files", () => {
  it("become a draft, then a numbered version, and change only when they differ", async () => {
    expect(await (await send("POST", "/v1/workspace/flows", FLOW)).json()).toEqual({ key: "hello", changed: true });
    const published = await send("POST", "/v1/workspace/flows/hello/versions", { note: "first" });
    expect([published.status, await published.json()]).toEqual([201, { version: 1 }]);
    expect(await (await send("POST", "/v1/workspace/flows", FLOW)).json()).toEqual({ key: "hello", changed: false });
    await send("POST", "/v1/workspace/flows", FLOW.replace("Hello", "Hello again"));
    expect(await (await send("POST", "/v1/workspace/flows/hello/versions", {})).json()).toEqual({ version: 2 });
    const { items } = (await (await send("GET", "/v1/workspace/flows/hello/versions")).json()) as { items: { version: number }[] };
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
  });

  it("come back byte for byte", async () => {
    const source = `# a comment\n${FLOW}`;
    await send("POST", "/v1/workspace/flows", source);
    expect(await (await send("GET", "/v1/workspace/flows/hello/file")).text()).toBe(source);
  });

  it("are refused with the line where they are broken", async () => {
    const response = await send("POST", "/v1/workspace/flows", FLOW.replace("trigger:", "triger:"));
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem.errors?.some(({ params }) => params?.line === 7)).toBe(true);
  });

  it("are not published when they name an app that the workspace does not have", async () => {
    const source = FLOW.replace("blocks:", "accounts: { crm: { app: nowhere } }\nblocks:").replace("key: hello", "key: broken");
    await send("POST", "/v1/workspace/flows", source);
    const response = await send("POST", "/v1/workspace/flows/broken/versions", {});
    expect(response.status).toBe(422);
    expect((await problemOf(response)).detail).toContain("nowhere");
  });
});

describe("signing keys", () => {
  it("are taken as public halves alone", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    expect((await send("PUT", "/v1/workspace/keys/k1", { alg: "ES256", publicJwk: await exportJWK(publicKey) })).status).toBe(204);
    expect((await send("PUT", "/v1/workspace/keys/k2", { alg: "ES256", publicJwk: await exportJWK(privateKey) })).status).toBe(422);
    expect((await send("PUT", "/v1/workspace/keys/k3", { alg: "RS256", publicJwk: await exportJWK(publicKey) })).status).toBe(422);
    expect((await send("PUT", "/v1/workspace/keys/k4", { alg: "HS256", publicJwk: { kty: "oct", k: "AAAA" } })).status).toBe(422);
  });
});

describe("secrets", () => {
  it("are listed by name and never come back", async () => {
    expect((await send("PUT", "/v1/workspace/secrets/CLIENT_SECRET", { value: "canary-4711" })).status).toBe(204);
    const text = await (await send("GET", "/v1/workspace/secrets")).text();
    expect(text).toContain("CLIENT_SECRET");
    expect(text).not.toContain("canary");
    const stored = await env.DB.prepare("SELECT sealed FROM secrets").first<{ sealed: string }>();
    expect(stored?.sealed).not.toContain("canary");
  });
});

describe("signing in to the console", () => {
  it("takes a click, works once, and gives a session that scripts elsewhere cannot use", async () => {
    const { url } = (await (await send("POST", "/v1/workspace/sign-in-links", { email: "ada@example.com" })).json()) as { url: string };
    const link = new URL(url);
    expect((await exports.default.fetch(link)).status).toBe(200);
    const submit = () =>
      exports.default.fetch(`${EDGE}/auth/sign-in`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ token: link.searchParams.get("token") ?? "" }),
      });
    const first = await submit();
    expect(first.status).toBe(303);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect((await submit()).status).toBe(410);

    const session = `${sessionCookie(EDGE)}=${/=([^;]+)/.exec(cookie)?.[1]}`;
    const me = await exports.default.fetch(`${EDGE}/v1/workspace`, { headers: { cookie: session } });
    expect(await me.json()).toMatchObject({ workspace: { name: "One" }, member: { email: "ada@example.com", role: "owner" } });
    const change = (origin: string) =>
      exports.default.fetch(`${EDGE}/v1/workspace/variables/X`, {
        method: "PUT",
        headers: { cookie: session, origin, "content-type": "application/json" },
        body: JSON.stringify({ value: "1" }),
      });
    expect((await change("https://evil.example")).status).toBe(403);
    expect((await change(EDGE)).status).toBe(204);
  });
});
