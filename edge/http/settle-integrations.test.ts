import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Attention } from "../../shared/api/integration.ts";
import { AppFile } from "../../shared/flow/app-file.ts";
import { integrations } from "../db/schema.ts";
import type { Env } from "../env.ts";
import { nextDue } from "../objects/inbox/inbox-store.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { fakeOutside } from "../testing/integration-config.ts";
import { makeWorkspace, mustRead, type TestWorkspace } from "../testing/test-workspace.ts";
import { patchIntegration, upgradeIntegration } from "./change-integration.ts";
import { createIntegration } from "./create-integration.ts";
import { findMemberIntegration } from "./member-integration.ts";
import { removeIntegration } from "./remove-integration.ts";
import { sweep } from "./sweep.ts";

const FLOW = (version = "1") => `
inlay: 1
key: f
name: F
setup: { pages: [{ key: p, title: P, fields: [{ key: who, type: text, label: Who }] }] }
blocks:
  - { key: paid, name: Paid, trigger: { event: order.paid }, steps: [{ key: v, value: "{{ setup.who & ' ${version}' }}" }] }
  - { key: hourly, name: Hourly, trigger: { schedule: { every: 1h } }, steps: [{ key: v, value: 1 }] }
  - { key: hook, name: Hook, trigger: { webhook: {} }, steps: [{ key: v, value: 1 }] }
  - { key: made, name: Made, trigger: { lifecycle: created }, steps: [{ key: v, value: 1 }] }
  - { key: on, name: On, trigger: { lifecycle: enabled }, steps: [{ key: v, value: 1 }] }
  - { key: off, name: Off, trigger: { lifecycle: disabled }, steps: [{ key: v, value: 1 }] }
`;

/** The edge as it is where whoever works there dies with the first call of `method` to an integration's object. Nothing after it is done. */
function dyingAt(method: "configure" | "remove", when: "before" | "after" = "before"): Env {
  const dead = new Promise<never>(() => undefined);
  return {
    ...env,
    INTEGRATIONS: new Proxy(env.INTEGRATIONS, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name !== "getByName") return typeof member === "function" ? member.bind(target) : member;
        return (id: string) => {
          const object = target.getByName(id);
          return new Proxy(object, {
            get: (stub, call) => {
              if (call !== method) return (...args: unknown[]) => (Reflect.get(stub, call) as (...all: unknown[]) => unknown)(...args);
              return async (...args: unknown[]) => {
                if (when === "after") await (Reflect.get(stub, call) as (...all: unknown[]) => unknown)(...args);
                died();
                return dead;
              };
            },
          });
        };
      },
    }),
  };
}
let died = () => {};
/** Resolves when `work` has died. */
const untilDeath = (work: () => Promise<unknown>) =>
  new Promise<void>((resolve, reject) => {
    died = resolve;
    work().catch(reject);
  });

let ws: TestWorkspace;
let ada: ReturnType<typeof edgeClient>;
let id: string;
beforeEach(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW());
  ada = edgeClient(await ws.token({ sub: "ada" }));
  id = (await ada("POST", "/v1/integrations", { flow: "f", values: { who: "Ada" } })).body.id;
});
const object = () => env.INTEGRATIONS.getByName(id);
const inbox = () => env.INBOXES.getByName(ws.id);
const rowOf = async () => (await ws.db.select().from(integrations).where(eq(integrations.id, id)))[0];
const runsOf = async (block: string) => (await object().listRuns({ block })).items.filter(({ status }) => status === "succeeded");
const changing = async (with_: Env) => {
  const { user, owned } = await findMemberIntegration(ws.db, ws.id, id);
  return { env: with_, db: ws.db, user, owned, state: null };
};
const patch = async (with_: Env, values: Parameters<typeof patchIntegration>[1]) => patchIntegration(await changing(with_), values);
const raise = async () => (await inbox().accept(ws.id, { type: "order.paid", data: {} })).id;
/** Tries again whatever the inbox has to deliver later. */
const deliverAgain = async () => {
  await runInDurableObject(inbox(), async (_, { storage }) => {
    storage.sql.exec("UPDATE retry SET due = 0");
    await storage.setAlarm(Date.now() + 60_000);
  });
  await runDurableObjectAlarm(inbox());
};
const undelivered = () => runInDurableObject(inbox(), (_, { storage }) => nextDue(storage.sql, Date.now()) !== undefined);
const fannedOut = () =>
  expect
    .poll(() => runInDurableObject(inbox(), (_, { storage }) => storage.sql.exec("SELECT 1 FROM event WHERE done = 0").toArray().length))
    .toBe(0);
const sweepLater = () => sweep(env, Date.now() + 31_000);

describe("a death between the catalogue's row and the object", () => {
  it("of who switches on: the sweep does it, and what happened meanwhile is not lost", async () => {
    await ada("PATCH", `/v1/integrations/${id}`, { enabled: false });
    const { url = "" } = (await object().describe()).blocks.find(({ key }) => key === "hook") ?? {};
    const call = () => edgeClient()("POST", new URL(url).pathname, {});
    expect(await call()).toMatchObject({ status: 409, body: { code: "disabled" } });
    await untilDeath(() => patch(dyingAt("configure"), { enabled: true }));
    expect(await call()).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect((await rowOf())?.enabled).toBe(true);
    expect((await object().describe()).enabled).toBe(false);
    await raise();
    await fannedOut();
    expect(await undelivered()).toBe(true);
    const before = (await runsOf("on")).length;
    await sweep(env);
    expect((await object().describe()).enabled).toBe(false);
    await sweepLater();
    const state = await object().describe();
    expect(state.enabled).toBe(true);
    expect(state.blocks.find(({ key }) => key === "hourly")?.nextRunAt).toBeDefined();
    await expect.poll(async () => (await runsOf("on")).length).toBe(before + 1);
    await deliverAgain();
    await expect.poll(async () => (await runsOf("paid")).length).toBe(1);
    expect(await undelivered()).toBe(false);
    expect(await edgeClient()("POST", new URL(url).pathname, {})).toMatchObject({ status: 202 });
    expect(await rowOf()).toMatchObject({ owed: [], owedAt: null });
  });

  it("of who switches off: its schedule ends, and a hook says that it is off", async () => {
    await untilDeath(() => patch(dyingAt("configure"), { enabled: false }));
    expect((await object().describe()).enabled).toBe(true);
    await sweepLater();
    const state = await object().describe();
    expect(state.enabled).toBe(false);
    expect(state.blocks.find(({ key }) => key === "hourly")?.nextRunAt).toBeUndefined();
    await expect.poll(async () => (await runsOf("off")).length).toBe(1);
    const { url = "" } = state.blocks.find(({ key }) => key === "hook") ?? {};
    expect(await edgeClient()("POST", new URL(url).pathname, {})).toMatchObject({ status: 409, body: { code: "disabled" } });
  });

  it("of who sets it up: it is made, once", async () => {
    const { user } = await findMemberIntegration(ws.db, ws.id, id);
    await untilDeath(() =>
      createIntegration(dyingAt("configure"), ws.db, user, { flow: "f", enable: true, accounts: {}, values: { who: "Bo" } }),
    );
    const { items } = (await ada("GET", "/v1/integrations")).body;
    id = items.find((one: { id: string }) => one.id !== id).id;
    expect((await object().describe()).blocks).toEqual([]);
    await raise();
    await fannedOut();
    await sweepLater();
    await deliverAgain();
    await expect.poll(async () => (await runsOf("paid")).map(({ status }) => status)).toEqual(["succeeded"]);
    await expect.poll(async () => [(await runsOf("made")).length, (await runsOf("on")).length]).toEqual([1, 1]);
    await sweepLater();
    expect((await runsOf("made")).length).toBe(1);
  });

  it("of who upgrades or fills in: its next runs go by that", async () => {
    await ws.flow(FLOW("2"));
    await untilDeath(async () => upgradeIntegration(await changing(dyingAt("configure")), {}));
    await untilDeath(() => patch(dyingAt("configure"), { values: { who: "Lady Ada" } }));
    expect((await rowOf())?.owed.map(({ change }) => change)).toEqual(["upgraded", "updated"]);
    await sweepLater();
    await raise();
    await expect.poll(async () => (await runsOf("paid")).length).toBe(1);
    expect(await object().readRun((await runsOf("paid"))[0]?.id ?? "")).toMatchObject({ output: "Lady Ada 2", version: 2 });
  });

  it("of who removes: it is gone for everybody at once, and for good with the sweep", async () => {
    await untilDeath(async () => removeIntegration(dyingAt("remove"), ws.db, (await changing(env)).user, id));
    expect((await object().describe()).enabled).toBe(true);
    expect((await ada("GET", "/v1/integrations")).body.items).toEqual([]);
    expect(await ada("PATCH", `/v1/integrations/${id}`, { name: "Late" })).toMatchObject({ status: 404 });
    await sweepLater();
    expect(await rowOf()).toBeUndefined();
    expect((await object().describe()).blocks).toEqual([]);
    await untilDeath(async () => {
      id = (await ada("POST", "/v1/integrations", { flow: "f", values: { who: "Ada" } })).body.id;
      return removeIntegration(dyingAt("remove", "after"), ws.db, (await changing(env)).user, id);
    });
    await sweepLater();
    expect(await rowOf()).toBeUndefined();
  });
});

describe("the file of an app that is mended", () => {
  const repos = (id: string) => `
inlay: 1
key: repos
name: Repos
baseUrl: https://repos.test
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
triggers:
  pushed:
    webhook:
      subscribe: { request: { method: POST, path: /hooks }, id: "{{ ${id} }}" }
      unsubscribe: { request: { method: DELETE, path: "/hooks/{{ subscription.id }}" } }
`;
  const pushes = `
inlay: 1
key: pushes
name: Pushes
instances: many
accounts: { r: { app: repos } }
blocks:
  - { key: pushed, name: Pushed, trigger: { app_event: r.pushed }, steps: [{ key: v, value: 1 }] }
  - { key: changed, name: Changed, trigger: { lifecycle: updated }, steps: [{ key: v, value: 1 }] }
`;

  it("reaches the integrations that could not subscribe with the one before, or not read the answer, by the next sweep", async () => {
    const account = await ws.account(await ws.user("ada"), "repos", { auth: "token" });
    await env.ACCOUNTS.getByName(account).establish(
      { id: account, workspace: ws.id, app: mustRead(repos("body.id"), AppFile), env: {} },
      { auth: "token", fields: { token: "good" } },
    );
    let status = 200;
    let made = 0;
    const calls = fakeOutside(() => ({ status, body: { hook: { id: ++made } } }));
    onTestFinished(() => void vi.restoreAllMocks());
    await ws.app(repos("body.id"));
    await ws.flow(pushes);
    const setUp = async () => (await ada("POST", "/v1/integrations", { flow: "pushes", accounts: { r: account } })).body;
    const unread = await setUp();
    status = 400;
    const refused = await setUp();
    const problems = async () =>
      Promise.all(
        [unread.id, refused.id].map(async (one: string) =>
          (await ada("GET", `/v1/integrations/${one}`)).body.attention?.map(({ code }: Attention) => code),
        ),
      );
    expect(await problems()).toEqual([["subscription_unread"], ["subscribe_failed"]]);
    status = 200;
    await sweep(env);
    expect(await problems()).toEqual([["subscription_unread"], ["subscribe_failed"]]);
    await ws.app(repos("body.hook.id"));
    await sweep(env);
    expect((await problems()).flat().filter(Boolean)).toEqual([]);
    const counted = calls.length;
    await ws.app(repos("body.hook.id & ''"));
    await sweep(env);
    expect(calls).toHaveLength(counted);
    const stub = env.INTEGRATIONS.getByName(unread.id);
    expect((await stub.listRuns({ block: "changed" })).items).toEqual([]);
    expect((await ws.db.select().from(integrations).where(eq(integrations.id, unread.id)))[0]).toMatchObject({ owed: [], owedAt: null });
  });
});

describe("what an object is told", () => {
  it("behind a death is done once, also where the death came after it", async () => {
    await untilDeath(() => patch(dyingAt("configure", "after"), { enabled: false }));
    await expect.poll(async () => (await runsOf("off")).length).toBe(1);
    await sweepLater();
    expect((await runsOf("off")).length).toBe(1);
    expect(await rowOf()).toMatchObject({ owed: [], owedAt: null });
  });

  it("late, behind a later change, does nothing", async () => {
    let late: unknown[] = [];
    const hold: Env = {
      ...env,
      INTEGRATIONS: new Proxy(env.INTEGRATIONS, {
        get: (target) => (name: string) => ({
          describe: () => target.getByName(name).describe(),
          configure: (...args: unknown[]) => {
            late = args;
            died();
            return new Promise(() => undefined);
          },
        }),
      }) as Env["INTEGRATIONS"],
    };
    await untilDeath(() => patch(hold, { enabled: false }));
    await ada("PATCH", `/v1/integrations/${id}`, { enabled: true });
    await object().configure(...(late as Parameters<ReturnType<typeof object>["configure"]>));
    expect(await object().describe()).toMatchObject({ enabled: true });
    // Both were done, in their order, by the second.
    await expect.poll(async () => [(await runsOf("off")).length, (await runsOf("on")).length]).toEqual([1, 2]);
  });

  it("and dies of goes back, in the object too", async () => {
    const failing: Env = {
      ...env,
      INTEGRATIONS: new Proxy(env.INTEGRATIONS, {
        get: (target) => (name: string) => ({
          describe: () => target.getByName(name).describe(),
          configure: async (...args: Parameters<ReturnType<typeof object>["configure"]>) => {
            await target.getByName(name).configure(...args);
            throw new Error("Network connection lost.");
          },
        }),
      }) as Env["INTEGRATIONS"],
    };
    await expect(patch(failing, { enabled: false })).rejects.toThrow("lost");
    expect(await rowOf()).toMatchObject({ enabled: true });
    await sweepLater();
    expect(await object().describe()).toMatchObject({ enabled: true });
    expect((await object().describe()).blocks.find(({ key }) => key === "hourly")?.nextRunAt).toBeDefined();
    await expect.poll(async () => (await runsOf("on")).length).toBe(1);
  });

  it("after a removal brings nothing back", async () => {
    const { user, owned } = await findMemberIntegration(ws.db, ws.id, id);
    await ada("DELETE", `/v1/integrations/${id}`);
    await expect(patchIntegration({ env, db: ws.db, user, owned, state: null }, { name: "Late" })).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await object().describe()).blocks).toEqual([]);
  });

  it("where removing fails is that it goes on", async () => {
    await runInDurableObject(object(), (_, { storage }) => void storage.sql.exec("ALTER TABLE hook RENAME TO away"));
    await evictDurableObject(object());
    expect((await ada("DELETE", `/v1/integrations/${id}`)).status).toBeGreaterThanOrEqual(500);
    expect((await ada("GET", "/v1/integrations")).body.items).toHaveLength(1);
    await runInDurableObject(object(), (_, { storage }) => void storage.sql.exec("ALTER TABLE away RENAME TO hook"));
    await evictDurableObject(object());
    await sweepLater();
    expect(await object().describe()).toMatchObject({ enabled: true });
    expect(await rowOf()).toMatchObject({ owed: [], owedAt: null, removing: false });
  });
});

// Releases before the row said what its object is owed.
describe("what a release that noted nothing has left", () => {
  /** Sweeps twice: it finds what differs, then tells the object. Whose objects were asked. */
  const sweepTwice = async () => {
    const asked = new Set<string>();
    const counting: Env = {
      ...env,
      INTEGRATIONS: new Proxy(env.INTEGRATIONS, {
        get: (target) => (name: string) => {
          asked.add(name);
          return target.getByName(name);
        },
      }) as Env["INTEGRATIONS"],
    };
    await sweep(counting, Date.now());
    await sweep(counting, Date.now() + 31_000);
    return asked;
  };
  const left = (row: Partial<typeof integrations.$inferInsert>) => ws.db.update(integrations).set(row).where(eq(integrations.id, id));
  const idle = async (enabled: boolean) => {
    const made = (await ada("POST", "/v1/integrations", { flow: "f", values: { who: "Ada" } })).body.id as string;
    if (!enabled) await ada("PATCH", `/v1/integrations/${made}`, { enabled: false });
    return made;
  };

  it("of who switched on is found by the sweep, which asks none that agrees with its row", async () => {
    await ada("PATCH", `/v1/integrations/${id}`, { enabled: false });
    const [on, off] = [await idle(true), await idle(false)];
    await left({ enabled: true });
    const asked = await sweepTwice();
    expect(await object().describe()).toMatchObject({ enabled: true });
    expect(await rowOf()).toMatchObject({ owed: [], owedAt: null, nextDue: expect.any(Number) });
    expect([on, off].filter((one) => asked.has(one))).toEqual([]);
    expect((await sweepTwice()).has(id)).toBe(false);
  });

  it("of who switched off as well", async () => {
    await left({ enabled: false });
    await sweepTwice();
    expect(await object().describe()).toMatchObject({ enabled: false });
    await expect.poll(async () => (await runsOf("off")).length).toBe(1);
    await sweepTwice();
    expect(await rowOf()).toMatchObject({ owed: [], owedAt: null, nextDue: null });
    expect((await sweepTwice()).has(id)).toBe(false);
  });

  it("and the row does not show is found by the object itself, once a day at work", async () => {
    const work = async () => {
      await runInDurableObject(object(), (_, { storage }) => storage.setAlarm(Date.now() + 60_000));
      await runDurableObjectAlarm(object());
    };
    await work();
    await left({ enabled: false, nextDue: null });
    expect((await sweepTwice()).has(id)).toBe(false);
    await work();
    expect(await rowOf()).toMatchObject({ owed: [] });
    await runInDurableObject(object(), (_, { storage }) => void storage.sql.exec("UPDATE meta SET v = '0' WHERE k = 'purged'"));
    await evictDurableObject(object());
    await work();
    expect((await rowOf())?.owed.map(({ change }) => change)).toEqual(["disabled"]);
    await sweepTwice();
    expect(await object().describe()).toMatchObject({ enabled: false });
  });
});
