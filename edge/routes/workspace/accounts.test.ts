import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { setSecret } from "../../db/settings.ts";
import { createApiToken } from "../../db/tokens.ts";
import { sealSecret } from "../../security/seal.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { fakeProvider } from "../../testing/fake-provider.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";

const MAPS = `
inlay: 1
key: maps
name: Maps
baseUrl: https://maps.example
auth:
  - { key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, required: true }] }
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: MAPS_ID } }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries:
  me: { request: { path: /me } }
  places: { request: { path: /places }, output: "{{ body.places }}" }
`;
const FLOW = `
inlay: 1
key: geocode
name: Geocode
accounts: { maps: { app: maps, owner: workspace } }
setup:
  pages:
    - key: p
      title: P
      fields: [{ key: place, type: select, label: Place, options: { query: maps.places, value: id, label: name } }]
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: me, query: maps.me }] }]
`;
const NAMED = FLOW.replace("key: geocode", "key: named").replace("owner: workspace", "owner: workspace, account: second");
const OWN = FLOW.replace("key: geocode", "key: own").replace(", owner: workspace", "");

let ws: TestWorkspace;
let asAda: ReturnType<typeof edgeClient>;
let asAdmin: ReturnType<typeof edgeClient>;
const NAMES: Record<string, object> = { k1: { id: 1, name: "First" }, k2: { id: 2, name: "Second" } };
const provider = () =>
  fakeProvider(({ path, headers }) => {
    if (path === "/token") return Response.json({ access_token: "k2", token_type: "bearer" });
    const me = NAMES[headers.get("x-key") ?? headers.get("authorization")?.slice(7) ?? ""];
    if (!me) return Response.json({ message: "no such key" }, { status: 401 });
    return Response.json(path === "/places" ? { places: [{ id: "n", name: "North" }] } : me);
  });

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(MAPS);
  for (const source of [FLOW, NAMED, OWN]) await ws.flow(source);
  await setSecret(ws.db, ws.id, "MAPS_ID", await sealSecret(env, ws.id, "secret/MAPS_ID", "client"));
  asAda = edgeClient(await ws.token({ sub: "ada" }));
  asAdmin = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
});
afterEach(() => void vi.unstubAllGlobals());

const connect = (key: string, more: object = {}) =>
  asAdmin("POST", "/v1/workspace/accounts", { app: "maps", auth: "key", fields: { key }, ...more });

describe("an account of the workspace", () => {
  it("is missed in words that send no user to connect anything", async () => {
    const { body } = await asAda("POST", "/v1/integrations", { flow: "geocode", accounts: {}, values: {} });
    expect(body.errors).toMatchObject([{ path: "accounts.maps", code: "workspace_account", message: /whoever offers this/ }]);
  });

  it("is asked of no user: flows show no slot for it", async () => {
    const { body } = await asAda("GET", "/v1/flows/geocode");
    expect(body).toMatchObject({ accounts: [], apps: [{ key: "maps" }] });
    expect(body.setup.pages[0].fields[0].options).toEqual({ reads: [] });
  });

  it("is connected by key, seen by members, and used by users' options and runs", async () => {
    provider();
    const first = await connect("k1", { label: "Our maps" });
    expect(first).toMatchObject({ status: 201, body: { owner: "workspace", label: "Our maps", externalId: "1", status: "connected" } });
    expect(await connect("k1")).toMatchObject({ status: 200, body: { id: first.body.id } });
    expect((await asAdmin("GET", "/v1/workspace/accounts?owner=workspace")).body.items).toMatchObject([{ id: first.body.id, user: null }]);

    const options = await asAda("POST", "/v1/flows/geocode/options", { field: "place", accounts: {}, values: {} });
    expect(options.body).toMatchObject({ items: [{ value: "n", label: "North" }] });
    const made = await asAda("POST", "/v1/integrations", { flow: "geocode", accounts: {}, values: { place: "n" } });
    expect(made).toMatchObject({ status: 201, body: { status: "enabled" } });
    const { body: started } = await asAda("POST", `/v1/integrations/${made.body.id}/blocks/go/run`, {});
    const runOf = async () => (await asAda("GET", `/v1/runs/${started.run}`)).body;
    await vi.waitFor(async () => expect(await runOf()).toMatchObject({ status: "succeeded" }), { timeout: 5_000, interval: 50 });
    expect((await asAdmin("GET", "/v1/workspace/accounts?owner=workspace")).body.items[0].usedBy).toMatchObject([
      { integration: made.body.id },
    ]);
  });

  it("is none that a user sees, tests, removes, or puts into a slot of their own", async () => {
    provider();
    const { id } = (await connect("k1")).body;
    expect((await asAda("GET", "/v1/accounts")).body.items).toEqual([]);
    expect(await asAda("POST", `/v1/accounts/${id}/test`)).toMatchObject({ status: 404 });
    expect(await asAda("DELETE", `/v1/accounts/${id}`)).toMatchObject({ status: 404 });
    const made = await asAda("POST", "/v1/integrations", { flow: "own", accounts: { maps: id }, values: {} });
    expect(made).toMatchObject({ status: 422, body: { errors: [{ path: "accounts.maps", code: "required" }] } });
    const asked = await asAda("POST", "/v1/flows/own/options", { field: "place", accounts: { maps: id }, values: {} });
    expect(asked).toMatchObject({ status: 409, body: { code: "account_needed" } });
  });

  it("is chosen by its key where the flow names one, and no key is given twice", async () => {
    provider();
    expect(await asAda("POST", "/v1/integrations", { flow: "named", accounts: {}, values: {} })).toMatchObject({ status: 422 });
    const second = await connect("k2", { key: "second" });
    expect(second).toMatchObject({ status: 201, body: { key: "second" } });
    expect(await connect("k1", { key: "second" })).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining("“second”") }] },
    });
    const made = await asAda("POST", "/v1/integrations", { flow: "named", accounts: {}, values: {} });
    expect(made).toMatchObject({ status: 201, body: { accounts: { maps: second.body.id } } });
  });

  it("that ends tells users that it is not theirs to mend, and moves to another", async () => {
    provider();
    const [first, second] = [(await connect("k1")).body.id, (await connect("k2")).body.id];
    const made = await asAda("POST", "/v1/integrations", { flow: "geocode", accounts: {}, values: {} });
    expect(made.body.accounts.maps).toBe(first);
    fakeProvider(() => Response.json({ message: "withdrawn" }, { status: 401 }));
    const { body: started } = await asAda("POST", `/v1/integrations/${made.body.id}/blocks/go/run`, {});
    const statusOf = async () => (await asAda("GET", `/v1/runs/${started.run}`)).body.status as string;
    await vi.waitFor(async () => expect(await statusOf()).toBe("waiting"), { timeout: 5_000, interval: 50 });
    expect((await asAda("GET", `/v1/integrations/${made.body.id}`)).body).toMatchObject({
      status: "needs_attention",
      attention: [{ account: first, message: expect.stringContaining("whoever offers this") }],
    });
    expect((await asAdmin("GET", "/v1/workspace/accounts?status=expired")).body.items).toMatchObject([{ id: first }]);
    const troubled = async () => {
      const flows = await asAdmin("GET", "/v1/workspace/flows?health=attention");
      const { items } = (await asAdmin("GET", "/v1/workspace/integrations?status=needs_attention")).body;
      return [flows.body.items.map((one: { key: string }) => one.key), items.map((one: { id: string }) => one.id)];
    };
    expect(await troubled()).toEqual([["geocode"], expect.arrayContaining([made.body.id])]);
    provider();
    const moved = await asAdmin("POST", `/v1/workspace/accounts/${first}/move`, { to: second });
    expect(moved.body.moved.map(({ integration }: { integration: string }) => integration)).toContain(made.body.id);
    await vi.waitFor(async () => expect(await statusOf()).toBe("succeeded"), { timeout: 5_000, interval: 50 });
    expect(await troubled()).toEqual([[], []]);
  });

  it("is connected by OAuth in a member's browser, and the log says who began it", async () => {
    provider();
    const begun = await asAdmin("POST", "/v1/workspace/accounts/authorize", { app: "maps", label: "By hand" });
    const browse = (url: string, cookie = "") => exports.default.fetch(new Request(url, { redirect: "manual", headers: { cookie } }));
    const start = await browse(begun.body.authorizeUrl);
    const [cookie = ""] = (start.headers.get("set-cookie") ?? "").split(";");
    const state = new URL(start.headers.get("location") ?? "").searchParams.get("state") ?? "";
    expect((await browse(`http://edge.test/oauth/callback?${new URLSearchParams({ state, code: "c" })}`, cookie)).status).toBe(200);
    const attempt = await asAdmin("GET", `/v1/workspace/accounts/attempts/${begun.body.attempt}`);
    expect(attempt.body).toMatchObject({ status: "connected", account: { owner: "workspace", auth: "oauth", externalId: "2" } });
    expect(await asAda("GET", `/v1/accounts/attempts/${begun.body.attempt}`)).toMatchObject({ status: 404 });
    const [entry] = (await asAdmin("GET", "/v1/workspace/audit?action=account.reconnected")).body.items;
    expect(entry).toMatchObject({ actor: { type: "member", id: expect.stringMatching(/^tok_/) }, target: attempt.body.account.id });
  });
});

describe("accounts of users, for members", () => {
  it("are listed by app, status and user, tested, and moved within their user alone", async () => {
    provider();
    const mine = await asAda("POST", "/v1/accounts", { app: "maps", auth: "key", fields: { key: "k1" } });
    const { items } = (await asAdmin("GET", "/v1/workspace/accounts?user=ada&app=maps")).body;
    expect(items).toMatchObject([{ id: mine.body.id, user: "ada", owner: "user" }]);
    expect((await asAdmin("GET", "/v1/workspace/accounts?user=grace")).body.items).toEqual([]);
    expect((await asAdmin("POST", `/v1/workspace/accounts/${mine.body.id}/test`)).body).toMatchObject({ ok: true });
    const { id: workspaces } = (await connect("k2")).body;
    expect(await asAdmin("POST", `/v1/workspace/accounts/${mine.body.id}/move`, { to: workspaces })).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining("same user") }] },
    });
    expect(await asAdmin("DELETE", `/v1/workspace/accounts/${mine.body.id}`)).toMatchObject({ status: 200 });
    expect((await asAda("GET", "/v1/accounts")).body.items).toEqual([]);
  });
});
