import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, it, test, vi } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { accounts } from "../../db/schema.ts";
import { setSecret } from "../../db/settings.ts";
import { sealSecret } from "../../security/seal.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";
import type { Credentials } from "./rpc.ts";

const CRM = `
inlay: 1
key: crm
name: Crm
baseUrl: https://crm.example
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, revokeUrl: /revoke, client: { id: CRM_ID, secret: CRM_SECRET } }
  - { key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret }, { key: region, type: text }] }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries: { me: { request: { path: /me } } }
`;
const LIMITED = CRM.replace("key: crm", "key: limited").replace("queries:", "limits: { requests: 3, per: 1s, concurrency: 2 }\nqueries:");

let workspace: TestWorkspace;
let user: string;

beforeAll(async () => {
  workspace = await makeWorkspace();
  user = await workspace.user("ada");
  await workspace.app(CRM);
  await workspace.app(LIMITED);
  for (const name of ["CRM_ID", "CRM_SECRET"])
    await setSecret(workspace.db, workspace.id, name, await sealSecret(env, workspace.id, `secret/${name}`, `the-${name}`));
});
afterEach(() => void vi.unstubAllGlobals());

/** A stored account, its object, and the row in the catalogue. */
async function connect(credentials: Partial<Credentials>, source = CRM) {
  const key = source === CRM ? "crm" : "limited";
  const id = await workspace.account(user, key);
  const { parse } = await import("yaml");
  const object = env.ACCOUNTS.getByName(id);
  await object.establish(
    { id, workspace: workspace.id, app: AppFile.parse(parse(source)), env: {} },
    { auth: "oauth", fields: {}, ...credentials },
  );
  const row = async () => (await workspace.db.select().from(accounts).where(eq(accounts.id, id)))[0];
  return { id, object, row };
}

function provider(answer: (url: string, body: URLSearchParams, request: Request) => Response | Promise<Response>): string[] {
  const seen: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const body = String(init?.body ?? "");
    seen.push(`${request.method} ${new URL(request.url).pathname} ${body}`);
    return answer(new URL(request.url).pathname, new URLSearchParams(body), request);
  });
  return seen;
}
const json = (value: unknown, status = 200) => Response.json(value, { status });
const spent = { accessToken: "old-access", refreshToken: "old-refresh", expiresAt: Date.now() - 1 };

test("an account whose app lost its way to connect works again once the app has it back", async () => {
  const { id, object } = await connect({ auth: "key", fields: { key: "k-12345678" } });
  const stored = (change: (config: { app: AppFile }) => void) =>
    runInDurableObject(object, (_, { storage: { sql } }) => {
      const config = JSON.parse(sql.exec<{ config: string }>("SELECT config FROM account").one().config);
      change(config);
      sql.exec("UPDATE account SET config = ?", JSON.stringify(config));
    });
  // Of an app that the catalogue does not know the stored file counts.
  let auth: AppFile["auth"] = [];
  await stored((config) => {
    auth = config.app.auth;
    Object.assign(config.app, { key: "gone", auth: auth.filter(({ key }) => key !== "key") });
  });
  await evictDurableObject(object);
  expect(await object.lease()).toMatchObject({ ok: false, reason: "error" });
  await stored((config) => void Object.assign(config.app, { auth }));
  await env.ACCOUNTS.getByName(id).lookAgain();
  expect(await env.ACCOUNTS.getByName(id).lease()).toMatchObject({ ok: true });
});

describe("a token that has ended", () => {
  it("is renewed once for a hundred who ask at the same time", async () => {
    const seen = provider(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return json({ access_token: "new-access", refresh_token: "new-refresh", token_type: "Bearer", expires_in: 600 });
    });
    const { object } = await connect(spent);
    const leases = await Promise.all(Array.from({ length: 100 }, () => object.lease()));
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain("refresh_token=old-refresh");
    for (const lease of leases) expect(lease).toMatchObject({ ok: true, carry: { headers: { authorization: "Bearer new-access" } } });
  });

  it("X04 is renewed with the rotated refresh token the next time, also in the object's next life", async () => {
    let count = 0;
    const seen = provider(() => json({ access_token: `a${++count}`, refresh_token: `r${count}`, token_type: "bearer", expires_in: 30 }));
    const { object } = await connect(spent);
    await object.lease();
    await object.lease();
    expect(seen[1]).toContain("refresh_token=r1");
    await evictDurableObject(object);
    expect(await object.lease()).toMatchObject({ ok: true, carry: { headers: { authorization: "Bearer a3" } } });
    expect(seen[2]).toContain("refresh_token=r2");
  });

  it("that the provider will not renew ends the account, in the catalogue too, and asks no more", async () => {
    const seen = provider(() => json({ error: "invalid_grant", error_description: "revoked by the user" }, 400));
    const { object, row } = await connect(spent);
    const leases = await Promise.all([object.lease(), object.lease()]);
    for (const lease of leases)
      expect(lease).toMatchObject({ ok: false, reason: "expired", message: expect.stringContaining("revoked by the user") });
    expect(await object.lease()).toMatchObject({ ok: false, reason: "expired" });
    expect(seen).toHaveLength(1);
    expect((await row())?.status).toBe("expired");
  });

  it("is not lost because the provider is down: calls wait", async () => {
    provider(() => new Response("down", { status: 503 }));
    const { object, row } = await connect(spent);
    expect(await object.lease()).toMatchObject({ ok: false, reason: "broken" });
    expect((await row())?.status).toBe("connected");
  });

  it("that still holds for some seconds is used while the provider is down", async () => {
    provider(() => new Response("down", { status: 503 }));
    const { object } = await connect({ ...spent, expiresAt: Date.now() + 30_000 });
    expect(await object.lease()).toMatchObject({ ok: true, carry: { headers: { authorization: "Bearer old-access" } } });
  });
});

describe("a refused call", () => {
  it("renews the token once, and all who were refused with the old one try again", async () => {
    const seen = provider(() => json({ access_token: "new", token_type: "bearer", expires_in: 600 }));
    const { object } = await connect({ ...spent, expiresAt: Date.now() + 600_000 });
    const leases = await Promise.all(Array.from({ length: 5 }, () => object.lease()));
    const answers = await Promise.all(
      leases.map((lease) => object.report({ lease: lease.ok ? lease.lease : -1, status: 401, auth: true })),
    );
    expect(answers).toEqual(Array(5).fill({ retry: true }));
    expect(seen).toHaveLength(1);
  });

  it("with a key that the app's test accepts leaves the account alone", async () => {
    provider((path) => (path === "/me" ? json({ id: 1, name: "Ada" }) : json({}, 500)));
    const { object, row } = await connect({ auth: "key", fields: { key: "k-12345678" } });
    const lease = await object.lease();
    expect(await object.report({ lease: lease.ok ? lease.lease : -1, status: 401, auth: true })).toMatchObject({
      retry: false,
      ended: false,
    });
    expect((await row())?.status).toBe("connected");
  });

  it("with a key that the app's test refuses as well ends the account", async () => {
    provider(() => json({ message: "key revoked" }, 401));
    const { object, row } = await connect({ auth: "key", fields: { key: "k-12345678" } });
    const lease = await object.lease();
    await object.report({ lease: lease.ok ? lease.lease : -1, status: 401, auth: true });
    expect((await row())?.status).toBe("expired");
    expect(await object.lease()).toMatchObject({ reason: "expired", message: expect.stringContaining("key revoked") });
  });
});

describe("the rate of an account", () => {
  const key = { auth: "key", fields: { key: "k-12345678" } };

  it("spaces calls out over the app's limits, and says when there is no room", async () => {
    const { object } = await connect(key, LIMITED);
    const delays: number[] = [];
    for (let i = 0; i < 4; i++) {
      const lease = await object.lease();
      if (!lease.ok) throw new Error(lease.message);
      delays.push(lease.delay);
      await object.report({ lease: lease.lease, status: 200 });
    }
    expect(delays.slice(0, 3)).toEqual([0, 0, 0]);
    expect(delays[3]).toBeGreaterThan(900);
    expect(await object.lease({ maxDelay: 100 })).toMatchObject({ ok: false, reason: "throttled", retryAt: expect.any(Number) });
  });

  it("lets no more calls run at once than the app takes", async () => {
    const { object } = await connect(key, LIMITED);
    const [one] = [await object.lease(), await object.lease()];
    expect(await object.lease({ maxDelay: 30 })).toMatchObject({ ok: false, reason: "throttled" });
    const waiting = object.lease({ maxDelay: 5_000 });
    await object.report({ lease: one.ok ? one.lease : -1, status: 200 });
    expect(await waiting).toMatchObject({ ok: true });
  });

  it("learns from a 429 how long to keep still, and from headers before one comes", async () => {
    const { object } = await connect(key);
    const lease = await object.lease();
    await object.report({ lease: lease.ok ? lease.lease : -1, status: 429, retryAfter: 60_000 });
    const refused = await object.lease();
    expect(refused).toMatchObject({ ok: false, reason: "throttled" });
    expect(refused.ok === false && "retryAt" in refused && refused.retryAt - Date.now()).toBeGreaterThan(58_000);

    const other = await connect(key);
    const first = await other.object.lease();
    await other.object.report({
      lease: first.ok ? first.lease : -1,
      status: 200,
      limitHeaders: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30" },
    });
    expect(await other.object.lease()).toMatchObject({ ok: false, reason: "throttled" });
  });

  it("breaks off after five dead calls in a row", async () => {
    const { object } = await connect(key);
    for (let i = 0; i < 5; i++) {
      const lease = await object.lease();
      await object.report({ lease: lease.ok ? lease.lease : -1, status: "network" });
    }
    expect(await object.lease()).toMatchObject({ ok: false, reason: "broken", retryAt: expect.any(Number) });
  });
});

describe("an account at rest", () => {
  it("holds no credential in plain", async () => {
    const { object } = await connect({ ...spent, expiresAt: Date.now() + 600_000, fields: { key: "canary-in-a-field" } });
    const stored = await runInDurableObject(object, (_, state) =>
      JSON.stringify(state.storage.sql.exec("SELECT * FROM account").toArray()),
    );
    expect(stored).toContain('"sealed":"v1.'.replace(/\\/g, ""));
    for (const secret of ["old-access", "old-refresh", "canary-in-a-field"]) expect(stored).not.toContain(secret);
  });

  it("gives expressions the fields that are no secret", async () => {
    const { object } = await connect({ auth: "key", fields: { key: "k-12345678", region: "eu" } });
    expect(await object.lease()).toMatchObject({
      ok: true,
      carry: { fields: { region: "eu" }, redact: ["k-12345678"], hosts: ["crm.example"] },
    });
  });
});

describe("an account that is removed", () => {
  it("is revoked at the provider, and forgotten", async () => {
    const seen = provider(() => new Response(null, { status: 200 }));
    const { object } = await connect({ ...spent, expiresAt: Date.now() + 600_000 });
    await object.remove();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain("POST /revoke token=old-refresh");
    expect(await object.lease()).toMatchObject({ ok: false, reason: "missing" });
    const rows = await runInDurableObject(object, (_, state) => state.storage.sql.exec("SELECT * FROM account").toArray());
    expect(rows).toEqual([]);
  });
});

it("an app that does not answer is left alone by the object's next life too", async () => {
  const { id, object } = await connect({ auth: "key", fields: { key: "k-12345678", region: "eu" } });
  for (let failures = 0; failures < 5; failures++) {
    const lease = await object.lease();
    await object.report({ lease: lease.ok ? lease.lease : -1, status: "network" });
  }
  const refused = { ok: false, reason: "broken", message: "Crm does not answer; calls go on once it does" };
  expect(await object.lease()).toMatchObject(refused);
  await evictDurableObject(object);
  expect(await env.ACCOUNTS.getByName(id).lease()).toMatchObject(refused);
});
