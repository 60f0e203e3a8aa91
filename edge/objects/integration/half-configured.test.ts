import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { OwedChange } from "../../db/schema.ts";
import { configured, fakeOutside, makeConfig } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";
import { configure } from "./configure.ts";
import type { IntegrationObject } from "./integration-object.ts";
import { openParts } from "./parts.ts";
import type { IntegrationConfig } from "./rpc.ts";

afterEach(() => void vi.restoreAllMocks());

const FLOW = `
blocks:
  - { key: hourly, name: Hourly, trigger: { schedule: { every: 1h } }, steps: [{ key: v, value: 1 }] }
  - { key: made, name: Made, trigger: { lifecycle: created }, steps: [{ key: v, value: 1 }] }
  - { key: off, name: Off, trigger: { lifecycle: disabled }, steps: [{ key: v, value: 1 }] }
`;

describe("a configuration that a death has left half-way", () => {
  test("is brought in step by the alarm: due times are planned, lifecycle blocks run once", async () => {
    fakeOutside(() => ({}));
    const config = makeConfig(FLOW);
    const { object } = await configured(config);
    const owed = () => runInDurableObject(object, (_, { storage }) => storage.sql.exec("SELECT v FROM meta WHERE k = 'owed'").toArray());
    expect(await owed()).toEqual([{ v: "" }]);
    await expect.poll(async () => (await object.listRuns({})).items.map(({ status }) => status)).toEqual(["succeeded"]);
    // As one of an earlier release leaves it that dies between the pin and what follows.
    await runInDurableObject(object, async (_, { storage }) => {
      storage.sql.exec("DELETE FROM slot");
      storage.sql.exec("UPDATE meta SET v = ? WHERE k = 'owed'", JSON.stringify({ changes: ["created"], at: 1 }));
      await storage.setAlarm(Date.now() + 60_000);
    });
    await evictDurableObject(object);
    const again = env.INTEGRATIONS.getByName(config.id);
    await runDurableObjectAlarm(again);
    await expect.poll(async () => (await again.listRuns({ block: "made" })).items.length).toBe(2);
    expect((await again.describe()).blocks.find(({ key }) => key === "hourly")?.nextRunAt).toBeDefined();
    await runDurableObjectAlarm(again);
    expect((await again.listRuns({ block: "made" })).items).toHaveLength(2);
  });

  test("is there before anything is asked of apps, with an alarm behind it", async () => {
    const app = `
inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
test: { query: me }
auth: [{ key: none, type: none }]
queries: { me: { request: { path: /me } } }
triggers: { changed: { webhook: { subscribe: { request: { method: POST, path: /hooks } } } } }
`;
    const workspace = await makeWorkspace();
    const account = await workspace.account(await workspace.user("ada"), "crm", { auth: "none" });
    const calls = fakeOutside(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return {};
    });
    const block = "  - { key: changed, name: Changed, trigger: { app_event: c.changed }, steps: [{ key: v, value: 1 }] }";
    const config = makeConfig(`accounts: { c: { app: crm } }${FLOW}${block}`, {
      appFiles: [app],
      workspace: workspace.id,
      accounts: { c: account },
    });
    const read = config.apps.crm;
    if (!read) throw new Error("the app");
    await env.ACCOUNTS.getByName(account).establish(
      { id: account, workspace: workspace.id, app: read, env: {} },
      { auth: "none", fields: {} },
    );
    const object = env.INTEGRATIONS.getByName(config.id);
    const configuring = object.configure(config, "created");
    await expect.poll(() => calls.length).toBe(1);
    const [owed, alarm] = await runInDurableObject(object, async (_, { storage }) => [
      storage.sql.exec<{ v: string }>("SELECT v FROM meta WHERE k = 'owed'").one().v,
      await storage.getAlarm(),
    ]);
    expect(JSON.parse(String(owed))).toMatchObject({ changes: [{ change: "created" }, { change: "enabled" }] });
    expect(Number(alarm)).toBeLessThan(Date.now() + 61_000);
    await configuring;
    expect((await object.listRuns({ block: "made" })).items).toHaveLength(1);
  });

  test("of a change that is taken back is left undone, and what an earlier death has left is done", async () => {
    fakeOutside(() => ({}));
    const config = makeConfig(`${FLOW}  - { key: on, name: On, trigger: { lifecycle: enabled }, steps: [{ key: v, value: 1 }] }`);
    const { object } = await configured(config);
    const off = { ...config, enabled: false };
    // Each in a life of its own, which ends where it asks for the first secret.
    const dying = (to: IntegrationConfig, change: OwedChange) =>
      runInDurableObject(object, (_, { storage }) => {
        const parts = openParts(storage, env, () => Promise.reject(new Error("no effect")));
        parts.configs.open = () => new Promise(() => undefined);
        void configure(parts, to, [change], { goOn: () => undefined, owes: () => undefined });
      });
    const runsOf = async (block: string) => (await env.INTEGRATIONS.getByName(config.id).listRuns({ block })).items.length;
    expect([await runsOf("off"), await runsOf("on")]).toEqual([0, 1]);
    await dying(off, { change: "disabled", revision: 1 });
    await dying(config, { change: "enabled", revision: 2 });
    await evictDurableObject(object);
    await env.INTEGRATIONS.getByName(config.id).configure(off, [{ change: "restored", revision: 3 }]);
    expect([await runsOf("off"), await runsOf("on")]).toEqual([1, 1]);
    expect(await env.INTEGRATIONS.getByName(config.id).describe()).toMatchObject({ enabled: false });
  });

  test("which was refused leaves the former in force", async () => {
    fakeOutside(() => ({}));
    const config = makeConfig(FLOW);
    const { object } = await configured(config);
    const unreadable = { ...config, enabled: false, values: { token: "no seal" }, secretFields: ["token"] };
    await runInDurableObject(object, (one) => expect((one as IntegrationObject).configure(unreadable, "disabled")).rejects.toThrow());
    expect(await object.describe()).toMatchObject({ enabled: true });
    await runInDurableObject(
      object,
      (_, { storage }) => void storage.sql.exec("UPDATE meta SET v = json_set(v, '$.at', 1) WHERE k = 'owed'"),
    );
    await evictDurableObject(object);
    const again = env.INTEGRATIONS.getByName(config.id);
    await runInDurableObject(again, (_, { storage }) => storage.setAlarm(Date.now() + 60_000));
    await runDurableObjectAlarm(again);
    expect((await again.describe()).blocks.find(({ key }) => key === "hourly")?.nextRunAt).toBeDefined();
    expect((await again.listRuns({ block: "off" })).items).toEqual([]);
  });
});
