import { describe, expect, it } from "vitest";
import { AppFile } from "../../../shared/flow/app-file.ts";
import type { Carry, Lease, LeaseReport } from "../../objects/account/rpc.ts";
import type { FetchAnswer, FetchFault, GuardedRequest } from "../http/guarded-fetch.ts";
import { type PerformContext, performAppRequest, performOperation, performRequest } from "./perform.ts";

const app = AppFile.parse({
  inlay: 1,
  key: "shop",
  name: "Shop",
  baseUrl: "{{ env.SHOP_URL }}",
  headers: { "X-Version": "7" },
  errors: [
    { when: "{{ status = 200 and body.ok = false and body.error = 'token_expired' }}", class: "auth" },
    { when: "{{ status = 403 and body.code = 'slow_down' }}", class: "rate_limit" },
    { when: "{{ status = 409 }}", class: "duplicate", message: "There is a {{ body.kind }} like this already" },
  ],
  queries: {
    orders: {
      input: [
        { key: "tag", type: "text" },
        { key: "since", type: "datetime" },
      ],
      request: { path: "/orders", query: { tag: "{{ input.tag }}", since: "{{ input.since }}", limit: 2 } },
      page: { next: "{{ body.next }}", as: "query.cursor", items: "{{ body.orders }}" },
    },
    rows: { request: { path: "/rows" }, page: { offset: "query.offset", size: 2, items: "{{ body }}", max: 3 }, output: "{{ items.id }}" },
    long: { request: { path: "/long" }, page: { offset: "query.offset", size: 2, items: "{{ body }}" }, output: "{{ items.id }}" },
    pages: { request: { path: "/pages" }, page: { number: "query.page", items: "{{ body }}" } },
    search: {
      request: { method: "POST", path: "/search", body: { q: "x", paging: { size: 2 } } },
      page: { next: "{{ body.next }}", as: "body.paging.after", items: "{{ body.found }}" },
    },
    find: {
      input: [{ key: "id", type: "text", required: true }],
      request: { path: "/items/{{ input.id }}" },
      missing: { status: 404, output: null },
      output: "{{ body }}",
    },
  },
  actions: {
    put: {
      input: [
        { key: "name", type: "text" },
        { key: "state", type: "text", default: "open" },
        { key: "note", type: "text" },
      ],
      request: {
        method: "PUT",
        path: "/items/1",
        body: { name: "{{ input.name }}", state: "{{ input.state }}", note: "{{ input.note }}" },
        idempotency: "Idempotency-Key",
      },
    },
    form: { request: { method: "POST", path: "/form", encoding: "form", body: { a: "{{ input.a }}", b: [1, 2] } } },
    deep: { request: { method: "POST", path: "/form", encoding: "form", body: "{{ input }}" } },
    elsewhere: { request: { method: "POST", url: "https://other.example/x", body: {} } },
  },
});

const SECRET = "s3cret/value+1";
const carry: Carry = {
  headers: { authorization: `Bearer ${SECRET}` },
  query: {},
  body: {},
  redact: [SECRET],
  hosts: ["shop.example"],
  fields: { region: "eu" },
};

/** A provider and an account as a test wants them; keeps what was asked. */
function stage(answers: ((request: GuardedRequest) => Partial<FetchAnswer> | FetchFault)[], leases: Lease[] = [], retry = false) {
  const sent: GuardedRequest[] = [];
  const reports: LeaseReport[] = [];
  const context: PerformContext = {
    env: { SHOP_URL: "https://shop.example/api" },
    accounts: {
      lease: async () => leases.shift() ?? { ok: true, lease: 1, delay: 0, carry },
      report: async (report) => {
        reports.push(report);
        return { retry, ended: !retry || reports.length > 1 };
      },
    },
    effectKey: "run_1:put",
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 1),
    fetch: async (request) => {
      sent.push(request);
      const answer = (answers.length > 1 ? answers.shift() : answers[0])?.(request);
      if (answer?.ok === false) return answer;
      return { ok: true, status: 200, headers: { "content-type": "application/json" }, body: "{}", url: request.url, ...answer };
    },
  };
  return { context, sent, reports };
}
const json =
  (value: unknown, status = 200, headers = {}) =>
  () => ({ status, body: JSON.stringify(value), headers: { "content-type": "application/json", ...headers } });

describe("a request", () => {
  it("is made of the app's address, headers and the inputs that are there", async () => {
    const { context, sent } = stage([json({ orders: [], next: null })]);
    await performOperation(app, "query", "orders", { tag: "a&b", since: undefined }, context);
    expect(sent[0]).toMatchObject({ method: "GET", url: "https://shop.example/api/orders?tag=a%26b&limit=2" });
    expect(sent[0]?.headers).toMatchObject({ "x-version": "7", authorization: `Bearer ${SECRET}` });
  });

  it("leaves absent inputs out of the body, fills in defaults, and carries the effect's key", async () => {
    const { context, sent } = stage([json({ id: 1 })]);
    const result = await performOperation(app, "action", "put", { name: "x" }, context);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ name: "x", state: "open" });
    expect(sent[0]?.headers["idempotency-key"]).toBe("run_1:put");
    expect(result).toMatchObject({ ok: true, output: { id: 1 }, tasks: 1 });
  });

  it("goes out as a form where the app says so", async () => {
    const { context, sent } = stage([json({})]);
    await performOperation(app, "action", "form", { a: "x y" }, context);
    expect(sent[0]).toMatchObject({ body: "a=x+y&b=1&b=2", headers: { "content-type": "application/x-www-form-urlencoded" } });
  });

  it("puts what lies deeper in a form into brackets", async () => {
    const { context, sent } = stage([json({})]);
    const input = { metadata: { order: "o 1", none: null }, items: [{ price: "p1" }, { price: "p2", taxes: ["a", "b"] }] };
    await performOperation(app, "action", "deep", input, context);
    expect([...new URLSearchParams(sent[0]?.body)]).toEqual([
      ["metadata[order]", "o 1"],
      ["items[0][price]", "p1"],
      ["items[1][price]", "p2"],
      ["items[1][taxes]", "a"],
      ["items[1][taxes]", "b"],
    ]);
  });

  it.each([
    ["a/../../admin", "https://shop.example/api/items/a%2F..%2F..%2Fadmin"],
    ["x?y=1#z", "https://shop.example/api/items/x%3Fy=1%23z"],
    ["a%40b", "https://shop.example/api/items/a%40b"],
  ])("keeps its path whatever the input is: %s", async (id, url) => {
    const { context, sent } = stage([json({})]);
    await performOperation(app, "query", "find", { id }, context);
    expect(sent[0]?.url).toBe(url);
  });

  it.each(["..", ".", "%2e%2E", ""])("is refused where the input would lead elsewhere: “%s”", async (id) => {
    const { context, sent } = stage([json({})]);
    expect(await performOperation(app, "query", "find", { id }, context)).toMatchObject({ ok: false, error: { class: "invalid" } });
    expect(sent).toHaveLength(0);
  });

  it("says which input is missing", async () => {
    const { context } = stage([json({})]);
    const result = await performOperation(app, "query", "find", {}, context);
    expect(result).toMatchObject({ ok: false, error: { code: "required", field: "input.id", message: expect.stringContaining("id") } });
  });

  it("takes no credentials to a host that is not the app's", async () => {
    const { context, sent } = stage([json({})]);
    await performOperation(app, "action", "elsewhere", {}, context);
    expect(sent[0]?.headers).not.toHaveProperty("authorization");
  });
});

describe("pages", () => {
  it("follow the cursor to its end", async () => {
    const { context, sent } = stage([json({ orders: [1, 2], next: "c2" }), json({ orders: [3], next: null })]);
    const result = await performOperation(app, "query", "orders", {}, context);
    expect(result).toMatchObject({ ok: true, output: [1, 2, 3], nextCursor: null, tasks: 2 });
    expect(sent[1]?.url).toContain("cursor=c2");
  });

  it("ask for the next page at any depth of the body", async () => {
    const { context, sent } = stage([json({ found: [1], next: "n2" }), json({ found: [2] })]);
    expect(await performOperation(app, "query", "search", {}, context)).toMatchObject({ ok: true, output: [1, 2] });
    expect(JSON.parse(sent[1]?.body ?? "")).toEqual({ q: "x", paging: { size: 2, after: "n2" } });
  });

  it("stop where the caller has enough, and go on from there", async () => {
    const { context, sent } = stage([json({ orders: [1, 2], next: "c2" })]);
    const result = await performOperation(app, "query", "orders", {}, context, { pages: 1 });
    expect(result).toMatchObject({ ok: true, output: [1, 2], nextCursor: "c2" });
    await performOperation(app, "query", "orders", {}, context, { pages: 1, cursor: "c2" });
    expect(sent[1]?.url).toContain("cursor=c2");
  });

  it("by offset end with a page that is not full, and at the file's bound", async () => {
    const full = json([{ id: 1 }, { id: 2 }]);
    const short = stage([full, json([{ id: 3 }])]);
    expect(await performOperation(app, "query", "rows", {}, short.context)).toMatchObject({
      ok: true,
      output: [1, 2, 3],
      nextCursor: null,
    });
    expect(short.sent.map((one) => new URL(one.url).search)).toEqual(["?offset=0", "?offset=2"]);
    const endless = stage([full]);
    expect(await performOperation(app, "query", "rows", {}, endless.context)).toMatchObject({ ok: true, nextCursor: "6", tasks: 3 });
  });

  it("by number end with an empty page", async () => {
    const { context, sent } = stage([json([1]), json([2]), json([])]);
    expect(await performOperation(app, "query", "pages", {}, context)).toMatchObject({ ok: true, output: [1, 2] });
    expect(sent.map((one) => new URL(one.url).search)).toEqual(["?page=1", "?page=2", "?page=3"]);
  });

  it("that repeat themselves are an error", async () => {
    const { context } = stage([json({ orders: [1], next: "same" })]);
    expect(await performOperation(app, "query", "orders", {}, context)).toMatchObject({ ok: false, error: { code: "page_repeats" } });
  });

  it("without end fail, for a list that is cut in silence looks whole", async () => {
    let page = 0;
    const { context, sent } = stage([() => json({ orders: [1], next: `c${++page}` })()]);
    expect(await performOperation(app, "query", "orders", {}, context)).toMatchObject({
      ok: false,
      error: { code: "too_many_pages", message: expect.stringContaining("more than 1,000 pages"), retryable: false },
    });
    expect(sent).toHaveLength(1_000);
  });

  it("for which the account's budget has no room, or for which the time is up, say how far they came and what to do", async () => {
    const good: Lease = { ok: true, lease: 1, delay: 0, carry };
    const spent: Lease = {
      ok: false,
      reason: "throttled",
      message: "The account may not call at the moment",
      retryAt: Date.UTC(2026, 0, 1, 1),
    };
    const short = stage([json({ orders: [1, 2], next: "c2" }), json({ orders: [3], next: "c3" })], [good, good, spent]);
    expect(await performOperation(app, "query", "orders", {}, short.context)).toMatchObject({
      ...{ ok: false, wait: { until: Date.UTC(2026, 0, 1, 1) } },
      error: {
        ...{ code: "pages_unfinished", class: "rate_limit", retryable: true },
        message: expect.stringMatching(
          /^2 pages \(3 items\) of Shop could be read, .* budget of calls is used up\. Narrow the query.*\(max\)/,
        ),
      },
    });
    const late = stage([json({ orders: [1], next: "c2" })], [good, { ...good, delay: 60_000 }]);
    const signal = AbortSignal.timeout(50);
    expect(await performOperation(app, "query", "orders", {}, { ...late.context, signal })).toMatchObject({
      ...{
        ok: false,
        error: { code: "pages_unfinished", message: expect.stringMatching(/^1 page \(1 items\) of Shop .* time for it is up/) },
      },
    });
  });

  it("that are left unread are gone on with, as if all had been read at once", async () => {
    const good: Lease = { ok: true, lease: 1, delay: 0, carry };
    const spent: Lease = { ok: false, reason: "throttled", message: "Not now", retryAt: Date.UTC(2026, 0, 1, 1) };
    const page = (ids: number[]) => json(ids.map((id) => ({ id })));
    const first = stage([page([1, 2]), page([3, 4])], [good, good, spent]);
    const { unfinished } = await performOperation(app, "query", "long", {}, first.context);
    // The last page again: whatever is removed from those before moves the others.
    expect(unfinished).toEqual({ items: [1, 2, 3, 4].map((id) => ({ id })), pages: 1, cursor: "2" });
    const before = { pages: 1, count: 4, items: () => unfinished?.items ?? [] };
    const none = stage([], [spent]);
    expect(await performOperation(app, "query", "long", {}, none.context, { cursor: "2", before })).toMatchObject({
      ...{ ok: false, error: { code: "pages_unfinished" }, unfinished: { items: [], pages: 1, cursor: "2" } },
    });
    const rest = stage([page([4, 5]), page([6])]);
    expect(await performOperation(app, "query", "long", {}, rest.context, { cursor: "2", before })).toMatchObject({
      ...{ ok: true, output: [1, 2, 3, 4, 4, 5, 6], nextCursor: null },
    });
    expect(rest.sent.map((one) => new URL(one.url).search)).toEqual(["?offset=2", "?offset=4"]);
    const refused = stage([json({}, 422)]);
    expect(await performOperation(app, "query", "long", {}, refused.context, { cursor: "2", before })).not.toHaveProperty("unfinished");
  });

  it("wait out a 429 in the middle instead of beginning again", async () => {
    const { context } = stage([json({ orders: [1], next: "c2" }), json({}, 429, { "retry-after": "0" }), json({ orders: [2] })]);
    expect(await performOperation(app, "query", "orders", {}, context)).toMatchObject({ ok: true, output: [1, 2], tasks: 3 });
  });
});

describe("an answer", () => {
  it.each([
    [400, "invalid", false],
    [403, "invalid", false],
    [404, "missing", false],
    [413, "too_large", false],
    [408, "intermittent", true],
    [429, "rate_limit", true],
    [500, "intermittent", true],
    [503, "intermittent", true],
    [501, "invalid", false],
  ])("%i is of class %s", async (status, kind, retryable) => {
    const { context } = stage([json({ message: "Because" }, status)]);
    const result = await performOperation(app, "action", "put", {}, context);
    expect(result).toMatchObject({
      ok: false,
      error: { code: `http_${status}`, class: kind, retryable, message: `Shop answered ${status}: Because` },
    });
  });

  it("is classed by the app's own rules first", async () => {
    const duplicate = stage([json({ kind: "order" }, 409)]);
    expect(await performOperation(app, "action", "put", {}, duplicate.context)).toMatchObject({
      error: { code: "duplicate", class: "duplicate", message: "There is a order like this already" },
    });
    const slow = stage([json({ code: "slow_down" }, 403, { "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" })]);
    expect(await performOperation(app, "action", "put", {}, slow.context)).toMatchObject({
      error: { class: "rate_limit", retryable: true },
      retryAfter: 7000,
    });
    expect(slow.reports[0]).toMatchObject({ status: 429, retryAfter: 7000 });
  });

  it("that means “not there” is an answer where the query says so", async () => {
    const { context } = stage([json({ message: "no" }, 404)]);
    expect(await performOperation(app, "query", "find", { id: "1" }, context)).toMatchObject({ ok: true, output: null });
  });

  it("that never came is retryable; one that was refused by us is not", async () => {
    const gone = stage([() => ({ ok: false, code: "network", message: "nobody there" }) as const]);
    expect(await performOperation(app, "action", "put", {}, gone.context)).toMatchObject({ error: { class: "network", retryable: true } });
    const blocked = stage([() => ({ ok: false, code: "blocked", message: "private" }) as const]);
    expect(await performOperation(app, "action", "put", {}, blocked.context)).toMatchObject({
      error: { class: "invalid", retryable: false },
      tasks: 0,
    });
  });
});

describe("an account", () => {
  it("refused as not signed in is refreshed once, and the call repeated once", async () => {
    const { context, sent, reports } = stage([json({}, 401), json({ id: 1 })], [], true);
    expect(await performOperation(app, "action", "put", {}, context)).toMatchObject({ ok: true, tasks: 2 });
    expect(sent).toHaveLength(2);
    expect(reports.map((one) => one.auth ?? false)).toEqual([true, false]);
    const again = stage([json({}, 401)], [], true);
    expect(await performOperation(app, "action", "put", {}, again.context)).toMatchObject({
      ok: false,
      error: { class: "auth", retryable: false },
      tasks: 2,
    });
  });

  it("that works although one call is refused fails that call alone", async () => {
    const { context } = stage([json({}, 401)]);
    const fine = {
      ...context,
      accounts: { lease: async () => ({ ok: true, lease: 1, delay: 0, carry }) as const, report: async () => ({ retry: false }) },
    };
    expect(await performOperation(app, "action", "put", {}, fine)).toMatchObject({ error: { class: "invalid", retryable: false } });
    const unsure = { ...fine, accounts: { ...fine.accounts, report: async () => ({ retry: false, later: true }) } };
    expect(await performOperation(app, "action", "put", {}, unsure)).toMatchObject({ error: { class: "intermittent", retryable: true } });
  });

  it("whose token has expired is recognised in a 200 too", async () => {
    const { context, reports } = stage([json({ ok: false, error: "token_expired" }), json({ ok: true })], [], true);
    expect(await performOperation(app, "action", "put", {}, context)).toMatchObject({ ok: true });
    expect(reports[0]?.auth).toBe(true);
  });

  it("without room in its budget means a wait, and no call", async () => {
    const { context, sent } = stage([json({})], [{ ok: false, reason: "throttled", message: "busy", retryAt: 99 }]);
    expect(await performOperation(app, "action", "put", {}, context)).toMatchObject({
      ok: false,
      wait: { until: 99 },
      error: { retryable: true },
      tasks: 0,
    });
    expect(sent).toHaveLength(0);
  });

  it("that must be connected again is an error of class auth", async () => {
    const { context } = stage([json({})], [{ ok: false, reason: "expired", message: "Connect Shop again" }]);
    expect(await performOperation(app, "action", "put", {}, context)).toMatchObject({
      error: { code: "account_expired", class: "auth", message: "Connect Shop again" },
    });
  });
});

describe("the log of a call", () => {
  it("holds no credential in any spelling", async () => {
    const echo = (request: GuardedRequest) => ({
      status: 400,
      body: JSON.stringify({
        message: `bad ${SECRET}`,
        seen: request.headers,
        access_token: "another-one",
        form: encodeURIComponent(SECRET),
        b64: btoa(SECRET),
      }),
    });
    const { context } = stage([echo]);
    const result = await performOperation(app, "action", "put", { name: SECRET }, context);
    const text = JSON.stringify(result);
    for (const spelling of [SECRET, encodeURIComponent(SECRET), btoa(SECRET), "another-one"]) expect(text).not.toContain(spelling);
    expect(text).toContain("•••");
  });

  it.each(["u", "us", "use"])("holds no password that an app repeats as it was sent, nor does the output: Basic, %s", async (name) => {
    const password = 'a pass"word/of+many letters';
    const authorization = `Basic ${btoa(`${name}:${password}`)}`;
    const lease: Lease = { ok: true, lease: 1, delay: 0, carry: { ...carry, headers: { authorization }, redact: [password] } };
    const { context, sent } = stage([(request) => ({ body: JSON.stringify({ seen: request.headers }) })], [lease]);
    const result = await performOperation(app, "action", "put", {}, context);
    expect(sent[0]?.headers.authorization).toBe(authorization);
    expect(result).toMatchObject({ ok: true, output: { seen: { authorization: expect.stringContaining("•••") } } });
    for (let from = 8; from < authorization.length - 16; from++)
      expect(JSON.stringify(result)).not.toContain(authorization.slice(from, from + 16));
  });

  it("cuts bodies at 16 kB", async () => {
    const { context } = stage([json({ text: "x".repeat(50_000) })]);
    const result = await performOperation(app, "action", "put", {}, context);
    expect(result.calls[0]?.response?.body?.length).toBeLessThan(16_100);
  });
});

describe("a raw request", () => {
  it("answers status, headers and body", async () => {
    const { context, sent } = stage([json({ id: 1 }, 201)]);
    const result = await performRequest(
      { method: "POST", url: "https://shop.example/x?a=1", query: { b: 2 }, body: { c: 3 } },
      { ...context, accounts: null },
    );
    expect(result).toMatchObject({ ok: true, output: { status: 201, body: { id: 1 } } });
    expect(sent[0]).toMatchObject({ url: "https://shop.example/x?a=1&b=2", body: '{"c":3}' });
    expect(sent[0]?.headers).not.toHaveProperty("authorization");
  });

  it("that changes something carries its effect key, unless the step gives a key of its own", async () => {
    const { context, sent } = stage([json({}), json({}), json({})]);
    const free = { ...context, accounts: null };
    await performRequest({ method: "POST", url: "https://shop.example/x" }, free);
    await performRequest({ method: "PUT", url: "https://shop.example/x", headers: { "Idempotency-Key": "own" } }, free);
    await performRequest({ method: "GET", url: "https://shop.example/x" }, free);
    const keys = sent.map(({ headers }) => headers["idempotency-key"] ?? headers["Idempotency-Key"]);
    expect(keys).toEqual([context.effectKey, "own", undefined]);
  });

  it("with an account goes to the account's hosts alone", async () => {
    const { context, sent, reports } = stage([json({})]);
    const result = await performRequest({ method: "GET", url: "https://evil.example/" }, { ...context, app });
    expect(result).toMatchObject({ ok: false, error: { code: "host_not_allowed", message: expect.stringContaining("shop.example") } });
    expect(sent).toHaveLength(0);
    expect(reports).toMatchObject([{ status: "unsent" }]);
    expect(await performRequest({ method: "GET", url: "https://shop.example/" }, { ...context, app })).toMatchObject({ ok: true });
    expect(sent[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
  });
});

describe("a request of the app file that is no operation", () => {
  it("sees what its caller gives it", async () => {
    const { context, sent } = stage([json({ id: "w1" })]);
    const request = { method: "POST" as const, path: "/webhooks/{{ account.region }}", body: { url: "{{ hook.url }}" } };
    const result = await performAppRequest(app, request, { hook: { url: "https://edge/h" } }, context);
    expect(result).toMatchObject({ ok: true, output: { body: { id: "w1" } } });
    expect(sent[0]).toMatchObject({ url: "https://shop.example/api/webhooks/eu", body: '{"url":"https://edge/h"}' });
  });
});
