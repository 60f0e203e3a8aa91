import { env, exports } from "cloudflare:workers";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureMember } from "../db/members.ts";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { fakeProvider } from "../testing/fake-provider.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const ISSUER = "https://id.corp.example";
const PROVIDER = {
  label: "Corp",
  issuer: ISSUER,
  clientId: "inlay",
  clientSecret: "canary-secret",
  domains: ["corp.example"],
  role: "viewer",
};

let ws: TestWorkspace;
let asScript: ReturnType<typeof edgeClient>;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let other: typeof keys;
let provider: { id: string; startUrl: string; redirectUri: string };

beforeAll(async () => {
  keys = await generateKeyPair("RS256", { extractable: true });
  other = await generateKeyPair("RS256", { extractable: true });
});
beforeEach(async () => {
  ws = await makeWorkspace();
  asScript = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
  provider = (await asScript("POST", "/v1/workspace/sign-in-providers", PROVIDER)).body;
});
afterEach(() => void vi.unstubAllGlobals());

const browse = (url: string, cookie = "", headers: Record<string, string> = {}) =>
  exports.default.fetch(new Request(url, { redirect: "manual", headers: { cookie, "sec-fetch-site": "same-origin", ...headers } }));

/** The issuer's documents and its token endpoint, which answers with an ID token of these claims. */
async function issuer(
  nonce: string,
  claims: JWTPayload,
  { by = keys.privateKey, userinfo = {} }: { by?: CryptoKey; userinfo?: object } = {},
) {
  const token = await new SignJWT({ nonce, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: "1" })
    .setIssuer(claims.iss ?? ISSUER)
    .setAudience(claims.aud ?? "inlay")
    .setSubject(claims.sub ?? "subject-1")
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? "5m")
    .sign(by);
  const documents: Record<string, object> = {
    "/.well-known/openid-configuration": {
      ...{ issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/jwks` },
      userinfo_endpoint: `${ISSUER}/userinfo`,
    },
    "/jwks": { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "1", alg: "RS256", use: "sig" }] },
    "/token": { access_token: "access", token_type: "Bearer", expires_in: 300, id_token: token },
    "/userinfo": { sub: claims.sub ?? "subject-1", ...userinfo },
  };
  return fakeProvider(({ path }) => Response.json(documents[path] ?? {}, { status: documents[path] ? 200 : 404 }));
}

/** Goes to the provider; what the browser carries there and back. */
async function begin() {
  await issuer("", {});
  const response = await browse(provider.startUrl);
  const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  return { response, cookie, target: new URL(response.headers.get("location") ?? "about:blank") };
}

/** A whole sign-in with these claims; the answer to the browser, and who it is then. */
async function signIn(
  claims: JWTPayload,
  options: Parameters<typeof issuer>[2] & { returned?: Record<string, string>; from?: string } = {},
) {
  const { cookie, target } = await begin();
  const seen = await issuer(target.searchParams.get("nonce") ?? "", claims, options);
  const returned = { code: "code-1", state: target.searchParams.get("state") ?? "", ...options.returned };
  const response = await browse(`${provider.redirectUri}?${new URLSearchParams(returned)}`, options.from ?? cookie);
  const session = (response.headers.getSetCookie().find((one) => one.startsWith("inlay-session=")) ?? "").split(";")[0] ?? "";
  const me = session ? (await edgeClient()("GET", "/v1/workspace", undefined, { cookie: session })).body.member : undefined;
  return { status: response.status, html: await response.text(), headers: response.headers, me, session, seen, cookie };
}
const corp = { email: "ada@corp.example", email_verified: true };

describe("going to a provider", () => {
  it("carries state, nonce and PKCE, and binds the browser", async () => {
    const { response, target } = await begin();
    expect(response.status).toBe(303);
    expect(target.origin + target.pathname).toBe(`${ISSUER}/authorize`);
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      ...{ response_type: "code", client_id: "inlay", scope: "openid email profile", code_challenge_method: "S256" },
      ...{ redirect_uri: `${env.PUBLIC_URL}/auth/callback`, nonce: expect.stringMatching(/^\w{43}$/) },
    });
    expect(response.headers.get("set-cookie")).toMatch(/^inlay-sign-in=\w{43};.*HttpOnly; SameSite=Lax/);
  });

  it("takes a click on a page of ours where another site has sent the browser", async () => {
    await issuer("", {});
    for (const site of ["cross-site", "none"]) {
      const response = await browse(provider.startUrl, "", { "sec-fetch-site": site });
      expect(response.status).toBe(200);
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(await response.text()).toContain(`/auth/start/${provider.id}`);
    }
  });

  it("is offered by the domain of an address, without a word of the workspace", async () => {
    const found = await edgeClient()("GET", "/auth/providers?email=Somebody@CORP.example");
    expect(found.body.items).toContainEqual({ id: provider.id, label: "Corp" });
    expect((await edgeClient()("GET", "/auth/providers?email=x@other.example")).body.items).toEqual([]);
    expect((await edgeClient()("GET", "/auth/providers?email=x")).status).toBe(400);
  });

  it("says so where there is none such, or it does not answer", async () => {
    expect((await browse(`http://edge.test/auth/start/sip_${"0".repeat(22)}`)).status).toBe(400);
    fakeProvider(() => new Response("down", { status: 503 }));
    const response = await browse(provider.startUrl);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("Corp does not answer")]);
  });
});

describe("coming back from a provider", () => {
  it("signs a member in by the address that it vouches for, and sends the secret nowhere else", async () => {
    const id = await ensureMember(ws.db, ws.id, "ada@corp.example", "builder");
    const { status, me, headers, seen } = await signIn(corp);
    expect([status, headers.get("location")]).toEqual([303, "/console"]);
    expect(me).toMatchObject({ id, role: "builder", email: "ada@corp.example" });
    const exchange = seen.find(({ path }) => path === "/token");
    expect(exchange?.headers.get("authorization")).toMatch(/^Basic /);
    expect(new URLSearchParams(exchange?.body).get("code_verifier")).toMatch(/^[\w-]{43}$/);
    const [entry] = (await asScript("GET", "/v1/workspace/audit?action=member.linked")).body.items;
    expect(entry).toMatchObject({ actor: { id }, after: { by: provider.id, email: "ada@corp.example" } });
    expect(JSON.stringify((await asScript("GET", "/v1/workspace/sign-in-providers")).body)).not.toContain("canary-secret");
  });

  it("lets whoever has an address of the domain join in the role that was set, and knows them again by their subject", async () => {
    const ada = { role: "viewer", email: "ada@corp.example", name: "Ada Lovelace" };
    expect((await signIn({ ...corp, name: " Ada Lovelace " })).me).toMatchObject(ada);
    const again = await signIn({ email: "married@corp.example", email_verified: true });
    expect(again.me).toMatchObject({ email: "ada@corp.example" });
    expect((await signIn({ ...corp, sub: "subject-2", email: "bob@corp.example" })).me).toMatchObject({ email: "bob@corp.example" });
  });

  it("takes up an open invitation in its role", async () => {
    await asScript("POST", "/v1/workspace/invitations", { email: "ada@corp.example", role: "operator" });
    expect((await signIn(corp)).me).toMatchObject({ role: "operator" });
  });

  it("is nobody stronger than whoever set the provider up: an admin becomes no owner by an issuer of their own", async () => {
    const owner = await ensureMember(ws.db, ws.id, "olga@corp.example", "owner");
    const { token } = await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null, role: "admin" });
    const asAdmin = edgeClient(token);
    const path = `/v1/workspace/sign-in-providers/${provider.id}`;
    const olga = { email: "olga@corp.example", email_verified: true, sub: "olga" };
    expect((await signIn(olga)).me).toMatchObject({ id: owner, role: "owner" });
    expect((await asAdmin("PUT", path, PROVIDER)).status).toBe(200);
    const known = await signIn(olga);
    expect([known.status, known.me]).toEqual([400, undefined]);
    expect(known.html).toContain("may not stand in for you");
    expect((await signIn({ ...olga, sub: "somebody else" })).me).toBeUndefined();
    await asScript("POST", "/v1/workspace/invitations", { email: "new@corp.example", role: "owner" });
    expect((await signIn({ ...olga, sub: "new", email: "new@corp.example" })).me).toBeUndefined();
    expect((await signIn({ ...olga, sub: "vic", email: "vic@corp.example" })).me).toMatchObject({ role: "viewer" });
    expect((await asScript("PUT", path, PROVIDER)).status).toBe(200);
    expect((await signIn(olga)).me).toMatchObject({ id: owner });
  });

  it("asks for the address where the ID token lacks it", async () => {
    expect((await signIn({}, { userinfo: corp })).me).toMatchObject({ email: "ada@corp.example" });
  });

  it.each([
    ["no vouched address", { email: "ada@corp.example", email_verified: false }, "vouch"],
    ["an address of another domain", { email: "ada@evil.example", email_verified: true }, "do not come in"],
    ["a domain that merely ends so", { email: "ada@evilcorp.example", email_verified: true }, "do not come in"],
    ["two addresses in one", { email: "ada@evil.example@corp.example.evil.example", email_verified: true }, "do not come in"],
    ["no address at all", {}, "no e-mail address"],
  ])("refuses whoever has %s", async (_, claims, words) => {
    const { status, me, html } = await signIn(claims);
    expect([status, me]).toEqual([400, undefined]);
    expect(html).toContain(words);
  });

  it("lets members and the invited alone in where nobody may join", async () => {
    await asScript("PUT", `/v1/workspace/sign-in-providers/${provider.id}`, { ...PROVIDER, clientSecret: undefined, role: null });
    const { status, html } = await signIn(corp);
    expect([status, html]).toEqual([400, expect.stringContaining("is no member here")]);
    await ensureMember(ws.db, ws.id, "ada@corp.example", "viewer");
    expect((await signIn(corp)).status).toBe(303);
  });

  it("asks for a vouched address where no domain is named", async () => {
    await asScript("PUT", `/v1/workspace/sign-in-providers/${provider.id}`, { ...PROVIDER, domains: [], role: null });
    await ensureMember(ws.db, ws.id, "ada@corp.example", "viewer");
    expect((await signIn({ email: "ada@corp.example" })).status).toBe(400);
    expect((await signIn(corp)).status).toBe(303);
  });

  it.each<[string, JWTPayload, Parameters<typeof signIn>[1]]>([
    ["another issuer", { ...corp, iss: "https://evil.example" }, {}],
    ["another audience", { ...corp, aud: "other" }, {}],
    ["another nonce", { ...corp, nonce: "other" }, {}],
    ["a token that has ended", { ...corp, exp: 1_000_000 }, {}],
    ["an error in place of a code", corp, { returned: { error: "server_error", code: "" } }],
    ["another issuer's name beside the code", corp, { returned: { iss: "https://evil.example" } }],
  ])("trusts nothing with %s", async (_, claims, options) => {
    await ensureMember(ws.db, ws.id, "ada@corp.example", "owner");
    const { status, me, session, html } = await signIn(claims, options);
    expect([status, me, session]).toEqual([400, undefined, ""]);
    expect(html).toContain("cannot be trusted");
  });

  it("trusts nothing that another key has signed", async () => {
    await ensureMember(ws.db, ws.id, "ada@corp.example", "owner");
    const forged = await signIn(corp, { by: other.privateKey });
    expect(forged).toMatchObject({ status: 400, session: "", html: expect.stringContaining("cannot be trusted: JWT signature") });
  });

  it("works once, in the browser that began, with its state", async () => {
    await ensureMember(ws.db, ws.id, "ada@corp.example", "owner");
    expect(await signIn(corp, { from: "inlay-sign-in=other" })).toMatchObject({ status: 400, session: "" });
    expect(await signIn(corp, { returned: { state: "other" } })).toMatchObject({ status: 400, session: "" });
    const { cookie, target } = await begin();
    const back = `${provider.redirectUri}?${new URLSearchParams({ code: "c", state: target.searchParams.get("state") ?? "" })}`;
    await issuer(target.searchParams.get("nonce") ?? "", corp);
    expect((await browse(back, cookie)).status).toBe(303);
    expect((await browse(back, cookie)).status).toBe(400);
  });

  it("says when signing in was not allowed there", async () => {
    const { status, html } = await signIn(corp, { returned: { error: "access_denied", code: "" } });
    expect([status, html]).toEqual([400, expect.stringContaining("was not allowed at Corp")]);
  });
});

describe("a provider's setting", () => {
  it.each([
    [{ ...PROVIDER, domains: [] }, "domains"],
    [{ ...PROVIDER, role: "owner" }, "role"],
    [{ ...PROVIDER, issuer: "nonsense" }, "issuer"],
    [{ ...PROVIDER, domains: ["corp"] }, "domains.0"],
  ])("%j is refused", async (body, path) => {
    expect(await asScript("POST", "/v1/workspace/sign-in-providers", body)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  it("keeps its secret where none is sent, and signs everybody out whom it signed in once it is removed", async () => {
    const changed = await asScript("PUT", `/v1/workspace/sign-in-providers/${provider.id}`, {
      ...PROVIDER,
      clientSecret: undefined,
      label: "New",
    });
    expect(changed.body).toMatchObject({ label: "New", hasSecret: true, redirectUri: `${env.PUBLIC_URL}/auth/callback` });
    const { session } = await signIn(corp);
    const asks = () => edgeClient()("GET", "/v1/workspace", undefined, { cookie: session });
    expect((await asks()).status).toBe(200);
    expect(await asScript("DELETE", `/v1/workspace/sign-in-providers/${provider.id}`)).toMatchObject({ status: 204 });
    expect((await asks()).status).toBe(401);
    expect((await browse(provider.startUrl)).status).toBe(400);
  });
});
