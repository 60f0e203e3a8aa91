// More than twenty secrets go through the started product by all its doors; then every answer, every line of its log and every byte of its
// files is searched for them.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findSecrets, type Secrets, spellings, sweepFolder } from "./canaries.ts";
import { Caller, type DevInfo, heard, Product, until } from "./product.ts";

/** Characters that JSON, addresses, forms and HTML each spell in their own way, and that headers may hold. */
const canary = (name: string) => `c4n4ry"${name}/7f3e+9a&`;
const NAMES = [
  ...["client-id", "client-secret", "own-client-secret", "workspace-secret", "provider-secret"],
  ...["header-key", "query-key", "body-key", "password", "bearer-token", "traded-password", "traded-token", "workspace-key"],
  ...["code", "access-token", "refresh-token", "renewed-access-token", "renewed-refresh-token"],
  ...["setup-secret", "setup-hidden", "draft-secret", "hook-proof"],
];
const planted: Secrets = Object.fromEntries(NAMES.map((name) => [name, canary(name)]));
const secret = (name: string): string => planted[name] ?? "";
/** Those that Inlay makes and shows once. */
const minted: Secrets = {};

const APP = (url: string) => `inlay: 1
key: vault
name: Vault
baseUrl: ${url}
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: VAULT_ID, secret: VAULT_SECRET } }
  - { key: own, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: user }
  - { key: header, type: api_key, name: X-Key }
  - { key: query, type: api_key, in: query, name: key }
  - { key: basic, type: basic }
  - { key: bearer, type: bearer }
  - { key: custom, type: custom, fields: [{ key: pw, type: secret }], request: { method: POST, path: /trade, body: { pw: "{{ account.pw }}" } }, token: "{{ body.token }}", expiresIn: "{{ 3600 }}" }
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
actions:
  send: { input: [{ key: note, type: text }], request: { method: POST, path: /send, body: { note: "{{ input.note }}" } } }
  spill: { request: { method: POST, path: /spill } }
`;
const BODY_APP = (url: string) => `inlay: 1
key: vault-body
name: Vault by body
baseUrl: ${url}
auth: [{ key: body, type: api_key, in: body, name: apikey }]
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { method: POST, path: /me, body: { a: 1 } } } }
actions: { spill: { request: { method: POST, path: /spill, body: { b: 1 } } } }
`;
/** All are the same account at the app: each takes the place of the one before. */
const KINDS = ["oauth", "own", "header", "query", "basic", "bearer", "custom"];
const FLOW = (url: string) => `inlay: 1
key: leaky
name: Leaky
instances: many
accounts: { a: { app: vault, optional: true }, b: { app: vault-body, optional: true } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: hush, type: secret, label: Secret, required: true }
        - { key: hidden, type: text, secret: true, label: Hidden, required: true }
        - { key: proof, type: secret, label: Proof, required: true }
blocks:
  - key: go
    name: Go
    trigger: { call: {} }
    steps:
      - { key: send, action: a.send, with: { note: "{{ setup.hush }}" } }
      - { key: spill, action: a.spill, on_error: continue, retry: { attempts: 1 } }
      - { key: raw, http: { method: POST, url: "${url}/raw?key={{ $encodeUrlComponent(setup.hush) }}", headers: { x-own: "{{ setup.hidden }}" }, body: { a: "{{ setup.hush }}" } } }
      - { key: coded, code: "export default ({setup}) => { console.log(setup.hush); return {plain: setup.hush, joined: 'Bearer ' + setup.hidden} }" }
      - { key: shown, value: "{{ steps.coded.joined }}" }
      - { key: kept, set: { last: "{{ setup.hush }}" } }
      - { key: noted, log: "{{ setup.hidden }}" }
      - { key: fails, fail: "it was {{ setup.hush }}" }
  - key: other
    name: Other
    trigger: { call: {} }
    steps: [{ key: spill, action: b.spill, retry: { attempts: 1 } }]
  - key: hook
    name: Hook
    trigger: { webhook: { verify: { scheme: token, header: x-token, secret: "{{ setup.proof }}" } } }
    steps: [{ key: fails, fail: "it was {{ setup.proof }}" }]
`;

/** An app that repeats in words, headers and bodies whatever proves a call. Its first tokens end at once. */
let tokens = 0;
const received: string[] = [];
const app = createServer(async (request, response) => {
  const url = new URL(request.url ?? "", "http://app");
  const body = await readBody(request);
  received.push(`${url.search} ${JSON.stringify(request.headers)} ${body}`);
  const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
  const { searchParams: query } = url;
  if (url.pathname === "/authorize") {
    const back = new URL(query.get("redirect_uri") ?? "");
    back.search = new URLSearchParams({ state: query.get("state") ?? "", code: secret("code") }).toString();
    return response.writeHead(302, { location: back.href }).end();
  }
  if (url.pathname === "/token") {
    const stage = tokens++ === 0 ? "" : "renewed-";
    const life = stage ? 3_600 : 30;
    return json({
      access_token: secret(`${stage}access-token`),
      refresh_token: secret(`${stage}refresh-token`),
      token_type: "Bearer",
      expires_in: life,
    });
  }
  if (url.pathname === "/trade") return json({ token: secret("traded-token") });
  if (url.pathname === "/me") return json({ id: `me of ${KINDS.length}`, name: "Me" });
  const said = `${request.headers.authorization ?? ""} ${request.headers["x-key"] ?? ""} ${query.get("key") ?? ""} ${body}`;
  if (url.pathname === "/spill") return json({ error: { message: `Not with ${said}` } }, 422, { "x-echo": said.replaceAll(/[^ -~]/g, "") });
  return json({ echo: body, headers: request.headers, search: url.search });
});

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

// Everything that it refuses stands in its log.
const product = new Product({ INLAY_LOG_LEVEL: "warn" });
let dev: DevInfo;
let host: Caller;
let ada: Caller;

/** Visits `url` as a browser does, keeping cookies; answers where it ends. */
async function visit(
  url: string,
  cookies = new Map<string, string>(),
): Promise<{ url: string; status: number; cookies: Map<string, string> }> {
  for (let target = url; ; ) {
    const response = await fetch(target, { redirect: "manual", headers: { cookie: [...cookies].map((one) => one.join("=")).join("; ") } });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
      if (value) minted[`cookie ${name}`] = value;
    }
    const page = await response.text();
    if (target.startsWith(dev.edgeUrl)) heard.push(`${new URL(target).pathname} ${page}`);
    const location = response.headers.get("location");
    if (!location) return { url: target, status: response.status, cookies };
    target = new URL(location, target).href;
    const state = new URL(target).searchParams.get("state")?.split(".")[1];
    if (state) minted.state = state;
  }
}

/** Connects Ada's account of this kind, and answers its id. */
async function connect(auth: string): Promise<string> {
  const keys: Record<string, Record<string, string>> = {
    own: { client_id: "own", client_secret: secret("own-client-secret") },
    header: { key: secret("header-key") },
    query: { key: secret("query-key") },
    basic: { username: "u", password: secret("password") },
    bearer: { token: secret("bearer-token") },
    custom: { pw: secret("traded-password") },
  };
  const fields = keys[auth];
  if (auth !== "oauth" && auth !== "own") return (await ada.ask<{ id: string }>("POST", "/v1/accounts", { app: "vault", auth, fields })).id;
  const begun = await ada.ask<{ authorizeUrl: string; attempt: string }>("POST", "/v1/accounts/authorize", {
    ...{ app: "vault", auth },
    ...(fields ? { fields } : {}),
  });
  expect(await visit(begun.authorizeUrl)).toMatchObject({ status: 200 });
  return (await ada.ask<{ account: { id: string } }>("GET", `/v1/accounts/attempts/${begun.attempt}`)).account.id;
}

const ended = (run: string) =>
  until(
    `the end of ${run}`,
    async () => /succeeded|failed/.test((await ada.ask<{ status: string }>("GET", `/v1/runs/${run}`)).status),
    60_000,
  );

/** Everything that the API document lets one read, with the ids that there are. */
async function readEverything(ids: Record<string, string>): Promise<void> {
  const { paths } = (await (await fetch(`${dev.edgeUrl}/openapi.json`)).json()) as { paths: Record<string, { get?: object }> };
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get || /stream|^\/auth|^\/oauth|keys\/rotate/.test(path)) continue;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? "none");
    const real = path.includes("/runs/") ? filled : filled.replace(ids.run ?? "", "none");
    const caller = path.startsWith("/v1/workspace") ? host : ada;
    await caller.send("GET", real).catch(() => undefined);
  }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(app.address() as AddressInfo).port}`;
  dev = await product.start();
  host = Caller.asHost(dev);
  ada = Caller.asUser(dev, "ada");
  for (const [name, value] of [
    ["VAULT_ID", "client-id"],
    ["VAULT_SECRET", "client-secret"],
    ["SPARE", "workspace-secret"],
  ] as const)
    await host.ask("PUT", `/v1/workspace/secrets/${name}`, { value: secret(value) });
  for (const file of [APP(url), BODY_APP(url)]) await host.ask("POST", "/v1/workspace/apps", file);
  await host.ask("POST", "/v1/workspace/flows", FLOW(url));
  await host.ask("POST", "/v1/workspace/flows/leaky/versions", { note: "leaks" });

  // What Inlay makes and shows once.
  const token = await host.ask<{ token: string }>("POST", "/v1/workspace/tokens", { name: "t", scopes: ["read"] });
  minted["api token"] = token.token;
  const link = await host.ask<{ url: string }>("POST", "/v1/workspace/sign-in-links", { email: "owner@example.com" });
  minted["sign-in link"] = new URL(link.url).searchParams.get("token") ?? "";
  const hook = await host.ask<{ secret: string }>("POST", "/v1/workspace/notifications/webhooks", { url: "https://hooks.example.com/x" });
  minted["webhook secret"] = hook.secret;
  await host.ask("POST", "/v1/workspace/sign-in-providers", {
    ...{ label: "Corp", issuer: url, clientId: "corp", clientSecret: secret("provider-secret"), domains: ["corp.example"], role: "viewer" },
  });
  await host.ask("POST", "/v1/workspace/accounts", {
    app: "vault",
    auth: "header",
    key: "shared",
    fields: { key: secret("workspace-key") },
  });

  const accounts: string[] = [];
  for (const kind of KINDS) {
    const id = await connect(kind);
    accounts.push(id);
    await ada.ask("POST", `/v1/accounts/${id}/test`);
    const values = { hush: secret("setup-secret"), hidden: secret("setup-hidden"), proof: secret("hook-proof") };
    const made = await ada.ask<{ id: string; blocks: { key: string; url?: string }[] }>("POST", "/v1/integrations", {
      ...{ flow: "leaky", accounts: { a: id }, values },
    });
    const { run } = await ada.ask<{ run: string }>("POST", `/v1/integrations/${made.id}/blocks/go/run`, {});
    await ended(run);
    if (kind === KINDS.at(-1)) {
      await ada.ask("PUT", "/v1/flows/leaky/draft", { accounts: {}, values: { ...values, hush: secret("draft-secret") } });
      const address = made.blocks.find(({ key }) => key === "hook")?.url ?? "";
      const hooked = await fetch(address, { method: "POST", headers: { "x-token": secret("hook-proof") }, body: "{}" });
      await ended(((await hooked.json()) as { run: string }).run);
      await fetch(address, { method: "POST", headers: { "x-token": `${secret("hook-proof")}x` }, body: "{}" });
      const body = await ada.ask<{ id: string }>("POST", "/v1/accounts", {
        app: "vault-body",
        auth: "body",
        fields: { key: secret("body-key") },
      });
      await ada.ask("PATCH", `/v1/integrations/${made.id}`, { accounts: { a: id, b: body.id } });
      const other = await ada.ask<{ run: string }>("POST", `/v1/integrations/${made.id}/blocks/other/run`, {});
      await ended(other.run);
      await readEverything({ id: made.id, flow: "leaky", run, app: "vault", account: id, error: "none" });
      await readEverything({ id, flow: "leaky", run: other.run, app: "vault-body", version: "1" });
      for (const format of ["audit?format=csv", "errors", "analytics?format=csv", "runs"])
        await host.send("GET", `/v1/workspace/${format}`).catch(() => undefined);
    }
  }
  await visit(link.url);
  await fetch(`${dev.edgeUrl}/v1/workspace`, { headers: { authorization: `Bearer ${minted["api token"]}x` } });
  await host.ask("PUT", "/v1/workspace/variables/OPEN", { value: canary("in the open") });
});
afterAll(async () => {
  app.close();
  await product.stop();
});

const storage = () => join(product.state, "storage");
const open = { open: canary("in the open") };

describe("after all that, a secret", () => {
  it("has reached where it was meant to go, in the spelling of its place", () => {
    const arrived = findSecrets(received.join("\n"), planted);
    const kept = ["workspace-secret", "provider-secret", "renewed-refresh-token", "draft-secret", "hook-proof"];
    expect(arrived.sort()).toEqual(NAMES.filter((name) => !kept.includes(name)).sort());
  });

  it("would be found: what is no secret is, in answers and in files; and its lines are in the log", async () => {
    await host.ask("GET", "/v1/workspace/variables");
    expect(findSecrets(heard.join("\n"), open)).toEqual(["open"]);
    expect(sweepFolder(storage(), open)).toContainEqual(expect.stringMatching(/d1.*: open$/));
    expect(product.output).toContain('"event":"refused"');
  });

  it.each(spellings(canary("odd")).map((spelling) => [spelling]))("would be found as %s", (spelling) => {
    expect(findSecrets(`before ${spelling} behind`, { odd: canary("odd") })).toEqual(["odd"]);
  });

  it("is in no answer", () => {
    expect(heard.length).toBeGreaterThan(150);
    expect(heard.flatMap((one) => findSecrets(one, planted).map((name) => `${name}: ${one.slice(0, 1_000)}`))).toEqual([]);
  });

  it("is in no line of the log", () => {
    expect(findSecrets(product.output, { ...planted, ...minted })).toEqual([]);
  });

  it("is in no file of the running product, write-ahead logs among them, but sealed", () => {
    expect(Object.keys({ ...planted, ...minted }).length).toBeGreaterThan(26);
    expect(sweepFolder(storage(), { ...planted, ...minted })).toEqual([]);
  });

  it("is in none after its end", async () => {
    await product.end();
    expect(sweepFolder(storage(), { ...planted, ...minted })).toEqual([]);
  });
});
