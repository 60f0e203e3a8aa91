import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, expect, test, vi } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { catalogue } from "../../db/catalogue.ts";
import { integrations } from "../../db/schema.ts";
import { sweep } from "../../http/sweep.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { fakeOutside } from "../../testing/integration-config.ts";
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
queries: { contacts: { request: { path: /contacts }, output: "{{ body }}" } }
`;
const FLOW = `
inlay: 1
key: fresh
name: Fresh
accounts: { c: { app: crm } }
blocks: [{ key: fresh, name: Fresh, trigger: { poll: c.contacts, every: 1h, id: "{{ item.id }}" }, steps: [] }]
`;
const db = catalogue(env);
const noted = async (id: string) => (await db.select().from(integrations).where(eq(integrations.id, id)))[0]?.attention;

async function polling() {
  const workspace = await makeWorkspace();
  await workspace.app(CRM);
  await workspace.flow(FLOW);
  const account = await workspace.account(await workspace.user("ada"), "crm", { auth: "token" });
  const app = readFile(CRM, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(account).establish(
    { id: account, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token: "good" } },
  );
  const call = edgeClient(await workspace.token({ sub: "ada" }));
  const made = await call("POST", "/v1/integrations", { flow: "fresh", accounts: { c: account }, values: {} });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return { id: made.body.id as string, call };
}

async function pollNow(id: string): Promise<void> {
  const stub = env.INTEGRATIONS.getByName(id);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("UPDATE slot SET due = ?", Date.now());
  });
  await stub.poke();
  await runDurableObjectAlarm(stub);
}

test("a poll that fails, and one that works again, are noted in the catalogue without anybody asking", async () => {
  let status = 500;
  fakeOutside(() => ({ status, body: [] }));
  const { id, call } = await polling();
  await expect.poll(() => noted(id), { timeout: 5_000 }).toMatchObject([{ code: "poll_failed", block: "fresh" }]);
  expect((await call("GET", "/v1/integrations")).body.items).toMatchObject([{ id, status: "needs_attention" }]);
  status = 200;
  await pollNow(id);
  await expect.poll(() => noted(id), { timeout: 5_000 }).toEqual([]);
});

test("what the catalogue missed, the sweep tells it", async () => {
  fakeOutside(() => ({ status: 500, body: [] }));
  const { id } = await polling();
  await expect.poll(() => noted(id), { timeout: 5_000 }).toHaveLength(1);
  await db.update(integrations).set({ attention: [], nextDue: 1 }).where(eq(integrations.id, id));
  await sweep(env);
  expect(await noted(id)).toMatchObject([{ code: "poll_failed" }]);
});
