// `npm test`: every kind of test, in Node, workerd and a real browser, which it finds or installs. Last line: `N passed, N failed`.
// Arguments go to vitest: `npm test -- --project node shared/flow`. Without any, a few files that failed are tried once more, with nothing
// beside them; one that passes then counts as passed, and is named as unsteady.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { findOrInstallBrowser } from "./browser.ts";
import { ROOT } from "./settings.ts";

interface Report {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

/** More files than these that fail are no matter of luck. */
const MOST_TRIED_AGAIN = 3;

const work = mkdtempSync(join(tmpdir(), "inlay-test-"));
const vitest = createRequire(import.meta.url)
  .resolve("vitest/package.json")
  .replace(/package\.json$/, "vitest.mjs");
const env = { ...process.env, CHROME_PATH: findOrInstallBrowser(), NODE_NO_WARNINGS: "1", WRANGLER_LOG: "error" };

interface Counts {
  passed: number;
  failed: number;
}

/** What each file came to, by its path. */
const files = new Map<string, Counts>();
/** Runs that failed without a failed test. */
let faults = 0;

/** Runs vitest with `args`, counts, and tells which files failed. A run without a report, or that failed without a failed test, is a fault. */
async function runTests(args: string[], output: string): Promise<string[]> {
  const child = spawn(process.execPath, [vitest, "run", "--reporter=dot", "--reporter=json", `--outputFile=${output}`, ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env,
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  const code = await new Promise<number>((resolve) => child.on("exit", (status) => resolve(status ?? 1)));
  const failed = existsSync(output) ? countTests(JSON.parse(readFileSync(output, "utf8")) as Report) : [];
  if (code !== 0 && !failed.length) faults++;
  return failed;
}

/** A file that does not load counts as one failed test: nothing that failed may look like nothing. */
function countTests({ testResults }: Report): string[] {
  for (const { name, status, assertionResults } of testResults) {
    const count = (wanted: string) => assertionResults.filter((one) => one.status === wanted).length;
    files.set(name, { passed: count("passed"), failed: count("failed") || (status === "failed" ? 1 : 0) });
  }
  return testResults.filter(({ name }) => files.get(name)?.failed).map(({ name }) => name);
}

// Journeys start the whole product and watch the clock as a person would: no other test is in their way.
const own = process.argv.slice(2);
const passes = own.length
  ? [own]
  : [
      ["--project", "!journeys"],
      ["--project", "journeys"],
    ];
const failed: string[] = [];
for (const [index, args] of passes.entries()) failed.push(...(await runTests(args, join(work, `report-${index}.json`))));
if (!own.length && failed.length > 0 && failed.length <= MOST_TRIED_AGAIN) {
  const names = failed.map((file) => relative(ROOT, file));
  console.log(`\nOnce more, with nothing beside: ${names.join(", ")}`);
  const still = await runTests(["--maxWorkers=1", ...names], join(work, "report-again.json"));
  for (const [index, file] of failed.entries())
    if (!still.includes(file)) console.log(`Unsteady: ${names[index]} failed, and passed when tried again`);
}
rmSync(work, { recursive: true, force: true });
const sum = (what: keyof Counts) => [...files.values()].reduce((all, counts) => all + counts[what], 0);
const [passed, broken] = [sum("passed"), sum("failed") + faults];
console.log(`${passed} passed, ${broken} failed`);
process.exit(broken > 0 || passed === 0 ? 1 : 0);
