import { env, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import type { Run } from "../../../shared/api/run.ts";
import { runIdOf, runTime } from "../integration/rpc.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { COUNT_STEPS, countTasks, settledMinute } from "./count-store.ts";

const ledger = env.LEDGERS.getByName(`count-tasks-${Date.now()}`);
const DAY = 86_400_000;
let count = 0;

const tell = (integration: string, ago: number, tasks: number, status: Run["status"] = "succeeded", id?: string) => {
  const accepted = Date.now() - ago;
  const at = new Date(accepted).toISOString();
  const run = id ?? runIdOf(integration, `${runTime(accepted)}${String(count++).padStart(8, "0")}`);
  return ledger
    .publish([
      {
        user: null,
        message: {
          type: "run",
          run: {
            ...{ id: run, integration, flow: "f", version: 1, block: "go", trigger: { type: "manual" }, status, tasks },
            ...{ acceptedAt: at, startedAt: at, endedAt: status === "running" ? null : at },
          },
        },
      },
    ])
    .then(() => run);
};
const tasksOf = async (...ids: string[]) => Object.values(await ledger.workOf(ids)).map(({ tasks }) => tasks);

beforeAll(async () => {
  for (let i = 0; i < 5; i++) await tell("int_a", 3 * DAY, 1_000);
  await tell("int_b", DAY, 7);
  await tell("int_a", 0, 3);
});

it("the tasks of an integration are those of all its runs that have ended, each counted once, whenever they are asked for", async () => {
  expect(await tasksOf("int_a", "int_b", "int_none")).toEqual([5_003, 7, 0]);
  const late = await tell("int_b", 2 * DAY, 2, "running");
  expect(await tasksOf("int_b")).toEqual([7]);
  await tell("int_b", 2 * DAY, 20, "failed", late);
  expect(await tasksOf("int_a", "int_b")).toEqual([5_003, 27]);
});

it("runs that are forgotten still count", async () => {
  await runInDurableObject(ledger, (_, { storage }) => storage.sql.exec("DELETE FROM run WHERE accepted < ?", new Date().toISOString()));
  expect(await tasksOf("int_b")).toEqual([27]);
});

it("a ledger of an earlier release counts what its index still knows", async () => {
  const counted = await runInDurableObject(env.LEDGERS.getByName(`count-tasks-old-${Date.now()}`), async (_, { storage }) => {
    const { sql } = storage;
    const insert = (id: string, accepted: number, tasks: number, status = "succeeded") =>
      sql.exec(
        "INSERT INTO run (id, integration, flow, block, status, tasks, accepted, body) VALUES (?, 'int_old', 'f', 'go', ?, ?, ?, '{}')",
        ...[runIdOf("int_old", `${runTime(accepted)}${id}`), status, tasks, new Date(accepted).toISOString()],
      );
    const now = Date.now();
    insert("counted1", now - DAY, 11);
    insert("counted2", now - 2 * DAY, 4);
    insert("waiting1", now - DAY, 100, "running");
    insert("justnow1", now, 2);
    sql.exec(
      "INSERT INTO count_until (one, minute) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET minute = excluded.minute",
      Math.floor(now / 60_000) - 5,
    );
    sql.exec("DROP TABLE count_integration");
    sql.exec("DELETE FROM count_migration WHERE step = (SELECT max(step) FROM count_migration)");
    migrateSqlite(storage, COUNT_STEPS, "count_migration");
    expect(settledMinute(sql)).toBeGreaterThan(0);
    return countTasks(sql, ["int_old"]).get("int_old");
  });
  expect(counted).toBe(17);
});
