import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { migrateSqlite } from "./migrate-sqlite.ts";

const FIRST = ["CREATE TABLE thing (id INTEGER PRIMARY KEY)", "INSERT INTO thing VALUES (1)"];
const LATER = [...FIRST, "ALTER TABLE thing ADD COLUMN name TEXT; UPDATE thing SET name = 'one'", "INSERT INTO thing VALUES (2, 'two')"];

/** Does `work` with an object's storage, where these steps have a table of their own. */
const inStorage = (name: string, work: (storage: DurableObjectStorage, things: () => unknown[]) => void) =>
  runInDurableObject(env.LEDGERS.getByName(`migrate-${name}`), (_, { storage }) =>
    work(storage, () => storage.sql.exec("SELECT * FROM thing ORDER BY id").toArray()),
  );

test("each step is done once, however often an object starts and whatever is added", () =>
  inStorage("once", (storage, things) => {
    for (const steps of [FIRST, FIRST, LATER, LATER]) migrateSqlite(storage, steps, "steps_of_test");
    expect(things()).toEqual([
      { id: 1, name: "one" },
      { id: 2, name: "two" },
    ]);
  }));

test("X05 what breaks off in the middle leaves the schema as it was, and is done whole by the next start", () =>
  inStorage("broken", (storage, things) => {
    migrateSqlite(storage, FIRST, "steps_of_test");
    const broken = [...LATER.slice(0, 3), "INSERT INTO nowhere VALUES (1)"];
    expect(() => migrateSqlite(storage, broken, "steps_of_test")).toThrow(/nowhere/);
    expect(things()).toEqual([{ id: 1 }]);
    migrateSqlite(storage, LATER, "steps_of_test");
    expect(things()).toEqual([
      { id: 1, name: "one" },
      { id: 2, name: "two" },
    ]);
  }));
