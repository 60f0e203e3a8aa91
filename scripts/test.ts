// `npm test`: every kind of test, in Node, workerd and a real browser, which it finds or installs. Last line: `N passed, N failed`.
// Arguments go to vitest: `npm test -- --project node shared/flow`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrInstallBrowser } from "./browser.ts";
import { ROOT } from "./settings.ts";

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  success: boolean;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

const work = mkdtempSync(join(tmpdir(), "inlay-test-"));
const output = join(work, "report.json");
const vitest = createRequire(import.meta.url)
  .resolve("vitest/package.json")
  .replace(/package\.json$/, "vitest.mjs");

/** Runs vitest and answers its exit code. */
function runVitest(): Promise<number> {
  const args = [vitest, "run", "--reporter=dot", "--reporter=json", `--outputFile=${output}`, ...process.argv.slice(2)];
  const env = { ...process.env, CHROME_PATH: findOrInstallBrowser(), NODE_NO_WARNINGS: "1", WRANGLER_LOG: "error" };
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}

/** A file that does not load counts as one failed test: nothing that failed may look like nothing. */
function countTests(): { passed: number; failed: number } {
  const report = JSON.parse(readFileSync(output, "utf8")) as Report;
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

const code = await runVitest();
let counts = { passed: 0, failed: 1 };
try {
  counts = countTests();
} catch {
  console.error("The tests left no report: the lines above say why.");
}
rmSync(work, { recursive: true, force: true });
const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
console.log(`${counts.passed} passed, ${failed} failed`);
process.exit(failed > 0 || counts.passed === 0 ? 1 : 0);
