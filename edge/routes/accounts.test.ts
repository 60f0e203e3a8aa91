import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Account } from "../../shared/api/account.ts";
import type { Problem } from "../../shared/api/problem.ts";
import { integrations } from "../db/schema.ts";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { fakeProvider } from "../testing/fake-provider.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const POST = `
inlay: 1
key: post
name: Post
baseUrl: "https://{{ account.region }}.post.example"
auth:
  - key: api_key
    type: api_key
    name: X-Api-Key
    fields:
      - { key: key, type: secret, label: API key, required: true, validate: { pattern: "^pb_[a-z0-9]{4}$", message: Starts with pb_ } }
      - { key: region, type: text, default: eu }
  - { key: oauth, type: oauth2, authorizeUrl: https://login.post.example/a, tokenUrl: https://login.post.example/t, client: { id: POST_ID } }
test: { query: me, id: "{{ body.id }}", label: "{{ body.company }}" }
queries: { me: { request: { path: /me } } }
`;

let ws: TestWorkspace;
let asAda: ReturnType<typeof edgeClient>;
let asGrace: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(POST);
  asAda = edgeClient(await ws.token({ sub: "ada" }));
  asGrace = edgeClient(await ws.token({ sub: "grace" }));
});
afterEach(() => void vi.unstubAllGlobals());

/** The provider knows these keys. */
const companies: Record<string, object> = {
  pb_aaaa: { id: 7, company: "North" },
  pb_bbbb: { id: 7, company: "North" },
  pb_cccc: { id: 8, company: "South" },
};
const provider = () =>
  fakeProvider(({ headers }) => {
    const company = companies[headers.get("x-api-key") ?? ""];
    return company ? Response.json(company) : Response.json({ message: "no such key" }, { status: 401 });
  });
const connect = (as: typeof asAda, key: string, more: object = {}) =>
  as("POST", "/v1/accounts", { app: "post", auth: "api_key", fields: { key }, ...more });

describe("connecting with a key", () => {
  it("tries the key at the app, names the account after it, and shows no credential", async () => {
    const seen = provider();
    const { status, body } = await connect(asAda, " pb_aaaa\n");
    expect(status).toBe(201);
    expect(body).toMatchObject({
      app: "post",
      auth: "api_key",
      label: "North",
      externalId: "7",
      owner: "user",
      status: "connected",
      usedBy: [],
      lastUsedAt: null,
    });
    expect(JSON.stringify(body)).not.toContain("pb_aaaa");
    expect(seen[0]).toMatchObject({ method: "GET", path: "/me" });
  });

  it("again for the same account at the app renews it instead of making a second", async () => {
    provider();
    const first = (await connect(asAda, "pb_aaaa")).body as Account;
    const again = await connect(asAda, "pb_bbbb");
    expect(again).toMatchObject({ status: 200, body: { id: first.id } });
    const list = (await asAda("GET", "/v1/accounts?app=post")).body as { items: Account[] };
    expect(list.items.filter(({ externalId }) => externalId === "7")).toHaveLength(1);
  });

  it("keeps the name that it was given since, unless another comes with it", async () => {
    provider();
    const { body: account } = await connect(asAda, "pb_aaaa");
    const label = async (answer: Promise<{ body: Account }>) => (await answer).body.label;
    const rename = (as: typeof asAda, name: string) => as("PATCH", `/v1/accounts/${account.id}`, { label: name });
    expect(await label(rename(asAda, "  Head office  "))).toBe("Head office");
    expect((await rename(asAda, " ")).status).toBe(422);
    expect((await rename(asGrace, "Mine")).status).toBe(404);
    expect(await label(connect(asAda, "pb_bbbb"))).toBe("Head office");
    expect(await label(connect(asAda, "pb_bbbb", { account: account.id }))).toBe("Head office");
    expect((await asAda("GET", "/v1/accounts")).body.items[0]).toMatchObject({ id: account.id, label: "Head office" });
    const { token } = await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null });
    const [entry] = (await edgeClient(token)("GET", `/v1/workspace/audit?action=account.renamed&target=${account.id}`)).body.items;
    expect(entry).toMatchObject({ before: { label: "North" }, after: { label: "Head office" }, actor: { type: "user", name: "ada" } });
    expect(await label(connect(asAda, "pb_aaaa", { label: "North" }))).toBe("North");
  });

  it("says what the app answered and what to do where the key is wrong, and stores nothing", async () => {
    provider();
    const before = (await asGrace("GET", "/v1/accounts")).body as { items: Account[] };
    const { status, body } = await connect(asGrace, "pb_zzzz");
    expect(status).toBe(422);
    const { errors } = body as Problem;
    const params = { app: "Post", status: "401", said: "no such key" };
    expect(errors).toMatchObject([{ path: "fields.key", code: "invalid", params }]);
    expect(errors?.[0]?.message).toMatch(/Post did not accept this\. Post answered 401: no such key\. Check/);
    expect((await asGrace("GET", "/v1/accounts")).body).toEqual(before);
  });

  it.each([
    ["pb_aaaa x", "fields.key", "Starts with pb_"],
    ["", "fields.key", "Fill this in"],
    ["pb_äöüß", "fields.key", "Starts with pb_"],
  ])("refuses “%s” before it asks the app", async (key, path, message) => {
    const seen = provider();
    expect(await connect(asAda, key)).toMatchObject({ status: 422, body: { code: "invalid", errors: [{ path, message }] } });
    expect(seen).toHaveLength(0);
  });

  it.each(["evil.example/", "a.b@127.0.0.1", "x#", "x?", "127.0.0.1:80/a\\"])("refuses “%s” as part of the app's host", async (region) => {
    const seen = provider();
    const result = await connect(asAda, "", { fields: { key: "pb_aaaa", region } });
    expect(result.status).toBe(422);
    expect(seen).toHaveLength(0);
  });

  it("refuses fields and auth kinds that the app does not have", async () => {
    expect(await connect(asAda, "", { fields: { key: "pb_aaaa", admin: "1" } })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "fields.admin" }] },
    });
    expect(await connect(asAda, "pb_aaaa", { auth: "magic" })).toMatchObject({ status: 422, body: { errors: [{ path: "auth" }] } });
    expect(await connect(asAda, "pb_aaaa", { auth: "oauth" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "auth", code: "oauth" }] },
    });
    expect(await connect(asAda, "pb_aaaa", { app: "none" })).toMatchObject({ status: 404 });
  });

  it.each([429, 500])("says “try later”, not “wrong key”, where the app answers %i", async (status) => {
    fakeProvider(() => Response.json({ message: "busy." }, { status }));
    expect(await connect(asAda, "pb_aaaa")).toMatchObject({
      status: 502,
      body: {
        code: "app_failed",
        detail: expect.stringMatching(/[^.]\. Try again later\.$/),
        errors: [{ path: "app", code: "unavailable", params: { app: "Post" } }],
      },
    });
  });
});

describe("renewing an account", () => {
  it("keeps its id, and refuses somebody else's account in its place", async () => {
    provider();
    const { id } = (await connect(asAda, "pb_aaaa")).body as Account;
    expect(await connect(asAda, "pb_bbbb", { account: id })).toMatchObject({ status: 200, body: { id } });
    const other = await connect(asAda, "pb_cccc", { account: id });
    expect(other).toMatchObject({ status: 422, body: { errors: [{ path: "account", message: expect.stringMatching(/South.*North/) }] } });
    expect(await connect(asAda, "pb_bbbb", { account: "acc_none" })).toMatchObject({ status: 404 });
  });
});

const FLOW = `
inlay: 1
key: who
name: Who am I
accounts: { post: { app: post } }
setup: { pages: [{ key: p, title: P, fields: [{ key: post, type: account, required: true }] }] }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: me, query: post.me }] }]
`;

describe("runs with an account that has ended", () => {
  it("wait, and go on once it is renewed", async () => {
    await ws.flow(FLOW);
    const asLin = edgeClient(await ws.token({ sub: "lin" }));
    provider();
    const { id } = (await connect(asLin, "pb_aaaa")).body as Account;
    const { body: integration } = await asLin("POST", "/v1/integrations", { flow: "who", accounts: { post: id } });
    const used = (await asLin("GET", "/v1/accounts")).body as { items: Account[] };
    expect(used.items[0]?.usedBy).toEqual([{ integration: integration.id, flow: "who", name: "Who am I" }]);

    fakeProvider(() => Response.json({ message: "withdrawn" }, { status: 401 }));
    const { body: started } = await asLin("POST", `/v1/integrations/${integration.id}/blocks/go/run`, {});
    const statusOf = async () => (await asLin("GET", `/v1/runs/${started.run}`)).body.status as string;
    await vi.waitFor(async () => expect(await statusOf()).toBe("waiting"), { timeout: 5_000, interval: 50 });
    expect((await asLin("GET", `/v1/integrations/${integration.id}`)).body).toMatchObject({
      status: "needs_attention",
      attention: [{ account: id }],
    });

    provider();
    expect(await connect(asLin, "pb_bbbb", { account: id })).toMatchObject({ status: 200, body: { id, status: "connected" } });
    await vi.waitFor(async () => expect(await statusOf()).toBe("succeeded"), { timeout: 5_000, interval: 50 });
    expect(await asLin("DELETE", `/v1/accounts/${id}`)).toMatchObject({ body: { usedBy: [{ integration: integration.id }] } });
  });
});

describe("moving integrations to another account", () => {
  /** Ada's colleague with an account, integrations that use it, and another account. */
  async function stage(sub: string, integrations = 1) {
    await ws.flow(FLOW);
    const as = edgeClient(await ws.token({ sub }));
    provider();
    const from = (await connect(as, "pb_aaaa")).body as Account;
    const to = (await connect(as, "pb_cccc")).body as Account;
    const ids: string[] = [];
    for (let i = 0; i < integrations; i++)
      ids.push((await as("POST", "/v1/integrations", { flow: "who", accounts: { post: from.id } })).body.id);
    const move = (body: object) => as("POST", `/v1/accounts/${from.id}/move`, body);
    return { as, from, to, ids, move };
  }

  it("takes along the runs that wait for the one that was lost, and leaves a line in the log", async () => {
    const { as, from, to, ids, move } = await stage("kim", 2);
    fakeProvider(() => Response.json({ message: "withdrawn" }, { status: 401 }));
    const { body: started } = await as("POST", `/v1/integrations/${ids[0]}/blocks/go/run`, {});
    const runOf = async () => (await as("GET", `/v1/runs/${started.run}`)).body;
    await vi.waitFor(async () => expect((await runOf()).status).toBe("waiting"), { timeout: 5_000, interval: 50 });

    provider();
    const moved = await move({ to: to.id });
    expect(moved).toMatchObject({ status: 200, body: { to: to.id, refused: [] } });
    expect(moved.body.moved.map(({ integration }: { integration: string }) => integration).sort()).toEqual([...ids].sort());
    await vi.waitFor(async () => expect((await runOf()).status).toBe("succeeded"), { timeout: 5_000, interval: 50 });
    expect((await runOf()).output ?? (await runOf()).steps[0].output).toMatchObject({ company: "South" });
    for (const id of ids)
      expect((await as("GET", `/v1/integrations/${id}`)).body).toMatchObject({ status: "enabled", accounts: { post: to.id } });
    const accounts = (await as("GET", "/v1/accounts")).body.items as Account[];
    expect(accounts.find(({ id }) => id === from.id)?.usedBy).toEqual([]);
    expect(accounts.find(({ id }) => id === to.id)?.usedBy).toHaveLength(2);
    const log = await env.AUDITS.getByName(ws.id).list({ action: "account.moved", target: from.id, limit: 5 });
    expect(log).toHaveLength(1);
  });

  it("goes for those alone that are named", async () => {
    const { as, to, ids, move } = await stage("leo", 2);
    expect(await move({ to: to.id, integrations: [ids[1]] })).toMatchObject({ status: 200, body: { moved: [{ integration: ids[1] }] } });
    const account = async (id?: string) => (await as("GET", `/v1/integrations/${id}`)).body.accounts.post;
    expect(await account(ids[0])).not.toBe(to.id);
    expect(await account(ids[1])).toBe(to.id);
  });

  it("is refused for another app's account, one that is spent, one of somebody else, and what does not use it", async () => {
    const { from, to, ids, move } = await stage("moe");
    expect(await move({ to: from.id })).toMatchObject({ status: 422, body: { errors: [{ path: "to" }] } });
    provider();
    const strange = (await connect(edgeClient(await ws.token({ sub: "nell" })), "pb_aaaa")).body as Account;
    expect(await move({ to: strange.id })).toMatchObject({ status: 404 });
    expect(await move({ to: to.id, integrations: ["int_none"] })).toMatchObject({ status: 404 });
    const other = await ws.account(await ws.user("moe"), "events");
    expect(await move({ to: other })).toMatchObject({ status: 422, body: { errors: [{ message: expect.stringContaining("same app") }] } });
    const spent = await ws.account(await ws.user("moe"), "post", { status: "expired" });
    expect(await move({ to: spent })).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining("no longer works") }] },
    });
    expect(ids).toHaveLength(1);
  });

  it("happens to held runs also where the integration is given another account by hand", async () => {
    const { as, from, to, ids } = await stage("pia");
    fakeProvider(() => Response.json({ message: "withdrawn" }, { status: 401 }));
    const { body: started } = await as("POST", `/v1/integrations/${ids[0]}/blocks/go/run`, {});
    const statusOf = async () => (await as("GET", `/v1/runs/${started.run}`)).body.status as string;
    await vi.waitFor(async () => expect(await statusOf()).toBe("waiting"), { timeout: 5_000, interval: 50 });
    provider();
    await as("DELETE", `/v1/accounts/${from.id}`);
    expect(await as("PATCH", `/v1/integrations/${ids[0]}`, { accounts: { post: to.id } })).toMatchObject({ status: 200 });
    await vi.waitFor(async () => expect(await statusOf()).toBe("succeeded"), { timeout: 5_000, interval: 50 });
  });
});

const EVENTS = `
inlay: 1
key: events
name: Events
baseUrl: https://events.example
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
triggers:
  changed:
    webhook:
      subscribe: { request: { method: POST, path: /hooks, body: { url: "{{ hook.url }}" } }, id: "{{ body.id }}" }
      unsubscribe: { request: { method: DELETE, path: "/hooks/{{ subscription.id }}" } }
`;
const ON_CHANGE = `
inlay: 1
key: on-change
name: On change
accounts: { e: { app: events } }
setup: { pages: [{ key: p, title: P, fields: [{ key: e, type: account, required: true }] }] }
blocks: [{ key: go, name: Go, trigger: { app_event: e.changed }, steps: [{ key: v, value: 1 }] }]
`;

describe("removing an account that integrations use", () => {
  const connectEvents = (as: typeof asAda, token: string) =>
    as("POST", "/v1/accounts", { app: "events", auth: "token", fields: { token } });

  it("A14 unsubscribes with its credentials first, and leaves the integration asking for another", async () => {
    await ws.app(EVENTS);
    await ws.flow(ON_CHANGE);
    const asMia = edgeClient(await ws.token({ sub: "mia" }));
    const seen = fakeProvider(({ path }) => Response.json(path === "/hooks" ? { id: "hook_1" } : { id: 4 }));
    const { id } = (await connectEvents(asMia, "first")).body as Account;
    const { body: integration } = await asMia("POST", "/v1/integrations", { flow: "on-change", accounts: { e: id } });
    expect(integration.status).toBe("enabled");

    expect(await asMia("DELETE", `/v1/accounts/${id}`)).toMatchObject({
      status: 200,
      body: { usedBy: [{ integration: integration.id, flow: "on-change" }] },
    });
    expect(seen.at(-1)).toMatchObject({ method: "DELETE", path: "/hooks/hook_1" });
    expect(seen.at(-1)?.headers.get("authorization")).toBe("Bearer first");
    expect((await asMia("GET", `/v1/integrations/${integration.id}`)).body).toMatchObject({
      status: "needs_attention",
      attention: [{ code: "account_expired", account: id, message: expect.stringContaining("was removed") }],
    });
    const [row] = await ws.db.select().from(integrations).where(eq(integrations.id, integration.id));
    expect(row?.attention).toMatchObject([{ code: "account_expired", account: id }]);

    const { id: other } = (await connectEvents(asMia, "second")).body as Account;
    const patched = await asMia("PATCH", `/v1/integrations/${integration.id}`, { accounts: { e: other } });
    expect(patched).toMatchObject({ status: 200, body: { status: "enabled", accounts: { e: other } } });
    expect(seen.at(-1)).toMatchObject({ method: "POST", path: "/hooks" });
    expect(seen.at(-1)?.headers.get("authorization")).toBe("Bearer second");
  });

  it("goes through where the provider refuses to unsubscribe", async () => {
    const asTom = edgeClient(await ws.token({ sub: "tom" }));
    fakeProvider(({ method, path }) =>
      method === "DELETE" ? Response.json({ message: "broken" }, { status: 422 }) : Response.json({ id: path === "/hooks" ? "hook_2" : 5 }),
    );
    const { id } = (await connectEvents(asTom, "first")).body as Account;
    await asTom("POST", "/v1/integrations", { flow: "on-change", accounts: { e: id } });
    expect(await asTom("DELETE", `/v1/accounts/${id}`)).toMatchObject({ status: 200, body: { id } });
    expect((await asTom("GET", "/v1/accounts")).body).toEqual({ items: [], nextCursor: null });
  });
});

describe("an account", () => {
  it("is seen, tested and removed by its user alone", async () => {
    provider();
    const { id } = (await connect(asAda, "pb_cccc")).body as Account;
    const theirs = (await asGrace("GET", "/v1/accounts")).body as { items: Account[] };
    expect(theirs.items).toEqual([]);
    expect(await asGrace("POST", `/v1/accounts/${id}/test`)).toMatchObject({ status: 404 });
    expect(await asGrace("DELETE", `/v1/accounts/${id}`)).toMatchObject({ status: 404 });
    expect(await connect(asGrace, "pb_cccc", { account: id })).toMatchObject({ status: 404 });
    expect(await asAda("POST", `/v1/accounts/${id}/test`)).toMatchObject({ status: 200, body: { ok: true, account: { id } } });
  });

  it("whose key was withdrawn at the app is found out by the test", async () => {
    provider();
    const { id } = (await connect(asAda, "pb_cccc")).body as Account;
    fakeProvider(() => Response.json({ message: "withdrawn" }, { status: 401 }));
    const tested = await asAda("POST", `/v1/accounts/${id}/test`);
    expect(tested).toMatchObject({
      status: 200,
      body: { ok: false, account: { status: "expired" }, message: expect.stringContaining("withdrawn") },
    });
    provider();
    expect(await connect(asAda, "pb_cccc", { account: id })).toMatchObject({ status: 200, body: { id, status: "connected" } });
  });

  it("that is removed is gone", async () => {
    provider();
    const { id } = (await connect(asAda, "pb_cccc")).body as Account;
    expect(await asAda("DELETE", `/v1/accounts/${id}`)).toMatchObject({ status: 200, body: { id, usedBy: [] } });
    expect(await asAda("DELETE", `/v1/accounts/${id}`)).toMatchObject({ status: 404 });
  });

  it("is listed page by page", async () => {
    provider();
    await connect(asAda, "pb_aaaa");
    await connect(asAda, "pb_cccc");
    const first = (await asAda("GET", "/v1/accounts?limit=1")).body as { items: Account[]; nextCursor: string };
    const second = (await asAda("GET", `/v1/accounts?limit=1&cursor=${first.nextCursor}`)).body as { items: Account[]; nextCursor: null };
    expect(first.items[0]?.id).not.toBe(second.items[0]?.id);
    expect(second.nextCursor).toBeNull();
    expect(await asGrace("GET", `/v1/accounts?limit=1&cursor=${first.nextCursor}`)).toMatchObject({ status: 400 });
  });
});
