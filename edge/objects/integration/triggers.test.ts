import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { configured, ended, fakeOutside, makeConfig, type OutsideCall } from "../../testing/integration-config.ts";
import { makeWorkspace } from "../../testing/test-workspace.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const CRM = `
inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
test: { query: contacts }
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
queries:
  contacts: { input: [{ key: after, type: text }], request: { path: /contacts, query: { after: "{{ input.after }}" } }, output: "{{ body.contacts }}" }
triggers:
  changed:
    webhook:
      subscribe: { request: { method: POST, path: /hooks, body: { url: "{{ hook.url }}", secret: "{{ hook.secret }}" } }, id: "{{ body.id }}" }
      unsubscribe: { request: { method: DELETE, path: "/hooks/{{ subscription.id }}" } }
      verify: { scheme: standard-webhooks, secret: "{{ hook.secret }}" }
      id: "{{ headers.'webhook-id' }}"
      output: "{{ body.contact }}"
`;

async function account(token = "good"): Promise<{ workspace: string; accounts: Record<string, string> }> {
  const workspace = await makeWorkspace();
  const user = await workspace.user("ada");
  const id = await workspace.account(user, "crm", { auth: "token" });
  const app = readFile(CRM, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(id).establish(
    { id, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token } },
  );
  return { workspace: workspace.id, accounts: { c: id } };
}

describe("an app event", () => {
  const FLOW = `
accounts: { c: { app: crm } }
blocks:
  - { key: changed, name: Changed, trigger: { app_event: c.changed }, steps: [{ key: v, value: "{{ trigger.email }}" }] }
`;

  test("is subscribed to, verified, started once, and unsubscribed from", async () => {
    const calls = fakeOutside((call) => ({ body: call.method === "POST" ? { id: "hook_9" } : {} }));
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [CRM] });
    const { object, state } = await configured(config);
    expect(state.attention).toEqual([]);
    const [subscribe] = calls as [OutsideCall];
    expect(subscribe).toMatchObject({ method: "POST", url: "https://crm.test/hooks", headers: { authorization: "Bearer good" } });
    const { url, secret } = subscribe.body as { url: string; secret: string };
    expect(url).toMatch(new RegExp(`^https://edge.test/hooks/${config.id}/changed/[A-Za-z0-9]{32}$`));

    const body = JSON.stringify({ contact: { id: 1, email: "ada@example.com" } });
    const now = new Date();
    const headers = {
      "content-type": "application/json",
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": new Webhook(secret).sign("msg_1", now, body),
    };
    const key = url.split("/").at(-1) ?? "";
    const request = { method: "POST", headers, query: {}, body };
    const first = await object.acceptHook("changed", key, request);
    if (!first.ok) throw new Error(first.message);
    expect(await object.acceptHook("changed", key, request)).toMatchObject({ run: first.run, duplicate: true });
    expect(await ended(object, first.run)).toMatchObject({ status: "succeeded", output: "ada@example.com", input: { id: 1 } });
    expect(await object.acceptHook("changed", key, { ...request, body: "{}" })).toMatchObject({
      ok: false,
      status: 401,
      code: "signature_invalid",
    });

    await object.configure(config, "updated");
    expect(calls).toHaveLength(1);
    await object.configure({ ...config, enabled: false }, "disabled");
    expect(calls.at(-1)).toMatchObject({ method: "DELETE", url: "https://crm.test/hooks/hook_9" });
    await object.configure(config, "enabled");
    expect(calls.at(-1)?.body).toMatchObject({ url });
    await object.remove();
    expect(calls.map((call) => call.method)).toEqual(["POST", "DELETE", "POST", "DELETE"]);
    expect(await object.acceptHook("changed", key, request)).toMatchObject({ ok: false, status: 404 });
  });

  test("is subscribed to anew when its account is connected again: the app has dropped it with the access", async () => {
    let made = 0;
    const calls = fakeOutside((call) => (call.method === "POST" ? { body: { id: `hook_${++made}` } } : { status: 404 }));
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [CRM] });
    const { object } = await configured(config);
    await object.accountRestored("acc_another");
    await object.accountLapsed(config.accounts.c ?? "");
    expect(calls).toHaveLength(1);
    await object.accountRestored(config.accounts.c ?? "");
    expect(calls.map(({ method, url }) => `${method} ${url}`).slice(1)).toEqual([
      "POST https://crm.test/hooks",
      "DELETE https://crm.test/hooks/hook_1",
    ]);
    expect(calls[1]?.body).toEqual(calls[0]?.body);
    expect((await object.describe()).attention).toEqual([]);
    await object.remove();
    expect(calls.at(-1)?.url).toBe("https://crm.test/hooks/hook_2");
  });

  const CHECK = '      check: { request: { path: "/hooks/{{ subscription.id }}" }, every: 2h }\n';
  const HOUR = 3_600_000;
  const linesOf = (calls: OutsideCall[]) => calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  /** The object with an app file that has these as well, and when its alarm is set for (ms from now). */
  async function subscribed({ expires = "", check = "", end = "/hooks/{{ subscription.id }}" }) {
    const crm = CRM.replace('id: "{{ body.id }}" }', `id: "{{ body.id }}"${expires} }`).replace(
      "      unsubscribe:",
      `${check}      unsubscribe:`,
    );
    const app = crm.replace('path: "/hooks/{{ subscription.id }}" } }\n      verify', `path: "${end}" } }\n      verify`);
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [app] });
    const { object } = await configured(config);
    const nextIn = () => runInDurableObject(object, async (_, { storage }) => ((await storage.getAlarm()) ?? 0) - Date.now());
    await expect.poll(nextIn).toBeGreaterThan(HOUR / 2);
    /** So many hours pass. */
    const comes = async (hours: number) => {
      const later = Date.now() + hours * HOUR;
      vi.spyOn(Date, "now").mockImplementation(() => later);
      await runDurableObjectAlarm(object);
    };
    return { object, nextIn, comes };
  }

  test("is asked for where the app can be, and subscribed to anew once the app no longer knows of it", async () => {
    let [made, status] = [0, 200];
    const calls = fakeOutside(({ method }) =>
      method === "POST" ? { body: { id: `hook_${++made}` } } : { status: method === "GET" ? status : 404 },
    );
    const { nextIn, comes } = await subscribed({ check: CHECK });
    expect(Math.round((await nextIn()) / HOUR)).toBe(2);
    await comes(2);
    expect(linesOf(calls).slice(1)).toEqual(["GET /hooks/hook_1"]);
    expect(Math.round((await nextIn()) / HOUR)).toBe(2);
    status = 400;
    await comes(2);
    expect(Math.round((await nextIn()) / HOUR)).toBe(1);
    status = 404;
    await comes(1);
    expect(linesOf(calls).slice(2)).toEqual(["GET /hooks/hook_1", "GET /hooks/hook_1", "DELETE /hooks/hook_1", "POST /hooks"]);
    expect(Math.round((await nextIn()) / HOUR)).toBe(2);
  });

  const EXPIRES = ', expires: "{{ body.until }}"';
  /** An app that ends subscriptions after ten hours, and answers each of them by `answer` (of how many it has made) where that says something. */
  function fakeShortLived(answer: (call: OutsideCall, made: number) => { status?: number; body?: object } | undefined = () => undefined) {
    let made = 0;
    return fakeOutside((call) => {
      const until = new Date(Date.now() + 10 * HOUR).toISOString();
      const { status, body } = answer(call, made) ?? {};
      if (call.method !== "POST" || status !== undefined) return { status: status ?? 204, body: body ?? {} };
      return { body: { id: `hook_${++made}`, until, ...body } };
    });
  }

  test("that the app ends at a time is subscribed to anew before, and ended only when the new one stands", async () => {
    const calls = fakeShortLived();
    const { object, nextIn, comes } = await subscribed({ expires: EXPIRES, check: CHECK.replace("2h", "2d") });
    expect(Math.round((await nextIn()) / HOUR)).toBe(8);
    await comes(8);
    expect(linesOf(calls).slice(1)).toEqual(["POST /hooks", "DELETE /hooks/hook_1"]);
    expect(calls[1]?.body).toEqual(calls[0]?.body);
    expect(Math.round((await nextIn()) / HOUR)).toBe(8);
    await object.remove();
    expect(linesOf(calls).slice(3)).toEqual(["DELETE /hooks/hook_2"]);
  });

  test("is not ended where the app gives the one that there is once more", async () => {
    const calls = fakeShortLived(({ method }) => (method === "POST" ? { body: { id: "the_one" } } : undefined));
    const { nextIn, comes } = await subscribed({ expires: EXPIRES });
    await comes(8);
    expect(linesOf(calls).slice(1)).toEqual(["POST /hooks"]);
    expect(Math.round((await nextIn()) / HOUR)).toBe(8);
  });

  test("is ended first where the app takes no second one, or would end both by one call", async () => {
    const calls = fakeShortLived(({ method }, made) =>
      method === "POST" && made === 1 && calls.at(-1)?.method === "POST" && calls.length === 2 ? { status: 422 } : undefined,
    );
    const one = await subscribed({ expires: EXPIRES });
    await one.comes(8);
    expect(linesOf(calls).slice(1)).toEqual(["POST /hooks", "DELETE /hooks/hook_1", "POST /hooks"]);
    expect((await one.object.describe()).attention).toEqual([]);
    vi.restoreAllMocks();

    const others = fakeShortLived();
    const both = await subscribed({ expires: EXPIRES, end: "/hooks?url={{ hook.url }}" });
    await both.comes(8);
    expect(linesOf(others).slice(1)).toEqual(["DELETE /hooks", "POST /hooks"]);
  });

  test("stands while the app cannot be reached, and is made anew once it can; that needs attention only when it has ended", async () => {
    let isDown = false;
    const calls = fakeShortLived(() => (isDown ? { status: 503 } : undefined));
    const { object, nextIn, comes } = await subscribed({ expires: EXPIRES });
    isDown = true;
    const minutes = async () => Math.round((await nextIn()) / 60_000);
    const waits: number[] = [];
    for (const hours of [8, 0.09, 0.17]) {
      await comes(hours);
      waits.push(await minutes());
    }
    expect(waits).toEqual([5, 10, 20]);
    expect((await object.describe()).attention).toEqual([]);
    await object.userChanged({ ref: "usr_1", id: "ada", org: null, name: "A", email: null, locale: null, attributes: {}, revision: 1 });
    expect((await object.describe()).attention).toEqual([]);
    await comes(2);
    expect((await object.describe()).attention).toMatchObject([{ code: "subscribe_failed", block: "changed" }]);
    expect(await minutes()).toBe(5);
    await object.userChanged({ ref: "usr_1", id: "ada", org: null, name: "B", email: null, locale: null, attributes: {}, revision: 2 });
    expect((await object.describe()).attention).toMatchObject([{ code: "subscribe_failed" }]);
    expect(linesOf(calls).slice(1)).toEqual(Array(4).fill("POST /hooks"));
    isDown = false;
    await comes(0.1);
    expect(linesOf(calls).slice(5)).toEqual(["POST /hooks", "DELETE /hooks/hook_1"]);
    expect((await object.describe()).attention).toEqual([]);
  });

  test("whose end is not known is asked for anew for an hour before that needs attention", async () => {
    let isDown = false;
    fakeShortLived(() => (isDown ? { status: 503 } : undefined));
    const { object, nextIn, comes } = await subscribed({ expires: EXPIRES });
    // As an earlier release has noted it.
    await runInDurableObject(object, (_, { storage }) => {
      storage.sql.exec("UPDATE hook SET subscription = json_remove(subscription, '$.ends') WHERE subscription IS NOT NULL");
    });
    await evictDurableObject(object);
    isDown = true;
    const waits: number[] = [];
    for (const hours of [8, 0.09, 0.17, 0.34]) {
      await comes(hours);
      waits.push(Math.round((await nextIn()) / 60_000));
      expect((await object.describe()).attention).toEqual([]);
    }
    expect(waits).toEqual([5, 10, 20, 24]);
    await comes(0.5);
    expect((await object.describe()).attention).toMatchObject([{ code: "subscribe_failed", block: "changed" }]);
  });

  test("whose id cannot be read stands, tells why, and is ended by nobody; one that the app's file has come to read is made anew", async () => {
    let made = 0;
    const calls = fakeOutside(({ method }) => (method === "POST" ? { body: { hook: { id: `hook_${++made}` } } } : { status: 204 }));
    const broken = CRM.replace('id: "{{ body.id }}"', 'id: "{{ $number(body.hook.id) }}"');
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [broken] });
    const { object, state } = await configured(config);
    const told = (attention: typeof state.attention) => attention.map(({ code, message, block }) => [code, block, message]);
    expect(told(state.attention)).toEqual([
      [
        "subscription_unread",
        "changed",
        expect.stringMatching(/CRM .*“subscribe.id” fails: .* in {{ \$number\(body.hook.id\) }}.*ends them at CRM/),
      ],
    ]);
    expect((await object.configure({ ...config, name: "Again" }, "updated")).attention).toEqual(state.attention);
    expect(linesOf(calls)).toEqual(["POST /hooks"]);
    const wrong = makeConfig(FLOW, { appFiles: [CRM] });
    expect((await object.configure({ ...config, apps: wrong.apps }, "updated")).attention).toMatchObject([
      { code: "subscription_unread", message: expect.stringContaining("yields null in {{ body.id }}") },
    ]);
    const right = makeConfig(FLOW, { appFiles: [CRM.replace('id: "{{ body.id }}"', 'id: "{{ body.hook.id }}"')] });
    const mended = { ...config, apps: right.apps };
    expect((await object.configure(mended, "updated")).attention).toEqual([]);
    await object.configure({ ...mended, enabled: false }, "disabled");
    expect(linesOf(calls)).toEqual(["POST /hooks", "POST /hooks", "POST /hooks", "DELETE /hooks/hook_3"]);
  });

  test("whose end cannot be read tells why, and is made anew once a day", async () => {
    const calls = fakeShortLived();
    const { object, nextIn, comes } = await subscribed({ expires: ', expires: "{{ $toMillis(1) }}"' });
    expect((await object.describe()).attention).toMatchObject([
      { code: "subscription_unread", block: "changed", message: expect.stringContaining("“subscribe.expires”") },
    ]);
    expect(Math.round((await nextIn()) / HOUR)).toBe(24);
    await comes(24);
    expect(linesOf(calls)).toEqual(["POST /hooks", "POST /hooks", "DELETE /hooks/hook_1"]);
    expect((await object.describe()).attention).toMatchObject([{ code: "subscription_unread" }]);
    vi.restoreAllMocks();
    fakeShortLived();
    const soon = await subscribed({ expires: ", expires: soon" });
    expect((await soon.object.describe()).attention).toMatchObject([{ message: expect.stringContaining('yields "soon" in soon') }]);
  });

  test("of an account that is connected again stands while the app cannot be reached, and is made anew then", async () => {
    let [made, isDown] = [0, false];
    const calls = fakeOutside(({ method }) => (isDown ? { status: 503 } : { body: method === "POST" ? { id: `hook_${++made}` } : {} }));
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [CRM] });
    const { object } = await configured(config);
    isDown = true;
    await object.accountRestored(config.accounts.c ?? "");
    // Whether the app has kept it nobody knows.
    expect((await object.describe()).attention).toMatchObject([{ code: "subscribe_failed" }]);
    isDown = false;
    const later = Date.now() + HOUR / 10;
    vi.spyOn(Date, "now").mockImplementation(() => later);
    await runDurableObjectAlarm(object);
    expect(linesOf(calls).slice(1)).toEqual(["POST /hooks", "POST /hooks", "DELETE /hooks/hook_1"]);
    expect((await object.describe()).attention).toEqual([]);
  });

  test("is ended later where the app cannot be asked to just now", async () => {
    let isDown = true;
    const calls = fakeShortLived(({ method }) => (isDown && method === "DELETE" ? { status: 503 } : undefined));
    const { comes } = await subscribed({ expires: EXPIRES });
    await comes(8);
    isDown = false;
    await comes(0.1);
    await comes(0.1);
    expect(linesOf(calls).slice(1)).toEqual(["POST /hooks", "DELETE /hooks/hook_1", "DELETE /hooks/hook_1"]);
  });

  test("that could not be subscribed to is tried again within the hour, and needs no attention then", async () => {
    let isDown = true;
    const calls = fakeOutside(({ method }) =>
      isDown ? { status: 400, body: { message: "not now" } } : { body: method === "POST" ? { id: "h" } : {} },
    );
    const { object, comes } = await subscribed({});
    expect((await object.describe()).attention).toMatchObject([{ code: "subscribe_failed" }]);
    await comes(1);
    expect((await object.describe()).attention).toMatchObject([{ code: "subscribe_failed" }]);
    isDown = false;
    await comes(1);
    expect((await object.describe()).attention).toEqual([]);
    expect(linesOf(calls)).toEqual(["POST /hooks", "POST /hooks", "POST /hooks"]);
  });

  test("that cannot be subscribed to needs attention, in the provider's words", async () => {
    fakeOutside(() => ({ status: 422, body: { message: "too many hooks" } }));
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [CRM] });
    const { state } = await configured(config);
    expect(state.attention).toEqual([
      {
        ...{ code: "subscribe_failed", message: expect.stringContaining("too many hooks"), account: config.accounts.c, block: "changed" },
        error: expect.objectContaining({ params: { by: "CRM", status: "422", said: "too many hooks" } }),
      },
    ]);
  });
});

test("a run whose account is refused waits for the reconnect, and then goes on", async () => {
  let isGood = false;
  fakeOutside(() => (isGood ? { body: { contacts: [1] } } : { status: 401 }));
  const flow =
    "accounts: { c: { app: crm } }\nblocks:\n  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: q, query: c.contacts }] }";
  const config = makeConfig(flow, { ...(await account("old")), appFiles: [CRM] });
  const { object } = await configured(config);
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error("refused");
  expect(await ended(object, accepted.run, ["waiting"])).toMatchObject({
    status: "waiting",
    reason: expect.stringContaining("CRM must be connected again"),
    why: { code: "reconnect", params: { app: "CRM" } },
  });
  isGood = true;
  const id = config.accounts.c ?? "";
  const app = config.apps.crm;
  if (!app) throw new Error("the app");
  await env.ACCOUNTS.getByName(id).establish(
    { id, workspace: config.workspace, app, env: {} },
    { auth: "token", fields: { token: "new" } },
  );
  await object.accountRestored(id);
  expect(await ended(object, accepted.run)).toMatchObject({ status: "succeeded", output: [1] });
});

describe("a poll", () => {
  const FLOW = `
accounts: { c: { app: crm } }
blocks:
  - key: fresh
    name: Fresh
    trigger: { poll: c.contacts, every: 1h, with: { after: "{{ cursor }}" }, id: "{{ item.id }}", cursor: "{{ $max(items.at) }}" }
    steps: [{ key: v, value: "{{ trigger.name }}" }]
`;
  test("takes a baseline first, then starts a run for each new item, and remembers how far it came", async () => {
    let contacts = [{ id: 1, name: "old", at: 10 }];
    const calls = fakeOutside(() => ({ body: { contacts } }));
    const config = makeConfig(FLOW, { ...(await account()), appFiles: [CRM] });
    const { object } = await configured(config);
    await vi.waitFor(() => expect(calls).toHaveLength(1), 5_000);
    await pollAgain(config.id);
    contacts = [...contacts, { id: 2, name: "new", at: 20 }, { id: 2, name: "twice", at: 20 }];
    await pollAgain(config.id);
    await pollAgain(config.id);
    const { items } = await object.listRuns({});
    expect(items).toHaveLength(1);
    expect(await ended(object, items[0]?.id ?? "")).toMatchObject({ output: "new", trigger: { type: "poll" } });
    expect(calls.map((call) => new URL(call.url).searchParams.get("after"))).toEqual([null, "10", "10", "20"]);
  });
});

/** Makes the next slot due and lets the alarm serve it. */
async function pollAgain(id: string): Promise<void> {
  const stub = env.INTEGRATIONS.getByName(id);
  await vi.waitFor(async () => {
    const due = await runInDurableObject(stub, (_, state) => state.storage.sql.exec<{ due: number }>("SELECT due FROM slot").one().due);
    expect(due).toBeGreaterThan(Date.now());
  }, 5_000);
  await runInDurableObject(stub, (_, state) => {
    state.storage.sql.exec("UPDATE slot SET due = 1");
  });
  await stub.poke();
  await runDurableObjectAlarm(stub);
}

describe("a schedule", () => {
  test("fires every due time once, and says when it comes next", async () => {
    const config = makeConfig(
      'blocks:\n  - { key: tick, name: Tick, trigger: { schedule: { every: 1s } }, missed: all, steps: [{ key: v, value: "{{ trigger.dueAt }}" }] }',
    );
    const { object } = await configured(config);
    await vi.waitFor(async () => expect((await object.listRuns({ status: "succeeded" })).items.length).toBeGreaterThanOrEqual(2), 6_000);
    const { blocks } = await object.describe();
    expect(Date.parse(blocks[0]?.nextRunAt ?? "")).toBeGreaterThan(Date.now() - 1_500);
    await object.configure({ ...config, enabled: false }, "disabled");
    expect((await object.describe()).blocks[0]?.nextRunAt).toBeUndefined();
    const { items } = await object.listRuns({});
    const dues = await Promise.all(items.map(async (item) => ((await ended(object, item.id)).input as { dueAt: string }).dueAt));
    expect(new Set(dues).size).toBe(dues.length);
  });

  test("after a stop runs once for all that it missed, and notes each", async () => {
    const [minute, hour] = [60_000, 3_600_000];
    // Half an hour from now is half an hour ago as well.
    const past = ((new Date().getUTCMinutes() + 30) % 60) * minute;
    const config = makeConfig(
      `blocks:\n  - { key: tick, name: Tick, trigger: { schedule: { cron: "${past / minute} * * * *", timezone: UTC } }, steps: [{ key: v, value: "{{ trigger.missed }}" }] }`,
    );
    const { object } = await configured(config);
    const last = Math.floor((Date.now() - past) / hour) * hour + past;
    await runInDurableObject(env.INTEGRATIONS.getByName(config.id), (_, state) => {
      state.storage.sql.exec("UPDATE slot SET due = ?", last - 2 * hour);
    });
    await object.poke();
    await vi.waitFor(async () => expect((await object.listRuns({ status: "succeeded" })).items).toHaveLength(1), 5_000);
    const { items } = await object.listRuns({});
    expect(await object.readRun(items[0]?.id ?? "")).toMatchObject({ output: 2 });
    await runInDurableObject(env.INTEGRATIONS.getByName(config.id), (_, state) => {
      const log = state.storage.sql.exec("SELECT outcome FROM slot_log ORDER BY due").toArray();
      expect(log.map((row) => row.outcome)).toEqual(["coalesced", "coalesced", "late"]);
    });
  });

  test("that runs for all it missed runs as many as its quota leaves, and says why the others were skipped", async () => {
    const config = makeConfig(
      "blocks:\n  - { key: tick, name: Tick, trigger: { schedule: { every: 1h } }, missed: all, quota: { runs: 2, per: 300d }, steps: [{ key: v, value: 1 }] }",
    );
    const { object } = await configured(config);
    await runInDurableObject(env.INTEGRATIONS.getByName(config.id), (_, state) => {
      state.storage.sql.exec("UPDATE slot SET due = due - 5 * 3600000");
    });
    await object.poke();
    const outcomes = async () => ((await object.listSlots({ limit: 9 })).items as { outcome: string }[]).map(({ outcome }) => outcome);
    await vi.waitFor(async () => expect((await outcomes()).toReversed()).toEqual(["late", "late", "skipped", "skipped", "skipped"]), 5_000);
    expect((await object.listRuns({})).items).toHaveLength(2);
  });

  test("in a zone that is none needs attention", async () => {
    const { state } = await configured(
      makeConfig(
        'blocks:\n  - { key: tick, name: Tick, trigger: { schedule: { cron: "0 3 * * *", timezone: "{{ user.name }}" } }, steps: [] }',
      ),
    );
    expect(state.attention).toMatchObject([{ code: "invalid_schedule", block: "tick" }]);
  });
});

describe("an api block", () => {
  const FLOW = `
blocks:
  - key: lookup
    name: Lookup
    trigger: { api: { method: GET, input: [{ key: email, type: email, required: true }, { key: n, type: number }] } }
    steps:
      - { key: answer, respond: { status: 201, headers: { X-Found: "yes" }, body: { email: "{{ trigger.query.email }}", n: "{{ trigger.query.n + 1 }}" } } }
      - { key: later, wait: 1h }
`;
  const get = (query: Record<string, string>, method = "GET") => ({ method, headers: { authorization: "Bearer x" }, query, body: "" });

  test("answers its caller as soon as it responds, whatever comes after", async () => {
    const { object } = await configured(makeConfig(FLOW));
    const accepted = await object.acceptApi("lookup", get({ email: "ada@example.com", n: "1" }));
    if (!accepted.ok) throw new Error(accepted.message);
    expect(accepted.response).toEqual({
      status: 201,
      headers: { "content-type": "application/json", "x-found": "yes" },
      body: '{"email":"ada@example.com","n":2}',
    });
    const run = await ended(object, accepted.run, ["waiting"]);
    expect(JSON.stringify(run.input)).not.toContain("Bearer");
  });

  test("refuses another method, and an input that does not fit", async () => {
    const { object } = await configured(makeConfig(FLOW));
    expect(await object.acceptApi("lookup", get({ email: "a@b.cd" }, "POST"))).toMatchObject({ ok: false, status: 405 });
    expect(await object.acceptApi("lookup", get({ email: "nobody" }))).toMatchObject({
      ok: false,
      status: 422,
      message: expect.stringContaining("email"),
    });
  });

  test("takes what a form sends, which is text, for what its input asks", async () => {
    const flow =
      'blocks:\n  - { key: go, name: Go, trigger: { api: { method: POST, input: [{ key: n, type: number, required: true }, { key: on, type: toggle }] } }, steps: [{ key: v, value: "{{ trigger.body }}" }] }';
    const { object } = await configured(makeConfig(flow));
    const post = (type: string, body: string) =>
      object.acceptApi("go", { method: "POST", headers: { "Content-Type": type }, query: {}, body });
    const form = await post("application/x-www-form-urlencoded", "n=3&on=true&more=x");
    expect(form).toMatchObject({ ok: true, response: { status: 200 } });
    expect(form.ok && JSON.parse(form.response?.body ?? "")).toEqual({ n: 3, on: true, more: "x" });
    expect(await post("application/json", '{"n":"3"}')).toMatchObject({ ok: false, status: 422, errors: [{ path: "n" }] });
    expect(await post("application/json", "[3]")).toMatchObject({ ok: false, status: 422, message: expect.stringContaining("object") });
  });

  test("that fails says so without its inner words", async () => {
    const flow = "blocks:\n  - { key: go, name: Go, trigger: { api: {} }, steps: [{ key: f, fail: inner words }] }";
    const { object } = await configured(makeConfig(flow));
    const accepted = await object.acceptApi("go", get({}));
    expect(accepted).toMatchObject({ ok: true, response: { status: 502, headers: { "content-type": "application/problem+json" } } });
    expect(JSON.stringify(accepted)).not.toContain("inner words");
  });
});

test("a host event starts a block once for each id, and only one of its type", async () => {
  const flow =
    'blocks:\n  - { key: paid, name: Paid, trigger: { event: order.paid }, steps: [{ key: v, value: "{{ trigger.data.id }}" }] }';
  const { object } = await configured(makeConfig(flow));
  const event = { type: "order.paid", id: "e1", data: { id: 5 }, org: null, user: "ada" };
  const first = await object.acceptEvent("paid", event);
  if (!first.ok) throw new Error("refused");
  expect(await object.acceptEvent("paid", event)).toEqual({ ok: true, run: first.run, duplicate: true });
  expect(await ended(object, first.run)).toMatchObject({ output: 5 });
  expect(await object.acceptEvent("paid", { ...event, type: "order.lost", id: "e2" })).toMatchObject({ ok: false });
});

test("lifecycle blocks run when the integration is made, enabled, disabled and removed", async () => {
  const block = (change: string) =>
    `  - { key: ${change}, name: ${change}, trigger: { lifecycle: ${change} }, steps: [{ key: p, http: { url: "https://t.test/${change}" } }] }`;
  const calls = fakeOutside(() => ({}));
  const config = makeConfig(`blocks:\n${["created", "enabled", "updated", "disabled", "deleted"].map(block).join("\n")}`);
  const { object } = await configured(config);
  await object.configure(config, "updated");
  await object.configure({ ...config, enabled: false }, "disabled");
  await vi.waitFor(() => expect(calls).toHaveLength(4), 5_000);
  await object.remove();
  const paths = calls.map((call) => new URL(call.url).pathname);
  expect(paths.slice(0, 4).sort()).toEqual(["/created", "/disabled", "/enabled", "/updated"]);
  expect(paths.slice(4)).toEqual(["/deleted"]);
});

const FEED = `
inlay: 1
key: feed
name: Feed
baseUrl: https://feed.test
auth: [{ key: token, type: bearer, fields: [{ key: token, type: secret, required: true }] }]
queries:
  posts: { input: [{ key: topic, type: text }], request: { path: /posts, query: { topic: "{{ input.topic }}" } }, output: "{{ body }}" }
triggers:
  posted:
    input: [{ key: channel, type: text }]
    poll:
      query: posts
      every: 1h
      with: { topic: "{{ 'topic-' & input.channel }}" }
      items: "{{ body.posts }}"
      id: "{{ item.id }}"
      output: { title: "{{ $uppercase(item.title) }}" }
`;

test("an app event that is polled for asks by the trigger's input, and gives the trigger's output", async () => {
  let posts = [{ id: 1, title: "old" }];
  const calls = fakeOutside(() => ({ body: { posts } }));
  const workspace = await makeWorkspace();
  const id = await workspace.account(await workspace.user("ada"), "feed", { auth: "token" });
  const app = readFile(FEED, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(id).establish(
    { id, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token: "good" } },
  );
  const flow = `
accounts: { f: { app: feed } }
blocks:
  - { key: go, name: Go, trigger: { app_event: f.posted, with: { channel: news } }, steps: [{ key: v, value: "{{ trigger.title }}" }] }
`;
  const { object, state } = await configured(makeConfig(flow, { workspace: workspace.id, accounts: { f: id }, appFiles: [FEED] }));
  expect(state.attention).toEqual([]);
  expect(state.blocks[0]?.nextRunAt).toBeDefined();
  await vi.waitFor(() => expect(calls).toHaveLength(1), 5_000);
  expect(calls[0]?.url).toBe("https://feed.test/posts?topic=topic-news");
  posts = [...posts, { id: 2, title: "new" }];
  await runInDurableObject(object, (_, { storage }) => storage.sql.exec("UPDATE slot SET due = 1"));
  await object.poke();
  await vi.waitFor(async () => expect((await object.listRuns({})).items).toHaveLength(1), 5_000);
  const run = (await object.listRuns({})).items[0]?.id ?? "";
  expect(await ended(object, run)).toMatchObject({ status: "succeeded", input: { title: "NEW" }, output: "NEW" });
});

test("a polled app event that asks by the time of day, as those of the catalogue do, goes on from its cursor", async () => {
  const since = "{{ cursor ? cursor : $fromMillis($millis() - 300000) }}";
  const cursor = "{{ $count(items) > 0 ? item.at : cursor ? cursor : $fromMillis($millis() - 300000) }}";
  const timed = FEED.replace(
    "with: { topic: \"{{ 'topic-' & input.channel }}\" }",
    `with: { topic: "${since}" }\n      cursor: "${cursor}"`,
  );
  let posts: { id: number; title: string; at: string }[] = [];
  const calls = fakeOutside(() => ({ body: { posts } }));
  const workspace = await makeWorkspace();
  const id = await workspace.account(await workspace.user("ada"), "feed", { auth: "token" });
  const app = readFile(timed, AppFile);
  if (!app.ok) throw new Error("the app");
  await env.ACCOUNTS.getByName(id).establish(
    { id, workspace: workspace.id, app: app.value, env: {} },
    { auth: "token", fields: { token: "good" } },
  );
  const flow = `
accounts: { f: { app: feed } }
blocks:
  - { key: go, name: Go, trigger: { app_event: f.posted }, steps: [{ key: v, value: "{{ trigger.title }}" }] }
`;
  const config = makeConfig(flow, { workspace: workspace.id, accounts: { f: id }, appFiles: [timed] });
  const { object } = await configured(config);
  await vi.waitFor(() => expect(calls).toHaveLength(1), 5_000);
  const begun = new URL(calls[0]?.url ?? "").searchParams.get("topic");
  await pollAgain(config.id);
  posts = [{ id: 1, title: "new", at: "2026-01-02T03:04:05.000Z" }];
  await pollAgain(config.id);
  await pollAgain(config.id);
  expect((await object.listRuns({})).items).toHaveLength(1);
  const asked = calls.map((call) => new URL(call.url).searchParams.get("topic"));
  expect(asked).toEqual([begun, begun, begun, "2026-01-02T03:04:05.000Z"]);
  await object.remove();
});

test("a block that is run by hand gets its input as it is; one whose input has fields takes an object alone", async () => {
  const steps = 'steps: [{ key: v, value: "{{ trigger }}" }]';
  const flow = `
blocks:
  - { key: any, name: Any, trigger: { manual: {} }, ${steps} }
  - { key: tool, name: Tool, trigger: { call: {} }, ${steps} }
  - { key: fields, name: Fields, trigger: { manual: { input: [{ key: n, type: number, default: 4 }] } }, ${steps} }
`;
  const { object } = await configured(makeConfig(flow));
  const output = async (block: string, input: unknown) => {
    const accepted = await object.runNow(block, input);
    return accepted.ok ? (await ended(object, accepted.run)).output : accepted.status;
  };
  expect([await output("any", [1, 2]), await output("any", "a"), await output("any", undefined)]).toEqual([[1, 2], "a", {}]);
  expect([await output("tool", [1, 2]), await output("fields", undefined), await output("fields", [1])]).toEqual([[1, 2], { n: 4 }, 422]);
});
