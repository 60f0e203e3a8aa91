import { describe, expect, it } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { authFields } from "../app/auth-fields.ts";
import { findAuth, makeCarry, mayCarryTo } from "../app/carry.ts";
import type { GuardedRequest } from "../http/guarded-fetch.ts";
import type { SignInDeps } from "./oauth-party.ts";
import { isRenewable, renew, revoke, signIn, withParty } from "./sign-in.ts";

const NOW = Date.UTC(2026, 0, 1);
const app = AppFile.parse({
  inlay: 1,
  key: "app",
  name: "App",
  baseUrl: "https://{{ account.region }}.app.example/v1",
  hosts: ["*.files.example"],
  auth: [
    {
      key: "machine",
      type: "oauth2_client_credentials",
      tokenUrl: "https://login.example/token",
      scopes: ["a", "b"],
      client: { id: "ID", secret: "SECRET" },
    },
    {
      key: "body",
      type: "oauth2_client_credentials",
      tokenUrl: "https://login.example/token",
      tokenAuth: "body",
      client: { id: "ID", secret: "SECRET" },
    },
    {
      key: "session",
      type: "custom",
      fields: [
        { key: "user", type: "text" },
        { key: "password", type: "secret" },
        { key: "region", type: "text" },
      ],
      request: {
        method: "POST",
        url: "https://login.example/session",
        body: { user: "{{ account.user }}", password: "{{ account.password }}" },
      },
      token: "{{ body.session.token }}",
      expiresIn: "{{ body.session.seconds }}",
      carry: { headers: { "X-Session": "{{ token }}" }, query: { user: "{{ account.user }}" } },
    },
    { key: "shop", type: "oauth2", tokenUrl: "https://eu.app.example/token", carry: { headers: { "X-Shop-Token": "{{ token }}" } } },
    { key: "query", type: "api_key", in: "query", name: "api_key", fields: [{ key: "key", type: "secret" }] },
    { key: "inBody", type: "api_key", in: "body", name: "token", fields: [{ key: "key", type: "secret" }] },
    { key: "prefixed", type: "api_key", name: "Authorization", prefix: "Token", fields: [{ key: "key", type: "secret" }] },
    {
      key: "basic",
      type: "basic",
      fields: [
        { key: "username", type: "text" },
        { key: "password", type: "secret" },
      ],
    },
    { key: "mixed", type: "basic", username: "{{ account.key }}", password: "x", fields: [{ key: "key", type: "secret" }] },
    { key: "bearer", type: "bearer", fields: [{ key: "token", type: "secret" }] },
    { key: "open", type: "none" },
  ],
});
const auth = (key: string) => findAuth(app, key) ?? app.auth[0]!;

function stage(answer: (request: GuardedRequest) => { status?: number; body?: unknown } | "down") {
  const sent: GuardedRequest[] = [];
  const deps: SignInDeps = {
    env: {},
    now: () => NOW,
    readSecret: async (name) => ({ ID: "client", SECRET: "s3cret" })[name],
    fetch: async (request) => {
      sent.push(request);
      const given = answer(request);
      if (given === "down") return { ok: false, code: "network", message: "nobody there" };
      return {
        ok: true,
        status: given.status ?? 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(given.body ?? {}),
        url: request.url,
      };
    },
  };
  return { deps, sent };
}

describe("signing in for the client itself", () => {
  it("gets a token, and another once it is spent", async () => {
    const { deps, sent } = stage(() => ({ body: { access_token: `t${sent.length}`, token_type: "Bearer", expires_in: "60" } }));
    const first = await signIn(app, auth("machine"), {}, deps);
    expect(first).toMatchObject({ ok: true, credentials: { accessToken: "t1", expiresAt: NOW + 60_000 } });
    expect(sent[0]?.body).toBe("scope=a+b&grant_type=client_credentials");
    expect(sent[0]?.headers.authorization).toBe(`Basic ${btoa("client:s3cret")}`);
    if (!first.ok) return;
    expect(isRenewable(auth("machine"), first.credentials)).toBe(true);
    expect(await renew(app, auth("machine"), first.credentials, deps)).toMatchObject({ credentials: { accessToken: "t2" } });
  });

  it("can send the client's secret in the body, and bears with answers without a token type", async () => {
    const { deps, sent } = stage(() => ({ body: { access_token: "t" } }));
    expect(await signIn(app, auth("body"), {}, deps)).toMatchObject({ ok: true, credentials: { accessToken: "t" } });
    expect(sent[0]?.body).toContain("client_secret=s3cret");
  });

  it.each([
    [{ status: 401, body: { error: "invalid_client" } }, "setting"],
    [{ status: 400, body: { error: "invalid_grant" } }, "denied"],
    [{ status: 503 }, "unavailable"],
    [{ status: 429 }, "unavailable"],
    ["down" as const, "unavailable"],
    [{ body: { nothing: 1 } }, "setting"],
  ])("judges %j as %s", async (answer, kind) => {
    const { deps } = stage(() => answer);
    expect(await signIn(app, auth("machine"), {}, deps)).toMatchObject({ ok: false, kind });
  });

  it("can be done by a client of the user's own, whose secret no word of the workspace replaces", async () => {
    const own = AppFile.parse({
      ...{ inlay: 1, key: "own", name: "Own" },
      auth: [
        {
          key: "a",
          type: "oauth2_client_credentials",
          tokenUrl: "https://{{ account.host }}/token",
          client: "user",
          fields: [{ key: "host", type: "text" }],
        },
      ],
    });
    const [auth] = own.auth;
    if (!auth) throw new Error("no auth");
    expect(authFields(auth).map(({ key }) => key)).toEqual(["host", "client_id", "client_secret"]);
    const { deps, sent } = stage(() => ({ body: { access_token: "t" } }));
    const fields = { host: "own.example", client_id: "mine", client_secret: "my_own-secret" };
    expect(await signIn(own, auth, fields, deps)).toMatchObject({ ok: true, credentials: { accessToken: "t", fields } });
    expect(sent[0]).toMatchObject({ url: "https://own.example/token", headers: { authorization: `Basic ${btoa("mine:my_own-secret")}` } });
  });

  it("names the secret that is not set", async () => {
    const { deps } = stage(() => ({}));
    expect(await signIn(app, auth("machine"), {}, { ...deps, readSecret: async () => undefined })).toMatchObject({
      ok: false,
      kind: "setting",
      message: expect.stringContaining("ID"),
    });
  });
});

describe("signing in by a request of the app's own", () => {
  it("takes the token and its life from the answer, and carries them as the app says", async () => {
    const { deps, sent } = stage(() => ({ body: { session: { token: "sess", seconds: 90 } } }));
    const result = await signIn(app, auth("session"), { user: "ada", password: "pw-1234", region: "eu" }, deps);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ user: "ada", password: "pw-1234" });
    expect(result).toMatchObject({ ok: true, credentials: { accessToken: "sess", expiresAt: NOW + 90_000 } });
    if (!result.ok) return;
    expect(await makeCarry(app, auth("session"), result.credentials, {})).toMatchObject({
      headers: { "X-Session": "sess" },
      query: { user: "ada" },
      redact: ["sess", "pw-1234"],
      fields: { user: "ada", region: "eu" },
    });
  });

  it("refuses a wrong password, and an answer without a token", async () => {
    const fields = { user: "ada", password: "pw-1234", region: "eu" };
    expect(await signIn(app, auth("session"), fields, stage(() => ({ status: 401 })).deps)).toMatchObject({ ok: false, kind: "denied" });
    expect(await signIn(app, auth("session"), fields, stage(() => ({})).deps)).toMatchObject({ ok: false, kind: "denied" });
    expect(await signIn(app, auth("session"), fields, stage(() => "down").deps)).toMatchObject({ ok: false, kind: "unavailable" });
  });
});

describe("credentials travel", () => {
  it.each([
    ["query", { key: "k" }, { query: { api_key: "k" } }],
    ["inBody", { key: "k" }, { body: { token: "k" } }],
    ["prefixed", { key: "k" }, { headers: { authorization: "Token k" } }],
    ["basic", { username: "ü", password: "p" }, { headers: { authorization: "Basic w7w6cA==" } }],
    ["mixed", { key: "k" }, { headers: { authorization: `Basic ${btoa("k:x")}` } }],
    ["bearer", { token: "t" }, { headers: { authorization: "Bearer t" } }],
    ["open", {}, { headers: {}, query: {}, body: {} }],
  ])("as %s says", async (key, fields, carry) => {
    const given = { auth: key, fields: { region: "eu", ...fields } };
    expect(await makeCarry(app, auth(key), given, {})).toMatchObject({ ...carry, hosts: ["eu.app.example", "*.files.example"] });
  });

  it("of an OAuth sign-in in the header that the app wants", async () => {
    const carry = await makeCarry(app, auth("shop"), { auth: "shop", fields: { region: "eu" }, accessToken: "tok-1" }, {});
    expect(carry).toMatchObject({ headers: { "X-Shop-Token": "tok-1" }, redact: expect.arrayContaining(["tok-1"]) });
    expect(carry.headers).not.toHaveProperty("authorization");
  });

  it("with the fields that the app file does not declare kept as secrets", async () => {
    const carry = await makeCarry(app, auth("bearer"), { auth: "bearer", fields: { token: "t-1234", region: "eu", gone: "g-1234" } }, {});
    expect(carry.fields).toEqual({});
    expect(carry.redact).toEqual(["t-1234", "eu", "g-1234"]);
  });

  it("to their hosts alone", () => {
    const hosts = ["eu.app.example", "*.files.example", "localhost:8789"];
    for (const url of ["https://eu.app.example/x", "https://a.files.example/", "http://localhost:8789/"])
      expect(mayCarryTo(hosts, url)).toBe(true);
    for (const url of [
      "https://us.app.example/",
      "https://files.example/",
      "https://eu.app.example.evil/",
      "https://eu.app.example:8443/",
      "http://localhost:1/",
      "x",
    ])
      expect(mayCarryTo(hosts, url)).toBe(false);
  });
});

describe("an issuer", () => {
  const issuer = "https://id.example";
  const whole = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
  const find = (named: string, body: unknown) => {
    const found = AppFile.parse({
      inlay: 1,
      key: "app",
      name: "App",
      auth: [{ key: "a", type: "oauth2", issuer: named, client: { id: "ID" } }],
    });
    const way = found.auth[0];
    if (way?.type !== "oauth2") throw new Error("the app has another auth");
    return withParty(found, way, {}, stage(() => ({ body })).deps, async ({ server }) => ({ ok: true as const, server }));
  };

  it("says itself where to sign in", async () => {
    expect(await find(issuer, whole)).toMatchObject({ ok: true, server: whole });
  });

  it.each([
    ["is somebody else", issuer, { ...whole, issuer: "https://evil.example" }, "cannot be used"],
    ["publishes no document", issuer, "<html>", "cannot be used"],
    ["does not say where users sign in", issuer, { ...whole, authorization_endpoint: undefined }, "where to sign in"],
    ["does not say where tokens come from", issuer, { ...whole, token_endpoint: "/token" }, "where to sign in"],
    ["has no address", "id.example", whole, "no address of an issuer"],
  ])("that %s is a fault of the app file", async (_, named, body, words) => {
    expect(await find(named, body)).toMatchObject({ ok: false, kind: "setting", message: expect.stringContaining(words) });
  });
});

describe("revoking", () => {
  it("is left out where the app offers no place for it", async () => {
    const { deps, sent } = stage(() => ({}));
    expect(await revoke(app, auth("machine"), { auth: "machine", fields: {}, accessToken: "t" }, deps)).toBe(false);
    expect(sent).toHaveLength(0);
  });
});
