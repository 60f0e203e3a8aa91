import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type FileResult, testFile } from "./test-flows.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inlay-test-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const APP = `inlay: 1
key: shop
name: Shop
baseUrl: https://shop.test
auth: [{ key: key, type: api_key, name: X-Key }, { key: oauth, type: oauth2, authorizeUrl: /a, tokenUrl: /t }]
queries:
  orders: { request: { path: /orders }, page: { next: "{{ body.next }}", as: query.page, items: "{{ body.orders }}" } }
triggers:
  placed: { webhook: { match: "{{ body.kind = 'order' }}", output: "{{ body.order }}" } }
`;
const flow = (steps: string, trigger = "manual: {}") =>
  `inlay: 1\nkey: f\nname: F\naccounts: { shop: { app: shop } }\nsetup: { pages: [{ key: p, title: P, fields: [{ key: least, type: number, default: 3 }] }] }\nblocks:\n  - { key: go, name: Go, trigger: { ${trigger} }, steps: ${steps} }\n`;

/** Runs `tests` against a flow of one block. */
async function run(steps: string, tests: string, trigger?: string): Promise<FileResult> {
  writeFileSync(join(folder, "shop.app.yaml"), APP);
  writeFileSync(join(folder, "f.flow.yaml"), flow(steps, trigger));
  writeFileSync(join(folder, "f.test.yaml"), `inlay: 1\ntests:\n${tests}\n`);
  return testFile(join(folder, "f.test.yaml"), () => Promise.reject(new Error("no code here")));
}
const said = ({ faults, tests }: FileResult) =>
  [...faults, ...tests.flatMap((one) => one.faults)].map(({ line, path, message }) => `${line} ${path}: ${message}`);

const GET = '[{ key: get, http: { url: "https://a.test/x" } }]';

describe("a flow test", () => {
  it("passes where everything is as it says, in no time, however long the run waits", async () => {
    const result = await run(
      '[{ key: nap, wait: 30d }, { key: get, http: { url: "https://a.test/x" } }, { key: keep, set: { n: "{{ steps.get.body.n + setup.least }}" } }]',
      '  - { name: a, answers: [{ url: "https://a.test/*", answer: [{ status: 503, headers: { retry-after: 3600 } }, { fault: timeout }, { body: { n: 1 } }] }], expect: { state: { n: 4 }, steps: { get: { attempts: 3, output: "{{ value.body.n = 1 }}" } }, requests: 3 } }',
    );
    expect(said(result)).toEqual([]);
    expect(result.tests[0]?.run?.steps.at(-2)?.startedAt).toMatch(/^2026-02-04/);
  });

  it("says at its place what is not as expected", async () => {
    const result = await run(
      GET,
      `  - name: a
    answers:
      - { url: "https://a.test/x", answer: { body: { list: [1, 2], name: Ada } } }
      - { url: "https://b.test/", answer: {} }
    expect:
      tasks: 2
      steps:
        get: { output: { body: { list: [1], name: "{{ $length(value) > 5 }}" } } }
        gone: { status: succeeded }
      requests:
        - { url: "https://a.test/y" }`,
    );
    expect(said(result)).toEqual([
      "8 expect.tasks: expected 2, got 1",
      "10 expect.steps.get.output.body.list: expected a list of 1, got [1,2]",
      '10 expect.steps.get.output.body.name: {{ $length(value) > 5 }} is not true of "Ada"',
      "11 expect.steps.gone: gone was not reached; the run went get",
      '13 expect.requests.0.url: expected "https://a.test/y", got "https://a.test/x"',
      "6 answers.1: no call has asked for this answer",
    ]);
  });

  it("fails where the run fails though nothing says that it should, and where a call has no answer", async () => {
    expect(said(await run(GET, "  - { name: a }"))).toEqual([
      expect.stringContaining("expected that the run succeeded, but it failed at get: no answer is declared for GET https://a.test/x"),
      expect.stringContaining("get calls GET https://a.test/x, for which no answer is declared"),
    ]);
    expect(said(await run("[{ key: no, fail: because }]", "  - { name: a, expect: { error: { step: no, message: because } } }"))).toEqual(
      [],
    );
  });

  it("reads an app's answers as the app file says, page by page, with a made-up account", async () => {
    const orders = '[{ key: all, query: shop.orders }, { key: n, value: "{{ $sum(steps.all.total) }}" }]';
    const test = (more: string) => `  - { name: a, answers: [{ query: shop.orders, answer: ${more} }] `;
    const pages = "[{ body: { orders: [{ total: 1 }], next: b } }, { body: { orders: [{ total: 2 }] } }]";
    expect(
      said(
        await run(
          orders,
          `${test(pages)}, expect: { output: 3, requests: [{ headers: { x-key: test-shop-key } }, { query: { page: b } }] } }`,
        ),
      ),
    ).toEqual([]);
    expect(said(await run(orders, `${test("{ output: [{ total: 5 }] }")}, expect: { output: 5, requests: 0 } }`))).toEqual([]);
    expect(
      said(
        await run(
          orders,
          `${test("[{ status: 401 }]")}, expect: { status: waiting, reason: "{{ $contains(value, 'connected again') }}" } }`,
        ),
      ),
    ).toEqual([]);
    expect(
      said(
        await run(
          orders,
          `${test(`[{ status: 401 }, ...${pages}]`.replace("...[", "").replace("]]", "]"))}, accounts: { shop: { auth: oauth } }, expect: { output: 3, tasks: 3 } }`,
        ),
      ),
    ).toEqual([]);
    expect(
      said(await run(orders, "  - { name: a, accounts: { shop: { status: none } }, expect: { error: { code: account_missing } } }")),
    ).toEqual([]);
  });

  it("starts from a call as the app sends it, and not at all where the app's trigger leaves it out", async () => {
    const value = '[{ key: v, value: "{{ trigger.id }}" }]';
    const request = (body: string, expected: string) => `  - { name: a, request: { body: ${body} }, expect: ${expected} }`;
    expect(said(await run(value, request("{ kind: order, order: { id: 7 } }", "{ output: 7 }"), "app_event: shop.placed"))).toEqual([]);
    expect(said(await run(value, request("{ kind: refund }", "{ status: ignored }"), "app_event: shop.placed"))).toEqual([]);
  });

  it("raises events that a run waits for", async () => {
    const steps = '[{ key: paid, wait: { event: paid, match: "{{ event.data.id = 2 }}", timeout: 7d } }]';
    const events =
      "events: [{ type: paid, data: { id: 1 } }, { type: other, data: { id: 2 } }, { type: paid, data: { id: 2 }, after: 3d }]";
    expect(said(await run(steps, `  - { name: a, ${events}, expect: { steps: { paid: { output: { data: { id: 2 } } } } } }`))).toEqual([]);
    expect(said(await run(steps, "  - { name: a, expect: { error: { code: wait_timeout } } }"))).toEqual([]);
    expect(said(await run(steps, "  - { name: a, expect: { status: waiting } }"))).toEqual([]);
  });

  it("calls nothing that a real run could not call", async () => {
    const steps = '[{ key: get, http: { url: "https://10.0.0.1/x" } }]';
    expect(said(await run(steps, "  - { name: a, expect: { error: { code: blocked } } }"))).toEqual([]);
  });

  it("is refused with line and reason where it names what the flow has not", async () => {
    expect(
      said(
        await run(
          GET,
          "  - { name: a, setup: { leest: 1 } }\n  - { name: b, block: og }\n  - { name: c, answers: [{ query: shop.order, answer: {} }] }",
        ),
      ),
    ).toEqual([
      "3 tests.0.setup.leest: The setup form has no field “leest”",
      "4 tests.1.block: The flow has no block “og”; it has go",
      "5 tests.2.answers.0.query: Shop has no query “order”; it has orders",
    ]);
    expect(said(await run(GET, "  - { name: a, expct: {} }"))).toEqual([
      expect.stringMatching(/^3 tests\.0\.expct: .*did you mean “expect”/),
    ]);
    expect(said(await run("[{ key: v, value: '{{ setup.most }}' }]", "  - { name: a }"))).toEqual([
      expect.stringContaining("The setup form has no field “most”"),
    ]);
    rmSync(join(folder, "f.flow.yaml"));
    const { faults } = await testFile(join(folder, "f.test.yaml"), () => Promise.reject(new Error()));
    expect(faults[0]?.message).toContain("f.flow.yaml; name another in “flow”");
  });
});
