import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Counts rows written to `storage`, by statement; the platform bills an alarm that is set as one. */
function countRows(storage: DurableObjectStorage, counts: Map<string, number>): void {
  const count = (what: string, rows: number) => void (rows && counts.set(what, (counts.get(what) ?? 0) + rows));
  const exec = storage.sql.exec.bind(storage.sql);
  storage.sql.exec = (<T extends Record<string, SqlStorageValue>>(text: string, ...bindings: unknown[]) => {
    const cursor = exec<T>(text, ...bindings);
    const name = text.trim().split(/\s+/, 3).join(" ");
    if (!/RETURNING/.test(text)) {
      count(name, cursor.rowsWritten);
      return cursor;
    }
    const rows = cursor.toArray();
    count(name, cursor.rowsWritten);
    return { toArray: () => rows };
  }) as SqlStorage["exec"];
  const setAlarm = storage.setAlarm.bind(storage);
  storage.setAlarm = async (at) => {
    count("alarm", 1);
    return setAlarm(at);
  };
}

const FLOW = `
blocks:
  - key: received
    name: Received
    trigger: { webhook: { dedupe: "{{ headers.'x-order-id' }}" } }
    steps:
      - { key: order, value: { id: "{{ trigger.body.id }}" } }
      - key: large
        if: "{{ steps.order.id != '' }}"
        then: [{ key: post, http: { method: POST, url: "https://target.test/", body: "{{ steps.order }}" } }]
`;

test("a webhook's run of three steps writes few rows, its alarms and its summary for the workspace included", async () => {
  fakeOutside(() => ({ body: {} }));
  const workspace = `ws_rows${Date.now()}`;
  const { object, state } = await configured(makeConfig(FLOW, { workspace }));
  const key = state.blocks[0]?.url?.split("/").at(-1) ?? "";
  const request = { method: "POST", query: {}, body: '{"id":"o1"}' };
  const send = async (id: string) => {
    const accepted = await object.acceptHook("received", key, {
      ...request,
      headers: { "content-type": "application/json", "x-order-id": id },
    });
    if (!accepted.ok) throw new Error("refused");
    await ended(object, accepted.run);
  };
  const ledger = env.LEDGERS.getByName(workspace);
  const isTold = (count: number) =>
    vi.waitFor(async () => expect((await ledger.listRuns({ limit: 200 })).items).toHaveLength(count), 5_000);
  await send("first");
  await isTold(1);
  await runDurableObjectAlarm(object);
  const [own, others] = [new Map<string, number>(), new Map<string, number>()];
  await runInDurableObject(object, (_, { storage }) => countRows(storage, own));
  await runInDurableObject(ledger, (_, { storage }) => countRows(storage, others));
  const sum = () => [...own.values(), ...others.values()].reduce((total, rows) => total + rows, 0);
  await send("alone");
  await isTold(2);
  await runDurableObjectAlarm(object);
  const alone = sum();
  for (let i = 0; i < 60; i++) await send(`s${i}`);
  await isTold(62);
  const each = (sum() - alone) / 60;
  // biome-ignore lint/suspicious/noConsole: the figure is asked for by name
  console.log(`rows written: a run alone ${alone}, one of many ${each.toFixed(1)}`);
  expect(alone, JSON.stringify([...own, ...others])).toBeLessThanOrEqual(8);
  expect(each, JSON.stringify([...own, ...others])).toBeLessThanOrEqual(6);
  expect(each).toBeGreaterThan(3);
});
