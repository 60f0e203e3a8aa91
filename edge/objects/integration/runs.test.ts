import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { RunDetail } from "../../../shared/api/run.ts";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const flow = (steps: string, options = "") => `
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    ${options}
    steps: ${steps}
  - key: map
    name: Map
    trigger: { call: { input: [{ key: contact, type: json, required: true }] } }
    steps:
      - { key: shape, code: "export default ({ trigger, settings }) => ({ mail: trigger.contact.email, source: settings.source })" }
      - { key: answer, respond: { body: "{{ steps.shape }}" } }
settings: { source: crm }
`;

const read = async (object: { readRun(run: string, from?: number): Promise<unknown> }, run: string, from?: number) =>
  (await object.readRun(run, from)) as RunDetail | null;

async function start(steps: string, input: unknown = {}, more: Parameters<typeof makeConfig>[1] = {}, options = "") {
  const config = makeConfig(flow(steps, options), more);
  const { object } = await configured(config);
  const accepted = await object.runNow("go", input);
  if (!accepted.ok) throw new Error(accepted.message);
  return { object, config, run: accepted.run };
}

describe("a run", () => {
  test("says of each step in which condition or attempt it stands", async () => {
    const { object, run } = await start(`
      - key: large
        if: "{{ false }}"
        else: [{ key: attempt, try: [{ key: bad, value: "{{ $error('no') }}" }], catch: [{ key: mend, call: map, with: { contact: {} } }] }]
    `);
    const { steps } = await ended(object, run);
    expect(steps.map(({ path, within, branch }) => [path, within, branch])).toEqual([
      ["large", undefined, undefined],
      ["attempt", "large", "else"],
      ["bad", "attempt", "try"],
      ["mend", "attempt", "catch"],
      ["mend>shape", undefined, undefined],
      ["mend>answer", undefined, undefined],
    ]);
    expect(await object.readStep(run, "bad")).toMatchObject({ within: "attempt", branch: "try" });
  });

  test("is retried from an attempt, with all that this holds and what stands behind, and nothing before", async () => {
    const calls = fakeOutside(() => ({ body: {} }));
    const call = (key: string) => `{ key: ${key}, http: { method: POST, url: "https://target.test/${key}" } }`;
    const { object, run } = await start(`
      - ${call("before")}
      - key: attempt
        try: [${call("first")}, { key: no, fail: because }]
        catch: [${call("mend")}]
        finally: [${call("tidy")}]
      - ${call("after")}
    `);
    const { steps } = await ended(object, run);
    expect(steps.find(({ path }) => path === "attempt")).toMatchObject({ type: "try", status: "succeeded" });
    const plan = await object.planRepeat(run, { from: "attempt" });
    expect(plan).toMatchObject({ plan: { kept: 1, repeats: ["first", "mend", "tidy", "after"].map((path) => ({ path })) } });
    const again = await object.retryRun(run, { from: "attempt" });
    if (!again.ok) throw new Error(again.message);
    expect(await ended(object, again.run)).toMatchObject({ status: "succeeded" });
    expect(calls.map(({ url }) => url.split("/").at(-1))).toEqual([
      "before",
      "first",
      "mend",
      "tidy",
      "after",
      "first",
      "mend",
      "tidy",
      "after",
    ]);
  });

  test("walks loops, calls and code, and counts its tasks", async () => {
    const calls = fakeOutside(() => ({ body: { ok: true } }));
    const contacts = Array.from({ length: 500 }, (_, i) => ({ id: i, email: `c${i}@example.com` }));
    const { object, run } = await start(
      `
      - key: each
        for: "{{ trigger.contacts }}"
        as: contact
        concurrency: 4
        do:
          - { key: mapped, call: map, with: { contact: "{{ contact }}" } }
          - { key: upsert, http: { method: PUT, url: "https://target.test/members/{{ contact.id }}", body: "{{ steps.mapped }}" } }
      - { key: remember, set: { count: "{{ $count(steps.each) }}", since: "{{ run.startedAt }}" } }
      `,
      { contacts },
    );
    const detail = await ended(object, run);
    expect(detail).toMatchObject({ status: "succeeded", tasks: 1_000 });
    expect(calls).toHaveLength(500);
    expect(calls.find((call) => call.url.endsWith("/members/3"))?.body).toEqual({ mail: "c3@example.com", source: "crm" });
    expect(detail.steps.filter((step) => step.path === "each[3].mapped>shape" || step.path === "each[3].upsert")).toHaveLength(2);
    await runInDurableObject(env.INTEGRATIONS.getByName(detail.integration), async (_, state) => {
      expect(state.storage.sql.exec("SELECT k, v FROM state ORDER BY k").toArray()).toEqual([
        { k: "count", v: "500" },
        { k: "since", v: JSON.stringify(detail.startedAt) },
      ]);
    });
  });

  test("shows its tasks and steps while it runs, to the reader and to the ledger", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const calls = fakeOutside(async (_, index) => {
      if (index === 3) await gate;
      return {};
    });
    const { object, config, run } = await start(
      `
      - { key: before, value: "{{ 1 + 1 }}" }
      - { key: each, for: "{{ [1..5] }}", do: [{ key: call, http: { url: "https://target.test/{{ item }}" } }] }
      `,
    );
    await vi.waitFor(() => expect(calls).toHaveLength(4), 5_000);
    const live = await read(object, run);
    expect(live).toMatchObject({ status: "running", tasks: 3 });
    expect(live?.steps.map((step) => step.path)).toEqual(["before", "each", "each[0].call", "each[1].call", "each[2].call"]);
    expect((await object.listRuns({})).items[0]).toMatchObject({ id: run, tasks: 3 });
    const ledger = env.LEDGERS.getByName(config.workspace);
    await vi.waitFor(
      async () =>
        expect((await ledger.listRuns({ integration: config.id, limit: 1 })).items[0]).toMatchObject({ status: "running", tasks: 3 }),
      5_000,
    );
    open();
    expect(await ended(object, run)).toMatchObject({ status: "succeeded", tasks: 5 });
  });

  test("of more steps that compute than a log keeps says so", async () => {
    const steps = (count: number) => `[{ key: each, for: "{{ [1..${count}] }}", do: [{ key: v, value: "{{ item }}" }] }]`;
    const [few, many] = [await start(steps(900)), await start(steps(1_200))];
    expect(await ended(few.object, few.run)).not.toHaveProperty("stepsLeftOut");
    expect(await ended(many.object, many.run)).toMatchObject({ status: "succeeded", stepCount: 1_000, stepsLeftOut: true });
  });

  test("of many steps is read page by page, and each step whole", async () => {
    fakeOutside(() => ({ body: { text: "x".repeat(3_000) } }));
    const { object, run } = await start(
      `
      - { key: each, for: "{{ [1..300] }}", concurrency: 8, do: [{ key: call, http: { url: "https://target.test/{{ item }}" } }] }
      - { key: last, value: "{{ index }}" }
      `,
    );
    const detail = await ended(object, run);
    expect(detail).toMatchObject({ stepCount: 302, tasks: 300 });
    expect(JSON.stringify({ ...detail, output: null }).length).toBeLessThan(600_000);
    expect(detail.steps.at(-1)).toMatchObject({ path: "last", status: "succeeded" });
    const short = detail.steps.find((step) => step.truncated);
    expect(short).not.toHaveProperty("response");
    const whole = await object.readStep(run, short?.path ?? "");
    expect(whole).toMatchObject({ path: short?.path, output: { status: 200, body: { text: expect.stringMatching(/^x{3000}$/) } } });
    expect(await object.readStep(run, "each")).toMatchObject({ type: "for", output: { items: 300 } });
    expect(await object.readStep(run, "none")).toBeNull();
    expect((await read(object, run, 300))?.steps.map((step) => step.path)).toEqual(detail.steps.slice(300).map((step) => step.path));
  });

  test("that is broken off goes on where it was, and repeats nothing that was done", async () => {
    const calls = fakeOutside((_, index) => (index === 1 ? new Promise(() => undefined) : { body: { index } }));
    const { config, run } = await start(`
      - { key: one, http: { url: "https://target.test/one" } }
      - { key: two, http: { url: "https://target.test/two" } }
      - { key: three, http: { url: "https://target.test/three" } }
    `);
    await vi.waitFor(() => expect(calls).toHaveLength(2), 5_000);
    await runInDurableObject(env.INTEGRATIONS.getByName(config.id), (_, state) => state.abort("killed by the test")).catch(() => undefined);
    const again = env.INTEGRATIONS.getByName(config.id);
    await again.poke();
    const detail = await ended(again, run);
    expect(detail.status).toBe("succeeded");
    const paths = calls.map((call) => new URL(call.url).pathname);
    expect(paths.filter((path) => path === "/one")).toHaveLength(1);
    expect(paths.filter((path) => path === "/two")).toHaveLength(2);
    expect(paths.filter((path) => path === "/three")).toHaveLength(1);
  });

  test("that waits survives the object's eviction", async () => {
    fakeOutside(() => ({}));
    const { object, config, run } = await start(`
      - { key: nap, wait: 3s }
      - { key: after, value: done }
    `);
    expect(await ended(object, run, ["waiting"])).toMatchObject({ status: "waiting", reason: expect.stringContaining("nap waits until") });
    expect((await read(object, run))?.trigger).toEqual({ type: "manual", byHand: true });
    expect((await read(object, run))?.why).toEqual({ code: "until", params: { at: expect.stringMatching(/Z$/) } });
    await evictDurableObject(env.INTEGRATIONS.getByName(config.id));
    expect(await ended(env.INTEGRATIONS.getByName(config.id), run)).toMatchObject({ status: "succeeded", output: "done" });
  });

  test("tries again what may pass, respects Retry-After, and gives up on what will not", async () => {
    const times: number[] = [];
    const calls = fakeOutside((call) => {
      if (call.url.endsWith("/gone")) return { status: 404, body: { message: "no such thing" } };
      times.push(Date.now());
      return times.length === 1 ? { status: 429, headers: { "retry-after": "1" } } : { body: { ok: 1 } };
    });
    const { object, run } = await start(`
      - { key: busy, http: { url: "https://target.test/busy" } }
      - { key: gone, on_error: continue, http: { url: "https://target.test/gone" } }
      - { key: last, value: "{{ steps.busy.status }}" }
    `);
    const detail = await ended(object, run);
    expect(detail).toMatchObject({ status: "succeeded", output: 200, tasks: 3 });
    expect(calls).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(detail.steps.find((step) => step.key === "busy")).toMatchObject({ attempts: 2, status: "succeeded" });
    expect(detail.steps.find((step) => step.key === "gone")).toMatchObject({ attempts: 1, status: "failed", error: { class: "missing" } });
  });

  test("can be retried from a step that calls nothing, and keeps what was done before it alone", async () => {
    const calls = fakeOutside(() => ({ body: {} }));
    const { object, run } = await start(`
      - { key: one, http: { url: "https://t.test/one" } }
      - { key: pause, wait: 20ms }
      - { key: pure, value: 1 }
      - { key: two, http: { url: "https://t.test/two" } }`);
    await ended(object, run);
    expect(await object.planRepeat(run, { from: "pure" })).toMatchObject({ ok: true, plan: { kept: 2, repeats: [{ key: "two" }] } });
    const again = await object.retryRun(run, { from: "pure" });
    if (!again.ok) throw new Error(again.message);
    await ended(object, again.run);
    expect(calls.map(({ url }) => url.slice(-3))).toEqual(["one", "two", "two"]);
  });

  test("that failed can be retried from the step that failed, under the same effect key", async () => {
    let isDown = true;
    const calls = fakeOutside((call) =>
      call.url.endsWith("/two") && isDown ? { status: 422, body: { message: "bad" } } : { body: { at: call.url } },
    );
    const { object, run } = await start(`
      - { key: one, http: { url: "https://target.test/one" } }
      - { key: two, http: { url: "https://target.test/two" } }
    `);
    const failed = await ended(object, run);
    expect(failed).toMatchObject({ status: "failed", error: { step: "two", code: "http_422" } });
    isDown = false;
    const retried = await object.retryRun(run, {});
    if (!retried.ok) throw new Error("refused");
    const detail = await ended(object, retried.run);
    expect(detail.status).toBe("succeeded");
    expect(calls.map((call) => new URL(call.url).pathname)).toEqual(["/one", "/two", "/two"]);
    expect(detail.steps.find((step) => step.key === "two")?.effectKey).toBe(`${run}:two`);
    const whole = await object.retryRun(run, { from: "one" });
    if (!whole.ok) throw new Error("refused");
    await ended(object, whole.run);
    expect(calls).toHaveLength(5);
    expect(await object.retryRun(run, { from: "nowhere" })).toMatchObject({ ok: false, status: 422 });
  });

  test("that is retried from a turn of a concurrent loop leaves what the other turns have done, and does what comes behind", async () => {
    const calls = fakeOutside((call) => (call.url.endsWith("/lost/1") ? { status: 404 } : { body: {} }));
    const { object, run } = await start(`
      - { key: lost, on_error: continue, http: { url: "https://t.test/lost/1" } }
      - key: each
        for: [1, 2, 3]
        concurrency: 3
        do:
          - { key: ask, http: { url: "https://t.test/ask/{{ item }}" } }
          - { key: pause, wait: 20ms }
          - { key: tell, http: { url: "https://t.test/tell/{{ item }}" } }
      - { key: last, http: { url: "https://t.test/last/1" } }`);
    await ended(object, run);
    const before = calls.length;
    const repeats = [{ path: "each[1].tell" }, { path: "last" }];
    expect(await object.planRepeat(run, { from: "each[1].tell" })).toMatchObject({ ok: true, plan: { repeats, resumes: [] } });
    const again = await object.retryRun(run, { from: "each[1].tell" });
    if (!again.ok) throw new Error(again.message);
    expect((await ended(object, again.run)).status).toBe("succeeded");
    expect(calls.slice(before).map(({ url }) => url.slice("https://t.test".length))).toEqual(["/tell/2", "/last/1"]);
  });

  test("that is retried from a code step does those behind it again, though all took no time", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const code = (key: string, value: string) => `{ key: ${key}, code: "export default ({ trigger, steps }) => ${value}" }`;
    const { object, run } = await start(`[${code("a", "trigger.n")}, ${code("b", "steps.a + 1")}, ${code("c", "steps.b + 1")}]`, { n: 1 });
    expect((await ended(object, run)).output).toBe(3);
    const again = await object.retryRun(run, { from: "a", input: { n: 10 } });
    if (!again.ok) throw new Error(again.message);
    expect((await ended(object, again.run)).output).toBe(12);
  });

  test("that is canceled during a call counts it, and the next of its line begins when that call is over", async () => {
    const began: [string, number][] = [];
    let over = 0;
    fakeOutside(async ({ url }) => {
      began.push([url.slice(-1), Date.now()]);
      if (url.endsWith("1")) await new Promise((resolve) => setTimeout(resolve, 400));
      if (url.endsWith("1")) over = Date.now();
      return {};
    });
    const config = makeConfig(flow('[{ key: post, http: { url: "https://t.test/{{ trigger.n }}" } }]', "order: fifo"));
    const { object } = await configured(config);
    const [first, second] = [await object.runNow("go", { n: 1 }), await object.runNow("go", { n: 2 })];
    if (!first.ok || !second.ok) throw new Error("refused");
    await vi.waitFor(() => expect(began).toHaveLength(1));
    expect(await object.cancelRun(first.run)).toMatchObject({ status: "canceled", tasks: 0 });
    expect((await ended(object, second.run)).status).toBe("succeeded");
    expect(began.map(([n]) => n)).toEqual(["1", "2"]);
    expect(over).toBeGreaterThan(0);
    expect(began[1]?.[1]).toBeGreaterThanOrEqual(over);
    expect(await object.readRun(first.run)).toMatchObject({ status: "canceled", tasks: 1, steps: [{ status: "succeeded", tasks: 1 }] });
  });

  test("that is retried with another input stands in that input's line", async () => {
    const part = async (id: string, object: { readRun(run: string): Promise<unknown> }, run: string) => {
      await ended(object, run);
      const text = "SELECT part FROM run WHERE id = ?";
      return runInDurableObject(env.INTEGRATIONS.getByName(id), (_, { storage }) => storage.sql.exec(text, run).one().part);
    };
    const config = makeConfig(flow("[{ key: v, value: 1 }]", 'order: fifo\n    partition: "{{ trigger.who }}"'));
    const { object } = await configured(config);
    const run = await object.runNow("go", { who: "a" });
    if (!run.ok) throw new Error(run.message);
    expect(await part(config.id, object, run.run)).toBe(":a");
    const again = await object.retryRun(run.run, { input: { who: "b" } });
    expect(again.ok && (await part(config.id, object, again.run))).toBe(":b");
  });

  test("can be canceled while it waits", async () => {
    const { object, run } = await start("[{ key: nap, wait: 1h }]");
    await ended(object, run, ["waiting"]);
    expect(await object.cancelRun(run)).toMatchObject({ status: "canceled" });
    expect(await object.cancelRun("run_no_such")).toBeNull();
  });

  test("that is canceled shows what was under way as canceled, and what holds it", async () => {
    const pause = (key: string) => `{ key: ${key}, wait: 1h }`;
    const { object, run } = await start(`
      - { key: side, parallel: { left: [${pause("a")}], right: [{ key: each, for: [1], do: [${pause("b")}] }] } }
    `);
    const shown = async () => ((await read(object, run))?.steps ?? []).map(({ path, status }) => `${path} ${status}`).sort();
    await ended(object, run, ["waiting"]);
    expect(await shown()).toEqual(["a waiting", "each waiting", "each[0].b waiting", "side waiting"]);
    await object.cancelRun(run);
    expect(await shown()).toEqual(["a canceled", "each canceled", "each[0].b canceled", "side canceled"]);
    expect(await object.readStep(run, "a")).toMatchObject({ status: "canceled", endedAt: expect.any(String) });
  });

  test("that is canceled while it is driven shows how far it had come", async () => {
    let isOver = false;
    fakeOutside(async () => {
      while (!isOver) await new Promise((resolve) => setTimeout(resolve, 10));
      return {};
    });
    const { object, run } = await start(`
      - { key: each, for: [1, 2], do: [{ key: v, value: 1 }, { key: call, http: { url: "https://target.test/" } }] }
    `);
    const shown = async () => ((await read(object, run))?.steps ?? []).map(({ path, status }) => `${path} ${status}`);
    await vi.waitFor(async () => expect(await shown()).toEqual(["each running", "each[0].v succeeded"]), 5_000);
    await object.cancelRun(run);
    expect(await shown()).toEqual(["each canceled", "each[0].v succeeded"]);
    isOver = true;
    await vi.waitFor(async () => expect(await shown()).toEqual(["each canceled", "each[0].v succeeded", "each[0].call succeeded"]), 5_000);
  });

  test("of a fifo block goes one at a time in each partition, in order", async () => {
    const order: string[] = [];
    let most = 0;
    let now = 0;
    fakeOutside(async (call) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now--;
      order.push(new URL(call.url).pathname.slice(1));
      return {};
    });
    const config = makeConfig(
      flow(
        '[{ key: post, http: { url: "https://target.test/{{ trigger.who }}{{ trigger.n }}" } }]',
        'order: fifo\n    partition: "{{ trigger.who }}"',
      ),
    );
    const { object } = await configured(config);
    const runs = [];
    for (let n = 0; n < 6; n++) for (const who of ["a", "b"]) runs.push(await object.runNow("go", { who, n }));
    for (const run of runs) if (run.ok) await ended(object, run.run);
    expect(order.filter((name) => name.startsWith("a"))).toEqual(["a0", "a1", "a2", "a3", "a4", "a5"]);
    expect(order.filter((name) => name.startsWith("b"))).toEqual(["b0", "b1", "b2", "b3", "b4", "b5"]);
    expect(most).toBeLessThanOrEqual(2);
  });

  test("goes live to the ledger at every change of its status", async () => {
    const { object, run, config } = await start('[{ key: v, value: "{{ trigger.x }}" }]', { x: 1 }, { workspace: "ws_live" });
    await ended(object, run);
    await vi.waitFor(async () => {
      const ledger = env.LEDGERS.getByName("ws_live");
      const { items } = await ledger.listRuns({ integration: config.id, limit: 10 });
      expect(items.map((item) => [item.id, item.status])).toEqual([[run, "succeeded"]]);
    }, 3_000);
  });
});
