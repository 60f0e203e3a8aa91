import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Run } from "../../../shared/api/run.ts";
import { makeMember } from "../../testing/member-client.ts";

let { ws, api, asUser } = {} as Awaited<ReturnType<typeof makeMember>>;
beforeAll(async () => {
  ({ ws, api, asUser } = await makeMember());
});

let made = 0;
/** Tells the ledger of a run that ended `ago` ms ago. */
async function tell(status: Run["status"], more: Partial<Run> & { user?: string } = {}, message?: string): Promise<string> {
  const { user = "usr_a", ...rest } = more;
  const id = rest.id ?? `run_a_${++made}`;
  const at = rest.acceptedAt ?? new Date().toISOString();
  const error =
    message === undefined ? {} : { error: { code: "http_422", class: "invalid", message, retryable: false, step: "each[2].send" } };
  const run: Run = {
    ...{ id, integration: "int_a", flow: "orders", version: 1, block: "go", trigger: { type: "webhook" }, status, tasks: 3 },
    ...{ acceptedAt: at, startedAt: at, endedAt: new Date(Date.parse(at) + 2_000).toISOString(), ...error, ...rest },
  };
  await env.LEDGERS.getByName(ws.id).publish([{ user, message: { type: "run", run } }]);
  return id;
}
const list = async (query = "") => (await api("GET", `errors?${query}`)).body.items;

describe("failed runs", () => {
  it("are grouped by step, class and message with what varies taken out, and counted once however often they are told", async () => {
    const first = await tell("failed", {}, "Contact c_111 has no address");
    await tell("failed", { id: first }, "Contact c_111 has no address");
    await tell("failed", { integration: "int_b" }, "Contact c_222 has no address");
    await tell("failed", {}, "Something else");
    expect(await list()).toMatchObject([
      { pattern: "Something else", open: 1 },
      { pattern: "Contact … has no address", open: 2, total: 2, integrations: 2, step: "each[].send", class: "invalid", status: "open" },
    ]);
    expect(await list("search=address")).toHaveLength(1);
    expect(await list("flow=nothing")).toEqual([]);
    const page = (await api("GET", "errors?limit=1")).body;
    expect((await api("GET", `errors?limit=1&cursor=${page.nextCursor}`)).body.items[0].id).not.toBe(page.items[0].id);
    const csv = (await api("GET", "errors?format=csv")).body as string;
    expect(csv.split("\r\n")).toHaveLength(4);
    await api(
      "POST",
      "flows",
      "inlay: 1\nkey: orders\nname: Orders\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]\n",
    );
    expect((await api("GET", "flows/orders")).body.openErrors).toBe(3);
    expect((await api("GET", "flows?health=errors")).body.items).toMatchObject([{ key: "orders" }]);
  });

  it("are assigned, tagged, resolved and opened again by members", async () => {
    const [{ id }] = await list("search=address");
    const { url } = (await api("POST", "sign-in-links", { email: "bob@example.com" })).body;
    expect(url).toContain("sign-in");
    const { results } = await env.DB.prepare("SELECT id FROM members WHERE workspace = ?").bind(ws.id).all<{ id: string }>();
    const bob = results[0]?.id ?? "";
    expect(await api("PATCH", `errors/${id}`, { assignee: "mem_nobody" })).toMatchObject({ status: 422 });
    const changed = await api("PATCH", `errors/${id}`, { assignee: bob, tags: ["Urgent", "urgent "] });
    expect(changed.body).toMatchObject({ assignee: bob, tags: ["urgent"] });
    expect(await list(`assignee=${bob}`)).toMatchObject([{ id }]);
    expect(await list("assignee=nobody&tag=urgent")).toEqual([]);
    expect((await api("PATCH", `errors/${id}`, { status: "resolved" })).body).toMatchObject({ status: "resolved", open: 0, total: 2 });
    expect(await list("status=resolved")).toMatchObject([{ id }]);
    const runs = (await api("GET", `errors/${id}/runs?status=resolved`)).body.items;
    expect(runs).toMatchObject([{ status: "resolved", resolvedBy: expect.stringMatching(/^tok_/) }, {}]);
    expect((await api("PATCH", `errors/${id}`, { status: "open" })).body).toMatchObject({ status: "open", open: 2 });
    expect((await api("PATCH", `errors/${id}`, { status: "resolved", runs: [runs[0].run] })).body.open).toBe(1);
    expect(await api("GET", "errors/err_none")).toMatchObject({ status: 404 });
  });

  it("are in the audit log as they were and as they are, and a change that changes nothing is not in it", async () => {
    await tell("failed", { block: "logged" }, "Logged");
    const [{ id }] = await list("block=logged");
    const entries = async () => (await api("GET", `audit?target=${id}`)).body.items;
    for (const same of [{ tags: [] }, { assignee: null }, { status: "open" }, {}])
      expect((await api("PATCH", `errors/${id}`, same)).status).toBe(200);
    expect(await entries()).toEqual([]);
    await api("PATCH", `errors/${id}`, { tags: ["late"], status: "open" });
    await api("PATCH", `errors/${id}`, { tags: ["Late"] });
    await api("PATCH", `errors/${id}`, { status: "resolved" });
    await api("PATCH", `errors/${id}`, { status: "resolved" });
    expect(await entries()).toMatchObject([
      { action: "error.changed", before: { status: "open", open: 1 }, after: { status: "resolved", open: 0 } },
      { action: "error.changed", before: { tags: [] }, after: { tags: ["late"] } },
    ]);
  });

  it("of a schedule are resolved by the next run of the same that succeeds, those of webhooks are not", async () => {
    const schedule = { block: "nightly", trigger: { type: "schedule" as const } };
    await tell("failed", schedule, "Nightly trouble");
    await tell("succeeded", { ...schedule, integration: "int_b" });
    expect(await list("block=nightly")).toHaveLength(1);
    await tell("succeeded", schedule);
    expect(await list("block=nightly")).toEqual([]);
    const [resolved] = await list("status=resolved&block=nightly");
    expect((await api("GET", `errors/${resolved.id}/runs?status=resolved`)).body.items).toMatchObject([{ resolvedBy: "success" }]);
    await tell("failed", { block: "hook" }, "Hook trouble");
    await tell("succeeded", { block: "hook" });
    expect(await list("block=hook")).toHaveLength(1);
  });

  it("that are tried again before the ledger has heard of them are resolved by success", async () => {
    await ws.flow(`inlay: 1
key: soon
name: Soon
blocks:
  - key: soon
    name: Soon
    trigger: { webhook: {} }
    steps: [{ key: i, if: "{{ trigger.bad }}", then: [{ key: f, fail: Bad }] }]
`);
    const { call } = await asUser("sue");
    const { id } = (await call("POST", "/v1/integrations", { flow: "soon" })).body;
    const { run } = (await api("POST", `integrations/${id}/blocks/soon/run`, { input: { bad: true } })).body;
    await expect.poll(async () => (await api("GET", `runs/${run}`)).body.status, { interval: 2 }).toBe("failed");
    const again = await api("POST", `runs/${run}/retry`, { input: { bad: false } });
    expect(again.status).toBe(202);
    await expect.poll(async () => (await list("status=resolved&block=soon")).length, { timeout: 3_000 }).toBe(1);
    expect(await list("block=soon")).toEqual([]);
  });

  it("that fail again when they are tried again stay one error each", async () => {
    const [first, second] = [await tell("failed", { block: "again" }, "Again"), await tell("failed", { block: "again" }, "Again")];
    await env.LEDGERS.getByName(ws.id).noteRetries([{ run: first, started: "run_a_late" }]);
    await tell("failed", { block: "again", id: "run_a_late" }, "Again");
    await tell("failed", { block: "again", id: "run_a_soon" }, "Again");
    await env.LEDGERS.getByName(ws.id).noteRetries([{ run: second, started: "run_a_soon" }]);
    const [group] = await list("block=again");
    expect(group).toMatchObject({ open: 2, total: 4 });
    const open = (await api("GET", `errors/${group.id}/runs?status=open`)).body.items;
    expect(open.map(({ run }: { run: string }) => run).sort()).toEqual(["run_a_late", "run_a_soon"]);
  });

  it("that are being tried again are not tried again with the rest, however many ask for that at once", async () => {
    const steps =
      "[{ key: no, when: '{{ $not($exists(trigger.body.good)) }}', fail: 'Row {{ trigger.body.row }} is bad' }, { key: nap, wait: 1h }]";
    await ws.flow(`inlay: 1\nkey: slow\nname: Slow\nblocks: [{ key: go, name: Go, trigger: { api: {} }, steps: ${steps} }]\n`);
    const ada = await asUser("ada");
    const { id } = (await ada.call("POST", "/v1/integrations", { flow: "slow" })).body;
    for (const row of [1, 2, 3]) await ada.call("POST", `/api/${id}/go`, { row });
    const [group] = await until(
      () => list("flow=slow"),
      (found) => found[0]?.open === 3,
    );
    const input = { method: "POST", headers: {}, query: {}, body: { good: true } };
    const retry = async () => (await api("POST", `errors/${group.id}/retry`, { input })).body.items as { run: string; started: string }[];
    const both = (await Promise.all([retry(), retry()])).flat();
    expect(new Set(both.map(({ run }) => run)).size).toBe(3);
    expect(both).toHaveLength(3);
    const statuses = async () => (await ada.call("GET", `/v1/integrations/${id}/runs`)).body.items.map((run: Run) => run.status);
    const isWaiting = (found: string[]) => found.filter((status) => status === "waiting").length === 3;
    await until(async () => (await api("GET", `runs?integration=${id}`)).body.items.map((run: Run) => run.status), isWaiting);
    const later = Date.now() + 60_000;
    vi.spyOn(Date, "now").mockImplementation(() => later);
    expect(await retry()).toEqual([]);
    expect(await statuses()).toHaveLength(6);
    vi.restoreAllMocks();
    for (const { started } of both) await ada.call("POST", `/v1/runs/${started}/cancel`, {});
    await until(
      async () => (await api("GET", `runs?integration=${id}&status=canceled`)).body.items,
      (found) => found.length === 3,
    );
    vi.spyOn(Date, "now").mockImplementation(() => later + 60_000);
    expect(await retry()).toHaveLength(3);
    vi.restoreAllMocks();
  });

  it("are resolved by a retry that its flow stops, and not by one that somebody cancels", async () => {
    const steps =
      "[{ key: no, when: '{{ $exists(trigger.body.bad) }}', fail: Bad }, { key: nap, when: '{{ $exists(trigger.body.nap) }}', wait: 1h }, { key: s, stop: Nothing to do }]";
    await ws.flow(`inlay: 1\nkey: stops\nname: Stops\nblocks: [{ key: go, name: Go, trigger: { api: {} }, steps: ${steps} }]\n`);
    const ada = await asUser("ada");
    const { id } = (await ada.call("POST", "/v1/integrations", { flow: "stops" })).body;
    for (const _ of [1, 2]) await ada.call("POST", `/api/${id}/go`, { bad: 1 });
    const [group] = await until(
      () => list("flow=stops"),
      (found) => found[0]?.open === 2,
    );
    const retry = async (body: object) =>
      (await api("POST", `errors/${group.id}/retry`, { limit: 1, input: { method: "POST", headers: {}, query: {}, body } })).body.items[0];
    await retry({});
    await until(
      () => list("flow=stops"),
      (found) => found[0]?.open === 1,
    );
    const { started } = await retry({ nap: 1 });
    await until(
      async () => (await api("GET", `runs?integration=${id}&status=waiting`)).body.items,
      (found) => found.length === 1,
    );
    await ada.call("POST", `/v1/runs/${started}/cancel`, {});
    await until(
      async () => (await api("GET", `runs?integration=${id}&status=canceled`)).body.items,
      (found) => found.length === 1,
    );
    expect(await list("flow=stops")).toMatchObject([{ open: 1, total: 2 }]);
    const done = (await api("GET", `errors/${group.id}/runs?status=resolved`)).body.items;
    expect(done.map((one: { resolvedBy: string }) => one.resolvedBy)).toEqual(["retry"]);
  });

  it("are tried again with corrected input, and resolved by what succeeds", async () => {
    await ws.flow(`inlay: 1
key: picky
name: Picky
blocks:
  - key: go
    name: Go
    trigger: { api: {} }
    steps: [{ key: check, if: "{{ $not($exists(trigger.body.good)) }}", then: [{ key: no, fail: "Row {{ trigger.body.row }} is not good" }] }]
`);
    const ada = await asUser("ada");
    const { id } = (await ada.call("POST", "/v1/integrations", { flow: "picky" })).body;
    for (const row of [1, 2, 3]) await ada.call("POST", `/api/${id}/go`, { row });
    const [group] = await until(
      () => list("flow=picky"),
      (found) => found[0]?.open === 3,
    );
    expect(group).toMatchObject({ pattern: "Row … is not good", step: "no" });
    const first = (
      await api("POST", `errors/${group.id}/retry`, { limit: 2, input: { method: "POST", headers: {}, query: {}, body: { good: true } } })
    ).body;
    expect(first.items).toMatchObject([{ started: expect.stringMatching(/^run_/) }, { started: expect.stringMatching(/^run_/) }]);
    await until(
      () => list("flow=picky"),
      (found) => found[0]?.open === 1,
    );
    const left = (await api("GET", `errors/${group.id}/runs`)).body.items[0].run;
    await api("POST", `runs/${left}/retry`, { input: { method: "POST", headers: {}, query: {}, body: { good: true } } });
    expect(
      await until(
        () => list("flow=picky"),
        (found) => found.length === 0,
      ),
    ).toEqual([]);
    const done = (await api("GET", `errors/${group.id}/runs?status=resolved`)).body.items;
    expect(done.map((one: { resolvedBy: string }) => one.resolvedBy)).toEqual(["retry", "retry", "retry"]);
  });
});

async function until<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  let value = await read();
  for (let i = 0; i < 200 && !isDone(value); i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    value = await read();
  }
  return value;
}

describe("analytics", () => {
  it("count ended runs by outcome over time and by flow, block and user, as the index of runs has them", async () => {
    const own = await makeMember();
    ({ ws, api } = own);
    const user = await ws.user("ada");
    const day = 86_400_000;
    const at = (ago: number) => new Date(Date.now() - ago).toISOString();
    await tell("succeeded", { acceptedAt: at(3 * day), user });
    await tell("failed", { acceptedAt: at(3 * day), user }, "No");
    await tell("succeeded", { acceptedAt: at(day), flow: "other", tasks: 5 });
    await tell("waiting", { id: "run_a_late", acceptedAt: at(2 * day), endedAt: null });
    await tell("succeeded", {});
    const read = async (query: string) => (await api("GET", `analytics?${query}`)).body;
    const week = await read("by=flow");
    expect(week).toMatchObject({
      unit: "day",
      totals: { runs: 4, succeeded: 3, failed: 1, tasks: 14, averageMs: 2_000 },
      items: [
        { key: "orders", runs: 3 },
        { key: "other", runs: 1, tasks: 5 },
      ],
    });
    expect(week.series).toHaveLength(3);
    await tell("stopped", { id: "run_a_late", acceptedAt: at(2 * day) });
    expect((await read("by=user")).totals).toMatchObject({ runs: 5, stopped: 1 });
    expect((await read("by=user")).items.find(({ key }: { key: string }) => key === user)).toMatchObject({
      name: "ada",
      runs: 2,
      failed: 1,
    });
    expect((await read("by=block&flow=other")).items).toMatchObject([{ key: "other/go", runs: 1 }]);
    expect((await read("by=flow&flow=other")).totals.runs).toBe(1);
    // One that ended just now is not counted in yet: it is looked at in the index, by the same filter.
    expect((await read("by=user&flow=other")).totals.runs).toBe(1);
    expect((await read(`unit=hour&from=${at(3_600_000)}`)).totals.runs).toBe(1);
    await tell("succeeded", { user });
    expect(await read(`user=${user}`)).toMatchObject({
      totals: { runs: 3, succeeded: 2, failed: 1 },
      series: [{ runs: 2 }, { runs: 1 }],
      items: [],
    });
    expect(await api("GET", `analytics?user=${user}&flow=other`)).toMatchObject({ status: 400 });
    expect((await api("GET", "analytics?format=csv&table=items&by=flow")).body).toContain("orders,orders,5,3,1,1,0,15,2000");
    expect(await api("GET", `analytics?from=${at(0)}&to=${at(day)}`)).toMatchObject({ status: 400 });
  });
});
