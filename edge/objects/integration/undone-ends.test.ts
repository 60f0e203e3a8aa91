// Storage that refuses what ends a run, and takes it later: what was done is not done again. The store itself raises the error.
import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { configured, ended, fakeOutside, makeConfig } from "../../testing/integration-config.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const send = (key: string) => `{ key: ${key}, http: { method: POST, url: "https://target.test/${key}", body: { n: 1 } } }`;
const SEND = send("send");
const KEEP = "{ key: keep, set: { n: 1 } }";
const FULL = "database or disk is full: SQLITE_FULL";
const refuse = (name: string, when: string) => `CREATE TRIGGER ${name} ${when} BEGIN SELECT RAISE(ABORT, '${FULL}'); END`;
const ENDS = refuse("no_ends", "BEFORE UPDATE OF status ON run WHEN NEW.status = 'succeeded'");
const STATE = refuse("no_state", "BEFORE INSERT ON state");
const ENTRIES = refuse("no_entries", "BEFORE INSERT ON journal");
const ROWS = refuse("no_rows", "BEFORE UPDATE ON run");

/** What is refused, the steps, how often `send` calls. */
const CASES: [refused: string, steps: string, calls: number, refusals: string[]][] = [
  ["its end, together with what it set", `[${SEND}, ${KEEP}]`, 1, [ENDS]],
  ["what it set", `[${SEND}, ${KEEP}]`, 1, [STATE]],
  ["its end", `[${SEND}]`, 1, [ENDS]],
  ["its end and its entry", `[${SEND}]`, 1, [ROWS, ENTRIES]],
  ["its end, its entry and what it set", `[${SEND}, ${KEEP}]`, 1, [ROWS, ENTRIES]],
  ["an entry before the next effect", `[${SEND}, ${send("again")}]`, 1, [ENTRIES]],
  ["entries of turns side by side", `[{ key: each, for: [1, 2, 3], concurrency: 3, do: [${SEND}] }, ${KEEP}]`, 3, [ENTRIES]],
];

async function runOnce([, steps, , refusals]: (typeof CASES)[number], countCalls: (object: string) => number): Promise<string> {
  const config = makeConfig(`blocks:\n  - { key: go, name: Go, trigger: { manual: {} }, concurrency: 16, steps: ${steps} }`);
  const { object } = await configured(config);
  const exec = (statements: string[]) =>
    runInDurableObject(object, (_, { storage }) => {
      for (const statement of statements) storage.sql.exec(statement);
    });
  await exec(refusals);
  const accepted = await object.runNow("go", {});
  if (!accepted.ok) throw new Error(accepted.message);
  // Long enough for the refusal, too short for the next drive.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const early = countCalls(accepted.run);
  await exec(refusals.map((statement) => `DROP TRIGGER ${statement.split(" ")[2]}`));
  const { status } = await ended(object, accepted.run);
  return `${status}: ${early} ${countCalls(accepted.run)}`;
}

test("what a run has done is not done again where storage refuses what was to be kept of it, and takes it later", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const calls = fakeOutside(() => ({ body: { ok: true } }));
  const countCalls = (run: string) =>
    calls.filter(({ url, headers }) => url.endsWith("/send") && headers["idempotency-key"]?.startsWith(run)).length;
  const found = await Promise.all(CASES.map((one) => runOnce(one, countCalls)));
  const shown = CASES.map(([refused], index) => `${refused}: ${found[index]}`);
  expect(shown).toEqual(CASES.map(([refused, , times]) => `${refused}: succeeded: ${times} ${times}`));
}, 40_000);
