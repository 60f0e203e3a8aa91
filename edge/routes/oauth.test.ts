import { env, exports } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Attempt, AuthorizeResponse } from "../../shared/api/account.ts";
import { attempts } from "../db/schema.ts";
import { setSecret } from "../db/settings.ts";
import { sealSecret } from "../security/seal.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { fakeProvider } from "../testing/fake-provider.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const CRM = `
inlay: 1
key: crm
name: Crm
baseUrl: https://crm.example
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, scopes: [read, offline], client: { id: CRM_ID, secret: CRM_SECRET }, authorizeParams: { prompt: consent } }
  - { key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries: { me: { request: { path: /me } } }
`;

let ws: TestWorkspace;
let asAda: ReturnType<typeof edgeClient>;
let asGrace: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(CRM);
  await ws.app(CRM.replace("key: crm", "key: unset").replaceAll("CRM_", "UNSET_"));
  for (const name of ["CRM_ID", "CRM_SECRET"])
    await setSecret(ws.db, ws.id, name, await sealSecret(env, ws.id, `secret/${name}`, `the-${name}`));
  asAda = edgeClient(await ws.token({ sub: "ada" }));
  asGrace = edgeClient(await ws.token({ sub: "grace" }));
});
afterEach(() => void vi.unstubAllGlobals());

const browse = (url: string, cookie?: string, headers: Record<string, string> = {}) =>
  exports.default.fetch(new Request(url, { redirect: "manual", headers: { ...headers, ...(cookie ? { cookie } : {}) } }));
const authorize = async (as: typeof asAda, more: object = {}) =>
  (await as("POST", "/v1/accounts/authorize", { app: "crm", ...more })).body as AuthorizeResponse;
const watch = async (as: typeof asAda, attempt: string) => (await as("GET", `/v1/accounts/attempts/${attempt}`)).body as Attempt;

/** Begins in a browser: where the provider would be asked, and the browser's cookie. */
async function begin(url: string) {
  const response = await browse(url);
  const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  return { response, cookie, target: new URL(response.headers.get("location") ?? "about:blank") };
}

const provider = (
  token: object = { access_token: "access-canary", refresh_token: "refresh-canary", token_type: "Bearer", expires_in: 600, scope: "read" },
  status = 200,
  me: object = { id: "c1", name: "North" },
) => fakeProvider(({ path }) => (path === "/token" ? Response.json(token, { status }) : Response.json(me)));
const callback = (target: URL, more: Record<string, string>) =>
  `http://edge.test/oauth/callback?${new URLSearchParams({ state: target.searchParams.get("state") ?? "", iss: "https://crm.example", ...more })}`;

describe("beginning to sign in", () => {
  it("sends the browser to the provider with PKCE, state and the exact return address", async () => {
    const { authorizeUrl, attempt } = await authorize(asAda);
    expect(authorizeUrl).toBe(`http://edge.test/oauth/start/${attempt}`);
    const { response, target } = await begin(authorizeUrl);
    expect(response.status).toBe(302);
    expect(target.origin + target.pathname).toBe("https://crm.example/authorize");
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "the-CRM_ID",
      redirect_uri: "http://edge.test/oauth/callback",
      scope: "read offline",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^att_\w{22}\.\w{43}\.en$/),
      prompt: "consent",
    });
    expect(response.headers.get("set-cookie")).toMatch(/HttpOnly.*SameSite=Lax/);
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("works again in the same browser, and in no other", async () => {
    const { authorizeUrl } = await authorize(asAda);
    const first = await begin(authorizeUrl);
    expect((await browse(authorizeUrl, first.cookie)).status).toBe(302);
    expect((await browse(authorizeUrl)).status).toBe(400);
  });

  it("says what is missing where the workspace has no client for the app", async () => {
    const { status, body } = await asAda("POST", "/v1/accounts/authorize", { app: "unset" });
    expect({ status, body }).toMatchObject({ status: 502, body: { code: "app_failed", detail: expect.stringContaining("UNSET_ID") } });
  });

  it("O11 leads back to a page of the origin that asked, and to no other", async () => {
    const origin = "https://host.example";
    const asLena = edgeClient(await ws.token({ sub: "lena" }));
    const ask = (returnTo: string, from = origin) => asLena("POST", "/v1/accounts/authorize", { app: "crm", returnTo }, { origin: from });
    for (const returnTo of [
      "https://evil.example/",
      "https://host.example.evil.example/",
      "https://host.example@evil.example/",
      "http://host.example/",
      "javascript:alert(1)//https://host.example",
      "nonsense",
    ])
      expect(await ask(returnTo), returnTo).toMatchObject({ status: 422, body: { errors: [{ path: "returnTo" }] } });
    expect(await asLena("POST", "/v1/accounts/authorize", { app: "crm", returnTo: `${origin}/x` })).toMatchObject({ status: 422 });
    provider();
    const { body } = await ask(`${origin}/apps?flow=1&x="><b>`);
    const { target, cookie } = await begin(body.authorizeUrl);
    const html = await (await browse(callback(target, { code: "code-1" }), cookie)).text();
    expect(html).toContain('<a href="https://host.example/apps?flow=1&amp;x=&quot;&gt;&lt;b&gt;">Back to host.example</a>');
    expect(html).not.toContain("window.close");
    const denied = await begin((await ask(`${origin}/apps`)).body.authorizeUrl);
    const refused = await (await browse(callback(denied.target, { error: "access_denied" }), denied.cookie)).text();
    expect(refused).toContain('<a href="https://host.example/apps">');
  });

  it("is refused for kinds of auth that are keys", async () => {
    expect(await asAda("POST", "/v1/accounts/authorize", { app: "crm", auth: "token" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "auth" }] },
    });
  });

  it("is refused for attempts that are not there", async () => {
    for (const id of ["att_none", "..%2f", `att_${"0".repeat(22)}`])
      expect((await browse(`http://edge.test/oauth/start/${id}`)).status).toBe(400);
  });
});

describe("the pages on the way", () => {
  const asGerman = { "accept-language": "de-AT" };
  const read = async (response: Response) => {
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^;]+;( script-src 'sha256-[^;]+;)? form-action 'self'; frame-ancestors 'none'/,
    );
    return { html, tag: /<html ([^>]*)>/.exec(html)?.[1], title: /<h1>(.*?)<\/h1>/.exec(html)?.[1] };
  };
  const beginIn = async (locale: string, more: object = {}) =>
    (
      await edgeClient(await ws.token({ sub: "ines" }))(
        "POST",
        "/v1/accounts/authorize",
        { app: "crm", ...more },
        { "accept-language": locale, origin: "https://host.example" },
      )
    ).body as AuthorizeResponse;

  it("speak as the widget did that began, whatever the browser speaks", async () => {
    provider();
    const { target, cookie } = await begin((await beginIn("de-AT")).authorizeUrl);
    const done = await read(await browse(callback(target, { code: "c" }), cookie, { "accept-language": "fr" }));
    expect(done).toMatchObject({ tag: 'lang="de" dir="ltr"', title: "Crm ist verbunden" });
    const again = await read(await browse(callback(target, { code: "c" }), cookie, { "accept-language": "fr" }));
    expect(again.title).toBe("Diese Anmeldung kann nicht weitergehen");
    const arabic = await begin((await beginIn("ar", { returnTo: "https://host.example/x" })).authorizeUrl);
    const refused = await read(await browse(callback(arabic.target, { error: "access_denied" }), arabic.cookie, asGerman));
    expect(refused).toMatchObject({ tag: 'lang="ar" dir="rtl"', title: "لم يتم ربط \u2068Crm\u2069" });
    expect(refused.html).toContain("العودة إلى");
    expect(refused.html).not.toMatch(/>[^<]*(was not|Connect again|Back to)/);
  });

  it("speak as the browser does where nobody has said, and English where neither is spoken", async () => {
    const over = async (lang: string, accepted: string) =>
      (await read(await browse(`http://edge.test/oauth/start/att_none${lang}`, undefined, { "accept-language": accepted }))).tag;
    expect(await over("", "tlh, fr;q=0.5, he;q=0.8")).toBe('lang="he" dir="rtl"');
    expect(await over("?lang=constructor", "zh-TW, zh-SG;q=0.1")).toBe('lang="zh-CN" dir="ltr"');
    expect(await over("?lang=%22%3E%3Cb%3E", "pt")).toBe('lang="pt-BR" dir="ltr"');
    expect(await over("", "de;q=0, *")).toBe('lang="en" dir="ltr"');
  });

  it("say why an app refused by code, and quote what it said", async () => {
    for (const [answer, status, reason] of [
      [{ error: "invalid_grant", error_description: "code used" }, 400, "Crm sagt: „code used“. Versuchen Sie es noch einmal."],
      [{}, 503, "Crm antwortet gerade nicht. Versuchen Sie es später noch einmal."],
      [{ hello: 1 }, 200, "<p>Versuchen Sie es noch einmal."],
    ] as const) {
      provider(answer, status);
      const { target, cookie } = await begin((await beginIn("de")).authorizeUrl);
      const { html, title } = await read(await browse(callback(target, { code: "c" }), cookie));
      expect(title).toBe("Crm wurde nicht verbunden");
      expect(html).toContain(reason);
    }
  });
});

describe("coming back from the provider", () => {
  it("O08 connects the account, once, and tells its user alone", async () => {
    const seen = provider();
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    expect(await watch(asAda, attempt)).toEqual({ status: "pending" });
    const response = await browse(callback(target, { code: "code-1" }), cookie);
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain("Crm is connected");
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*script-src 'sha256-/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const exchange = new URLSearchParams(seen[0]?.body);
    expect(exchange.get("code")).toBe("code-1");
    expect(exchange.get("code_verifier")).toMatch(/^[\w-]{43}$/);
    expect(seen[0]?.headers.get("authorization")).toMatch(/^Basic /);
    const result = await watch(asAda, attempt);
    expect(result).toMatchObject({
      status: "connected",
      existed: false,
      account: { app: "crm", label: "North", externalId: "c1", status: "connected", scopes: ["read"] },
    });
    expect((await asGrace("GET", `/v1/accounts/attempts/${attempt}`)).status).toBe(404);
    for (const secret of ["access-canary", "refresh-canary"]) expect(html + JSON.stringify(result)).not.toContain(secret);
    expect((await browse(callback(target, { code: "code-1" }), cookie)).status).toBe(400);
    expect(seen.filter(({ path }) => path === "/token")).toHaveLength(1);
  });

  it("as the same account again renews it", async () => {
    provider();
    for (const existed of [false, true]) {
      const { authorizeUrl, attempt } = await authorize(asGrace);
      const { target, cookie } = await begin(authorizeUrl);
      await browse(callback(target, { code: "c" }), cookie);
      expect(await watch(asGrace, attempt)).toMatchObject({ status: "connected", existed });
    }
  });

  it("O16 as somebody else while reconnecting is refused in words", async () => {
    provider();
    const first = await authorize(asGrace);
    const one = await begin(first.authorizeUrl);
    await browse(callback(one.target, { code: "c" }), one.cookie);
    const account = (await watch(asGrace, first.attempt)).account?.id;
    provider(undefined, 200, { id: "c9", name: "Stranger" });
    const { authorizeUrl, attempt } = await authorize(asGrace, { account });
    const { target, cookie } = await begin(authorizeUrl);
    await browse(callback(target, { code: "c" }), cookie);
    expect(await watch(asGrace, attempt)).toMatchObject({
      status: "failed",
      reason: "invalid",
      message: expect.stringContaining("Stranger"),
      why: { code: "other_account", params: { app: "Crm" } },
    });
  });

  it("O10 after a denial says so, and shows what the provider sends as text", async () => {
    const seen = provider();
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    const response = await browse(callback(target, { error: "access_denied", error_description: "<img src=x onerror=alert(1)>" }), cookie);
    expect(await response.text()).not.toContain("<img");
    expect(await watch(asAda, attempt)).toMatchObject({
      status: "failed",
      reason: "denied",
      message: expect.stringContaining("not allowed"),
    });
    const other = await authorize(asAda);
    const again = await begin(other.authorizeUrl);
    const html = await (
      await browse(callback(again.target, { error: "server_error", error_description: "<img src=x>" }), again.cookie)
    ).text();
    expect(html).toContain("&lt;img");
    expect(html).not.toContain("<img");
    expect(seen).toHaveLength(0);
  });

  it("O01 O02 O05 without a state, with another, or from another browser redeems nothing and ends nothing", async () => {
    const seen = provider();
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    const stranger = await begin((await authorize(asGrace)).authorizeUrl);
    const right = target.searchParams.get("state") ?? "";
    const tries: [string, string | undefined][] = [
      ["http://edge.test/oauth/callback?code=c", cookie],
      ["http://edge.test/oauth/callback", undefined],
      [callback(target, { code: "c", state: `${attempt}.${"x".repeat(43)}` }), cookie],
      [callback(target, { code: "c", state: right.slice(0, -1) }), cookie],
      [callback(target, { code: "c" }), undefined],
      [callback(target, { code: "c" }), stranger.cookie],
      [callback(stranger.target, { code: "c" }), cookie],
      [callback(target, { code: "c" }), `${cookie}x`],
    ];
    for (const [url, sent] of tries) expect((await browse(url, sent)).status).toBe(400);
    expect(seen).toHaveLength(0);
    expect(await watch(asAda, attempt)).toEqual({ status: "pending" });
    expect((await browse(callback(target, { code: "c" }), cookie)).status).toBe(200);
  });

  it("O07 from another issuer is refused", async () => {
    const seen = provider();
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    expect((await browse(callback(target, { code: "c", iss: "https://evil.example" }), cookie)).status).toBe(400);
    expect(seen).toHaveLength(0);
    expect(await watch(asAda, attempt)).toMatchObject({ status: "failed", reason: "invalid" });
  });

  it("O04 too late is refused", async () => {
    const seen = provider();
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    await ws.db
      .update(attempts)
      .set({ expiresAt: Date.now() - 1 })
      .where(eq(attempts.id, attempt));
    expect((await browse(callback(target, { code: "c" }), cookie)).status).toBe(400);
    expect(seen).toHaveLength(0);
    expect(await watch(asAda, attempt)).toMatchObject({ status: "failed", reason: "expired" });
  });

  it.each([
    [{ error: "invalid_grant", error_description: "code used" }, 400, "invalid", "sign_in", "code used"],
    [{ error: "invalid_client" }, 401, "error", "setting", "invalid_client"],
    [{ hello: 1 }, 200, "error", "setting", undefined],
    [{}, 503, "error", "unavailable", undefined],
  ])("with a token endpoint that answers %j (%i) fails in words and by code", async (answer, status, reason, code, said) => {
    provider(answer, status);
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    expect((await browse(callback(target, { code: "c" }), cookie)).status).toBe(400);
    expect(await watch(asAda, attempt)).toMatchObject({
      status: "failed",
      reason,
      message: expect.stringMatching(/^Crm(:| says: “.+”\.) .+\.$/),
    });
    const { why } = await watch(asAda, attempt);
    expect([why?.code, why?.params?.said, why?.params?.app]).toEqual([code, said, "Crm"]);
  });

  it("keeps neither verifier nor fields once it is over, and never in plain", async () => {
    provider();
    const { authorizeUrl, attempt } = await authorize(asAda);
    const { target, cookie } = await begin(authorizeUrl);
    const row = async () => (await ws.db.select().from(attempts).where(eq(attempts.id, attempt)))[0];
    expect((await row())?.verifier).toMatch(/^v1\./);
    expect(JSON.stringify(await row())).not.toContain(target.searchParams.get("state"));
    await browse(callback(target, { code: "c" }), cookie);
    expect(await row()).toMatchObject({ verifier: null, fields: null, stateHash: null });
  });
});
