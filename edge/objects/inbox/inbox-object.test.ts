import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { edgeClient } from "../../testing/call-edge.ts";
import { makeMember } from "../../testing/member-client.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";
import { type FanOutDeps, fanOutPage, PAGE, retryDelivery, type Subscription } from "./fan-out.ts";
import { type Delivery, type InboxEvent, nextDue } from "./inbox-store.ts";

const FLOW = `inlay: 1
key: orders
name: Orders
blocks:
  - { key: paid, name: Paid, trigger: { event: order.paid }, steps: [{ key: a, value: "{{ trigger }}" }] }
  - { key: now, name: Now, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }
`;
let ws: TestWorkspace;
let asAda: ReturnType<typeof edgeClient>;
let asGrace: ReturnType<typeof edgeClient>;
let adas: string;
let graces: string;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW);
  asAda = edgeClient(await ws.token({ sub: "ada", org: "north" }));
  asGrace = edgeClient(await ws.token({ sub: "grace", org: "south" }));
  adas = (await asAda("POST", "/v1/integrations", { flow: "orders" })).body.id;
  graces = (await asGrace("POST", "/v1/integrations", { flow: "orders" })).body.id;
});

const inbox = () => env.INBOXES.getByName(ws.id);
const settle = async () => {
  await expect
    .poll(() => runInDurableObject(inbox(), (_, { storage }) => nextDue(storage.sql, Date.now())), { timeout: 5_000 })
    .toBeUndefined();
};
const runsOf = async (call: typeof asAda, id: string) =>
  (await call("GET", `/v1/integrations/${id}/runs?block=paid`)).body.items as { id: string }[];
const counts = async () => [(await runsOf(asAda, adas)).length, (await runsOf(asGrace, graces)).length];

describe("a host event", () => {
  it("starts a run for everyone, for an org, or for one user", async () => {
    await inbox().accept(ws.id, { type: "order.paid", data: { n: 1 } });
    await settle();
    expect(await counts()).toEqual([1, 1]);
    await inbox().accept(ws.id, { type: "order.paid", data: { n: 2 }, org: "north" });
    await settle();
    expect(await counts()).toEqual([2, 1]);
    await inbox().accept(ws.id, { type: "order.paid", data: { n: 3 }, user: "grace" });
    await inbox().accept(ws.id, { type: "order.paid", data: { n: 4 }, user: "grace", org: "north" });
    await inbox().accept(ws.id, { type: "order.lost", data: {} });
    await settle();
    expect(await counts()).toEqual([2, 2]);
  });

  it("is what the block's trigger sees", async () => {
    const { id } = await inbox().accept(ws.id, { type: "order.paid", data: { total: 5 }, user: "ada" });
    await settle();
    const [newest] = await runsOf(asAda, adas);
    await expect.poll(async () => (await asAda("GET", `/v1/runs/${newest?.id}`)).body.status).toBe("succeeded");
    expect((await asAda("GET", `/v1/runs/${newest?.id}`)).body.input).toEqual({
      type: "order.paid",
      id,
      data: { total: 5 },
      org: null,
      user: "ada",
    });
  });

  it("with an id seen before starts nothing twice", async () => {
    const [before] = await counts();
    const both = await Promise.all([1, 2, 3].map(() => inbox().accept(ws.id, { type: "order.paid", data: {}, user: "ada", id: "evt-1" })));
    expect(both.map(({ duplicate }) => duplicate).sort()).toEqual([false, true, true]);
    await settle();
    expect((await counts())[0]).toBe((before ?? 0) + 1);
  });

  it("whose id comes again when a day is over starts another run, and goes to who waits for it", async () => {
    await ws.flow(`inlay: 1
key: daily
name: Daily
blocks:
  - { key: paid, name: Paid, trigger: { event: day.over }, steps: [{ key: a, value: 1 }] }
  - { key: waits, name: Waits, trigger: { manual: {} }, steps: [{ key: w, wait: { event: day.over } }] }
`);
    const { id } = (await asAda("POST", "/v1/integrations", { flow: "daily" })).body;
    const paid = async () => (await asAda("GET", `/v1/integrations/${id}/runs?block=paid`)).body.items.length;
    const raise = () => inbox().accept(ws.id, { type: "day.over", data: {}, user: "ada", id: "daily" });
    expect(await raise()).toMatchObject({ duplicate: false });
    await settle();
    expect(await paid()).toBe(1);
    const { body: started } = await asAda("POST", `/v1/integrations/${id}/blocks/waits/run`, {});
    const statusOf = async () => (await asAda("GET", `/v1/runs/${started.run}`)).body.status;
    await expect.poll(statusOf).toBe("waiting");
    await runInDurableObject(inbox(), (_, { storage }) => void storage.sql.exec("UPDATE seen SET at = at - 86400001"));
    expect(await raise()).toMatchObject({ duplicate: false });
    await settle();
    expect(await paid()).toBe(2);
    await expect.poll(statusOf).toBe("succeeded");
  });

  it("that no run would take, its numbers written out, is refused while there is somebody to tell", async () => {
    const { api } = await makeMember();
    const text = `{"type":"order.paid","data":[${Array(100_000).fill("1e20").join()}]}`;
    expect(text.length).toBeLessThan(1_000_000);
    const sent = await api("POST", "events", text, { "content-type": "application/json" });
    expect(sent).toMatchObject({ status: 413, body: { code: "too_large" } });
  });

  it("reaches users by the org that they are in now, and nobody who switched off", async () => {
    asGrace = edgeClient(await ws.token({ sub: "grace", org: "north" }));
    const [a = 0, g = 0] = await counts();
    await asAda("PATCH", `/v1/integrations/${adas}`, { enabled: false });
    await inbox().accept(ws.id, { type: "order.paid", data: {}, org: "north" });
    await settle();
    expect(await counts()).toEqual([a, g + 1]);
    await asAda("PATCH", `/v1/integrations/${adas}`, { enabled: true });
  });

  it("wakes the runs that wait for it, though their integration was switched off meanwhile", async () => {
    const flow = (key: string, wait: string) =>
      ws.flow(`inlay: 1
key: ${key}
name: Approval
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [${wait}, { key: v, value: "{{ steps.w.data.by }}" }] }]
`);
    await flow("approval", "{ key: w, wait: { event: order.approved } }");
    const { body: made } = await asAda("POST", "/v1/integrations", { flow: "approval" });
    const { body: started } = await asAda("POST", `/v1/integrations/${made.id}/blocks/go/run`, {});
    const statusOf = async () => (await asAda("GET", `/v1/runs/${started.run}`)).body.status;
    await expect.poll(statusOf).toBe("waiting");
    await flow("approval", "{ key: w, value: none }");
    await asAda("POST", `/v1/integrations/${made.id}/upgrade`, {});
    await asAda("PATCH", `/v1/integrations/${made.id}`, { enabled: false });
    await inbox().accept(ws.id, { type: "order.approved", data: { by: "grace" }, user: "grace" });
    await settle();
    expect(await statusOf()).toBe("waiting");
    await inbox().accept(ws.id, { type: "order.approved", data: { by: "eve" }, user: "ada" });
    await expect.poll(statusOf).toBe("succeeded");
    expect((await asAda("GET", `/v1/runs/${started.run}`)).body.output).toBe("eve");
  });

  it("for which there is no room in a day is noted as a run that has failed, and can be tried again", async () => {
    await ws.flow(`inlay: 1
key: few
name: Few
blocks: [{ key: go, name: Go, trigger: { event: order.few }, quota: { runs: 1, per: 30d }, steps: [{ key: a, value: "{{ trigger.data.n }}" }] }]
`);
    const { id } = (await asAda("POST", "/v1/integrations", { flow: "few" })).body;
    const runs = async () => (await asAda("GET", `/v1/integrations/${id}/runs`)).body.items;
    await inbox().accept(ws.id, { type: "order.few", data: { n: 1 } });
    await settle();
    await inbox().accept(ws.id, { type: "order.few", data: { n: 2 }, id: "evt-few" });
    const due = () => runInDurableObject(inbox(), (_, { storage }) => storage.sql.exec("SELECT * FROM retry").toArray());
    await expect.poll(async () => (await due()).length).toBe(1);
    expect(await runs()).toHaveLength(1);
    await runInDurableObject(inbox(), (_, { storage }) => {
      storage.sql.exec("UPDATE event SET at = at - 86400001");
      storage.sql.exec("UPDATE retry SET due = 0");
      return storage.setAlarm(Date.now());
    });
    await settle();
    const [failed] = await runs();
    expect(failed).toMatchObject({ status: "failed", error: { code: "quota_exceeded", class: "limit" } });
    expect((await asAda("GET", `/v1/runs/${failed.id}`)).body.input).toMatchObject({ id: "evt-few", data: { n: 2 } });
    expect(await asAda("POST", `/v1/runs/${failed.id}/retry`, {})).toMatchObject({ status: 429 });
    await runInDurableObject(env.INTEGRATIONS.getByName(id), (_, { storage }) => void storage.sql.exec("DELETE FROM quota"));
    await evictDurableObject(env.INTEGRATIONS.getByName(id));
    expect(await asAda("POST", `/v1/runs/${failed.id}/retry`, {})).toMatchObject({ status: 202 });
    await expect.poll(async () => (await runs())[0].status).toBe("succeeded");
  });

  it("taken before a crash is delivered after it", async () => {
    const [before = 0] = await counts();
    const stub = env.INBOXES.getByName(ws.id);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec(
        "INSERT INTO event (id, workspace, type, user, data, at) VALUES ('lost', ?, 'order.paid', 'ada', '{}', ?)",
        ws.id,
        Date.now(),
      );
      return storage.setAlarm(Date.now() + 60_000);
    });
    await evictDurableObject(stub);
    await runDurableObjectAlarm(env.INBOXES.getByName(ws.id));
    await settle();
    expect((await counts())[0]).toBe(before + 1);
  });
});

describe("the fan-out", () => {
  const event = (after = { integration: "", block: "" }): InboxEvent => ({
    ...{ seq: 7, id: "e", workspace: "ws", type: "t", user: null, org: null, data: {}, at: 0, done: false },
    after,
  });
  const everyone: Subscription[] = Array.from({ length: PAGE * 2 + 3 }, (_, i) => ({
    integration: `int_${String(i).padStart(4, "0")}`,
    block: "b",
  }));
  const deps = (more: Partial<FanOutDeps> = {}): FanOutDeps => ({
    now: () => 1_000,
    random: () => 0.5,
    pause: async () => undefined,
    subscriptions: async ({ after }) => everyone.filter(({ integration }) => integration > after.integration).slice(0, PAGE),
    deliver: async () => "done",
    ...more,
  });

  it("goes page by page, and after a crash hands out no page twice", async () => {
    const got: string[] = [];
    const deliver: FanOutDeps["deliver"] = async (_, { integration }) => {
      got.push(integration);
      return "done";
    };
    let at = event();
    for (let pages = 0; pages < 5; pages++) {
      const { after } = await fanOutPage(at, deps({ deliver }));
      if (after === "end") break;
      at = event(after);
    }
    expect(got.sort()).toEqual(everyone.map(({ integration }) => integration));
  });

  it("stands still again and again, so that those who took it, and everybody else on the thread, get to the network", async () => {
    let [underWay, since, longest, rests] = [0, 0, 0, 0];
    let goOn = () => {};
    const deliver: FanOutDeps["deliver"] = async () => {
      underWay++;
      longest = Math.max(longest, ++since);
      await null;
      underWay--;
      return "done";
    };
    const pause = () => new Promise<void>((resolve) => (goOn = resolve));
    const page = fanOutPage(event(), deps({ deliver, pause }));
    let isOver = false;
    void page.then(() => (isOver = true));
    while (!isOver) {
      // All microtasks have run: nobody may be at work without the pause being over.
      await new Promise((resolve) => setTimeout(resolve));
      if (isOver) break;
      expect(underWay).toBe(0);
      [since, rests] = [0, rests + 1];
      goOn();
    }
    expect(longest).toBeLessThanOrEqual(20);
    expect(rests).toBeGreaterThanOrEqual(PAGE / 20);
  });

  it("asks those again who could not take it, later and later, for a day", async () => {
    const { again } = await fanOutPage(event({ integration: "int_0200", block: "b" }), deps({ deliver: async () => "later" }));
    expect(again.map(({ integration, attempts }) => [integration, attempts])).toEqual([
      ["int_0201", 1],
      ["int_0202", 1],
    ]);
    const first: Delivery = again[0]!;
    expect(first.due).toBeGreaterThan(1_000);
    const second = await retryDelivery(event(), first, deps({ deliver: async () => "later" }));
    expect(second).toMatchObject({ attempts: 2 });
    expect(second!.due - 1_000).toBeGreaterThan(first.due - 1_000);
    expect(await retryDelivery(event(), first, deps())).toBeUndefined();
    const lasts: boolean[] = [];
    const refuse: FanOutDeps["deliver"] = async (_event, _to, isLast) => {
      lasts.push(isLast);
      return "later";
    };
    const refusing = (now: number) => deps({ now: () => now, deliver: refuse });
    expect(await retryDelivery(event(), first, refusing(86_400_000))).toMatchObject({ attempts: 2 });
    expect(await retryDelivery(event(), first, refusing(86_400_001))).toMatchObject({ attempts: 2 });
    expect(await retryDelivery(event(), first, refusing(30 * 86_400_000 + 1))).toBeUndefined();
    expect(lasts).toEqual([false, true, true]);
  });
});
