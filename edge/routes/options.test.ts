import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const POSTBOX = `inlay: 1
key: postbox
name: Postbox
baseUrl: https://postbox.test
auth: [{ key: api_key, type: api_key, in: header, name: X-Api-Key, value: "{{ fields.key }}", fields: [{ key: key, type: secret }] }]
queries:
  audiences:
    input: [{ key: search, type: text }]
    request: { path: /audiences, query: { q: "{{ input.search }}" } }
    output: "{{ body.audiences }}"
  fields:
    input: [{ key: audience, type: text, required: true }]
    request: { path: "/audiences/{{ input.audience }}/fields" }
    output: "{{ body.fields }}"
  paged:
    request: { path: /paged }
    page: { next: "{{ body.next }}", as: query.cursor, items: "{{ body.items }}" }
    output: "{{ items }}"
  big: { request: { path: /big }, output: "{{ body }}" }
  odd: { request: { path: /odd }, output: "{{ body }}" }
actions:
  add: { request: { method: POST, path: /add } }
`;
const FLOW = `inlay: 1
key: copy
name: Copy
accounts: { news: { app: postbox } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: news, type: account, required: true }
        - { key: audience, type: select, required: true, options: { query: news.audiences, with: { search: "{{ search }}" }, value: id, label: name } }
        - { key: fields, type: mapping, from: [email, name], to: { query: news.fields, with: { audience: "{{ setup.audience }}" }, value: tag, label: "{{ item.name & ' (' & item.tag & ')' }}", required: required } }
        - { key: paged, type: select, options: { query: news.paged } }
        - { key: big, type: select, options: { query: news.big } }
        - { key: odd, type: select, options: { query: news.odd } }
        - { key: fixed, type: select, options: [one, { value: 2, label: Two }] }
        - { key: made, type: select, options: { block: made, with: { audience: "{{ setup.audience }}" }, label: "{{ item.name & '!' }}" } }
        - { key: turned, type: select, options: { block: turned, with: { cursor: "{{ cursor }}" } } }
        - { key: many, type: select, options: { block: many } }
        - { key: stopped, type: select, options: { block: stopped } }
        - { key: failing, type: select, options: { block: failing } }
        - { key: acting, type: select, options: { block: acting } }
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, steps: [] }
  - key: made
    name: Made
    trigger: { call: { input: [{ key: audience, type: text, required: true }] } }
    steps:
      - { key: fields, query: news.fields, with: { audience: "{{ trigger.audience }}" } }
      - { key: even, code: "export default ({ steps, setup }) => steps.fields.map((field) => ({ id: field.tag, name: setup.audience + ' ' + field.name }))" }
      - { key: answer, respond: { body: "{{ steps.even }}" } }
      - { key: after, value: unused }
  - key: turned
    name: Turned
    trigger: { call: {} }
    steps: [{ key: page, value: { items: ["{{ 'page ' & $string(trigger.cursor) }}"], next: "{{ trigger.cursor = '3' ? '' : $string($number(trigger.cursor ? trigger.cursor : '0') + 1) }}" } }]
  - { key: many, name: Many, trigger: { call: {} }, steps: [{ key: l, for: "{{ [1..40] }}", do: [{ key: q, query: news.audiences }] }] }
  - { key: stopped, name: Stopped, trigger: { call: {} }, steps: [{ key: s, stop: nothing today }] }
  - { key: failing, name: Failing, trigger: { call: {} }, steps: [{ key: q, query: news.audiences, retry: { attempts: 1 } }] }
  - { key: acting, name: Acting, trigger: { call: {} }, steps: [{ key: a, action: news.add }] }
`;

let ws: TestWorkspace;
let account: string;
let call: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(POSTBOX);
  await ws.flow(FLOW);
  const ada = await ws.user("ada");
  account = await ws.account(ada, "postbox");
  const app = readFile(POSTBOX, AppFile);
  if (!app.ok) throw new Error(JSON.stringify(app.faults));
  await env.ACCOUNTS.getByName(account).establish(
    { id: account, workspace: ws.id, app: app.value, env: {} },
    { auth: "api_key", fields: { key: "pb_secret" } },
  );
  call = edgeClient(await ws.token({ sub: "ada" }));
});
afterEach(() => vi.unstubAllGlobals());

/** Postbox, as far as the test needs it. Answers what it was asked for. */
function postbox(answer: (path: string, query: URLSearchParams) => Response): string[] {
  const seen: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const { pathname, searchParams, search } = new URL(new Request(input, init).url);
    seen.push(`${pathname}${search}`);
    return answer(pathname, searchParams);
  });
  return seen;
}
const ask = (field: string, more: object = {}) => call("POST", "/v1/flows/copy/options", { field, accounts: { news: account }, ...more });

describe("options of a dynamic field", () => {
  it("come from the user's account", async () => {
    const seen = postbox(() =>
      Response.json({ audiences: [{ id: "a1", name: "Readers" }, { id: "a2" }, { name: "no id" }, { id: "a1", name: "again" }] }),
    );
    const { status, body } = await ask("audience", { search: "rea ders" });
    expect([status, body]).toEqual([
      200,
      {
        items: [
          { value: "a1", label: "Readers" },
          { value: "a2", label: "a2" },
        ],
        nextCursor: null,
      },
    ]);
    expect(seen).toEqual(["/audiences?q=rea+ders"]);
  });

  it("depend on other fields, and say which targets a mapping must have", async () => {
    const seen = postbox(() =>
      Response.json({
        fields: [
          { tag: "EMAIL", name: "Email", required: true, type: "text", sample: "a@b.c" },
          { tag: "N", name: "Name" },
        ],
      }),
    );
    const { body } = await ask("fields.to", { values: { audience: "a 1/x" } });
    expect(seen).toEqual(["/audiences/a%201%2Fx/fields"]);
    expect(body.items).toEqual([
      { value: "EMAIL", label: "Email (EMAIL)", required: true, type: "text", sample: "a@b.c" },
      { value: "N", label: "Name (N)" },
    ]);
    expect((await ask("fields.from")).body.items).toEqual([
      { value: "email", label: "email" },
      { value: "name", label: "name" },
    ]);
  });

  it("go on with the app's next page", async () => {
    const seen = postbox((_, query) =>
      Response.json(query.has("cursor") ? { items: [{ id: "p2" }], next: null } : { items: [{ id: "p1" }], next: "c2" }),
    );
    const first = await ask("paged");
    expect(first.body.items).toEqual([{ value: "p1", label: "p1" }]);
    const second = await ask("paged", { cursor: first.body.nextCursor });
    expect([second.body.items, second.body.nextCursor]).toEqual([[{ value: "p2", label: "p2" }], null]);
    expect(seen).toHaveLength(2);
  });

  it("are searched here, through the pages, where the app cannot", async () => {
    postbox((_, query) =>
      Response.json(query.has("cursor") ? { items: [{ id: "2", name: "Vienna" }] } : { items: [{ id: "1", name: "Graz" }], next: "c2" }),
    );
    expect((await ask("paged", { search: "vien" })).body.items).toEqual([{ value: "2", label: "Vienna" }]);
    expect((await ask("fixed", { search: "TWO" })).body.items).toEqual([{ value: 2, label: "Two" }]);
  });

  it("come in pages of a hundred, however many the app sends at once", async () => {
    postbox(() => Response.json(Array.from({ length: 250 }, (_, i) => ({ id: i }))));
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: { items: { value: number }[]; nextCursor: string | null } } = await ask("big", cursor ? { cursor } : {});
      expect(body.items.length).toBeLessThanOrEqual(100);
      seen.push(...body.items.map(({ value }) => value));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i));
  });

  it("are refused in words", async () => {
    postbox((path) => (path === "/odd" ? Response.json({ not: "a list" }) : new Response("the disk is full", { status: 500 })));
    const code = async (field: string, more: object = {}) => (await ask(field, more)).body.code;
    expect(await code("audience", { accounts: {} })).toBe("account_needed");
    expect(await code("audience", { accounts: { news: "acc_of_somebody" } })).toBe("account_needed");
    expect(await code("audience", { accounts: { news: await ws.account(await ws.user("grace"), "postbox") } })).toBe("account_needed");
    expect(await code("audience", { accounts: { news: await ws.account(await ws.user("ada"), "postbox", { status: "expired" }) } })).toBe(
      "account_expired",
    );
    expect(await code("nothing")).toBe("not_found");
    expect(await code("constructor")).toBe("not_found");
    expect(await code("big", { cursor: "broken" })).toBe("bad_request");
    expect(await code("odd")).toBe("app_failed");
    expect((await ask("fields.to")).body).toMatchObject({
      detail: "Choose “audience” first: Postbox cannot be asked without it.",
      errors: [{ path: "app", code: "required", params: { input: "audience" } }],
    });
    const failed = await ask("big");
    expect([failed.status, failed.body.code]).toEqual([502, "app_failed"]);
    expect(failed.body.detail).toMatch(/Postbox.*500/);
    expect(failed.body.errors).toMatchObject([{ path: "app", code: "http_500", params: { by: "Postbox", status: "500" } }]);
    expect(JSON.stringify(failed.body)).not.toContain("pb_secret");
  });

  it("come from a block of the flow, which calls through the user's account and leaves no run behind", async () => {
    const seen = postbox(() =>
      Response.json({
        fields: [
          { tag: "A", name: "Ada" },
          { tag: "B", name: "Bob" },
        ],
      }),
    );
    const { status, body } = await ask("made", { values: { audience: "a1" }, search: "bob" });
    expect([status, body]).toEqual([200, { items: [{ value: "B", label: "a1 Bob!" }], nextCursor: null }]);
    expect(seen).toEqual(["/audiences/a1/fields"]);
    expect((await ask("made", { accounts: {} })).body.code).toBe("account_needed");
    expect((await ask("made")).body).toMatchObject({ code: "invalid", detail: expect.stringContaining("audience") });
  });

  it("come from a block page by page", async () => {
    const seen: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { body } = await ask("turned", cursor === undefined ? {} : { cursor });
      seen.push(...body.items.map(({ value }: { value: string }) => value));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(["page ", "page 1", "page 2", "page 3"]);
  });

  it("of a block end with its budget, its stop or its failure", async () => {
    let calls = 0;
    postbox(() => {
      calls++;
      return Response.json({ audiences: [] });
    });
    expect((await ask("many")).body).toMatchObject({ code: "app_failed", detail: expect.stringContaining("More than 30 calls") });
    expect(calls).toBe(30);
    expect((await ask("stopped")).body.items).toEqual([]);
    postbox(() => new Response("no", { status: 500 }));
    expect((await ask("failing")).body).toMatchObject({
      ...{ code: "app_failed", detail: expect.stringContaining("500") },
      errors: [{ path: "app", code: "http_500" }],
    });
    const writes = postbox(() => Response.json({}));
    expect((await ask("acting")).body).toMatchObject({ code: "app_failed", detail: expect.stringContaining("may only read") });
    expect(writes).toEqual([]);
  });

  it("of a mapping are asked when an integration is saved", async () => {
    postbox(() => Response.json({ fields: [{ tag: "EMAIL", name: "Email", required: true }] }));
    const values = { audience: "a1", fields: [{ from: "name", to: "NAME" }] };
    const refused = await call("POST", "/v1/integrations", { flow: "copy", accounts: { news: account }, values });
    expect(refused.body.errors).toMatchObject([{ path: "values.fields", code: "unmapped", params: { target: "EMAIL" } }]);
    values.fields.push({ from: "email", to: "EMAIL" });
    expect((await call("POST", "/v1/integrations", { flow: "copy", accounts: { news: account }, values })).status).toBe(201);
  });
});
