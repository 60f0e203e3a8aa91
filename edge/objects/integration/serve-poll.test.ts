import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import type { Slot } from "../../../shared/api/slot.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { configured, fakeOutside, makeConfig } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const CRM = `
inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
queries: { contacts: { input: [{ key: after, type: text }], request: { path: /contacts, query: { after: "{{ input.after }}" } }, output: "{{ body }}" } }
`;
const FLOW = `
accounts: { c: { app: crm } }
blocks:
  - key: fresh
    name: Fresh
    concurrency: 1
    trigger: { poll: c.contacts, every: 1h, first: all, with: { after: "{{ cursor }}" }, id: "{{ item.id }}", cursor: "{{ $max(items.at) }}" }
    steps: [{ key: w, wait: 1h }]
`;

async function polling(change = (flow: string) => flow) {
  const workspace = await makeWorkspace();
  const account = await workspace.account(await workspace.user("ada"), "crm", { auth: "token" });
  const app = readFile(CRM, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(account).establish(
    { id: account, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token: "good" } },
  );
  const configOf = (flow: string) => makeConfig(flow, { workspace: workspace.id, accounts: { c: account }, appFiles: [CRM] });
  const config = configOf(change(FLOW));
  const { object, state } = await configured(config);
  expect(state.attention).toEqual([]);
  const slots = async () => (await object.listSlots({ limit: 5 })) as { items: Slot[] };
  return { object, slots, config, configOf };
}

test("an item that is larger than a run takes, or has no id, is left out and spoken of, and holds up none of the others", async () => {
  fakeOutside(() => ({
    body: [{ id: 1, at: 1 }, { id: 2, at: 2, text: "x".repeat(1_600_000) }, { id: 2, at: 2 }, { id: 3, at: 3 }, { at: 4 }],
  }));
  const { object, slots } = await polling();
  await expect.poll(async () => (await object.listRuns({})).items.length, { timeout: 5_000 }).toBe(2);
  const reason = "2 new; 1 left out: more than 1500000 bytes; 1 left out: the poll's “id” yields nothing for them";
  expect((await slots()).items[0]).toMatchObject({ outcome: "ran", reason });
});

test("what finds no room in the queue is asked for again soon, from where the poll stood, and starts once", async () => {
  const items = Array.from({ length: 10_400 }, (_, i) => ({ id: i, at: i }));
  const calls = fakeOutside(() => ({ body: items }));
  const { object, slots } = await polling();
  await expect
    .poll(async () => (await slots()).items[0]?.reason, { timeout: 15_000 })
    .toBe("10000 new; 400 wait for room in the queue or the quota");
  const stub = env.INTEGRATIONS.getByName((await object.listRuns({ limit: 1 })).items[0]?.integration ?? "");
  const next = await runInDurableObject(stub, (_, { storage }) => storage.sql.exec<{ due: number }>("SELECT due FROM slot").one().due);
  expect(next - Date.now()).toBeLessThan(20_000);
  expect(new URL(calls[0]?.url ?? "").searchParams.has("after")).toBe(false);
  const seen = await runInDurableObject(stub, (_, { storage }) => ({
    ids: storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM seen").one().n,
    cursor: storage.sql.exec<{ cursor: string | null }>("SELECT cursor FROM poll").one().cursor,
  }));
  expect(seen).toEqual({ ids: 10_000, cursor: null });
});

test("what a quota leaves no room for starts later, once, and the poll stays where it stood", async () => {
  const items = Array.from({ length: 9 }, (_, i) => ({ id: i, at: i }));
  fakeOutside(() => ({ body: items }));
  const { object, slots, config } = await polling((flow) => flow.replace("concurrency: 1", "quota: { runs: 4, per: 300d }"));
  await expect.poll(async () => (await slots()).items[0]?.reason, { timeout: 5_000 }).toMatch("4 new; 5 wait for room");
  expect((await object.listRuns({})).items).toHaveLength(4);
  const stub = env.INTEGRATIONS.getByName(config.id);
  await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec("UPDATE quota SET since = 0; UPDATE slot SET due = 1"));
  await object.poke();
  await expect.poll(async () => (await object.listRuns({})).items.length, { timeout: 5_000 }).toBe(8);
  const inputs = "SELECT DISTINCT input FROM run";
  expect(await runInDurableObject(stub, (_, { storage }) => storage.sql.exec(inputs).toArray().length)).toBe(8);
});

test("a poll that is under way while its integration is upgraded or switched off leaves the new rhythm, or none", async () => {
  let [asked, answered] = [0, 0];
  fakeOutside(async () => {
    for (const turn = ++asked; answered < turn; ) await new Promise((resolve) => setTimeout(resolve, 10));
    return { body: [] };
  });
  const { object, slots, config, configOf } = await polling();
  const rhythms = () =>
    runInDurableObject(env.INTEGRATIONS.getByName(config.id), (_, { storage }) =>
      storage.sql
        .exec<{ rhythm: string }>("SELECT rhythm FROM slot")
        .toArray()
        .map(({ rhythm }) => JSON.parse(rhythm).every),
    );
  const { flow } = configOf(FLOW.replace("every: 1h", "every: 2h"));
  // A full hour may pass meanwhile, and has a row as well.
  const polls = async () => (await slots()).items.filter(({ outcome }) => outcome !== "coalesced").length;
  const served = async (count: number) => expect.poll(polls, { timeout: 5_000 }).toBe(count);
  await expect.poll(() => asked, { timeout: 5_000 }).toBe(1);
  await object.configure({ ...config, flow, version: 2 }, "upgraded");
  answered++;
  await served(1);
  expect(await rhythms()).toEqual([7_200_000]);
  await expect.poll(() => asked, { timeout: 5_000 }).toBe(2);
  await object.configure({ ...config, flow, version: 2, enabled: false }, "disabled");
  answered++;
  await served(2);
  expect(await rhythms()).toEqual([]);
});

test("due times that passed before a poll, or while it was under way, each end in a row of their own", async () => {
  let asked = 0;
  fakeOutside(async () => {
    if (++asked === 2) await new Promise((resolve) => setTimeout(resolve, 2_500));
    return { body: [] };
  });
  const { object, slots, config } = await polling((flow) => flow.replace("every: 1h", "every: 1s"));
  await expect.poll(async () => (await slots()).items.length, { timeout: 10_000 }).toBe(5);
  const all = (await object.listSlots({ limit: 50 })).items as Slot[];
  const rhythm = all
    .map(({ dueAt }) => Date.parse(dueAt))
    .toReversed()
    .slice(1);
  expect(rhythm.map((due, index) => due - (rhythm[index - 1] ?? due - 1_000))).toEqual(rhythm.map(() => 1_000));
  expect(all.filter(({ outcome }) => outcome === "coalesced").length).toBeGreaterThan(0);
  await object.configure({ ...config, enabled: false }, "disabled");
});
