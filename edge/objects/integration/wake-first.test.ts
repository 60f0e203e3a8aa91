// Runs that are held for an account go on as soon as there is one: subscriptions, which take the app's time and may fail, are made behind them.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";
import { makeWorkspace, mustRead, type TestWorkspace } from "../../testing/test-workspace.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const CRM = `
inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
queries: { me: { request: { path: /me } } }
triggers: { changed: { webhook: { subscribe: { request: { method: POST, path: /hooks } }, output: "{{ body }}" } } }
`;
const FLOW = `
accounts: { c: { app: crm } }
blocks:
  - { key: changed, name: Changed, trigger: { app_event: c.changed }, steps: [{ key: v, value: 1 }] }
  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: me, query: c.me }] }
`;

async function connect(workspace: TestWorkspace): Promise<string> {
  const id = await workspace.account(await workspace.user("ada"), "crm", { auth: "token" });
  const config = { id, workspace: workspace.id, app: mustRead(CRM, AppFile), env: {} };
  await env.ACCOUNTS.getByName(id).establish(config, { auth: "token", fields: { token: "good" } });
  return id;
}

/** An integration with a run that is held for its account, which has ended. */
async function held() {
  fakeOutside(() => ({}));
  const workspace = await makeWorkspace();
  const account = await connect(workspace);
  const config = makeConfig(FLOW, { workspace: workspace.id, accounts: { c: account }, appFiles: [CRM] });
  const { object } = await configured(config);
  const gate = env.ACCOUNTS.getByName(account);
  const set = (status: string) =>
    runInDurableObject(gate, (_, { storage }) => void storage.sql.exec("UPDATE account SET status = ?, since = ?", status, Date.now()));
  await set("expired");
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error(accepted.message);
  await ended(object, accepted.run, ["waiting"]);
  // Nothing else is about to wake the object, which would take the run along.
  const alarm = () => runInDurableObject(object, (_, { storage }) => storage.getAlarm());
  await vi.waitFor(async () => expect((await alarm()) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(Date.now() + 60_000), 10_000);
  return { workspace, config, object, account, run: accepted.run, mend: () => set("connected") };
}
type Held = Awaited<ReturnType<typeof held>>;

const WAYS: [string, (one: Held) => Promise<unknown>][] = [
  [
    "its account is connected again",
    async ({ object, account, mend }) => {
      await mend();
      return object.accountRestored(account);
    },
  ],
  [
    "its slot gets another account",
    async ({ object, config, workspace }) => object.configure({ ...config, accounts: { c: await connect(workspace) } }, "updated"),
  ],
];

describe.each(WAYS)("a run that is held goes on when %s", (_, restore) => {
  test("while the app does not answer a subscription", async () => {
    const one = await held();
    let isAsked = false;
    let isOver = false;
    fakeOutside(async ({ url }) => {
      if (!url.endsWith("/hooks")) return {};
      isAsked = true;
      while (!isOver) await new Promise((resolve) => setTimeout(resolve, 20));
      return {};
    });
    const restored = restore(one);
    await vi.waitFor(() => expect(isAsked).toBe(true), 5_000);
    expect(await ended(one.object, one.run)).toMatchObject({ status: "succeeded" });
    isOver = true;
    await restored;
  });

  test("where what makes subscriptions throws", async () => {
    const one = await held();
    fakeOutside(() => ({}));
    await runInDurableObject(one.object, (_, { storage }) => {
      storage.sql.exec("CREATE TRIGGER no_hooks BEFORE UPDATE ON hook BEGIN SELECT RAISE(ABORT, 'D1_ERROR: storage error'); END");
    });
    await expect(restore(one)).rejects.toThrow("storage error");
    expect(await ended(one.object, one.run)).toMatchObject({ status: "succeeded" });
  });
});
