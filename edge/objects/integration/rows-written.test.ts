import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Counts rows written through `sql`, by statement. */
function countRows(sql: SqlStorage, counts: Map<string, number>): void {
  const exec = sql.exec.bind(sql);
  sql.exec = (<T extends Record<string, SqlStorageValue>>(text: string, ...bindings: unknown[]) => {
    const cursor = exec<T>(text, ...bindings);
    const verb = text.trim().split(/\s+/, 3).join(" ");
    if (cursor.rowsWritten) counts.set(verb, (counts.get(verb) ?? 0) + cursor.rowsWritten);
    return cursor;
  }) as SqlStorage["exec"];
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

test("a webhook's run of three steps writes few rows, its summary for the workspace included", async () => {
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
    await new Promise((resolve) => setTimeout(resolve, 500));
  };
  await send("first");
  const own = new Map<string, number>();
  const ledger = new Map<string, number>();
  await runInDurableObject(object, (_, { storage }) => countRows(storage.sql, own));
  await runInDurableObject(env.LEDGERS.getByName(workspace), (_, { storage }) => countRows(storage.sql, ledger));
  await send("second");
  const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, rows) => total + rows, 0);
  expect(sum(own)).toBeGreaterThan(2);
  expect(sum(own), JSON.stringify([...own])).toBeLessThanOrEqual(7);
  expect(sum(ledger), JSON.stringify([...ledger])).toBeLessThanOrEqual(4);
});
