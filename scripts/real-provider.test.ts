// The edge's OAuth client against an authorization server that none of us wrote: `oidc-provider`, over HTTP, driven as a browser would.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { guardedFetch } from "../edge/providers/http/guarded-fetch.ts";
import {
  authorizeUrl,
  exchangeCode,
  type GrantResult,
  grantClientCredentials,
  readCallback,
  type Tokens,
} from "../edge/providers/oauth/grants.ts";
import type { OAuthAuth, OAuthParty, SignInDeps } from "../edge/providers/oauth/oauth-party.ts";
import { renew, revoke, withParty } from "../edge/providers/oauth/sign-in.ts";
import { identifyMember, memberAuthorizeUrl, type OidcAttempt } from "../edge/providers/oidc/member-sign-in.ts";
import { AppFile } from "../shared/flow/app-file.ts";

const CALLBACK = "http://localhost:1/oauth/callback";
const VERIFIER = "a-verifier-of-the-tests-that-is-long-enough-for-the-standard";

let server: Server;
let origin: string;
beforeAll(async () => {
  // It warns of settings that tests do not need.
  for (const name of ["info", "warn"] as const) vi.spyOn(console, name).mockImplementation(() => undefined);
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(origin, {
    clients: [
      {
        ...{ client_id: "inlay", client_secret: "the secret / of + inlay", redirect_uris: [CALLBACK], response_types: ["code"] },
        grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      },
    ],
    scopes: ["openid", "offline_access", "api", "email", "profile"],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: async (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@corp.example`, email_verified: true, name: "Ada Lovelace" }),
    }),
    features: {
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      devInteractions: { enabled: true },
    },
    pkce: { required: () => true },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    conformIdTokenClaims: false,
    cookies: { keys: ["a key of the tests"] },
    ttl: { AccessToken: 60 },
  });
  server.on("request", provider.callback());
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const secrets: Record<string, string> = { ID: "inlay", SECRET: "the secret / of + inlay", WRONG: "not the secret" };
const deps = (): SignInDeps => ({
  env: {},
  fetch: guardedFetch({ PUBLIC_URL: "https://edge.example", INLAY_LOCAL_HOSTS: "localhost" }),
  readSecret: async (name) => secrets[name],
  now: Date.now,
});
const client = { id: "ID", secret: "SECRET" };

/** An app file with this way to sign in. */
function appWith(auth: object) {
  const app = AppFile.parse({ inlay: 1, key: "real", name: "Real", baseUrl: origin, auth: [{ key: "a", client, ...auth }] });
  const [only] = app.auth;
  if (!only || !("client" in only)) throw new Error("the app has no OAuth");
  return { app, auth: only as OAuthAuth };
}
const byIssuer = () =>
  appWith({ type: "oauth2", issuer: origin, scopes: ["openid", "offline_access", "api"], authorizeParams: { prompt: "consent" } });
const party = async (which: ReturnType<typeof appWith>): Promise<OAuthParty> => {
  const found = await withParty(which.app, which.auth, {}, deps(), async (one) => ({ ok: true as const, party: one }));
  if (!found.ok) throw new Error(found.message);
  return found.party;
};

/** Goes through sign-in and consent as a browser does, or aborts; answers what the provider sends back. */
async function browse(url: string, decision: "allow" | "deny"): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let request: { url: string; form?: string } = { url };
  for (let hop = 0; hop < 15; hop++) {
    const response = await fetch(request.url, {
      redirect: "manual",
      headers: {
        cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
        ...(request.form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
      },
      ...(request.form ? { method: "POST", body: request.form } : {}),
    });
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location?.startsWith(CALLBACK)) return new URL(location).searchParams;
    if (location) {
      request = { url: new URL(location, request.url).href };
      continue;
    }
    const page = await response.text();
    if (!request.url.includes("/interaction/")) throw new Error(`${response.status} ${page.slice(0, 500)}`);
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? "";
    if (prompt === "consent" && decision === "deny") request = { url: `${request.url}/abort` };
    else request = { url: request.url, form: prompt === "login" ? "prompt=login&login=ada&password=x" : "prompt=consent" };
  }
  throw new Error("the sign-in does not end");
}

async function signIn(which: ReturnType<typeof appWith>, decision: "allow" | "deny" = "allow", state = `state-${crypto.randomUUID()}`) {
  const one = await party(which);
  const extra = "authorizeParams" in which.auth ? (which.auth.authorizeParams ?? {}) : {};
  const returned = await browse(await authorizeUrl(one, { redirectUri: CALLBACK, state, verifier: VERIFIER, extra }), decision);
  return { one, state, returned };
}
const tokensOf = (result: GrantResult): Tokens => {
  if (!result.ok) throw new Error(result.message);
  return result.tokens;
};
async function connect(which = byIssuer()) {
  const { one, state, returned } = await signIn(which);
  const judged = readCallback(one, returned, state);
  if (!judged.ok) throw new Error(judged.message);
  const tokens = tokensOf(await exchangeCode(one, judged.parameters, CALLBACK, VERIFIER, Date.now()));
  return { which, one, judged, credentials: { auth: "a", fields: {}, ...tokens } };
}
const isActive = async (token: string) => {
  const basic = btoa(`${encodeURIComponent("inlay")}:${encodeURIComponent(secrets.SECRET ?? "").replaceAll("%20", "+")}`);
  const response = await fetch(`${origin}/token/introspection`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ token }),
  });
  return ((await response.json()) as { active: boolean }).active;
};

describe("signing in at a real authorization server", () => {
  it("by code and PKCE brings tokens, for an app that names its issuer alone", async () => {
    const { credentials } = await connect();
    expect(credentials).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      scopes: expect.arrayContaining(["api"]),
    });
    expect(credentials.expiresAt).toBeGreaterThan(Date.now());
    expect(await isActive(credentials.accessToken)).toBe(true);
  });

  it("by addresses in the app file, with the secret in the body", async () => {
    const which = appWith({
      type: "oauth2",
      authorizeUrl: "/auth",
      tokenUrl: "/token",
      scopes: ["openid", "offline_access"],
      tokenAuth: "body",
      authorizeParams: { prompt: "consent" },
    });
    expect(await isActive((await connect(which)).credentials.accessToken)).toBe(true);
  });

  it("brings nothing with another verifier, for a code that was used, or with the wrong secret", async () => {
    const { one, state, returned } = await signIn(byIssuer());
    const judged = readCallback(one, returned, state);
    if (!judged.ok) throw new Error(judged.message);
    const other = await exchangeCode(one, judged.parameters, CALLBACK, VERIFIER.replace("a-", "b-"), Date.now());
    expect(other).toMatchObject({ ok: false, kind: "denied" });
    const { one: again, judged: used } = await connect();
    expect(await exchangeCode(again, used.parameters, CALLBACK, VERIFIER, Date.now())).toMatchObject({ ok: false, kind: "denied" });
    const wrong = byIssuer();
    const bad = await party({ ...wrong, auth: { ...wrong.auth, client: { id: "ID", secret: "WRONG" } } });
    expect(await exchangeCode(bad, used.parameters, CALLBACK, VERIFIER, Date.now())).toMatchObject({ ok: false, kind: "setting" });
  });

  it("that is not allowed there is told as that", async () => {
    const { one, state, returned } = await signIn(byIssuer(), "deny");
    expect(returned.get("error")).toBe("access_denied");
    expect(readCallback(one, returned, state)).toMatchObject({ ok: false, reason: "denied" });
  });

  it("is refused with another issuer's name, with none where one is promised, or with another state", async () => {
    const { one, state, returned } = await signIn(byIssuer());
    expect(returned.get("iss")).toBe(origin);
    const change = (name: string, value?: string) => {
      const changed = new URLSearchParams(returned);
      if (value === undefined) changed.delete(name);
      else changed.set(name, value);
      return readCallback(one, changed, state);
    };
    expect(change("iss", "https://evil.example")).toMatchObject({ ok: false, reason: "invalid" });
    expect(change("iss")).toMatchObject({ ok: false, reason: "invalid" });
    expect(change("state", "other")).toMatchObject({ ok: false, reason: "invalid" });
    expect(change("state")).toMatchObject({ ok: false, reason: "invalid" });
  });
});

describe("tokens of a real authorization server", () => {
  it("are renewed, and the refresh token with them; the old one used again ends them all", async () => {
    const { which, credentials } = await connect();
    const first = await renew(which.app, which.auth, credentials, deps());
    if (!first.ok) throw new Error(first.message);
    expect(first.credentials.refreshToken).not.toBe(credentials.refreshToken);
    expect(await isActive(first.credentials.accessToken ?? "")).toBe(true);
    expect(await renew(which.app, which.auth, credentials, deps())).toMatchObject({ ok: false, kind: "denied" });
    expect(await renew(which.app, which.auth, first.credentials, deps())).toMatchObject({ ok: false, kind: "denied" });
  });

  it("are revoked, where the app file says where and where the issuer does", async () => {
    const named = appWith({
      type: "oauth2",
      issuer: origin,
      scopes: ["openid", "offline_access"],
      revokeUrl: "/token/revocation",
      authorizeParams: { prompt: "consent" },
    });
    for (const which of [named, byIssuer()]) {
      const { credentials } = await connect(which);
      expect(await revoke(which.app, which.auth, credentials, deps())).toBe(true);
      expect(await isActive(credentials.refreshToken ?? "")).toBe(false);
      expect(await renew(which.app, which.auth, credentials, deps())).toMatchObject({ ok: false, kind: "denied" });
    }
  });

  it("for the client itself come without anybody signing in", async () => {
    const which = appWith({ type: "oauth2_client_credentials", tokenUrl: "/token", scopes: ["api"] });
    expect(await isActive(tokensOf(await grantClientCredentials(await party(which), Date.now())).accessToken)).toBe(true);
    const bad = { ...which, auth: { ...which.auth, client: { id: "ID", secret: "WRONG" } } };
    expect(await grantClientCredentials(await party(bad), Date.now())).toMatchObject({ ok: false, kind: "setting" });
  });
});

describe("members at a real OpenID provider", () => {
  const member = { issuer: "", clientId: "inlay", secret: "the secret / of + inlay" };
  const attempt = (): OidcAttempt => ({
    state: crypto.randomUUID(),
    nonce: crypto.randomUUID(),
    verifier: VERIFIER,
    redirectUri: CALLBACK,
  });
  const fetcher = () => deps().fetch;

  async function begin(went: OidcAttempt, decision: "allow" | "deny" = "allow") {
    const target = await memberAuthorizeUrl({ ...member, issuer: origin }, went, fetcher());
    if (!target.ok) throw new Error(target.message);
    return browse(target.url, decision);
  }

  it("are who they are there, by code, PKCE and nonce", async () => {
    const went = attempt();
    const result = await identifyMember({ ...member, issuer: origin }, went, await begin(went), fetcher());
    expect(result).toEqual({
      ok: true,
      identity: { subject: "ada", email: "ada@corp.example", isVerified: true, name: "Ada Lovelace" },
    });
  });

  it("are nobody with another nonce, another verifier, another state, or a code that was used", async () => {
    for (const change of [{ nonce: "other" }, { verifier: `${VERIFIER}x` }, { state: "other" }]) {
      const went = attempt();
      const result = await identifyMember({ ...member, issuer: origin }, { ...went, ...change }, await begin(went), fetcher());
      expect(result, JSON.stringify(change)).toMatchObject({ ok: false, kind: "refused" });
    }
    const went = attempt();
    const returned = await begin(went);
    expect(await identifyMember({ ...member, issuer: origin }, went, returned, fetcher())).toMatchObject({ ok: true });
    expect(await identifyMember({ ...member, issuer: origin }, went, returned, fetcher())).toMatchObject({ ok: false, kind: "refused" });
  });

  it("who do not allow it, and a client that is set up wrongly, are told apart", async () => {
    const went = attempt();
    const denied = await identifyMember({ ...member, issuer: origin }, went, await begin(went, "deny"), fetcher());
    expect(denied).toMatchObject({ ok: false, kind: "denied" });
    const again = attempt();
    const wrong = { ...member, issuer: origin, secret: "wrong" };
    expect(await identifyMember(wrong, again, await begin(again), fetcher())).toMatchObject({ ok: false, kind: "setting" });
    const down = await memberAuthorizeUrl({ ...member, issuer: "http://localhost:1" }, again, fetcher());
    expect(down).toMatchObject({ ok: false, kind: "unavailable" });
  });
});
