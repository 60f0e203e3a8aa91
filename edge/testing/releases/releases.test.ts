// State that earlier releases wrote goes on under this one: each folder here holds the databases of one (`npm run release:fixture`).
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunDetail } from "../../../shared/api/run.ts";
import { edgeClient } from "../call-edge.ts";
import type { Fixture } from "./fixture.ts";
import { loadCatalogue, loadObject, moveTimes, shiftOf } from "./load-fixture.ts";

const files = import.meta.glob("./*/*", { query: "?raw", import: "default", eager: true });
const releases = Object.keys(files)
  .filter((name) => name.endsWith("/fixture.json"))
  .map((name) => name.split("/")[1] ?? "")
  .sort();
const fileOf = (release: string, name: string) => files[`./${release}/${name}`] ?? "";

afterAll(() => void vi.unstubAllGlobals());

test("there is a fixture of the first release", () => {
  expect(releases).toContain("0.1.0");
});

describe.each(releases)("the state of release %s", (release) => {
  const fixture = JSON.parse(fileOf(release, "fixture.json")) as Fixture;
  const shift = shiftOf(fixture, Date.now());
  const { busy, waits, held, poisoned } = fixture.integrations;
  const member = edgeClient(fixture.apiToken);
  /** Calls to the outside, by effect key. */
  const calls = new Map<string, number>();
  const bearers = new Set<string>();
  let ada: ReturnType<typeof edgeClient>;

  const runsOf = async (block: string): Promise<RunDetail[]> =>
    (await ada("GET", `/v1/integrations/${waits}/runs?block=${block}&limit=100`)).body.items;
  const ended = (run: string) =>
    vi.waitFor(
      async () => {
        const { body } = await ada("GET", `/v1/runs/${run}`);
        expect(body).toMatchObject({ status: expect.stringMatching(/succeeded|failed|stopped|canceled/) });
        return body as RunDetail;
      },
      { timeout: 10_000, interval: 50 },
    );

  beforeAll(async () => {
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const key = request.headers.get("idempotency-key");
      if (key) calls.set(key, (calls.get(key) ?? 0) + 1);
      bearers.add(request.headers.get("authorization") ?? "");
      const { pathname } = new URL(request.url);
      if (pathname === "/token")
        return Response.json({ access_token: "next-access", refresh_token: "next-refresh", token_type: "Bearer", expires_in: 3_600 });
      if (pathname === "/list") return Response.json({ items: [{ id: "i1" }, { id: "i2" }, { id: "i3" }] });
      return Response.json({ id: pathname === "/me" ? "somebody" : "x", name: "Ada" });
    });
    await loadCatalogue(moveTimes(fileOf(release, "d1.sql"), shift));
    for (const object of fixture.objects) await loadObject(object, moveTimes(fileOf(release, object.file), shift), shift);

    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const body = { alg: "ES256", publicJwk: await exportJWK(publicKey) };
    expect(await member("PUT", "/v1/workspace/keys/test", body)).toMatchObject({ status: 204 });
    const claims = new SignJWT({}).setProtectedHeader({ alg: "ES256", kid: "test" }).setIssuer(fixture.workspace).setAudience("inlay");
    ada = edgeClient(await claims.setSubject("ada").setJti("1").setIssuedAt().setExpirationTime("10m").sign(privateKey));

    const approval = { type: "order.approved", user: "ada", data: { id: 7, by: "grace" } };
    expect(await member("POST", "/v1/workspace/events", approval)).toMatchObject({ status: 202 });
    const connected = await ada("POST", "/v1/accounts", { app: "crm", auth: "key", fields: { key: "good" } });
    expect(connected.body).toMatchObject({ id: fixture.refusedAccount, status: "connected" });
  }, 30_000);

  test.each(fixture.runs)("a run $about ($was) has $ends, with what was done before and no more than was left to do", async (left) => {
    const run = await ended(left.run);
    expect(run).toMatchObject({ status: left.ends, ...("output" in left ? { output: moved(left.output, shift) } : {}) });
    const made = [...calls.keys()].filter((key) => key.startsWith(`${left.run}:`)).map((key) => key.slice(left.run.length + 1));
    expect(made.sort()).toEqual([...left.calls].sort());
  });

  test("no completed effect is done again, and what was under way is done once more, under its first key", async () => {
    for (const { run } of fixture.runs) await ended(run);
    expect(fixture.done.filter((key) => calls.has(key))).toEqual([]);
    expect(fixture.underWay.map((key) => calls.get(key))).toEqual(fixture.underWay.map(() => 1));
    expect([...calls.values()].every((times) => times === 1)).toBe(true);
  });

  test("its schedules have a row for each time that passed meanwhile, and a run for each", async () => {
    const due = Array.from({ length: 12 }, (_, index) => fixture.tick + shift + index * 600_000);
    const listed = async () => (await ada("GET", `/v1/integrations/${waits}/slots?block=tick&limit=100`)).body.items;
    const wanted = due.map((time) => new Date(time).toISOString());
    await vi.waitFor(async () => {
      const rows = (await listed()) as { dueAt: string; outcome: string }[];
      expect(wanted.filter((time) => !rows.some((row) => row.dueAt === time && /late|ran/.test(row.outcome)))).toEqual([]);
    }, 10_000);
    const dues = async () => {
      const found: string[] = [];
      for (const { id } of await runsOf("tick")) found.push(String((await ended(id)).output));
      return found;
    };
    expect(await dues()).toEqual(expect.arrayContaining(wanted));
    expect(new Set(await dues()).size).toBe((await runsOf("tick")).length);
  });

  test("its polls know what they have seen", async () => {
    await vi.waitFor(async () => expect((await runsOf("fresh")).length).toBe(1), 10_000);
    const [run] = await runsOf("fresh");
    expect(await ended(run?.id ?? "")).toMatchObject({ output: "i3" });
  });

  test("its webhooks have their address, its secrets open, and a call that it took starts nothing twice", async () => {
    const headers = { "x-token": "t0ken-of-the-hook" };
    const outside = edgeClient();
    const again = await outside("POST", fixture.hook, { id: "order-1" }, headers);
    const fresh = await outside("POST", fixture.hook, { id: "order-2" }, headers);
    expect([again.status, fresh.status]).toEqual([202, 202]);
    expect(await ended(fresh.body.run)).toMatchObject({ status: "succeeded", output: "order-2" });
    expect((await runsOf("hook")).length).toBe(2);
    expect(await outside("POST", fixture.hook, { id: "order-3" }, { "x-token": "other" })).toMatchObject({ status: 401 });
  });

  test("an event that it had answered 202 is heard by everybody, once, and known when it comes again", async () => {
    await vi.waitFor(async () => expect((await runsOf("heard")).length).toBe(1), 10_000);
    const [run] = await runsOf("heard");
    expect(await ended(run?.id ?? "")).toMatchObject({ status: "succeeded", output: "evt_paid" });
    await member("POST", "/v1/workspace/events", { type: "order.paid", id: "evt_paid", user: "ada", data: {} });
    expect((await runsOf("heard")).length).toBe(1);
  });

  test("its accounts open and are renewed with the token that it stored", async () => {
    for (const { run } of fixture.runs) await ended(run);
    expect([...bearers]).toContain("Bearer next-access");
  });

  test("what flows keep between runs is there, and its failed runs can be tried again", async () => {
    const next = await ada("POST", `/v1/integrations/${waits}/blocks/counts/run`, { input: { n: 1 } });
    expect(await ended(next.body.run)).toMatchObject({ output: 2 });
    const failed = fixture.runs.find(({ was }) => was === "failed")?.run ?? "";
    const retry = await ada("POST", `/v1/runs/${failed}/retry`, {});
    expect(retry).toMatchObject({ status: 202 });
    expect(await ended(retry.body.run)).toMatchObject({ status: "failed", error: { message: expect.stringContaining("no more") } });
    expect(calls.has(`${failed}:a`)).toBe(false);
  });

  test("the ledger knows how every run ended, and nothing is overdue", async () => {
    for (const { run } of fixture.runs) await ended(run);
    const ledger = env.LEDGERS.getByName(fixture.workspace);
    await vi.waitFor(async () => {
      const indexed = await ledger.listRuns({ limit: 200 });
      const statuses = new Map(indexed.items.map(({ id, status }) => [id, status]));
      for (const { run, ends } of fixture.runs) expect(statuses.get(run), run).toBe(ends);
      expect(indexed.items.filter(({ status }) => /queued|running|waiting/.test(status))).toEqual([]);
    }, 10_000);
    const watched = await runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("SELECT run FROM watch").toArray());
    expect(watched).toEqual([]);
  });

  test("every integration is well", async () => {
    for (const id of [busy, waits, held, poisoned])
      expect((await ada("GET", `/v1/integrations/${id}`)).body).toMatchObject({ id, status: "enabled" });
  });
});

const moved = (value: unknown, shift: number): unknown => JSON.parse(moveTimes(JSON.stringify(value), shift));
