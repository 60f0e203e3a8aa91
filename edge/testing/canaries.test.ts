// Twenty secrets go through the real routes and objects; then nothing of them is in any store but sealed, in any answer, or in any log.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createSignInLink, ensureMember } from "../db/members.ts";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "./call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

const APP = `inlay: 1
key: crm
name: Crm
baseUrl: https://crm.example
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: CRM_ID, secret: CRM_SECRET } }
  - { key: key, type: api_key, name: X-Api-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }
  - { key: basic, type: basic, fields: [{ key: username, type: text, label: Name }, { key: password, type: secret, label: Password }] }
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
actions:
  send: { input: [{ key: note, type: text }], request: { method: POST, path: /send, body: { note: "{{ input.note }}" } } }
`;
const FLOW = `inlay: 1
key: leaky
name: Leaky
accounts: { crm: { app: crm } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: token, type: secret, label: Token, required: true }
        - { key: signing, type: text, secret: true, label: Signing, required: true }
blocks:
  - key: go
    name: Go
    trigger: { call: {} }
    steps:
      - { key: send, action: crm.send, with: { note: "{{ setup.token }}" } }
      - { key: raw, http: { method: POST, url: "https://crm.example/raw?key={{ setup.token }}", headers: { x-own: "{{ setup.token }}" }, body: { a: "{{ setup.token }}" } } }
      - { key: coded, code: "export default ({setup}) => { console.log(setup.token); return {plain: setup.token, joined: 'Bearer ' + setup.token} }" }
      - { key: shown, value: "{{ steps.coded.joined }}" }
      - { key: kept, set: { last: "{{ setup.token }}" } }
      - { key: noted, log: "{{ setup.token }}" }
      - { key: again, action: crm.send, with: { note: "{{ steps.coded.joined }}" } }
  - key: hook
    name: Hook
    trigger: { webhook: { verify: { scheme: token, header: x-token, secret: "{{ setup.signing }}" } } }
    steps: [{ key: fails, fail: "it was {{ setup.signing }}" }]
`;

/** All begin alike, so that one search finds them; each is known by its name. */
const canary = (name: string) => `c4n4ry-${name}-7f3e9a`;
const SECRETS: Record<string, string> = Object.fromEntries(
  [
    "client-id-secret",
    "client-secret",
    "api-key",
    "password",
    "access-token",
    "refresh-token",
    "new-access-token",
    "new-refresh-token",
    "code",
    "setup-token",
    "setup-signing",
    "draft-token",
    "workspace-secret",
  ].map((name) => [name, canary(name)]),
);

let ws: TestWorkspace;
const answers: string[] = [];
const logs: string[] = [];
let integration: string;
const accounts: string[] = [];
const received: string[] = [];

/** A client whose answers are kept for the search. */
function listening(token: string) {
  const client = edgeClient(token);
  return async (...args: Parameters<typeof client>) => {
    const answer = await client(...args);
    answers.push(`${args[0]} ${args[1]} ${JSON.stringify(answer.body)} ${JSON.stringify([...answer.headers])}`);
    return answer;
  };
}

beforeAll(async () => {
  for (const name of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, name).mockImplementation((...args: unknown[]) => void logs.push(args.map(String).join(" ")));
  let tokens = 0;
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = new URL(new Request(input, init).url);
    received.push(`${url} ${String(init?.body ?? "")}`);
    if (url.pathname === "/token") {
      const [access, refresh] = tokens++ ? ["new-access-token", "new-refresh-token"] : ["access-token", "refresh-token"];
      return Response.json({
        access_token: SECRETS[access ?? ""],
        refresh_token: SECRETS[refresh ?? ""],
        token_type: "Bearer",
        expires_in: 30,
      });
    }
    if (url.pathname === "/me") return Response.json({ id: "me" });
    return Response.json({ echo: String(init?.body ?? ""), headers: JSON.stringify([...new Headers(init?.headers)]) });
  });
  ws = await makeWorkspace();
  await ws.app(APP);
  await ws.flow(FLOW);
  const admin = (await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token;
  const member = await ensureMember(ws.db, ws.id, "owner@example.com", "owner");
  const link = await createSignInLink(ws.db, ws.id, member);
  const userToken = await ws.token({ sub: "ada" });
  const asMember = listening(admin);
  const ada = listening(userToken);

  await asMember("PUT", "/v1/workspace/secrets/CRM_ID", { value: SECRETS["client-id-secret"] });
  await asMember("PUT", "/v1/workspace/secrets/CRM_SECRET", { value: SECRETS["client-secret"] });
  await asMember("PUT", "/v1/workspace/secrets/SPARE", { value: SECRETS["workspace-secret"] });
  const signedIn = await edgeClient()("POST", "/auth/sign-in", `token=${link}`, { "content-type": "application/x-www-form-urlencoded" });
  const session = /session=(\w+)/.exec(signedIn.headers.get("set-cookie") ?? "")?.[1] ?? "";
  Object.assign(SECRETS, { admin, link, session, "user-token": userToken });

  for (const [auth, fields] of [
    ["key", { key: SECRETS["api-key"] }],
    ["basic", { username: "u", password: SECRETS.password }],
  ] as const)
    await ada("POST", "/v1/accounts", { app: "crm", auth, fields, label: auth }, { "idempotency-key": `key-${auth}` });
  const { attempt, authorizeUrl } = (await ada("POST", "/v1/accounts/authorize", { app: "crm", auth: "oauth" })).body;
  const begun = await edgeClient()("GET", new URL(authorizeUrl).pathname);
  const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
  SECRETS.state = state.split(".")[1] ?? "";
  SECRETS.browser = cookie.split("=")[1] ?? "";
  const back = await edgeClient()("GET", `/oauth/callback?state=${state}&code=${SECRETS.code}`, undefined, { cookie });
  answers.push(back.body);
  const account: string = (await ada("GET", `/v1/accounts/attempts/${attempt}`)).body.account.id;
  await ada("POST", `/v1/accounts/${account}/test`);
  accounts.push(...(await ada("GET", "/v1/accounts")).body.items.map((one: { id: string }) => one.id));

  const values = { token: SECRETS["setup-token"], signing: SECRETS["setup-signing"] };
  await ada("PUT", "/v1/flows/leaky/draft", { accounts: {}, values: { ...values, token: SECRETS["draft-token"] } });
  const made = await ada("POST", "/v1/integrations", { flow: "leaky", accounts: { crm: account }, values }, { "idempotency-key": "make" });
  integration = made.body.id;
  const url = new URL(made.body.blocks.find((one: { key: string }) => one.key === "hook").url).pathname;
  const runs = [
    (await ada("POST", `/v1/integrations/${integration}/blocks/go/run`, {})).body.run,
    (await edgeClient()("POST", url, {}, { "x-token": SECRETS["setup-signing"] ?? "" })).body.run,
  ];
  for (const run of runs) {
    for (let i = 0; i < 300 && !/succeeded|failed/.test((await edgeClient(userToken)("GET", `/v1/runs/${run}`)).body.status); i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const { body } = await ada("GET", `/v1/runs/${run}`);
    for (const step of body.steps) await ada("GET", `/v1/runs/${run}/steps?path=${encodeURIComponent(step.path)}`);
    await asMember("GET", `/v1/workspace/runs/${run}`);
  }
  for (const path of ["integrations", `integrations/${integration}`, `integrations/${integration}/runs`, "accounts", "flows/leaky/draft"])
    await ada("GET", `/v1/${path}`);
  for (const path of ["", "/secrets", "/tokens", "/keys", "/users", "/integrations", "/runs"])
    await asMember("GET", `/v1/workspace${path}`);
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Every secret in the spellings in which it could lie somewhere; those that nobody has to keep to himself are not among them. */
function found(text: string): string[] {
  return Object.entries(SECRETS).flatMap(([name, secret]) => {
    const spellings = [secret, encodeURIComponent(secret), btoa(secret).replace(/=+$/, ""), btoa(`Bearer ${secret}`).slice(0, 30)];
    return secret && spellings.some((one) => text.includes(one)) ? [name] : [];
  });
}

async function rowsOf(sql: { exec(query: string): { toArray(): unknown[] } }): Promise<string> {
  const tables = sql
    .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'")
    .toArray() as { name: string }[];
  return tables.map(({ name }) => `${name}: ${JSON.stringify(sql.exec(`SELECT * FROM "${name}"`).toArray())}`).join("\n");
}

describe("a secret", () => {
  it("reached where it was meant to go", () => {
    const sent = received.join("\n");
    for (const name of ["setup-token", "code"]) expect(sent).toContain(SECRETS[name]);
    expect(sent.match(new RegExp(`Bearer ${SECRETS["setup-token"]}`))).not.toBeNull();
    expect(Object.keys(SECRETS).length).toBeGreaterThanOrEqual(19);
  });

  it("is in no answer", () => {
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter((one) => found(one).length).map((one) => `${found(one)}: ${one.slice(0, 3_000)}`)).toEqual([]);
  });

  it("is in no log", () => {
    expect(found(logs.join("\n"))).toEqual([]);
  });

  it("is in no row of the database but sealed", async () => {
    const tables = await env.DB.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ).all<{ name: string }>();
    expect(tables.results.length).toBeGreaterThan(15);
    for (const { name } of tables.results) {
      const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
      expect(found(JSON.stringify(results)), name).toEqual([]);
    }
  });

  it("is in no object's storage but sealed", async () => {
    const objects = [
      env.INTEGRATIONS.getByName(integration),
      ...accounts.map((id) => env.ACCOUNTS.getByName(id)),
      env.LEDGERS.getByName(ws.id),
      env.INBOXES.getByName(ws.id),
      env.AUDITS.getByName(ws.id),
      env.NOTICES.getByName(ws.id),
    ];
    const leaks: string[] = [];
    for (const object of objects) {
      const rows = await runInDurableObject(object as DurableObjectStub, (_, state) => rowsOf(state.storage.sql));
      for (const table of rows.split("\n")) leaks.push(...found(table).map((name) => `${table.split(":")[0]} ${name}`));
    }
    expect(leaks).toEqual([]);
  });
});
