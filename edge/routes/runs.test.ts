import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { fakeProvider } from "../testing/fake-provider.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const FLOW = `inlay: 1
key: orders
name: Orders
blocks:
  - key: go
    name: Go
    trigger: { manual: { input: [{ key: n, type: number, required: true }] } }
    steps:
      - { key: one, http: { method: POST, url: "https://target.test/one" } }
      - { key: two, http: { method: POST, url: "https://target.test/two" } }
      - { key: three, if: "{{ trigger.n > 10 }}", then: [{ key: no, fail: Too many }] }
  - { key: hourly, name: Hourly, missed: one, trigger: { schedule: { every: 1h } }, steps: [{ key: v, value: 1 }] }
`;
type Client = ReturnType<typeof edgeClient>;

let ws: TestWorkspace;
let asAda: Client;
let asGrace: Client;
let asMember: Client;
let asReader: Client;
let asStranger: Client;
let adas: string;
let graces: string;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW);
  [asAda, asGrace] = [edgeClient(await ws.token({ sub: "ada" })), edgeClient(await ws.token({ sub: "grace" }))];
  const member = async (workspace: TestWorkspace, scope: "events" | "read") =>
    edgeClient((await createApiToken(workspace.db, workspace.id, { name: scope, scopes: ["read", scope], expiresAt: null })).token);
  asMember = await member(ws, "events");
  asReader = await member(ws, "read");
  asStranger = await member(await makeWorkspace(), "events");
  adas = (await asAda("POST", "/v1/integrations", { flow: "orders" })).body.id;
  graces = (await asGrace("POST", "/v1/integrations", { flow: "orders" })).body.id;
});
afterEach(() => void vi.unstubAllGlobals());

const start = async (as: Client, integration: string, n: number) =>
  (await as("POST", `/v1/integrations/${integration}/blocks/go/run`, { input: { n } })).body.run as string;
const settled = async (as: Client, run: string) => {
  await expect.poll(async () => (await as("GET", `/v1/runs/${run}`)).body.endedAt, { timeout: 5_000 }).not.toBeNull();
  return (await as("GET", `/v1/runs/${run}`)).body;
};

describe("one run", () => {
  it("is read with its steps, page by page, and each of them whole, by its user alone", async () => {
    fakeProvider(() => Response.json({ ok: true }));
    const run = await start(asAda, adas, 1);
    expect(await settled(asAda, run)).toMatchObject({ status: "succeeded", stepCount: 3, tasks: 2 });
    const page = (await asAda("GET", `/v1/runs/${run}?steps=2`)).body;
    expect(page.steps.map(({ path }: { path: string }) => path)).toEqual(["three"]);
    expect((await asAda("GET", `/v1/runs/${run}/steps?path=two`)).body).toMatchObject({ key: "two", response: { status: 200 } });
    expect(await asAda("GET", `/v1/runs/${run}/steps?path=none`)).toMatchObject({ status: 404 });
    expect(await asAda("GET", `/v1/runs/${run}/steps`)).toMatchObject({ status: 400, body: { errors: [{ path: "path" }] } });
    expect(await asAda("GET", `/v1/runs/${run}?steps=x`)).toMatchObject({ status: 400 });
    for (const path of ["", "/steps?path=two", "/repeat"])
      expect(await asGrace("GET", `/v1/runs/${run}${path}`)).toMatchObject({ status: 404 });
  });

  it("says beforehand what a retry would repeat, and under which keys", async () => {
    const seen = fakeProvider(({ path }) => (path === "/two" ? Response.json({ message: "no" }, { status: 422 }) : Response.json({})));
    const run = await start(asAda, adas, 1);
    expect(await settled(asAda, run)).toMatchObject({ status: "failed" });
    const from = async (query: string) => (await asAda("GET", `/v1/runs/${run}/repeat${query}`)).body;
    expect(await from("")).toMatchObject({ kept: 1, repeats: [], resumes: [{ path: "two", effectKey: `${run}:two` }] });
    expect(await from("?from=one")).toMatchObject({
      from: "one",
      kept: 0,
      repeats: [{ path: "one", type: "http", status: "succeeded", effectKey: `${run}:one` }],
      repeatCount: 1,
      resumes: [{ path: "two", status: "failed" }],
    });
    expect(await from("?edited=true")).toMatchObject({ kept: 0, repeatCount: 1, resumeCount: 0 });
    expect(await asAda("GET", `/v1/runs/${run}/repeat?from=four`)).toMatchObject({ status: 422 });
    await asAda("POST", `/v1/runs/${run}/retry`, { from: "one" });
    await expect.poll(() => seen.map(({ path }) => path), { timeout: 5_000 }).toEqual(["/one", "/two", "/one", "/two"]);
  });
});

describe("due times", () => {
  it("are listed with how they ended, why, and how late, latest first and page by page", async () => {
    const object = env.INTEGRATIONS.getByName(adas);
    const old = Date.now() - 10 * 86_400_000;
    await runInDurableObject(object, (_, { storage }) => {
      storage.sql.exec("UPDATE slot SET due = due - 4 * 3600000 WHERE block = 'hourly'");
      storage.sql.exec("INSERT INTO slot_log (block, due, outcome) VALUES ('old', ?, 'failed: no answer')", old);
    });
    await object.poke();
    const read = async (query: string) => (await asAda("GET", `/v1/integrations/${adas}/slots${query}`)).body;
    await expect.poll(async () => (await read("?block=hourly")).items.length, { timeout: 5_000 }).toBeGreaterThan(2);
    const { items } = await read("");
    const [latest, before] = items;
    expect(latest).toMatchObject({ block: "hourly", outcome: expect.stringMatching(/^(ran|late)$/), run: expect.stringMatching(/^run_/) });
    expect(latest.reason).toMatch(/^Stands for [34] earlier ones/);
    expect(latest.why).toEqual({ code: "stands", params: { count: expect.stringMatching(/^[34]$/) } });
    expect(before).toMatchObject({ outcome: "coalesced", reason: expect.stringContaining(latest.dueAt) });
    expect(before.why).toEqual({ code: "together", params: { at: latest.dueAt } });
    expect(before).not.toHaveProperty("run");
    expect(before.lateness).toBeGreaterThanOrEqual(3_600_000);
    expect(Date.parse(latest.dueAt) - Date.parse(before.dueAt)).toBe(3_600_000);
    expect(items.at(-1)).toEqual({
      ...{ block: "old", dueAt: new Date(old).toISOString(), outcome: "skipped", lateness: null },
      reason: "The app was asked, without success: no answer",
    });

    const pages: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await read(`?limit=1${cursor}`);
      pages.push(...page.items);
      if (!page.nextCursor) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(pages).toEqual(items);
    expect((await read(`?from=${before.dueAt}&to=${latest.dueAt}`)).items).toEqual([before]);
    for (const outcome of ["ran", "late", "coalesced", "skipped"])
      expect((await read(`?outcome=${outcome}`)).items).toEqual(items.filter((one: { outcome: string }) => one.outcome === outcome));
    expect(await asAda("GET", `/v1/integrations/${adas}/slots?outcome=lost`)).toMatchObject({ status: 400 });
    const runs = (await asAda("GET", `/v1/integrations/${adas}/runs`)).body.items;
    const first = (await asAda("GET", `/v1/integrations/${adas}/runs?limit=1`)).body;
    const rest = await asAda("GET", `/v1/integrations/${adas}/runs?cursor=${first.nextCursor}`);
    expect(runs.length).toBeGreaterThan(1);
    expect([...first.items, ...rest.body.items]).toEqual(runs);
    for (const other of [runs[0].id, `${first.nextCursor}&block=old`])
      expect(await asAda("GET", `/v1/integrations/${adas}/runs?cursor=${other}`)).toMatchObject({ status: 400 });
    expect(await asGrace("GET", `/v1/integrations/${adas}/slots`)).toMatchObject({ status: 404 });
    expect((await asReader("GET", `/v1/workspace/integrations/${adas}/slots`)).body.items).toEqual(items);
    expect(await asStranger("GET", `/v1/workspace/integrations/${adas}/slots`)).toMatchObject({ status: 404 });
  });
});

describe("runs of the workspace", () => {
  const list = async (query: string, as = asMember) => (await as("GET", `/v1/workspace/runs${query}`)).body.items as { id: string }[];
  const idsOf = async (query: string) => (await list(query)).map(({ id }) => id);

  it("are listed over all users, by status, flow, integration, block, user and time", async () => {
    fakeProvider(() => Response.json({}));
    const [a, g] = [await start(asAda, adas, 1), await start(asGrace, graces, 11)];
    await settled(asAda, a);
    expect(await settled(asGrace, g)).toMatchObject({ status: "failed", error: { code: "failed_by_step" } });
    // Each integration tells the index by itself.
    await expect.poll(() => idsOf("?block=go&user=grace&status=failed"), { timeout: 5_000 }).toEqual([g]);
    await expect.poll(() => idsOf("?user=ada"), { timeout: 5_000 }).toContain(a);
    expect(await idsOf(`?integration=${graces}`)).toEqual([g]);
    expect(await idsOf("?user=grace&flow=none")).toEqual([]);
    expect(await idsOf("?user=nobody")).toEqual([]);
    expect(await idsOf(`?to=${new Date(Date.now() - 3_600_000).toISOString()}`)).toEqual([]);
    expect(await idsOf(`?flow=orders&from=${new Date(Date.now() - 3_600_000).toISOString()}`)).toEqual(expect.arrayContaining([a, g]));
    expect(await list("", asStranger)).toEqual([]);
    expect(await asMember("GET", "/v1/workspace/runs?status=done")).toMatchObject({ status: 400 });

    const first = (await asMember("GET", "/v1/workspace/runs?limit=1")).body;
    const second = (await asMember("GET", `/v1/workspace/runs?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second.items[0].id).not.toBe(first.items[0].id);
    expect(await asMember("GET", `/v1/workspace/runs?limit=1&status=failed&cursor=${first.nextCursor}`)).toMatchObject({ status: 400 });
  });

  it("are read, retried and canceled by members who may, in their own workspace", async () => {
    fakeProvider(() => Response.json({}));
    const run = await start(asGrace, graces, 11);
    await settled(asGrace, run);
    expect((await asReader("GET", `/v1/workspace/runs/${run}`)).body).toMatchObject({ id: run, status: "failed" });
    expect((await asReader("GET", `/v1/workspace/runs/${run}/steps?path=one`)).body).toMatchObject({ key: "one" });
    expect((await asReader("GET", `/v1/workspace/runs/${run}/repeat?from=two`)).body).toMatchObject({ repeatCount: 1 });
    expect(await asReader("POST", `/v1/workspace/runs/${run}/retry`, {})).toMatchObject({ status: 403 });
    for (const path of ["", "/repeat", "/steps?path=one"])
      expect(await asStranger("GET", `/v1/workspace/runs/${run}${path}`)).toMatchObject({ status: 404 });
    expect(await asStranger("POST", `/v1/workspace/runs/${run}/cancel`)).toMatchObject({ status: 404 });
    const retried = await asMember("POST", `/v1/workspace/runs/${run}/retry`, { input: { n: 2 } });
    expect(retried.status).toBe(202);
    expect(await settled(asGrace, retried.body.run)).toMatchObject({ status: "succeeded", input: { n: 2 } });
    expect((await asMember("POST", `/v1/workspace/runs/${run}/cancel`)).body).toMatchObject({ id: run, status: "failed" });
  });

  it("are retried in bulk, each with its own outcome, and once for one Idempotency-Key", async () => {
    fakeProvider(() => Response.json({}));
    const failed = [await start(asAda, adas, 11), await start(asGrace, graces, 12)];
    await settled(asAda, failed[0] ?? "");
    await settled(asGrace, failed[1] ?? "");
    const bulk = () =>
      asMember(
        "POST",
        "/v1/workspace/runs/retry",
        { runs: [...failed, "run_none_x", failed[0]], input: { n: 1 } },
        { "idempotency-key": "bulk-1" },
      );
    const { status, body } = await bulk();
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { run: failed[0], started: expect.stringMatching(/^run_/) },
      { run: failed[1], started: expect.stringMatching(/^run_/) },
      { run: "run_none_x", code: "not_found", message: expect.any(String) },
    ]);
    expect(await settled(asAda, body.items[0].started)).toMatchObject({ status: "succeeded", input: { n: 1 } });
    expect((await bulk()).body).toEqual(body);
    expect(await asMember("POST", "/v1/workspace/runs/retry", { runs: [] })).toMatchObject({ status: 422 });
    expect((await asStranger("POST", "/v1/workspace/runs/retry", { runs: failed })).body.items).toMatchObject([
      { code: "not_found" },
      { code: "not_found" },
    ]);
  });

  it("whose integration was removed stay in the list, marked, and say where the rest has gone", async () => {
    fakeProvider(() => Response.json({}));
    const mine = (await asAda("POST", "/v1/integrations", { flow: "orders" })).body.id;
    const [gone, kept] = [await start(asAda, mine, 1), await start(asAda, adas, 1)];
    for (const run of [gone, kept]) await settled(asAda, run);
    await expect.poll(() => idsOf("?user=ada"), { timeout: 5_000 }).toEqual(expect.arrayContaining([gone, kept]));
    expect((await asAda("DELETE", `/v1/integrations/${mine}`)).status).toBeLessThan(300);
    const found = Object.fromEntries((await list("?user=ada")).map((run) => [run.id, run]));
    expect(found[gone]).toMatchObject({ status: "succeeded", tasks: 2, removed: true });
    expect(found[kept]).not.toHaveProperty("removed");
    for (const path of ["", "/repeat", "/steps?path=one"])
      expect(await asMember("GET", `/v1/workspace/runs/${gone}${path}`)).toMatchObject({
        ...{ status: 410, body: { code: "gone", detail: expect.stringContaining("integration of this run was removed") } },
      });
    for (const what of ["retry", "cancel"])
      expect(await asMember("POST", `/v1/workspace/runs/${gone}/${what}`, {})).toMatchObject({ status: 410 });
    expect((await asMember("POST", "/v1/workspace/runs/retry", { runs: [gone] })).body.items).toMatchObject([{ run: gone, code: "gone" }]);
    expect(await asStranger("GET", `/v1/workspace/runs/${gone}`)).toMatchObject({ status: 404 });
    expect(await asAda("GET", `/v1/runs/${gone}`)).toMatchObject({ status: 404 });
  });
});
