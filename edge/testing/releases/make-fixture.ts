// Writes the state of this release as a fixture (`npm run release:fixture`): a workspace with runs in every unfinished state, as its
// databases hold it at one moment. Runs in workerd; what it sends to fixture.test is written to the release's folder.
import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import type { RunDetail } from "../../../shared/api/run.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { readFile } from "../../../shared/flow/read-file.ts";
import { setSecret } from "../../db/settings.ts";
import { createApiToken } from "../../db/tokens.ts";
import { sealSecret } from "../../security/seal.ts";
import { edgeClient } from "../call-edge.ts";
import { makeWorkspace } from "../test-workspace.ts";
import { dumpSqlite, type Query } from "./dump-sqlite.ts";
import type { Fixture, FixtureObject, FixtureRun, ObjectKind } from "./fixture.ts";
import { APP, FLOW } from "./scenario.ts";

const { fetch: outside } = globalThis;
const done = new Set<string>();
const underWay = new Set<string>();

/** The outside: what is asked to hold never answers; the account with the key `bad` is refused. */
async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const text = await request.text();
  const key = request.headers.get("idempotency-key");
  const settle = (body: unknown, status = 200, headers = {}) => {
    if (key && status !== 503 && status !== 401) done.add(key);
    return Response.json(body, { status, headers });
  };
  if (pathname.startsWith("/hold/") || (pathname === "/send" && text.includes("turn 3"))) {
    if (key) underWay.add(key);
    return new Promise<Response>(() => undefined);
  }
  if (pathname === "/refuse") return settle({ message: "no" }, 422);
  if (pathname === "/busy") return settle({}, 503, { "retry-after": "1800" });
  if (request.headers.get("x-api-key") === "bad") return settle({ message: "unknown key" }, 401);
  if (pathname === "/list") return settle({ items: [{ id: "i1" }, { id: "i2" }] });
  return settle({ id: "me", name: "Ada at Crm", text });
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Connects Ada's account at the app, with credentials that the release seals. */
async function connect(ws: Awaited<ReturnType<typeof makeWorkspace>>, auth: "oauth" | "key", externalId: string): Promise<string> {
  const app = readFile(APP, AppFile);
  if (!app.ok) throw new Error(JSON.stringify(app.faults));
  const id = await ws.account(await ws.user("ada"), "crm", { auth, externalId });
  // Good for the moment, and over when a later release finds it: what is sealed does not move with the fixture's clock.
  const oauth = { accessToken: "first-access", refreshToken: "first-refresh", expiresAt: Date.now() + 90_000 };
  await env.ACCOUNTS.getByName(id).establish(
    { id, workspace: ws.id, app: app.value, env: {} },
    { auth, fields: auth === "key" ? { key: "bad" } : {}, ...(auth === "oauth" ? oauth : {}) },
  );
  return id;
}

async function dumpObject(kind: ObjectKind, name: string): Promise<{ object: FixtureObject; sql: string }> {
  const stub: DurableObjectStub = env[kind].getByName(name);
  return runInDurableObject(stub, async (_, { storage }) => {
    const query: Query = async (text) => storage.sql.exec(text).toArray();
    const sql = await dumpSqlite(query);
    // While an alarm's handler is at work the platform says that none is set, and fires it again after a crash.
    const isAtWork = kind === "INTEGRATIONS" && storage.sql.exec("SELECT 1 FROM run WHERE status = 'running'").toArray().length > 0;
    const alarm = (await storage.getAlarm()) ?? (isAtWork ? Date.now() : null);
    return { sql, object: { kind, name, alarm, file: `${kind.toLowerCase()}-${name}.sql` } };
  });
}

test("the state of this release is written down", async () => {
  vi.stubGlobal("fetch", (input: RequestInfo | URL, init?: RequestInit) => answer(new Request(input, init)));
  const ws = await makeWorkspace();
  await ws.app(APP);
  await ws.flow(FLOW);
  for (const name of ["CRM_ID", "CRM_SECRET"])
    await setSecret(ws.db, ws.id, name, await sealSecret(env, ws.id, `secret/${name}`, "client"));
  const { token: apiToken } = await createApiToken(ws.db, ws.id, { name: "fixture", scopes: ["admin"], expiresAt: null });
  const ada = edgeClient(await ws.token({ sub: "ada" }));
  const good = await connect(ws, "oauth", "me");
  const refused = await connect(ws, "key", "somebody");

  const make = async (account: string): Promise<{ id: string; hook: string }> => {
    const { body, status } = await ada("POST", "/v1/integrations", {
      flow: "released",
      accounts: { crm: account },
      values: { token: "t0ken-of-the-hook" },
    });
    expect(status, JSON.stringify(body)).toBe(201);
    const hook = body.blocks.find(({ key }: { key: string }) => key === "hook").url;
    return { id: body.id, hook: new URL(hook).pathname };
  };
  const start = async (integration: string, block: string, n = 1): Promise<string> => {
    const { body, status } = await ada("POST", `/v1/integrations/${integration}/blocks/${block}/run`, { input: { n } });
    expect(status, JSON.stringify(body)).toBe(202);
    return body.run;
  };
  const read = async (run: string): Promise<RunDetail> => (await ada("GET", `/v1/runs/${run}`)).body;
  const reach = (run: string, status: string) =>
    vi.waitFor(async () => expect(await read(run), run).toMatchObject({ status }), { timeout: 10_000, interval: 50 });
  const runs: FixtureRun[] = [];
  const leave = async (
    integration: string,
    block: string,
    was: string,
    more: Omit<FixtureRun, "run" | "was" | "ends"> & { ends?: string; n?: number },
  ) => {
    const { n, ends = "succeeded", ...rest } = more;
    const run = await start(integration, block, n);
    await reach(run, was);
    runs.push({ run, was, ends, ...rest });
    return run;
  };

  const poisoned = (await make(good)).id;
  const suspect = await start(poisoned, "poison");
  for (let deaths = 1; deaths <= 3; deaths++) {
    await reach(suspect, "running");
    await vi.waitFor(() => expect([...underWay]).toContain(`${suspect}:hold`));
    await abortAllDurableObjects();
    await env.INTEGRATIONS.getByName(poisoned).describe();
  }
  runs.push({
    run: suspect,
    about: "in quarantine after three deaths",
    was: "queued",
    ends: "succeeded",
    output: "survived",
    calls: ["hold"],
  });

  const { id: waits, hook } = await make(good);
  await leave(waits, "fails", "failed", { about: "that failed", ends: "failed", calls: [] });
  await leave(waits, "stops", "stopped", { about: "that stopped", ends: "stopped", calls: [] });
  await leave(waits, "counts", "succeeded", { about: "that set state", output: 1, calls: [] });
  await leave(waits, "later", "waiting", { about: "that waits for a time", output: "slept", calls: ["b"] });
  await leave(waits, "approval", "waiting", { about: "that waits for an approval", n: 7, output: "grace", calls: ["b"] });
  await leave(waits, "calls", "waiting", { about: "that waits in a block that it called", output: "slept", calls: ["inner>b"] });
  await leave(waits, "again", "waiting", { about: "that waits for another try", output: "answered", calls: ["send"] });
  await leave(waits, "chance", "waiting", { about: "that drew lots before it waited", calls: [] });
  await leave(waits, "order", "waiting", { about: "that is first in its partition", n: 1, output: 1, calls: ["b"] });
  await leave(waits, "order", "queued", { about: "that stands behind it", n: 11, output: 11, calls: ["a", "b"] });
  await leave(waits, "order", "waiting", { about: "that is alone in its partition", n: 2, output: 2, calls: ["b"] });
  const drawn = runs.find(({ about }) => about.startsWith("that drew"));
  if (drawn) drawn.output = (await read(drawn.run)).steps.find(({ key }) => key === "draw")?.output;
  const hooked = await edgeClient()("POST", hook, { id: "order-1" }, { "x-token": "t0ken-of-the-hook" });
  expect(hooked.status, JSON.stringify(hooked.body)).toBe(202);

  const held = (await make(refused)).id;
  await leave(held, "held", "waiting", { about: "that waits for its account", output: "let in", calls: ["send", "b"] });

  const busy = (await make(good)).id;
  await leave(busy, "loop", "running", {
    about: "in the middle of a loop",
    output: [10, 20, 30, 40],
    calls: ["each[2].send", "each[3].send"],
  });
  await leave(busy, "branch", "running", { about: "with one of two branches done", output: "done", calls: ["b"] });
  await leave(busy, "tried", "running", { about: "in the catch of a try", output: "mended", calls: ["mend", "tidy"] });
  await leave(busy, "queue", "running", { about: "at its first call", n: 21, output: 21, calls: ["hold"] });
  await leave(busy, "queue", "queued", { about: "queued behind it", n: 22, output: 22, calls: ["hold"] });
  await vi.waitFor(() => expect(underWay.size).toBe(5), 5_000);
  // The outboxes tell the ledger.
  await pause(1_500);

  const wanted: [ObjectKind, string][] = [good, refused].map((id) => ["ACCOUNTS", id]);
  wanted.push(["LEDGERS", ws.id], ...[busy, waits, held, poisoned].map((id): [ObjectKind, string] => ["INTEGRATIONS", id]));
  const parts = await Promise.all(wanted.map(([kind, name]) => dumpObject(kind, name)));
  // An event that was answered 202, and of which nobody has heard yet.
  const inbox = env.INBOXES.getByName(ws.id);
  await runInDurableObject(inbox, (object) => object.accept(ws.id, { type: "order.paid", id: "evt_paid", data: {}, user: "ada" }));
  parts.push(await dumpObject("INBOXES", ws.id));
  expect(parts.at(-1)?.sql).toContain("evt_paid");
  const d1 = await dumpSqlite(async (text) => (await env.DB.prepare(text).all<Record<string, unknown>>()).results);

  const slots = await ada("GET", `/v1/integrations/${waits}`);
  const tick = slots.body.blocks.find(({ key }: { key: string }) => key === "tick").nextRunAt;
  const write = (name: string, body: string) => outside(`https://fixture.test/${name}`, { method: "PUT", body });
  const fixture: Omit<Fixture, "release"> = {
    at: Date.now(),
    workspace: ws.id,
    apiToken,
    integrations: { busy, waits, held, poisoned },
    refusedAccount: refused,
    hook,
    objects: parts.map(({ object }) => object),
    runs,
    done: [...done],
    underWay: [...underWay],
    tick: Date.parse(tick),
  };
  for (const { object, sql } of parts) await write(object.file, sql);
  await write("d1.sql", d1);
  await write("fixture.json", `${JSON.stringify(fixture, null, 2)}\n`);
}, 60_000);
