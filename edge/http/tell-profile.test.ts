import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Catalogue } from "../db/catalogue.ts";
import * as schema from "../db/schema.ts";
import { touchUser } from "../db/users.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { ended } from "../testing/integration-config.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";
import { sweep } from "./sweep.ts";

const FLOW = `
inlay: 1
key: daily
name: Daily
blocks:
  - { key: nine, name: Nine, trigger: { schedule: { cron: "0 9 * * *" } }, steps: [{ key: v, value: 1 }] }
  - key: who
    name: Who
    trigger: { manual: {} }
    steps: [{ key: w, wait: { event: go.on }, when: "{{ trigger.isSlow }}" }, { key: v, value: "{{ user.name & ' ' & user.attributes.timezone & ' ' & user.org }}" }]
`;
const NOW = () => Math.floor(Date.now() / 1_000);

let ws: TestWorkspace;
beforeEach(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW);
});
const as = async (name: string, timezone: string, issuedAt = NOW(), sub = "ada") =>
  edgeClient(await ws.token({ sub, name, org: `of ${name}`, attributes: { timezone }, issuedAt }));
type Client = Awaited<ReturnType<typeof as>>;
const make = async (call: Client): Promise<string> => (await call("POST", "/v1/integrations", { flow: "daily" })).body.id;
/** As its object sees it, without a request that would say who the user is. */
const describeOne = (id: string) => env.INTEGRATIONS.getByName(id).describe();
const hourOf = async (id: string, timeZone: string) => {
  const { nextRunAt = "" } = (await describeOne(id)).blocks[0] ?? {};
  return new Intl.DateTimeFormat("en", { timeZone, hour: "numeric", hourCycle: "h23" }).format(new Date(nextRunAt));
};
const userRow = async (externalId = "ada") => {
  const mine = and(eq(schema.users.workspace, ws.id), eq(schema.users.externalId, externalId));
  return (await ws.db.select().from(schema.users).where(mine))[0]!;
};
const isTold = () => vi.waitFor(async () => expect((await userRow()).tellAt).toBeNull(), 5_000);
const say = async (id: string): Promise<unknown> => {
  const object = env.INTEGRATIONS.getByName(id);
  const accepted = await object.runNow("who", {});
  if (!accepted.ok) throw new Error(accepted.message);
  return (await ended(object, accepted.run)).output;
};
const claims = (name: string, timezone: string) => ({ id: "ada", org: null, name, email: null, locale: null, attributes: { timezone } });

describe("a changed profile", () => {
  it("moves the schedule to the user's new zone and is what new runs see; a run keeps what it was accepted with", async () => {
    const call = await as("Ada", "Europe/Berlin", NOW() - 20);
    const id = await make(call);
    expect(await hourOf(id, "Europe/Berlin")).toBe("09");
    const object = env.INTEGRATIONS.getByName(id);
    const slow = await object.runNow("who", { isSlow: true });
    await (await as("Lady Ada", "America/New_York"))("GET", "/v1/flows");
    await isTold();
    expect(await hourOf(id, "America/New_York")).toBe("09");
    expect(await say(id)).toBe("Lady Ada America/New_York of Lady Ada");
    await object.acceptEvent("*", { type: "go.on", id: "1", data: null, org: null, user: null });
    expect((await ended(object, slow.ok ? slow.run : "")).output).toBe("Ada Europe/Berlin of Ada");
    const [row] = await ws.db.select().from(schema.integrations).where(eq(schema.integrations.id, id));
    expect(row).toMatchObject({ profile: (await userRow()).revision });
  });

  it("is told to open lists, whose next times have moved", async () => {
    const id = await make(await as("Ada", "Europe/Berlin", NOW() - 20));
    const last = () =>
      runInDurableObject(env.LEDGERS.getByName(ws.id), (_, { storage }) =>
        storage.sql.exec<{ id: number; body: string }>("SELECT id, body FROM batch ORDER BY id DESC LIMIT 1").one(),
      );
    const before = await last();
    await (await as("Ada", "America/New_York"))("GET", "/v1/flows");
    await isTold();
    const told = await last();
    expect(told.id).toBeGreaterThan(before.id);
    expect(JSON.parse(told.body)).toEqual([
      [(await userRow()).id, { type: "integration", integration: { id, flow: "daily", status: "enabled" } }],
    ]);
  });

  it("is told by the sweep where whoever stored it died, and by nobody else before", async () => {
    const id = await make(await as("Ada", "Europe/Berlin", NOW() - 20));
    const now = Date.now();
    expect(await touchUser(ws.db, ws.id, claims("Ada", "Asia/Tokyo"), now, now)).toMatchObject({ isChanged: true });
    await sweep(env, now);
    expect(await hourOf(id, "Europe/Berlin")).toBe("09");
    await sweep(env, now + 31_000);
    expect(await hourOf(id, "Asia/Tokyo")).toBe("09");
    expect((await userRow()).tellAt).toBeNull();
  });

  it("reaches the others where one cannot be told, and that one later", async () => {
    const call = await as("Ada", "Europe/Berlin", NOW() - 20);
    const ids = [await make(call), await make(call), await make(call)].sort() as [string, string, string];
    const [bad, ...good] = ids;
    await runInDurableObject(env.INTEGRATIONS.getByName(bad), (_, { storage }) => {
      storage.sql.exec("ALTER TABLE slot RENAME TO away");
    });
    const now = Date.now();
    await touchUser(ws.db, ws.id, claims("Ada", "Asia/Tokyo"), now, now);
    await sweep(env, now + 31_000);
    for (const id of good) expect(await hourOf(id, "Asia/Tokyo")).toBe("09");
    expect((await userRow()).tellAt).toBeGreaterThan(now);
    await runInDurableObject(env.INTEGRATIONS.getByName(bad), (_, { storage }) => {
      storage.sql.exec("ALTER TABLE away RENAME TO slot");
    });
    await sweep(env, Date.now() + 31_000);
    expect(await hourOf(bad, "Asia/Tokyo")).toBe("09");
    expect((await userRow()).tellAt).toBeNull();
  });

  it("counts as the token that was issued last has it, and is the last of two in a row", async () => {
    const id = await make(await as("Ada", "Europe/Berlin", NOW() - 60));
    const older = await as("Ada", "Europe/Berlin", NOW() - 40);
    await (await as("Ada", "Asia/Tokyo", NOW() - 30))("GET", "/v1/flows");
    await (await as("Ada", "America/New_York", NOW() - 20))("GET", "/v1/flows");
    await older("GET", "/v1/flows");
    await isTold();
    expect(await hourOf(id, "America/New_York")).toBe("09");
    expect(await userRow()).toMatchObject({ revision: 2, attributes: { timezone: "America/New_York" } });
    // What the older token saves is configured with what is known of the user now.
    await older("PATCH", `/v1/integrations/${id}`, { name: "Mine" });
    expect(await hourOf(id, "America/New_York")).toBe("09");
  });

  it("reaches integrations that are off, and starts nothing in them", async () => {
    const call = await as("Ada", "Europe/Berlin", NOW() - 20);
    const id = await make(call);
    await call("PATCH", `/v1/integrations/${id}`, { enabled: false });
    await (await as("Ada", "Asia/Tokyo"))("GET", "/v1/flows");
    await isTold();
    expect(await describeOne(id)).toMatchObject({ enabled: false });
    await runInDurableObject(env.INTEGRATIONS.getByName(id), (_, { storage }) => {
      expect(storage.sql.exec("SELECT * FROM slot").toArray()).toEqual([]);
      expect(String(storage.sql.exec("SELECT body FROM config ORDER BY id DESC").toArray()[0]?.body)).toContain("Asia/Tokyo");
    });
  });

  it("outlives a configuration that was begun before it", async () => {
    const id = await make(await as("Ada", "Europe/Berlin", NOW() - 20));
    const object = env.INTEGRATIONS.getByName(id);
    const read = () =>
      runInDurableObject(object, (_, { storage }) =>
        JSON.parse(String(storage.sql.exec("SELECT body FROM config ORDER BY id DESC").toArray()[0]?.body)),
      );
    const before = await read();
    await (await as("Ada", "Asia/Tokyo"))("GET", "/v1/flows");
    await isTold();
    await object.configure({ ...before, name: "Late" }, "updated");
    expect(await read()).toMatchObject({ name: "Late", user: { attributes: { timezone: "Asia/Tokyo" } } });
    expect(await hourOf(id, "Asia/Tokyo")).toBe("09");
  });

  it("waits for an integration that is being set up, and not for one that was left half-way", async () => {
    const id = await make(await as("Ada", "Europe/Berlin", NOW() - 20));
    const [row] = await ws.db.select().from(schema.integrations).where(eq(schema.integrations.id, id));
    const [young, old] = ["int_young", "int_old"].map((name) => `${name}${Date.now()}`) as [string, string];
    await ws.db.insert(schema.integrations).values([
      { ...row!, id: young, updatedAt: Date.now() },
      { ...row!, id: old, updatedAt: Date.now() - 700_000 },
    ]);
    await (await as("Ada", "Asia/Tokyo"))("GET", "/v1/flows");
    const profiles = async () =>
      Object.fromEntries(
        (await ws.db.select().from(schema.integrations).where(eq(schema.integrations.workspace, ws.id))).map((one) => [
          one.id,
          one.profile,
        ]),
      );
    await vi.waitFor(async () => expect(await profiles()).toEqual({ [id]: 1, [young]: 0, [old]: 1 }), 5_000);
    expect((await userRow()).tellAt).not.toBeNull();
  });

  it("reaches a user's thousand integrations, some with each sweep", async () => {
    const id = await make(await as("Ada", "Europe/Berlin", NOW() - 20));
    const [row] = await ws.db.select().from(schema.integrations).where(eq(schema.integrations.id, id));
    // Their objects know nothing of them: they were left half-way, long ago.
    const some = (from: number) => Array.from({ length: 5 }, (_, i) => ({ ...row!, id: `${id}_${from + i}`, updatedAt: 5 }));
    const inserts = Array.from({ length: 200 }, (_, i) => ws.db.insert(schema.integrations).values(some(i * 5)));
    await ws.db.batch(inserts as [(typeof inserts)[0], ...typeof inserts]);
    const now = Date.now();
    await touchUser(ws.db, ws.id, claims("Ada", "Asia/Tokyo"), now, now);
    const left = () => ws.db.$count(schema.integrations, and(eq(schema.integrations.workspace, ws.id), eq(schema.integrations.profile, 0)));
    const steps = [];
    for (let i = 1; i <= 3; i++) {
      await sweep(env, Date.now() + 31_000);
      steps.push(await left());
    }
    expect(steps).toEqual([601, 201, 0]);
    expect((await userRow()).tellAt).toBeNull();
    expect(await hourOf(id, "Asia/Tokyo")).toBe("09");
  }, 60_000);

  it("is of one workspace: the user of another with the same id keeps theirs", async () => {
    const call = await as("Ada", "Europe/Berlin", NOW() - 20);
    const id = await make(call);
    const other = await makeWorkspace();
    const token = (timezone: string, issuedAt: number) => other.token({ sub: "ada", attributes: { timezone }, issuedAt });
    await edgeClient(await token("Europe/Berlin", NOW() - 10))("GET", "/v1/flows");
    await edgeClient(await token("Asia/Tokyo", NOW()))("GET", "/v1/flows");
    await sweep(env, Date.now() + 31_000);
    expect(await hourOf(id, "Europe/Berlin")).toBe("09");
    expect(await userRow()).toMatchObject({ revision: 0 });
  });
});

describe("a token that says what is known", () => {
  it("writes nothing, in whatever order its attributes stand", async () => {
    const now = Date.now();
    const said = { ...claims("Ada", "Asia/Tokyo"), attributes: { a: [1, { b: 2, c: 3 }], d: 4 } };
    await touchUser(ws.db, ws.id, said, now, now);
    const asked: string[] = [];
    const db = drizzle(env.DB, { schema, logger: { logQuery: (query) => void asked.push(query) } }) as Catalogue;
    await touchUser(db, ws.id, { ...said, attributes: { d: 4, a: [1, { c: 3, b: 2 }] } }, now + 1_000, now + 1_000);
    expect(asked).toEqual([expect.stringMatching(/^select /)]);
    await touchUser(db, ws.id, { ...said, attributes: { d: 4, a: [{ c: 3, b: 2 }, 1] } }, now + 1_000, now + 1_000);
    expect(await userRow()).toMatchObject({ revision: 1, attributes: { a: [{ b: 2, c: 3 }, 1] } });
  });
});
