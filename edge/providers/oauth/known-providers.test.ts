import { describe, expect, it } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { OAUTH_PROVIDERS } from "../../../shared/flow/oauth-providers.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { checkAuthFields } from "../../http/check-auth-fields.ts";
import { authFields } from "../app/auth-fields.ts";
import { findAuth, makeCarry } from "../app/carry.ts";
import type { GuardedRequest } from "../http/guarded-fetch.ts";
import { isHostFixed } from "./fixed-host.ts";
import { authorizeUrl, exchangeCode, readCallback } from "./grants.ts";
import type { SignInDeps } from "./oauth-party.ts";
import { withParty } from "./sign-in.ts";

const NOW = Date.UTC(2026, 0, 1);
const ENTERED = { subdomain: "north", domain: "login.north.example", realm: "main", client_id: "own-id", client_secret: "own-secret" };
const TOKENS = { access_token: "t", token_type: "bot", expires_in: "60", scope: "a,b", refresh_token: "" };

function appOf(auth: object) {
  const app = AppFile.parse({ inlay: 1, key: "app", name: "App", auth: [{ key: "a", type: "oauth2", scopes: ["one", "two"], ...auth }] });
  const found = findAuth(app, "a");
  if (found?.type !== "oauth2") throw new Error("no OAuth");
  return { app, auth: found };
}

function stage(answer: unknown = TOKENS, status = 200, type = "application/json") {
  const sent: GuardedRequest[] = [];
  const deps: SignInDeps = {
    env: {},
    now: () => NOW,
    readSecret: async (name) => `the-${name}`,
    fetch: async (request) => {
      sent.push(request);
      const body = typeof answer === "string" ? answer : JSON.stringify(answer);
      return { ok: true, status, headers: { "content-type": type }, body, url: request.url };
    },
  };
  return { deps, sent };
}

/** Where the browser would go, and the exchange of a code. */
async function signIn(given: object, { deps, sent } = stage(), fields: Record<string, string> = ENTERED) {
  const { app, auth } = appOf(given);
  const known = Object.fromEntries(authFields(auth).map(({ key }) => [key, fields[key] ?? ""]));
  const result = await withParty(app, auth, known, deps, async (party) => {
    const options = {
      redirectUri: "https://e.example/oauth/callback",
      state: "s",
      verifier: "v".repeat(43),
      extra: auth.authorizeParams ?? {},
    };
    const address = new URL(await authorizeUrl(party, options));
    const judged = readCallback(party, new URLSearchParams({ code: "c", state: "s" }), "s");
    if (!judged.ok) throw new Error(judged.message);
    const exchange = await exchangeCode(party, judged.parameters, options.redirectUri, options.verifier, NOW);
    return { ok: true as const, address, exchange };
  });
  if (!result.ok) throw new Error(result.message);
  return { ...result, request: sent[0], form: new URLSearchParams(sent[0]?.body) };
}

describe("an app file that names its provider", () => {
  it("finds nearly two hundred of them", () => expect(Object.keys(OAUTH_PROVIDERS).length).toBeGreaterThan(180));

  it.each(Object.keys(OAUTH_PROVIDERS))("%s: is a sign-in with addresses, fields and hosts", async (provider) => {
    const { app, auth } = appOf({ provider, client: "user" });
    expect(checkAuthFields(auth, {}).problems.map(({ code }) => code)).not.toContain("unknown");
    const fields = Object.fromEntries(authFields(auth).map(({ key }) => [key, ENTERED[key as keyof typeof ENTERED]]));
    expect(checkAuthFields(auth, fields).problems).toEqual([]);
    const carry = await makeCarry(app, auth, { auth: "a", fields, accessToken: "t" }, {});
    for (const host of carry.hosts) expect(host).toMatch(/^[a-z0-9.-]+\.[a-z]+$/);
    const { address, request } = await signIn({ provider, client: "user" });
    expect(address.protocol).toBe("https:");
    expect(`${address}${request?.url}`).not.toMatch(/\[|\{|%7B|%5B|undefined/);
    expect(address.searchParams.get("response_type")).toBe("code");
    expect(address.searchParams.get("redirect_uri")).toBe("https://e.example/oauth/callback");
    expect(request?.url).toMatch(/^https:/);
  });

  it("may say otherwise, and adds its scopes", async () => {
    const own = { tokenUrl: "https://own.example/token", scopeSeparator: ";", tokenAuth: "basic", authorizeParams: { prompt: "consent" } };
    const { address, request } = await signIn({ provider: "github", client: { id: "ID", secret: "SECRET" }, ...own });
    expect(address.origin + address.pathname).toBe("https://github.com/login/oauth/authorize");
    expect(address.searchParams.get("scope")).toBe("one;two");
    expect(address.searchParams.get("prompt")).toBe("consent");
    expect(request?.url).toBe("https://own.example/token");
    expect(request?.headers.authorization).toBe(`Basic ${btoa("the-ID:the-SECRET")}`);
  });

  it("that nobody knows is refused at its line, with names that are like it", () => {
    const source = "inlay: 1\nkey: a\nname: A\nauth:\n  - { key: a, type: oauth2, provider: githup }\n";
    expect(readFile(source, AppFile)).toMatchObject({
      ok: false,
      faults: [{ path: "auth.0.provider", line: 5, message: expect.stringContaining("github") }],
    });
  });

  it("asks for what its addresses hold, and takes no other host for it", () => {
    const { auth } = appOf({ provider: "zendesk", client: { id: "ID" } });
    expect(authFields(auth)).toMatchObject([{ key: "subdomain", type: "text", required: true }]);
    for (const subdomain of ["evil.example/", "a@b", "", "x y", "a:1"])
      expect(checkAuthFields(auth, { subdomain }).problems, subdomain).toMatchObject([{ path: "fields.subdomain" }]);
  });
});

describe("a provider's own ways", () => {
  it.each([
    ["basecamp", { type: "web_server" }, { type: "web_server" }],
    ["tiktok", { client_key: "own-id" }, { client_key: "own-id" }],
    ["optimizely", { scopes: "one,two" }, {}],
    ["withings", {}, { action: "requesttoken" }],
    ["unsplash", { scope: "one two" }, {}],
  ])("of %s are kept", async (provider, asked, sent) => {
    const { address, form } = await signIn({ provider, client: "user" });
    expect(Object.fromEntries(address.searchParams)).toMatchObject(asked);
    expect(Object.fromEntries(form)).toMatchObject(sent);
  });

  it("are told in the app file where the provider is not known", async () => {
    const addresses = { authorizeUrl: "https://p.example/a", tokenUrl: "https://p.example/t", client: { id: "ID", secret: "SECRET" } };
    const json = await signIn({ ...addresses, tokenEncoding: "json", tokenAuth: "body" });
    expect(JSON.parse(json.request?.body ?? "")).toMatchObject({ code: "c", client_secret: "the-SECRET" });
    const query = await signIn({ ...addresses, tokenEncoding: "query", tokenAuth: "body", clientSecretParam: "secret" });
    expect(query.request).toMatchObject({ method: "GET", url: expect.stringMatching(/secret=the-SECRET/) });
    expect(query.request?.body).toBeUndefined();
    const deep = stage({ ok: true, authed_user: { access_token: "deep", token_type: "user" } });
    expect(await signIn({ ...addresses, tokenAnswer: "{{ body.authed_user }}" }, deep)).toMatchObject({
      exchange: { ok: true, tokens: { accessToken: "deep" } },
    });
  });
});

describe("an answer that is not the standard's", () => {
  const github = { provider: "github", client: { id: "ID", secret: "SECRET" } };

  it("is read all the same: an odd token type, texts for numbers, scopes between commas, empty fields", async () => {
    const { exchange } = await signIn(github);
    expect(exchange).toEqual({ ok: true, tokens: { accessToken: "t", tokenType: "bearer", expiresAt: NOW + 60_000, scopes: ["a", "b"] } });
  });

  it("is read as a form", async () => {
    const form = stage("access_token=f&scope=repo%2Cgist&token_type=bearer", 200, "application/x-www-form-urlencoded; charset=utf-8");
    expect(await signIn(github, form)).toMatchObject({ exchange: { ok: true, tokens: { accessToken: "f", scopes: ["repo", "gist"] } } });
  });

  it("that tells an error in a 200 is a refusal, in its words", async () => {
    const refused = stage({ error: "bad_verification_code", error_description: "The code is incorrect or expired." });
    expect(await signIn(github, refused)).toMatchObject({ exchange: { ok: false, kind: "denied", message: /incorrect/ } });
    const slack = stage({ ok: false, error: "invalid_client_id" });
    expect(await signIn(github, slack)).toMatchObject({ exchange: { ok: false, kind: "setting", message: "invalid_client_id" } });
  });
});

describe("whose client signs in", () => {
  const whole = ["authentik", "keycloak", "mastodon", "cognito", "okta", "shopify"] as const;

  it.each(whole)("%s: the workspace's secret goes to no host that a user has named", async (provider) => {
    const { deps, sent } = stage();
    const { app, auth } = appOf({ provider, client: { id: "ID", secret: "SECRET" } });
    const result = await withParty(app, auth, ENTERED, deps, async () => ({ ok: true as const }));
    if (provider === "okta" || provider === "shopify") return expect(result.ok).toBe(true);
    expect(result).toMatchObject({ ok: false, kind: "setting", message: expect.stringContaining("client: user") });
    expect(sent).toEqual([]);
  });

  it("may be the user's own, asked for in the form and kept as a secret", async () => {
    const { app, auth } = appOf({ provider: "mastodon", client: "user" });
    expect(authFields(auth).map(({ key, type }) => [key, type])).toEqual([
      ["domain", "text"],
      ["client_id", "text"],
      ["client_secret", "secret"],
    ]);
    const { request, form, address } = await signIn({ provider: "mastodon", client: "user" });
    expect(request?.url).toBe("https://login.north.example/oauth/token");
    expect(form.get("client_secret")).toBe("own-secret");
    expect(address.searchParams.get("client_id")).toBe("own-id");
    const carry = await makeCarry(app, auth, { auth: "a", fields: ENTERED, accessToken: "t" }, {});
    expect(carry.redact).toContain("own-secret");
    expect(carry.fields).not.toHaveProperty("client_secret");
    expect(await withParty(app, auth, {}, stage().deps, async () => ({ ok: true as const }))).toMatchObject({ kind: "setting" });
  });

  it.each([
    ["https://x.example/token", undefined, true],
    ["https://{{ account.shop }}.x.example/token", undefined, true],
    ["https://{{ env.REGION }}/token", undefined, true],
    ["{{ env.URL }}/token", undefined, true],
    ["/token", "https://{{ account.shop }}.x.example", true],
    ["/token", "{{ account.url }}", false],
    ["{{ account.url }}/token", undefined, false],
    ["https://{{ account.host }}/token", undefined, false],
    ["https://{{ account.host }}.com/token", undefined, false],
    ["https://login.{{ account.host }}/token", undefined, false],
    ["https://x.example/{{ account.tenant }}/token", undefined, true],
  ])("%s behind %s is decided by the app file: %s", (address, baseUrl, expected) => expect(isHostFixed(address, baseUrl)).toBe(expected));
});
