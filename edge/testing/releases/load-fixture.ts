// Brings the databases of an earlier release back, as if its last process had just ended two to three hours ago.
import { applyD1Migrations, evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Fixture, FixtureObject } from "./fixture.ts";

const HOUR = 3_600_000;
/** ms since epoch in rows and JSON: 2023 to 2033. */
const TIMES = /(?<![\w.-])(?:1[7-9]\d{11})(?![\w.])/g;
const ISO_TIMES = /20[23]\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z/g;

/** How far a fixture is moved so that it was written two to three hours ago (ms): whole hours, so that rhythms keep their beat. */
export const shiftOf = ({ at }: Fixture, now: number) => Math.floor((now - at - 2 * HOUR) / HOUR) * HOUR;

/** `text` with every time in it moved by `shift` ms. */
export const moveTimes = (text: string, shift: number) =>
  text
    .replace(TIMES, (time) => String(Number(time) + shift))
    .replace(ISO_TIMES, (time) => new Date(Date.parse(time) + shift).toISOString());

/** Empties everything, makes the catalogue the one in `sql`, then brings it to this release's schema. */
export async function loadCatalogue(sql: string): Promise<void> {
  await reset();
  await env.DB.batch(["PRAGMA defer_foreign_keys = on", ...linesOf(sql)].map((line) => env.DB.prepare(line)));
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
}

/** Fills the object's database with `sql` and takes the object out of memory: its next life finds what the earlier release left. */
export async function loadObject({ kind, name, alarm }: FixtureObject, sql: string, shift: number): Promise<void> {
  const stub: DurableObjectStub = env[kind].getByName(name);
  await runInDurableObject(stub, async (_, { storage }) => {
    await storage.deleteAll();
    for (const line of linesOf(sql)) storage.sql.exec(line);
    if (alarm !== null) await storage.setAlarm(alarm + shift);
  });
  await evictDurableObject(stub);
}

const linesOf = (sql: string) => sql.split("\n").filter((line) => line !== "");
