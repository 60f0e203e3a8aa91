// `npm test`: every kind of test, in Node, workerd and a real browser, which it finds or installs. Last line: `N passed, N failed`.
// Arguments go to vitest: `npm test -- --project node shared/flow`.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrInstallBrowser } from "./browser.ts";
import { ROOT } from "./settings.ts";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

const work = mkdtempSync(join(tmpdir(), "inlay-test-"));
const vitest = createRequire(import.meta.url)
  .resolve("vitest/package.json")
  .replace(/package\.json$/, "vitest.mjs");
const env = { ...process.env, CHROME_PATH: findOrInstallBrowser(), NODE_NO_WARNINGS: "1", WRANGLER_LOG: "error" };

interface Counts {
  passed: number;
  failed: number;
}

/** Runs vitest with `args` and counts. A run without a report, or that failed without a failed test, counts as one failure. */
async function runTests(args: string[], output: string): Promise<Counts> {
  const child = spawn(process.execPath, [vitest, "run", "--reporter=dot", "--reporter=json", `--outputFile=${output}`, ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env,
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  const code = await new Promise<number>((resolve) => child.on("exit", (status) => resolve(status ?? 1)));
  const counts = existsSync(output) ? countTests(JSON.parse(readFileSync(output, "utf8")) as Report) : { passed: 0, failed: 1 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** A file that does not load counts as one failed test: nothing that failed may look like nothing. */
function countTests({ testResults, numPassedTests, numFailedTests }: Report): Counts {
  const broken = testResults.filter((file) => file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"));
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

// Journeys start the whole product and watch the clock as a person would: no other test is in their way.
const own = process.argv.slice(2);
const passes = own.length
  ? [own]
  : [
      ["--project", "!journeys"],
      ["--project", "journeys"],
    ];
const total: Counts = { passed: 0, failed: 0 };
for (const [index, args] of passes.entries()) {
  const { passed, failed } = await runTests(args, join(work, `report-${index}.json`));
  total.passed += passed;
  total.failed += failed;
}
rmSync(work, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
