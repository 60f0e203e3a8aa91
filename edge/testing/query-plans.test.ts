// What the console reads over large workspaces is looked up, not searched through: the plans of the queries say so.
import { env, runInDurableObject } from "cloudflare:test";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { describe, expect, it } from "vitest";
import { findUsers } from "../db/accounts.ts";
import { listAllAccounts } from "../db/all-accounts.ts";
import { listApps, loadApps, readAppSources } from "../db/app-files.ts";
import { countFallout, integrationsOf, listBin } from "../db/flow-bin.ts";
import { findFlow } from "../db/flow-files.ts";
import { findListedFlow, listFlows } from "../db/flow-list.ts";
import { countByVersion, listVersions } from "../db/flow-versions.ts";
import { listFolders } from "../db/folders.ts";
import { readHome } from "../db/homes.ts";
import { DUE, listDue, oweApp } from "../db/integrations.ts";
import { countInstalled } from "../db/published-flows.ts";
import { findReconnectLinks } from "../db/reconnect-links.ts";
import * as schema from "../db/schema.ts";
import { listTemplates } from "../db/templates.ts";
import { listUntold, listUntoldUsers } from "../db/users.ts";
import { idsOnOtherVersions } from "../http/member-integration.ts";
import { countRuns, countTasks, settle } from "../objects/insight/count-store.ts";
import { ErrorStore } from "../objects/insight/error-store.ts";
import { lastRuns } from "../objects/ledger/ledger-store.ts";

/** Partial indexes that hold what is asked for alone, in its order: reading them from the front is no search. */
const IN_ORDER = /USING (?:COVERING )?INDEX (?:error_group_open|error_group_done|error_group_flow|failed_thing|failed_retry)\b/;
/** One row, and the few runs that are waited for. */
const SMALL = /^SCAN (?:count_until|l)\b/;
const isWhole = (detail: string) =>
  /^SCAN /.test(detail) && !/VIRTUAL TABLE|CONSTANT ROW|^SCAN \(|subquery/i.test(detail) && !IN_ORDER.test(detail);

/** The steps of D1 queries that go through a whole table, or are otherwise as `isBad` says, of everything that `work` asks. */
async function wholeScans(work: (db: ReturnType<typeof drizzle<typeof schema>>) => Promise<unknown>, isBad = isWhole): Promise<string[]> {
  const asked: { query: string; params: unknown[] }[] = [];
  await work(drizzle(env.DB, { schema, logger: { logQuery: (query, params) => void asked.push({ query, params }) } }));
  expect(asked.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const { query, params } of asked) {
    const statement = env.DB.prepare(`EXPLAIN QUERY PLAN ${query}`).bind(...params);
    const { results } = await statement.all<{ detail: string }>();
    found.push(...results.filter(({ detail }) => isBad(detail)).map(({ detail }) => `${detail} ← ${query}`));
  }
  return found;
}

const page = { limit: 100, failing: ["a"], after: { name: "a", key: "a" } };

it("a search through a whole table would be seen", async () => {
  expect(
    await wholeScans((db) => db.select({ id: schema.flows.id }).from(schema.flows).where(eq(schema.flows.description, "x"))),
  ).toHaveLength(1);
});

describe("no read of the catalogue goes through a whole table", () => {
  it.each<[string, (db: ReturnType<typeof drizzle<typeof schema>>) => Promise<unknown>]>([
    ["the list of flows", (db) => listFlows(db, "ws", {}, page)],
    ["flows by words", (db) => listFlows(db, "ws", { search: "a", category: "b", label: "c", tag: "d+e -f", app: "g", folder: "h" }, page)],
    ["flows by health", (db) => listFlows(db, "ws", { health: "ok", availability: "published" }, page)],
    ["one flow", async (db) => [await findFlow(db, "ws", "a"), await findListedFlow(db, "ws", "a")]],
    ["versions", async (db) => [await listVersions(db, "ws", { id: "f", published: 1 }), await countByVersion(db, "ws", "f")]],
    [
      "whom to tell of a profile",
      async (db) => [
        await listUntoldUsers(db, 5, 9),
        await listUntold(db, { workspace: "ws", id: "usr_1", revision: 1 } as Parameters<typeof listUntold>[1], "", 9),
      ],
    ],
    ["what goes with a flow", (db) => countFallout(db, "ws", "f")],
    ["integrations of a flow", (db) => integrationsOf(db, "ws", "f", "on", 10)],
    ["integrations to upgrade", (db) => idsOnOtherVersions(db, "ws", "f", { version: 1, after: "a", limit: 10 })],
    ["the recycle bin", (db) => listBin(db, "ws")],
    ["folders and Home", async (db) => [await listFolders(db, "ws"), await readHome(db, "ws", "m")]],
    ["what accounts are used by", async (db) => [await findUsers(db, "ws", ["a"]), await findReconnectLinks(db, "ws", ["a"])]],
    ["what a user has of flows", (db) => countInstalled(db, "ws", "u", ["a"])],
    ["whom to tell of an app's file", (db) => oweApp(db, "ws", "a", 9)],
    ["apps and templates", async (db) => [await listApps(db, "ws"), await readAppSources(db, "ws"), await listTemplates(db, "ws")]],
  ])("%s", async (_, work) => {
    expect(await wholeScans(work)).toEqual([]);
  });
});

it("what is looked up for a page of any length is one parameter: D1 takes 100 in a query", async () => {
  const ids = Array.from({ length: 150 }, (_, index) => `a${index}`);
  const db = drizzle(env.DB, { schema });
  expect((await findUsers(db, "ws", ids)).size).toBe(150);
  expect((await findReconnectLinks(db, "ws", ids)).size).toBe(0);
  expect((await countInstalled(db, "ws", "u", ids)).size).toBe(0);
  expect(await loadApps(db, "ws", ids)).toEqual({});
});

it("a page of accounts is read in its order, and the rest is left alone", async () => {
  const isSorted = (detail: string) => isWhole(detail) || /TEMP B-TREE/.test(detail);
  for (const filter of [{}, { status: "expired" as const }, { owner: "user" as const }])
    expect(await wholeScans((db) => listAllAccounts(db, "ws", filter, { after: [1, "a"], limit: 100 }), isSorted)).toEqual([]);
});

it("what the sweep looks for is read from the index in its order, and nothing else", async () => {
  const after = { id: "a", workspace: "ws", enabled: true, nextDue: 3 };
  const isMore = (detail: string) => isWhole(detail) || /TEMP B-TREE|\(enabled=\?\)/.test(detail);
  for (const why of DUE)
    for (const one of [undefined, after])
      expect(await wholeScans((db) => listDue(db, why, { now: 5, farthest: 9, after: one, limit: 200 }), isMore)).toEqual([]);
});

describe("no read of the ledger goes through a whole table", () => {
  it("errors, their runs, and counts", async () => {
    const scans = await runInDurableObject(env.LEDGERS.getByName("query-plans"), async (_, state) => {
      const asked: { query: string; values: SqlStorageValue[] }[] = [];
      const { sql } = state.storage;
      const recording = {
        exec: (query: string, ...values: SqlStorageValue[]) => {
          asked.push({ query, values });
          return sql.exec(query, ...values);
        },
      } as unknown as SqlStorage;
      settle(state.storage, Date.now() - 3_600_000);
      settle({ sql: recording, transactionSync: (work: () => number) => work() } as unknown as DurableObjectStorage, Date.now());
      const errors = new ErrorStore(recording);
      errors.openByFlow();
      errors.listGroups({ status: "open", limit: 10, after: { last: "2026", id: "e" } });
      errors.listGroups({ status: "resolved", limit: 10 });
      errors.readGroup("e");
      errors.listFailed("e", { status: "open", limit: 10, after: { at: "2026", run: "r" } });
      errors.noteRetry("r", "s", "succeeded");
      errors.resolve("e", undefined, "m");
      errors.forget("2000");
      const range = { from: 490_000, to: 500_000, limit: 10 };
      for (const by of ["flow", "block", "user"] as const) countRuns(recording, { ...range, unit: "day", by });
      countRuns(recording, { ...range, unit: "hour", flow: "f" });
      countRuns(recording, { ...range, unit: "day", user: "u" });
      lastRuns(recording, ["int_1"]);
      countTasks(recording, ["int_1"]);
      return asked.flatMap(({ query, values }) =>
        sql
          .exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`, ...values)
          .toArray()
          .filter(({ detail }) => isWhole(detail) && !SMALL.test(detail))
          .map(({ detail }) => `${detail} ← ${query}`),
      );
    });
    expect(scans).toEqual([]);
  });
});
