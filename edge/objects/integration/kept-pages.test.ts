// Polls of lists that are longer than the time or the calls of one poll.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import type { Slot } from "../../../shared/api/slot.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { sealSecret } from "../../security/seal.ts";
import { configured, fakeOutside, makeConfig, type OutsideCall } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";

/** What a test has made polls no longer than it lasts. */
const made: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const remove of made.splice(0)) await remove();
  vi.restoreAllMocks();
});

const APP = (page: string) => `
inlay: 1
key: crm
name: CRM
baseUrl: https://pages.test
limits: { requests: 2, per: 1h }
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
queries:
  contacts:
    input: [{ key: since, type: text }, { key: as, type: text }]
    request: { path: /contacts, query: { since: "{{ input.since }}", as: "{{ input.as }}" } }
    page: ${page}
`;
const SECRET = "sk_live_9f3a77";
const BY_TOKEN = '{ next: "{{ body.next }}", as: query.after, items: "{{ body.contacts }}" }';
const FLOW = `
accounts: { c: { app: crm } }
setup: { pages: [{ key: p, title: P, fields: [{ key: as, type: secret, label: As }] }] }
blocks:
  - key: fresh
    name: Fresh
    trigger: { poll: c.contacts, every: 1h, first: all, with: { since: "{{ cursor }}", as: "{{ setup.as }}" }, id: "{{ item.id }}", cursor: "{{ $max(items.at) }}" }
    steps: [{ key: v, value: "{{ trigger.id }}" }]
`;

/** The app's contacts, two a page, and an integration that polls them. */
async function polling(page = BY_TOKEN) {
  const contacts = Array.from({ length: 13 }, (_, i) => ({ id: i, at: 100 - i }));
  const answer = ({ url }: OutsideCall) => {
    const { searchParams } = new URL(url);
    const listed = contacts.filter(({ at }) => at > Number(searchParams.get("since") ?? 0));
    const at = Number(searchParams.get("after") ?? 2 * Number(searchParams.get("page") ?? 0));
    const said = searchParams.get("as");
    return {
      body: { contacts: listed.slice(at, at + 2).map((one) => ({ ...one, said })), next: at + 2 < listed.length ? String(at + 2) : null },
    };
  };
  const calls = fakeOutside((call) => answer(call));
  const workspace = await makeWorkspace();
  const account = await workspace.account(await workspace.user("ada"), "crm", { auth: "token" });
  const app = readFile(APP(page), AppFile);
  if (!app.ok) throw new Error("the app");
  const gate = env.ACCOUNTS.getByName(account);
  await gate.establish({ id: account, workspace: workspace.id, app: app.value, env: {} }, { auth: "token", fields: { token: "good" } });
  const values = { as: await sealSecret(env, workspace.id, "setup/as", SECRET) };
  const more = { workspace: workspace.id, accounts: { c: account }, appFiles: [APP(page)], values, secretFields: ["as"] };
  const config = makeConfig(FLOW, more);
  await configured(config);
  const object = () => env.INTEGRATIONS.getByName(config.id);
  made.push(() => object().remove());
  const slots = async () =>
    ((await object().listSlots({ limit: 20 })) as { items: Slot[] }).items.filter(({ why }) => why?.code !== "together");
  const polled = async (times: number) => {
    await expect.poll(async () => (await slots()).length, { timeout: 8_000 }).toBe(times);
    return (await slots())[0];
  };
  await polled(1);
  /** The account may call again, and the object has died meanwhile: the next poll is due. */
  const later = async () => {
    await runInDurableObject(gate, (_, { storage }) => void storage.sql.exec("DELETE FROM memo"));
    await evictDurableObject(gate);
    await runInDurableObject(object(), (_, { storage }) => void storage.sql.exec("UPDATE slot SET due = ?", Date.now()));
    await evictDurableObject(object());
    await object().poke();
  };
  const texts = (query: string) =>
    runInDurableObject(object(), (_, { storage: { sql } }) => {
      const rows = sql.exec<{ body: string }>(query).toArray();
      return rows.map(({ body }) => body).join();
    });
  const kept = () => texts("SELECT body FROM poll_page");
  const source = () => texts("SELECT source AS body FROM poll");
  const started = async () => (await object().listRuns({ limit: 50 })).items.length;
  const asked = (name: string) => calls.flatMap(({ url }) => (url.includes("pages.test") ? [new URL(url).searchParams.get(name)] : []));
  return { contacts, calls, config, object, gate, slots, polled, later, kept, source, started, asked };
}

test("go on where the calls ended, start each item once when all are there, and then go on from the cursor of all", async () => {
  const { config, contacts, slots, polled, later, kept, source, started, asked, object } = await polling();
  expect((await slots())[0]).toMatchObject({ outcome: "ran", why: { code: "reading", params: { count: "4" } } });
  expect((await object().describe()).attention).toEqual([]);
  expect(await kept()).toContain('"id":3');
  expect(await kept()).not.toContain(SECRET);
  const next = Date.parse((await object().describe()).blocks[0]?.nextRunAt ?? "") - Date.now();
  expect(next).toBeGreaterThan(3_600_000);
  expect(next).toBeLessThan(3_900_000);
  await later();
  await polled(2);
  await later();
  await polled(3);
  expect(await started()).toBe(0);
  await later();
  await expect.poll(started, { timeout: 8_000 }).toBe(13);
  expect(asked("after")).toEqual([null, "2", "4", "6", "8", "10", "12"]);
  expect(asked("as")).toEqual(asked("as").map(() => SECRET));
  expect(await kept()).toBe("");
  expect(await source()).not.toContain(SECRET);
  contacts.unshift({ id: 99, at: 200 });
  await later();
  await expect.poll(started, { timeout: 8_000 }).toBe(14);
  expect(asked("since").slice(-1)).toEqual(["100"]);
  // As an earlier release stored it: it is the same source.
  const plain = JSON.stringify([config.accounts.c, "contacts", { as: SECRET }]);
  await runInDurableObject(object(), (_, { storage }) => void storage.sql.exec("UPDATE poll SET source = ?", plain));
  await later();
  await expect.poll(source, { timeout: 8_000 }).not.toContain(SECRET);
  expect(asked("since").slice(-1)).toEqual(["200"]);
});

test("that are counted read the last page again: what was removed meanwhile moves no other out of sight", async () => {
  const { contacts, later, started, asked } = await polling('{ number: query.page, first: 0, size: 2, items: "{{ body.contacts }}" }');
  expect(asked("page")).toEqual(["0", "1"]);
  contacts.splice(0, 1);
  for (let i = 0; (await started()) === 0 && i < 12; i++) {
    const before = asked("page").length;
    await later();
    await expect.poll(() => asked("page").length, { timeout: 8_000 }).toBeGreaterThan(before);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect(await started()).toBe(13);
});

test("begin anew where the integration has changed, or the app knows no such page any more", async () => {
  const { config, object, later, polled, kept, asked, slots } = await polling();
  expect(await kept()).not.toBe("");
  await object().configure({ ...config, name: "Other" }, "updated");
  await later();
  await polled(2);
  expect(asked("after")).toEqual([null, "2", null, "2"]);
  fakeOutside(() => ({ status: 422, body: { message: "unknown cursor" } }));
  await later();
  await polled(3);
  expect((await slots())[0]?.reason).toContain("422");
  expect(await kept()).toBe("");
});
