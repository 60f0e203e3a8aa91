import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { setSecret } from "../../db/settings.ts";
import { sealSecret } from "../../security/seal.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { fakeProvider } from "../../testing/fake-provider.ts";
import { makeMember } from "../../testing/member-client.ts";

const MAPS = `
inlay: 1
key: maps
name: Maps
baseUrl: https://maps.example
auth:
  - { key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: MAPS_ID } }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries:
  me: { request: { path: /me } }
`;
const FLOW = `
inlay: 1
key: geocode
name: Geocode
accounts: { maps: { app: maps } }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: me, query: maps.me }] }]
`;

let member: Awaited<ReturnType<typeof makeMember>>;
let asAda: ReturnType<typeof edgeClient>;
const NAMES: Record<string, object> = { k1: { id: 1, name: "First" }, again: { id: 1, name: "First" }, k2: { id: 2, name: "Second" } };
/** Accepts these keys, by hand or as the token that its sign-in hands out (the last of them). */
const accepting = (...keys: string[]) =>
  fakeProvider(({ path, headers }) => {
    if (path === "/token") return Response.json({ access_token: keys.at(-1), token_type: "bearer" });
    const key = headers.get("x-key") ?? headers.get("authorization")?.slice(7) ?? "";
    return keys.includes(key) && NAMES[key] ? Response.json(NAMES[key]) : Response.json({ message: "no such key" }, { status: 401 });
  });

beforeAll(async () => {
  member = await makeMember();
  const { ws } = member;
  await ws.app(MAPS);
  await ws.app(MAPS.replaceAll("maps", "post").replace("name: Maps", "name: Post"));
  await ws.flow(FLOW);
  await setSecret(ws.db, ws.id, "MAPS_ID", await sealSecret(env, ws.id, "secret/MAPS_ID", "client"));
  asAda = edgeClient(await ws.token({ sub: "ada" }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const connect = async (key: string) =>
  (await asAda("POST", "/v1/accounts", { app: "maps", auth: "key", fields: { key } })).body.id as string;
/** Makes a link for the account, as a member; `ask` speaks with its token. */
async function askFor(account: string) {
  const made = await member.api("POST", `accounts/${account}/link`);
  const token: string = made.body.url.split("#")[1];
  return { made, token, ask: edgeClient(token) };
}
const asked = async (account: string) =>
  (await member.api("GET", "accounts")).body.items.find(({ id }: { id: string }) => id === account)?.asked;

it("a link connects its one account again and does nothing else; runs that waited go on, and it is over", async () => {
  accepting("k1", "k2");
  const [first, second] = [await connect("k1"), await connect("k2")];
  const integration = (await asAda("POST", "/v1/integrations", { flow: "geocode", accounts: { maps: first }, values: {} })).body.id;
  accepting();
  const { run } = (await asAda("POST", `/v1/integrations/${integration}/blocks/go/run`, {})).body;
  const statusOf = async () => (await asAda("GET", `/v1/runs/${run}`)).body.status as string;
  await vi.waitFor(async () => expect(await statusOf()).toBe("waiting"), { timeout: 5_000, interval: 50 });

  const { made, ask } = await askFor(first);
  expect(made).toMatchObject({
    status: 201,
    body: { account: first, author: "Grace", url: expect.stringMatching(/^http:\/\/edge\.test\/reconnect#renew_[0-9A-Za-z]{43}$/) },
  });
  expect(await asked(first)).toMatchObject({ id: made.body.id, author: "Grace" });
  expect(await asked(second)).toBeNull();
  expect((await ask("GET", "/v1/reconnect-link")).body).toMatchObject({
    author: "Grace",
    account: { id: first, auth: "key", label: "First", status: "expired" },
    app: { key: "maps", auth: [{ key: "key" }, { key: "oauth" }] },
    isDone: false,
  });

  accepting("again", "k2");
  const renewal = { app: "maps", auth: "key", fields: { key: "again" }, account: first };
  const refused: [string, string, object?][] = [
    ["GET", "/v1/accounts"],
    ["GET", "/v1/flows"],
    ["GET", "/v1/flows/geocode"],
    ["GET", "/v1/integrations"],
    ["GET", `/v1/integrations/${integration}`],
    ["GET", `/v1/runs/${run}`],
    ["GET", "/v1/setup-link"],
    ["GET", "/v1/workspace"],
    ["POST", `/v1/accounts/${first}/test`],
    ["POST", `/v1/accounts/${first}/move`, { to: second }],
    ["PATCH", `/v1/accounts/${first}`, { label: "Mine" }],
    ["DELETE", `/v1/accounts/${first}`],
    ["POST", "/v1/accounts", { ...renewal, account: undefined }],
    ["POST", "/v1/accounts", { ...renewal, account: second }],
    ["POST", "/v1/accounts", { ...renewal, app: "post" }],
    ["POST", "/v1/accounts/authorize", { app: "maps" }],
    ["POST", "/v1/accounts/authorize", { app: "maps", account: second }],
  ];
  for (const [method, path, body] of refused)
    expect([401, 403, 404], `${method} ${path}`).toContain((await ask(method, path, body)).status);
  const foreign = (await asAda("POST", "/v1/accounts/authorize", { app: "maps", account: second })).body.attempt;
  expect(await ask("GET", `/v1/accounts/attempts/${foreign}`)).toMatchObject({ status: 404 });

  const other = await ask("POST", "/v1/accounts", { ...renewal, fields: { key: "k2" } });
  expect(other).toMatchObject({ status: 422, body: { errors: [{ path: "account", message: expect.stringContaining("as Second") }] } });
  expect(await ask("POST", "/v1/accounts", renewal)).toMatchObject({ status: 200, body: { id: first, status: "connected" } });
  await vi.waitFor(async () => expect(await statusOf()).toBe("succeeded"), { timeout: 5_000, interval: 50 });
  expect((await ask("GET", "/v1/reconnect-link")).body).toMatchObject({ isDone: true, account: { status: "connected" } });
  expect(await ask("POST", "/v1/accounts", renewal)).toMatchObject({ status: 410 });
  expect(await asked(first)).toBeNull();
  const log = (await member.api("GET", `audit?target=${first}`)).body.items;
  expect(log.map(({ action, actor }: { action: string; actor: { type: string } }) => [action, actor.type])).toEqual(
    expect.arrayContaining([
      ["account.asked_for", "token"],
      ["account.reconnected", "user"],
    ]),
  );
});

it("signing in at the app by a link is watched with the link's token, and ends the link as a key does", async () => {
  accepting("k1");
  const account = await connect("k1");
  const { ask } = await askFor(account);
  const begun = await ask("POST", "/v1/accounts/authorize", { app: "maps", auth: "oauth", account });
  expect(begun).toMatchObject({ status: 201 });
  const browser = edgeClient();
  const start = await browser("GET", new URL(begun.body.authorizeUrl).pathname);
  const state = new URL(start.headers.get("location") ?? "").searchParams.get("state");
  const cookie = (start.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const read = () => ask("GET", `/v1/accounts/attempts/${begun.body.attempt}`);
  expect((await read()).body).toEqual({ status: "pending" });
  expect(await browser("GET", `/oauth/callback?code=c&state=${state}`, undefined, { cookie })).toMatchObject({ status: 200 });
  expect((await read()).body).toMatchObject({ status: "connected", account: { id: account, auth: "oauth" } });
  expect((await ask("GET", "/v1/reconnect-link")).body.isDone).toBe(true);
});

it("a link is replaced by another, withdrawn at once, and ends after a week; an account of the workspace has none", async () => {
  accepting("k1");
  const account = await connect("k1");
  const [first, second] = [await askFor(account), await askFor(account)];
  expect(await first.ask("GET", "/v1/reconnect-link")).toMatchObject({ status: 401 });
  expect(await second.ask("GET", "/v1/reconnect-link")).toMatchObject({ status: 200 });
  vi.setSystemTime(Date.now() + 8 * 86_400_000);
  expect(await second.ask("GET", "/v1/reconnect-link")).toMatchObject({ status: 401 });
  vi.useRealTimers();
  const withdraw = () => member.api("DELETE", `accounts/${account}/link`);
  expect([(await withdraw()).status, (await withdraw()).status]).toEqual([204, 404]);
  expect(await second.ask("GET", "/v1/reconnect-link")).toMatchObject({ status: 401 });
  const ours = await member.api("POST", "accounts", { app: "maps", auth: "key", fields: { key: "k1" } });
  expect(await member.api("POST", `accounts/${ours.body.id}/link`)).toMatchObject({ status: 422 });
});
