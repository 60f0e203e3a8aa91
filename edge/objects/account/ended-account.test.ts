// Accounts whose access has ended: who is told, how long runs wait, and what a death in the middle of a renewal leaves behind.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Account } from "../../../shared/api/account.ts";
import { setSecret } from "../../db/settings.ts";
import { sealSecret } from "../../security/seal.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { fakeProvider, type Seen } from "../../testing/fake-provider.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";
import { messagesSince } from "../ledger/ledger-store.ts";
import { readMemo, writeMemo } from "./account-store.ts";
import { noteNews, restore, serve } from "./aftercare.ts";
import { HOLD } from "./rpc.ts";

const CRM = `
inlay: 1
key: crm
name: Crm
baseUrl: https://crm.example
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: CRM_ID } }
  - { key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, required: true }] }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `
inlay: 1
key: who
name: Who
accounts: { crm: { app: crm } }
setup: { pages: [{ key: p, title: P, fields: [{ key: crm, type: account, required: true }] }] }
blocks:
  - { key: go, name: Go, concurrency: 64, trigger: { manual: {} }, steps: [{ key: me, query: crm.me }] }
`;

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(CRM);
  await ws.flow(FLOW);
  await setSecret(ws.db, ws.id, "CRM_ID", await sealSecret(env, ws.id, "secret/CRM_ID", "client"));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const isKnown = ({ headers }: Seen) => headers.get("x-key") === "good" || headers.get("authorization") === "Bearer good";
/** The app as it should be: knows the key and the token `good`, and renews tokens to `good`. */
const wellProvider = () =>
  fakeProvider((request) => {
    if (request.path === "/token")
      return Response.json({ access_token: "good", token_type: "bearer", expires_in: 600, refresh_token: "r" });
    return isKnown(request) ? Response.json({ id: 1, name: "North" }) : Response.json({ message: "who are you" }, { status: 401 });
  });

/** Somebody with a connected account and an integration that uses it. */
async function stage(sub: string) {
  const as = edgeClient(await ws.token({ sub }));
  wellProvider();
  const account = (await as("POST", "/v1/accounts", { app: "crm", auth: "key", fields: { key: "good" } })).body as Account;
  const { id } = (await as("POST", "/v1/integrations", { flow: "who", accounts: { crm: account.id } })).body;
  const run = async (): Promise<string> => (await as("POST", `/v1/integrations/${id}/blocks/go/run`, {})).body.run;
  const read = async (which: string) => (await as("GET", `/v1/runs/${which}`)).body;
  const until = (which: string, status: string) =>
    vi.waitFor(async () => expect((await read(which)).status).toBe(status), { timeout: 8_000, interval: 30 });
  const list = async (status: string) => (await as("GET", `/v1/integrations/${id}/runs?limit=100&status=${status}`)).body.items;
  const untilAll = (count: number, status: string) =>
    vi.waitFor(async () => expect(await list(status)).toHaveLength(count), { timeout: 15_000, interval: 100 });
  return { untilAll, as, account: account.id, object: env.ACCOUNTS.getByName(account.id), integration: id, run, read, until };
}
type Stage = Awaited<ReturnType<typeof stage>>;

/** Puts an OAuth account whose token has ended in the place of the key. */
const spend = ({ object, account }: Stage) =>
  runInDurableObject(object, async (instance, state) => {
    const [row] = state.storage.sql.exec<{ config: string }>("SELECT config FROM account").toArray();
    const spent = { auth: "oauth", fields: {}, accessToken: "old", refreshToken: "old-refresh", expiresAt: Date.now() - 1 };
    await instance.establish({ ...JSON.parse(row?.config ?? "{}"), id: account }, spent);
  });
const entriesOf = (target: string) => env.AUDITS.getByName(ws.id).list({ action: "account.expired", target, limit: 50 });
const noticesOf = async (about: string) => {
  const { items } = await env.NOTICES.getByName(ws.id).list("mem_test", { limit: 100 });
  return items.filter(({ subject }) => subject.account === about);
};
const withdrawn = () => fakeProvider(() => Response.json({ message: "withdrawn" }, { status: 401 }));

describe("runs on a token that has ended", () => {
  it("renew it once, a hundred of them at the same time, and all succeed", async () => {
    const one = await stage("hundred");
    await spend(one);
    const seen = wellProvider();
    await Promise.all(Array.from({ length: 100 }, one.run));
    await one.untilAll(100, "succeeded");
    expect(seen.filter(({ path }) => path === "/token")).toHaveLength(1);
  });

  it("that cannot be renewed are held, and user and workspace are told once", async () => {
    const one = await stage("told");
    await spend(one);
    const seen = fakeProvider(() => Response.json({ error: "invalid_grant", error_description: "revoked there" }, { status: 400 }));
    await Promise.all(Array.from({ length: 20 }, one.run));
    await one.untilAll(20, "waiting");
    expect(seen).toHaveLength(1);
    expect((await one.as("GET", "/v1/accounts")).body.items).toMatchObject([{ status: "expired" }]);
    const entries = await entriesOf(one.account);
    expect(entries).toHaveLength(1);
    expect(JSON.parse(entries[0]?.body ?? "")).toMatchObject({
      actor: { type: "system" },
      after: { label: "North", message: expect.stringContaining("revoked there") },
    });
    const user = await ws.user("told");
    const told = await runInDurableObject(env.LEDGERS.getByName(ws.id), (_, { storage }) =>
      messagesSince(storage.sql, user, 0).map((one) => JSON.stringify(one)),
    );
    expect(told.filter((body) => body.includes(one.account) && body.includes("expired"))).toHaveLength(1);
    const noticed = await noticesOf(one.account);
    expect(noticed).toMatchObject([
      { type: "account.expired", resolvedAt: null, subject: { app: "crm", label: "North", owner: "user", user } },
    ]);
    expect(noticed[0]?.message).toContain("revoked there");
  });

  it("go on when it is connected again, and members are told that it is", async () => {
    const one = await stage("back");
    await spend(one);
    fakeProvider(() => Response.json({ error: "invalid_grant" }, { status: 400 }));
    const run = await one.run();
    await one.until(run, "waiting");
    wellProvider();
    const again = { app: "crm", auth: "key", fields: { key: "good" }, account: one.account };
    expect((await one.as("POST", "/v1/accounts", again)).body.id).toBe(one.account);
    await one.until(run, "succeeded");
    const noticed = await noticesOf(one.account);
    expect(noticed.map(({ type }) => type)).toEqual(["account.restored", "account.expired"]);
    expect(noticed.every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
  });

  it("go on as well where whoever connected it died before they were told, or they could not be told at first", async () => {
    const one = await stage("unheard");
    await spend(one);
    fakeProvider(() => Response.json({ error: "invalid_grant" }, { status: 400 }));
    const run = await one.run();
    await one.until(run, "waiting");
    wellProvider();
    await runInDurableObject(one.object, async (instance, { storage: { sql } }) => {
      const [row] = sql.exec<{ config: string }>("SELECT config FROM account").toArray();
      await instance.establish({ ...JSON.parse(row?.config ?? "{}"), id: one.account }, { auth: "key", fields: { key: "good" } });
      const away = { getByName: () => ({ accountRestored: () => Promise.reject(new Error("away")) }) };
      await restore({ ...env, INTEGRATIONS: away } as unknown as typeof env, sql);
      expect(readMemo(sql, "restoring")).toMatchObject({ left: [one.integration] });
    });
    expect((await one.read(run)).status).toBe("waiting");
    await runInDurableObject(one.object, (_, { storage: { sql } }) =>
      writeMemo(sql, "restoring", { ...readMemo<object>(sql, "restoring"), at: Date.now() }),
    );
    await runDurableObjectAlarm(one.object);
    await one.until(run, "succeeded");
    await runInDurableObject(one.object, (_, { storage: { sql } }) => expect(readMemo(sql, "restoring")).toBeUndefined());
  });

  it("leave nothing to mend behind where the account is removed", async () => {
    const one = await stage("left");
    await spend(one);
    fakeProvider(() => Response.json({ error: "invalid_grant" }, { status: 400 }));
    await one.until(await one.run(), "waiting");
    expect((await one.as("DELETE", `/v1/accounts/${one.account}`)).status).toBe(200);
    const noticed = await noticesOf(one.account);
    expect(noticed).toMatchObject([{ type: "account.expired", resolvedAt: expect.any(String) }]);
  });

  it("are no news to users where the account is the workspace's", async () => {
    const account = await ws.account(null, "crm", { auth: "key" });
    const object = env.ACCOUNTS.getByName(account);
    const news = { workspace: ws.id, id: account, app: "crm", status: "expired" as const, message: "ended" };
    await runInDurableObject(object, async (_, { storage }) => {
      noteNews(storage.sql, news);
      await serve(env, storage.sql, Date.now());
    });
    expect(await noticesOf(account)).toMatchObject([{ subject: { owner: "workspace", user: null } }]);
    const anybody = await ws.user("anybody");
    const told = await runInDurableObject(env.LEDGERS.getByName(ws.id), (_, { storage }) => messagesSince(storage.sql, anybody, 0));
    expect(JSON.stringify(told)).not.toContain(account);
  });
});

describe("news of an account", () => {
  it("are kept until everybody has taken them, whoever is away", async () => {
    const { object, account } = await stage("news");
    const news = { workspace: ws.id, id: account, app: "crm", status: "expired" as const, message: "ended" };
    const away = { getByName: () => ({ append: () => Promise.reject(new Error("away")) }) };
    await runInDurableObject(object, async (_, { storage: { sql } }) => {
      noteNews(sql, news);
      const next = await serve({ ...env, AUDITS: away } as unknown as typeof env, sql, 1_000);
      expect(next).toBe(6_000);
      expect(readMemo(sql, "untold")).toEqual(news);
      expect(await serve(env, sql, 6_000)).toBeUndefined();
      expect(readMemo(sql, "untold")).toBeUndefined();
    });
    expect(await entriesOf(account)).toHaveLength(1);
  });
});

describe("runs that wait for an account", () => {
  const pass = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

  /** The run as its user reads it at the time that it is by now: tokens end as well. */
  const readLater = async (sub: string, run: string) => (await edgeClient(await ws.token({ sub }))("GET", `/v1/runs/${run}`)).body;
  /** The platform's alarms keep their own time: those of the object are fired by hand. */
  const untilLater = (one: Stage, sub: string, run: string, wanted: object) =>
    vi.waitFor(
      async () => {
        await runDurableObjectAlarm(env.INTEGRATIONS.getByName(one.integration));
        expect(await readLater(sub, run)).toMatchObject(wanted);
      },
      { timeout: 8_000, interval: 30 },
    );
  const LAPSED = { status: "failed", error: { code: "account_lapsed", class: "auth" } };

  it("fail with an error of their own after 30 days without a reconnect, and so do later ones at once", async () => {
    const one = await stage("lapsed");
    withdrawn();
    const held = await one.run();
    await one.until(held, "waiting");
    pass(HOLD - 60_000);
    await runDurableObjectAlarm(one.object);
    expect((await readLater("lapsed", held)).status).toBe("waiting");
    pass(120_000);
    await runDurableObjectAlarm(one.object);
    await untilLater(one, "lapsed", held, LAPSED);
    const as = edgeClient(await ws.token({ sub: "lapsed" }));
    const { run } = (await as("POST", `/v1/integrations/${one.integration}/blocks/go/run`, {})).body;
    await untilLater(one, "lapsed", run, LAPSED);

    wellProvider();
    const again = await as("POST", "/v1/accounts", { app: "crm", auth: "key", fields: { key: "good" }, account: one.account });
    expect(again.body).toMatchObject({ id: one.account, status: "connected" });
    const { run: retried } = (await as("POST", `/v1/runs/${held}/retry`, {})).body;
    await untilLater(one, "lapsed", retried, { status: "succeeded" });
  });

  it("that was removed fail after 30 days as well, and the integration goes on asking for another", async () => {
    const one = await stage("removed");
    withdrawn();
    const held = await one.run();
    await one.until(held, "waiting");
    await one.as("DELETE", `/v1/accounts/${one.account}`);
    pass(HOLD + 1_000);
    await runDurableObjectAlarm(one.object);
    await untilLater(one, "removed", held, LAPSED);
    const as = edgeClient(await ws.token({ sub: "removed" }));
    expect((await as("GET", `/v1/integrations/${one.integration}`)).body).toMatchObject({
      attention: [{ account: one.account, message: expect.stringContaining("was removed") }],
    });
  });
});

describe("a death between a provider's answer and our writing it down", () => {
  /** The provider has rotated, and the object dies before it has heard. Later tries meet `then`. */
  async function dieOnce(one: Stage, then: () => Response) {
    await spend(one);
    const bodies: string[] = [];
    fakeProvider(async (request) => {
      if (request.path !== "/token") return isKnown(request) ? Response.json({ id: 1 }) : Response.json({}, { status: 401 });
      bodies.push(request.body);
      if (bodies.length > 1) return then();
      return new Promise<Response>(() => undefined);
    });
    const run = await one.run();
    await vi.waitFor(() => expect(bodies).toHaveLength(1), { timeout: 5_000, interval: 10 });
    await runInDurableObject(one.object, (_, state) => state.abort("killed in the middle")).catch(() => undefined);
    return { run, refreshTokens: () => bodies.map((body) => new URLSearchParams(body).get("refresh_token")) };
  }

  it("goes on with the old refresh token where the provider takes it once more", async () => {
    const one = await stage("grace");
    const { run, refreshTokens } = await dieOnce(one, () =>
      Response.json({ access_token: "good", token_type: "bearer", expires_in: 600, refresh_token: "next" }),
    );
    await one.until(run, "succeeded");
    expect(refreshTokens()).toEqual(["old-refresh", "old-refresh"]);
  });

  it("asks for a reconnect where it does not, says why, and loses nothing", async () => {
    const one = await stage("reuse");
    const { run } = await dieOnce(one, () => Response.json({ error: "invalid_grant", error_description: "reused" }, { status: 400 }));
    await vi.waitFor(async () => expect((await one.read(run)).reason).toContain("cut off"), { timeout: 8_000, interval: 30 });
    expect((await one.read(run)).status).toBe("waiting");
    wellProvider();
    const again = await one.as("POST", "/v1/accounts", { app: "crm", auth: "key", fields: { key: "good" }, account: one.account });
    expect(again.body).toMatchObject({ status: "connected" });
    await one.until(run, "succeeded");
  });
});
