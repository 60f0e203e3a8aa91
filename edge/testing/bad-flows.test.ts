// The cases F, C, A, O and S of bad input that need a flow of their own, through the whole Worker, each by its number.
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunDetail } from "../../shared/api/run.ts";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "./call-edge.ts";
import { fakeProvider } from "./fake-provider.ts";
import { ended } from "./integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

const APP = `inlay: 1
key: box
name: Box
baseUrl: https://box.example
auth: [{ key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, label: Key }] }]
test: { query: me, id: "{{ body.id }}" }
queries:
  me: { request: { path: /me } }
  lists: { request: { path: /lists }, output: "{{ body }}" }
  one: { input: [{ key: id, type: text }], request: { path: "/items/{{ input.id }}", headers: { x-note: "{{ input.id }}" } } }
`;
const flowOf = (key: string, steps: string, more = "") => `inlay: 1
key: ${key}
name: ${key}
accounts: { box: { app: box, optional: true } }
${more}
blocks:
  - key: go
    name: Go
    trigger: { call: { input: [{ key: say, type: text }] } }
    steps:
${steps.replace(/^/gm, "      ")}
`;
const FORM = `setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: box, type: account }
        - { key: list, type: select, label: List, options: { query: box.lists, value: id, label: name } }`;

let ws: TestWorkspace;
let ada: ReturnType<typeof edgeClient>;
let member: ReturnType<typeof edgeClient>;
let account: string;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(APP);
  ada = edgeClient(await ws.token({ sub: "ada" }));
  member = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
  fakeProvider(() => Response.json({ id: "me" }));
  account = (await ada("POST", "/v1/accounts", { app: "box", auth: "key", fields: { key: "k-12345678" } })).body.id;
});
afterEach(() => void vi.unstubAllGlobals());

const reader = { readRun: async (id: string) => (await ada("GET", `/v1/runs/${id}`)).body as RunDetail };
const setUp = async (key: string, steps: string, more?: string) => {
  await ws.flow(flowOf(key, steps, more));
  const made = await ada("POST", "/v1/integrations", { flow: key, accounts: { box: account }, values: {} });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id as string;
};
const start = async (integration: string, say = "x") =>
  (await ada("POST", `/v1/integrations/${integration}/blocks/go/run`, { input: { say } })).body.run as string;
const runOf = async (key: string, steps: string, say?: string) => ended(reader, await start(await setUp(key, steps), say));

describe("F, flows and forms", () => {
  it("F04 with a hundred thousand placeholders, or a megabyte of text, are published and run, or refused, in good time", async () => {
    const begun = Date.now();
    for (const text of ["{{ 1 }}".repeat(100_000), `{{ "${"x".repeat(900_000)}" }}`, "{{".repeat(200_000)]) {
      const source = flowOf("large", `- { key: a, value: ${JSON.stringify(text)} }`);
      const saved = await member("POST", "/v1/workspace/flows", source, { "content-type": "application/yaml" });
      expect([200, 413, 422]).toContain(saved.status);
      if (saved.status === 200) expect([201, 422]).toContain((await member("POST", "/v1/workspace/flows/large/versions", {})).status);
      else expect(saved.body.detail).toMatch(/\w{3}/);
    }
    const million = flowOf("huge", `- { key: a, value: ${JSON.stringify("{{ 1 }}".repeat(1_000_000))} }`);
    expect(await member("POST", "/v1/workspace/flows", million, { "content-type": "application/yaml" })).toMatchObject({ status: 413 });
    expect(Date.now() - begun).toBeLessThan(15_000);
  });

  it("F05 steps that read each other, or themselves, see nothing of what has not run", async () => {
    const run = await runOf("mutual", '- { key: a, value: "{{ [steps.a, steps.b] }}" }\n- { key: b, value: "{{ [steps.a, steps.b] }}" }');
    expect(run).toMatchObject({ status: "succeeded", steps: [{ key: "a", output: [] }, { key: "b" }] });
  });

  it("F05 a block that calls itself ends with its own error", async () => {
    const run = await runOf("endless", "- { key: again, call: go, with: { say: x } }");
    expect(run).toMatchObject({ status: "failed", error: { message: expect.stringMatching(/8|deep/) } });
  });

  it.each([
    ["..", null],
    ["../admin", "/items/..%2Fadmin"],
    ["a/b?admin=1#x", "/items/a%2Fb%3Fadmin=1%23x"],
    ["<script>'; DROP TABLE x;--", "/items/%3Cscript%3E';%20DROP%20TABLE%20x;--"],
    ["%2e%2e", null],
  ])("F10 the value %j stays within its part of the address", async (say, path) => {
    const seen = fakeProvider(() => Response.json({}));
    const run = await runOf("place", '- { key: got, query: box.one, with: { id: "{{ trigger.say }}" } }', say);
    if (path === null) expect(run).toMatchObject({ status: "failed", error: { message: expect.stringMatching(/another address/) } });
    expect(seen.map((one) => one.path)).toEqual(path === null ? [] : [path]);
  });

  it("F10 a value with a line break makes no header of its own", async () => {
    const seen = fakeProvider(() => Response.json({}));
    const step = '- { key: got, http: { method: GET, url: "https://box.example/h", headers: { x-note: "{{ trigger.say }}" } } }';
    const run = await runOf("header", step, "a\r\nx-admin: 1");
    expect(run).toMatchObject({ status: "failed", error: { message: expect.stringMatching(/line break|header/i) } });
    expect(seen).toEqual([]);
  });

  it.each(["evil.example/", "evil.example#", "a@evil.example", "evil.example\\", "127.0.0.1", "x:22"])(
    "F10 the value %j in a host's place leads nowhere else",
    async (say) => {
      const seen = fakeProvider(() => Response.json({}));
      const run = await runOf("host", '- { key: got, http: { method: GET, url: "https://{{ trigger.say }}.box.example/x" } }', say);
      const hosts = seen.map(({ url }) => new URL(url).hostname);
      expect(run.status === "failed" || hosts.length === 1).toBe(true);
      expect(hosts.filter((host) => !host.endsWith(".box.example"))).toEqual([]);
    },
  );

  it("F14 what is no option is not taken, and the list may be of any size, HTML or a fault", async () => {
    const id = await setUp("options", "- { key: a, value: 1 }", FORM);
    const ask = () => ada("POST", "/v1/flows/options/options", { field: "list", accounts: { box: account }, integration: id, values: {} });
    fakeProvider(() => Response.json([{ id: "a", name: "A" }]));
    const choose = (list: unknown) => ada("POST", "/v1/integrations", { flow: "options", accounts: { box: account }, values: { list } });
    for (const odd of [{ $ne: 1 }, ["a"], "x".repeat(100_000)])
      expect(await choose(odd)).toMatchObject({ status: 422, body: { errors: [{ path: "values.list" }] } });
    const many = Array.from({ length: 100_000 }, (_, i) => ({ id: `i${i}`, name: `N${i}` }));
    fakeProvider(() => Response.json(many));
    const page = await ask();
    expect(page.status === 200 ? page.body.items.length : 100).toBeLessThanOrEqual(100);
    expect([200, 502]).toContain(page.status);
    for (const answer of [
      () => new Response("<html>Maintenance</html>", { headers: { "content-type": "text/html" } }),
      () => new Response("gone", { status: 500 }),
      () => Response.json({ not: "a list" }),
      () => Response.json(null),
    ]) {
      fakeProvider(answer);
      const { status, body } = await ask();
      expect([200, 502]).toContain(status);
      if (status === 502) expect(body.detail).toMatch(/Box|list|options/);
      else expect(body.items.every((one: object) => "value" in one)).toBe(true);
    }
  });
});

describe("Y, flow files that contradict themselves", () => {
  it.each([
    ["two steps with one key", "- { key: a, value: 1 }\n- { key: a, value: 2 }", /key “a” already/],
    ["a call of a block that is not there", "- { key: a, call: nowhere }", /nowhere/],
    ["an operation that the app does not have", "- { key: a, query: box.nothing }", /nothing/],
    ["an account slot that is not there", "- { key: a, query: other.me }", /other/],
    [
      "a wait for its own block by name",
      "- { key: a, wait: { event: x } }\n- { key: b, if: '{{ $nothing() }}', then: [{ key: a, value: 1 }] }",
      /key “a” already/,
    ],
  ])("Y04 with %s are not published, and the fault is named with its place", async (_, steps, words) => {
    await member("POST", "/v1/workspace/flows", flowOf("contradiction", steps), { "content-type": "application/yaml" });
    const refused = await member("POST", "/v1/workspace/flows/contradiction/versions", {});
    expect(refused).toMatchObject({ status: 422, body: { code: "invalid" } });
    expect(JSON.stringify(refused.body.errors)).toMatch(words);
    expect(refused.body.errors[0].path).toMatch(/^blocks\.0\.steps/);
  });
});

describe("C, code steps", () => {
  it("C16 of two tenants, with one text, see their own input alone", async () => {
    const code =
      "- { key: got, code: 'let n = 0; export default ({ trigger }) => { globalThis.last = globalThis.last ?? trigger.say; n++; return [globalThis.last, n] }' }";
    const mine = await runOf("shared-code", code, "of ada");
    const other = await makeWorkspace();
    await other.app(APP);
    await other.flow(flowOf("shared-code", code));
    const eve = edgeClient(await other.token({ sub: "eve" }));
    const { id } = (await eve("POST", "/v1/integrations", { flow: "shared-code", accounts: {}, values: {} })).body;
    const { run } = (await eve("POST", `/v1/integrations/${id}/blocks/go/run`, { input: { say: "of eve" } })).body;
    const theirs = await ended({ readRun: async (one: string) => (await eve("GET", `/v1/runs/${one}`)).body as RunDetail }, run);
    expect([mine.steps[0]?.output, theirs.steps[0]?.output]).toEqual([
      ["of ada", 1],
      ["of eve", 1],
    ]);
  });

  it("C17 that leave a promise behind leave nothing that goes on", async () => {
    const code =
      "- { key: got, code: 'export default () => { const later = async () => { for (let i = 0; i < 5; i++) await null; globalThis.late = 1 }; later(); return typeof setTimeout }' }\n" +
      "- { key: next, code: 'export default () => globalThis.late ?? null' }";
    const run = await runOf("left-behind", code);
    expect(run.steps.map(({ output }) => output)).toEqual(["undefined", null]);
  });

  it("C08 have no call that a redirect could lead astray: there is no network in them", async () => {
    const run = await runOf(
      "no-network",
      "- { key: got, code: 'export default () => [typeof fetch, typeof connect, typeof WebSocket, typeof XMLHttpRequest]' }",
    );
    expect(run.steps[0]?.output).toEqual(["undefined", "undefined", "undefined", "undefined"]);
  });
});

describe("A, requests for what is somebody else's, or going away", () => {
  it("A04 lists that are asked for another tenant's things hold none", async () => {
    const id = await setUp("mine", "- { key: a, value: 1 }");
    await ended(reader, await start(id));
    const other = await makeWorkspace();
    const stranger = edgeClient((await createApiToken(other.db, other.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
    for (const query of [`integration=${id}`, "user=ada", "flow=mine", `workspace=${ws.id}`, `target=${id}`])
      for (const list of ["runs", "integrations", "users", "audit"])
        expect((await stranger("GET", `/v1/workspace/${list}?${query}`)).body.items, `${list}?${query}`).toEqual([]);
    expect(await stranger("GET", `/v1/workspace/integrations/${id}/slots`)).toMatchObject({ status: 404 });
  });

  it("A14 an integration that is removed while it runs ends its runs, and calls nobody any more", async () => {
    const steps = "- { key: w, wait: 1h }\n- { key: got, http: { method: GET, url: https://box.example/after } }";
    const id = await setUp("going", steps);
    const run = await start(id);
    for (let i = 0; i < 100 && (await reader.readRun(run)).status !== "waiting"; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const seen = fakeProvider(() => Response.json({}));
    expect((await ada("DELETE", `/v1/integrations/${id}`)).status).toBe(204);
    expect((await ada("GET", `/v1/runs/${run}`)).status).toBe(404);
    await env.INTEGRATIONS.getByName(id).poke();
    expect(seen).toEqual([]);
    expect((await ada("DELETE", `/v1/integrations/${id}`)).status).toBe(404);
  });
});

describe("O, ways out of a sign-in", () => {
  it.each(["//evil.example", "javascript:alert(1)", "https://edge.test@evil.example", "https://edge.test.evil.example", "/\\evil.example"])(
    "O11 no address sends a browser on to %j",
    async (target) => {
      const encoded = encodeURIComponent(target);
      const names = ["return_url", "returnTo", "redirect_uri", "redirect", "next", "continue", "url"];
      const query = names.map((name) => `${name}=${encoded}`).join("&");
      for (const path of ["/oauth/start/att_none", "/oauth/callback", "/auth/sign-in", "/console", "/auth/sign-out"]) {
        const answers = [
          await edgeClient()("GET", `${path}?${query}`),
          await edgeClient()("POST", `${path}?${query}`, query, { "content-type": "application/x-www-form-urlencoded" }),
        ];
        for (const { headers, body } of answers) {
          expect(headers.get("location") ?? "").not.toContain("evil");
          expect(headers.get("location") ?? "").not.toMatch(/^javascript/i);
          expect(typeof body === "string" ? body : "").not.toMatch(/(?:href|action|src)="?[^">]*evil/);
        }
      }
    },
  );
});

describe("S, answers of another kind than was asked for", () => {
  const step = "- { key: got, http: { method: GET, url: https://box.example/odd } }";

  it("S26 with a megabyte of headers are kept small, or refused, and break nothing", async () => {
    fakeProvider(() => new Response("{}", { headers: { "x-large": "h".repeat(1_000_000), "content-type": "application/json" } }));
    const run = await runOf("large-headers", step);
    expect(["succeeded", "failed"]).toContain(run.status);
    expect((await runOf("plain", "- { key: a, value: 1 }")).status).toBe("succeeded");
  });

  it("S26 whose compression is broken fail in words, as a fault of the connection that is tried again", async () => {
    const broken = () =>
      new ReadableStream({
        pull: (controller) => controller.error(new TypeError("Gzip decompression failed.")),
      });
    fakeProvider(() => new Response(broken(), { headers: { "content-encoding": "gzip" } }));
    const once = "- { key: got, retry: { attempts: 1 }, http: { method: GET, url: https://box.example/odd } }";
    expect(await runOf("broken-gzip", once)).toMatchObject({
      status: "failed",
      error: { class: "network", retryable: true, message: expect.stringMatching(/box\.example/) },
    });
  });

  it("S26 in a charset that nobody knows are read as UTF-8", async () => {
    fakeProvider(() => new Response("ja: é", { headers: { "content-type": "text/plain; charset=klingon" } }));
    const run = await runOf("odd-charset", step);
    expect(run).toMatchObject({ status: "succeeded", steps: [{ output: { body: "ja: é" } }] });
  });
});
