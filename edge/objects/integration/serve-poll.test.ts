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

async function polling() {
  const workspace = await makeWorkspace();
  const account = await workspace.account(await workspace.user("ada"), "crm", { auth: "token" });
  const app = readFile(CRM, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(account).establish(
    { id: account, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token: "good" } },
  );
  const { object, state } = await configured(makeConfig(FLOW, { workspace: workspace.id, accounts: { c: account }, appFiles: [CRM] }));
  expect(state.attention).toEqual([]);
  const slots = async () => (await object.listSlots({ limit: 5 })) as { items: Slot[] };
  return { object, slots };
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
  await expect.poll(async () => (await slots()).items[0]?.reason, { timeout: 15_000 }).toBe("10000 new; 400 wait for room in the queue");
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
