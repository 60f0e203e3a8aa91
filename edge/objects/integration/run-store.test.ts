import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { openParts, type Parts } from "./parts.ts";
import type { NewRun } from "./run-store.ts";
import { SCHEMA } from "./schema.ts";

const run = (id: string, more: Partial<NewRun> = {}): NewRun => ({
  ...{ id, block: "go", type: "manual", part: "", config: 1, input: {}, accepted: 1_000 },
  ...more,
});
let count = 0;
/** Over an object's storage: `restart` makes the stores again, as a new life of the object does. */
const withParts = (work: (parts: Parts, sql: SqlStorage, restart: () => Parts) => void) =>
  runInDurableObject(env.INTEGRATIONS.getByName(`run-store-${++count}`), (_, { storage }) => {
    migrateSqlite(storage, SCHEMA);
    const open = () =>
      openParts(storage, env, async () => {
        throw new Error("nothing is driven here");
      });
    work(open(), storage.sql, open);
  });
const end = (parts: Parts, id: string, now = 2_000) => {
  const begin = parts.runs.begin(id, now, () => null);
  if (!begin) throw new Error(`${id} does not begin`);
  return parts.runs.finish(begin, { status: "succeeded", output: 1 }, now, []);
};
const tell = ({ runs }: Parts) => runs.told(runs.untold(1_000));

test("a transaction that is undone leaves nothing in memory either, and what had ended in it is queued again", () =>
  withParts((parts) => {
    parts.runs.insert(run("run_x_1"));
    expect(() =>
      parts.transaction(() => {
        parts.runs.insert(run("run_x_2"));
        end(parts, "run_x_1");
        throw new Error("undone");
      }),
    ).toThrow("undone");
    expect(parts.runs.due("go", Date.now(), 10)).toEqual(["run_x_1"]);
    expect(parts.runs.untold(10).map(({ row }) => row.id)).toEqual(["run_x_1"]);
    expect(end(parts, "run_x_1")).toBe(true);
  }));

test.each([
  ["queued", false],
  ["waiting", true],
] as const)("a run that was %s and whose end cannot be stored is taken up again once, after its pause", (_, waits) =>
  withParts((parts) => {
    parts.runs.insert(run("run_x_1"));
    if (waits) {
      const first = parts.runs.begin("run_x_1", 1_000, () => null);
      if (first) parts.runs.finish(first, { status: "waiting", wakeAt: 1_500, reason: "it waits" }, 1_000, []);
      expect(parts.runs.due("go", 1_600, 10)).toEqual(["run_x_1"]);
    }
    const begin = parts.runs.begin("run_x_1", 2_000, () => null);
    expect(() =>
      parts.transaction(() => {
        if (begin) parts.runs.finish(begin, { status: "succeeded", output: 1 }, 2_000, []);
        throw new Error("undone");
      }),
    ).toThrow("undone");
    const now = Date.now();
    parts.runs.noteDeath("run_x_1", now, 5_000);
    expect(parts.runs.due("go", now + 1_000, 10)).toEqual([]);
    expect(parts.runs.nextWake()).toBe(now + 5_000);
    expect(parts.runs.due("go", now + 5_000, 10)).toEqual(["run_x_1"]);
    expect(end(parts, "run_x_1", now + 5_000)).toBe(true);
    expect(parts.runs.due("go", now + 9_000, 10)).toEqual([]);
    expect(parts.runs.queued).toBe(0);
  }),
);

test("a new life finds what was queued, driven or not yet told, and little of what is at rest", () =>
  withParts((parts, _, restart) => {
    const ids = Array.from({ length: 40 }, (_, i) => `run_x_${String(i).padStart(2, "0")}`);
    for (const id of ids) parts.runs.insert(run(id));
    for (const id of ids.slice(0, 30)) end(parts, id);
    tell(parts);
    end(parts, "run_x_31");
    parts.runs.begin("run_x_32", 2_000, () => null);
    const { runs } = restart();
    expect(runs.recover(3_000)).toBe(true);
    expect(runs.due("go", 3_000, 100)).toEqual(["run_x_30", "run_x_32", ...ids.slice(33)]);
    const told = runs.untold(100).map(({ row }) => row.id);
    expect(told.slice(-10)).toEqual(ids.slice(30));
    expect(told.length, "the mark moves now and then, not with every run").toBeLessThan(10 + 8);
  }));

test("what was queued while the clock ran ahead is taken up soon after a new life finds it, once; what another life has ended is not", () =>
  withParts((parts, sql, restart) => {
    for (const id of ["run_x_1", "run_x_2"]) parts.runs.insert(run(id, { accepted: 365 * 86_400_000 }));
    const { runs } = restart();
    runs.recover(3_000);
    expect(runs.nextWake()).toBe(303_000);
    expect(runs.due("go", 303_000, 10)).toEqual(["run_x_1", "run_x_2"]);
    sql.exec("UPDATE run SET ended = 1, status = 'succeeded' WHERE id = 'run_x_1'");
    expect(runs.begin("run_x_1", 303_000, () => null)).toBeUndefined();
    expect(runs.due("go", 303_000, 10)).toEqual(["run_x_2"]);
  }));

test("a run that waited behind the mark is found by a new life when it has gone on, until that is told", () =>
  withParts((parts, sql, restart) => {
    parts.runs.insert(run("run_x_00"));
    const begin = parts.runs.begin("run_x_00", 1_500, () => null);
    if (!begin) throw new Error("it does not begin");
    parts.runs.finish(begin, { status: "waiting", wakeAt: 9_000, reason: "it waits" }, 1_500, []);
    tell(parts);
    for (let i = 1; i < 30; i++) {
      parts.runs.insert(run(`run_x_${String(i).padStart(2, "0")}`));
      end(parts, `run_x_${String(i).padStart(2, "0")}`);
      tell(parts);
    }
    expect(parts.runs.due("go", 8_000, 10)).toEqual([]);
    expect(parts.runs.nextWake()).toBe(9_000);
    expect(parts.runs.due("go", 9_500, 10)).toEqual(["run_x_00"]);
    end(parts, "run_x_00", 9_500);
    const next = restart();
    next.runs.recover(9_600);
    expect(next.runs.untold(100).map(({ row }) => [row.id, row.status])).toContainEqual(["run_x_00", "succeeded"]);
    tell(next);
    expect(sql.exec("SELECT run FROM late").toArray()).toEqual([]);
  }));

test("in a partition nobody overtakes one that waits, in this life or the next", () =>
  withParts((parts, _, restart) => {
    const fifo = { part: ":a" };
    parts.runs.insert(run("run_x_1", fifo));
    const begin = parts.runs.begin("run_x_1", 1_000, () => null);
    if (!begin) throw new Error("it does not begin");
    parts.runs.finish(begin, { status: "waiting", wakeAt: 9_000, reason: "it waits" }, 1_000, []);
    parts.runs.insert(run("run_x_2", fifo));
    expect(parts.runs.due("go", 5_000, 10)).toEqual([]);
    expect(parts.runs.isDue("run_x_2", 5_000)).toBe(false);
    const { runs } = restart();
    runs.recover(5_000);
    expect(runs.due("go", 5_000, 10)).toEqual([]);
    expect(runs.due("go", 9_000, 10)).toEqual(["run_x_1"]);
    runs.cancel("run_x_1", 9_000, "by hand");
    expect(runs.due("go", 9_000, 10)).toEqual(["run_x_2"]);
  }));

test("a run with one call is two rows, its journal in its own", () =>
  withParts((parts, sql) => {
    parts.runs.insert(run("run_x_1"));
    const begin = parts.runs.begin("run_x_1", 1_000, () => null);
    if (!begin) throw new Error("it does not begin");
    const entry = { key: "post", type: "http", status: "succeeded", attempts: 1, tasks: 1, startedAt: 1, endedAt: 2 } as const;
    begin.journal.before?.();
    begin.journal.put({ ...entry, path: "post" });
    parts.runs.finish(begin, { status: "succeeded", output: 1 }, 2_000, []);
    expect(sql.exec("SELECT count(*) AS n FROM journal").one().n).toBe(0);
    expect(parts.runs.entry("run_x_1", "post")).toEqual({ ...entry, path: "post" });
    expect(parts.runs.read("run_x_1")).toMatchObject({ status: "succeeded", tasks: 1, started: 1_000 });
  }));
