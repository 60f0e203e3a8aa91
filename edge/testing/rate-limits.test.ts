import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createSignInLink, ensureMember, openSession, type Role } from "../db/members.ts";
import { createApiToken } from "../db/tokens.ts";
import { KEY_TRIES, SIGN_IN_LINKS } from "../http/limit-rate.ts";
import { edgeClient } from "./call-edge.ts";
import { fakeProvider } from "./fake-provider.ts";
import { configured, makeConfig } from "./integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

const APP = `inlay: 1
key: post
name: Post
baseUrl: https://post.example
auth: [{ key: key, type: api_key, name: X-Api-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }]
test: { query: me }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `blocks:
  - { key: hook, name: Hook, trigger: { webhook: {} }, steps: [{ key: a, value: 1 }] }
`;

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(APP);
});
/** No time passes, however slow the machine is: nothing is let in meanwhile. */
beforeEach(() => {
  vi.spyOn(Date, "now").mockReturnValue(Date.now());
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("what is done too often is refused, and when to come again is said", () => {
  it("trying keys, for that user alone", async () => {
    const seen = fakeProvider(() => new Response(null, { status: 401 }));
    const [ada, grace] = [edgeClient(await ws.token({ sub: "ada" })), edgeClient(await ws.token({ sub: "grace" }))];
    const attempt = (as: typeof ada) => as("POST", "/v1/accounts", { app: "post", auth: "key", fields: { key: "guess" } });
    for (let i = 0; i < KEY_TRIES.burst; i++) expect((await attempt(ada)).status).toBe(422);
    const [asked, refused] = [seen.length, await attempt(ada)];
    expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited", detail: expect.stringMatching(/again in \d s/) } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(seen.length).toBe(asked);
    expect((await attempt(grace)).status).toBe(422);
  });

  it("making sign-in links", async () => {
    const { token } = await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null });
    const make = () => edgeClient(token)("POST", "/v1/workspace/sign-in-links", { email: "a@example.com", role: "viewer" });
    for (let i = 0; i < SIGN_IN_LINKS.burst; i++) expect((await make()).status).toBe(201);
    const refused = await make();
    expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited" } });
    expect(refused.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  });

  it("calling a webhook's address", async () => {
    const config = makeConfig(FLOW);
    await configured(config);
    const call = { method: "POST", headers: {}, query: {}, body: "{}" };
    await runInDurableObject(env.INTEGRATIONS.getByName(config.id), async (object) => {
      for (let i = 0; i < 10_000; i++) expect((await object.acceptHook("hook", "wrong", call)).ok).toBe(false);
      expect(await object.acceptHook("hook", "wrong", call)).toMatchObject({ status: 429, code: "rate_limited", retryAfter: 1 });
      expect(await object.acceptHook("other", "wrong", call)).toMatchObject({ status: 429 });
      const key = (await object.describe()).blocks[0]?.url?.split("/").at(-1) ?? "";
      expect(await object.acceptHook("hook", key, call)).toMatchObject({ ok: true });
    });
  });
});

describe("a sign-in link", () => {
  it("is made by no member for a stronger role than their own", async () => {
    const other = await makeWorkspace();
    const sessionOf = async (role: Role) => {
      const member = await ensureMember(other.db, other.id, `${role}@example.com`, role);
      return {
        cookie: `inlay-session=${await openSession(other.db, await createSignInLink(other.db, other.id, member))}`,
        origin: "http://edge.test",
      };
    };
    const [owner, admin] = [await sessionOf("owner"), await sessionOf("admin")];
    const make = (headers: Record<string, string>, email: string, role: Role) =>
      edgeClient()("POST", "/v1/workspace/sign-in-links", { email, role }, headers);
    expect(await make(admin, "owner@example.com", "viewer")).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await make(admin, "new@example.com", "owner")).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("owner") },
    });
    expect(await make(admin, "new@example.com", "builder")).toMatchObject({ status: 201 });
    expect(await make(owner, "other@example.com", "owner")).toMatchObject({ status: 201 });
  });
});
