// A workspace whose master key is missing for a while: what is under way waits for it, counts as overdue, and goes on by itself.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Run } from "../../../shared/api/run.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { overdue, workspaces } from "../../db/schema.ts";
import { createWorkspaceKey, sealSecret } from "../../security/seal.ts";
import { configured, fakeOutside, makeConfig } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";
import { noteReported } from "../ledger/watch-store.ts";

const MINUTE = 60_000;
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const passes = (milliseconds: number) => {
  const later = Date.now() + milliseconds;
  vi.spyOn(Date, "now").mockImplementation(() => later);
};

type Workspace = Awaited<ReturnType<typeof makeWorkspace>>;
/** Takes the workspace's master key away; answers how to put it back. */
async function loseKey({ db, id }: Workspace): Promise<() => Promise<void>> {
  const set = async (dek: string) => void (await db.update(workspaces).set({ dek }).where(eq(workspaces.id, id)));
  const [row] = await db.select().from(workspaces).where(eq(workspaces.id, id));
  await set(await createWorkspaceKey({ INLAY_MASTER_KEY: `gone:${btoa("g".repeat(32))}` }, id));
  return () => set(row?.dek ?? "");
}
const lateIn = async ({ db, id }: Workspace) => (await db.select().from(overdue).where(eq(overdue.workspace, id))).map(({ runs }) => runs);

test("a run whose secrets cannot be opened is tried again more and more seldom, is late in /health, and goes on once they can be", async () => {
  const workspace = await makeWorkspace();
  const flow = `
setup: { pages: [{ key: p, title: P, fields: [{ key: word, type: secret }] }] }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: nap, wait: 10m }, { key: v, value: "{{ $length(setup.word) }}" }] }]
`;
  const values = { word: await sealSecret(env, workspace.id, "setup/word", "open sesame") };
  const { object, state } = await configured(makeConfig(flow, { workspace: workspace.id, values, secretFields: ["word"] }));
  expect(state.attention).toEqual([]);
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error(accepted.message);
  const read = async () => ((await object.listRuns({})).items as Run[])[0];
  await vi.waitFor(async () => expect(await read()).toMatchObject({ status: "waiting" }), 5_000);
  const due = Date.parse((await read())?.why?.params?.at ?? "");

  const putBack = await loseKey(workspace);
  await evictDurableObject(object);
  passes(10 * MINUTE + 1_000);
  const pauses: number[] = [];
  const wakeOf = () =>
    runInDurableObject(object, (_, { storage }) => storage.sql.exec<{ wake: number }>("SELECT wake FROM run").one().wake);
  for (let i = 0; i < 8; i++) {
    if (i > 0) passes((await wakeOf()) - Date.now() + 10);
    if (i % 2 === 1) await evictDurableObject(object);
    await runDurableObjectAlarm(object);
    await vi.waitFor(async () => expect(await wakeOf()).toBeGreaterThan(Date.now()), 5_000);
    pauses.push(Math.round(((await wakeOf()) - Date.now()) / 1_000));
  }
  expect(pauses[0]).toBe(15);
  expect(pauses.slice(-2)).toEqual([300, 300]);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(await read()).toMatchObject({
    ...{ status: "queued", reason: expect.stringContaining("cannot be opened") },
    why: { code: "locked", params: { since: new Date(due).toISOString() } },
  });

  const ledger = env.LEDGERS.getByName(workspace.id);
  const since = () =>
    runInDurableObject(ledger, (_, { storage }) => storage.sql.exec<{ since: number }>("SELECT since FROM watch").toArray()[0]?.since);
  await expect.poll(since, { timeout: 5_000 }).toBe(due);
  // The catalogue, which would say whose integration it is, does not know this one.
  await runInDurableObject(ledger, (_, { storage }) => noteReported(storage.sql, workspace.id));
  await runDurableObjectAlarm(ledger);
  expect(await lateIn(workspace)).toEqual([1]);
  expect(await since()).toBe(due);

  await putBack();
  passes(5 * MINUTE);
  await runDurableObjectAlarm(object);
  await vi.waitFor(async () => expect(await read()).toMatchObject({ status: "succeeded" }), 5_000);
  expect((await read())?.why).toBeUndefined();
  await expect.poll(since, { timeout: 5_000 }).toBeUndefined();
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(ledger);
    expect(await lateIn(workspace)).toEqual([]);
  }, 5_000);
});

const CRM = `
inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
queries: { people: { request: { path: /people }, output: "{{ body }}" } }
`;

test("a call whose account cannot be opened is no attempt: its run waits, is late, and goes on once it can be", async () => {
  const calls = fakeOutside(() => ({ body: ["Ada"] }));
  const workspace = await makeWorkspace();
  const account = await workspace.account(await workspace.user("ada"), "crm", { auth: "token" });
  const app = readFile(CRM, AppFile);
  if (!app.ok) throw new Error("the app");
  const config = { id: account, workspace: workspace.id, app: app.value, env: {} };
  await env.ACCOUNTS.getByName(account).establish(config, { auth: "token", fields: { token: "good" } });
  const flow =
    "accounts: { c: { app: crm } }\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: q, query: c.people, retry: { attempts: 1 } }] }]";
  const { object } = await configured(makeConfig(flow, { workspace: workspace.id, accounts: { c: account }, appFiles: [CRM] }));

  const putBack = await loseKey(workspace);
  await evictDurableObject(env.ACCOUNTS.getByName(account));
  passes(6 * MINUTE);
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error(accepted.message);
  const read = async () => ((await object.listRuns({})).items as Run[])[0];
  const isLocked = () => vi.waitFor(async () => expect(await read()).toMatchObject({ status: "waiting", why: { code: "locked" } }), 5_000);
  await isLocked();
  const { since } = (await read())?.why?.params ?? {};
  passes(20_000);
  await runDurableObjectAlarm(object);
  await isLocked();
  expect((await read())?.why?.params?.since).toBe(since);
  expect(await object.watch([accepted.run])).toEqual([{ run: accepted.run, due: Date.parse(since ?? ""), isHeld: false }]);
  expect(calls).toEqual([]);

  await putBack();
  passes(5 * MINUTE);
  await runDurableObjectAlarm(object);
  await vi.waitFor(async () => expect(await read()).toMatchObject({ status: "succeeded" }), 5_000);
  expect(calls).toHaveLength(1);
});
