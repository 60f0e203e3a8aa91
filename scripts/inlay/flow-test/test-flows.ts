// Runs the tests of files one after another, and says of each how it went.
import type { FileFault } from "../../../shared/flow/read-file.ts";
import { placeFaults } from "../../../shared/flow/read-file.ts";
import type { FlowTest } from "../../../shared/flow/test-file.ts";
import { CommandError } from "../../edge-access.ts";
import { compareRun } from "./compare.ts";
import { type LoadedTests, loadTests, type PlacedFault } from "./load-tests.ts";
import { type RunCode, runTest, type TestedRun } from "./run-test.ts";

/** One test's end. `run` is absent where it could not begin; `faults` stand at the expectations that were not met. */
export interface TestResult {
  name: string;
  ok: boolean;
  faults: FileFault[];
  run?: TestedRun;
}

/** A test file's end: `faults` keep it from being run at all. */
export interface FileResult {
  path: string;
  flow?: string;
  faults: PlacedFault[];
  tests: TestResult[];
}

/** Runs the tests of the file at `path`, those alone whose name holds `only`. */
export async function testFile(path: string, runCode: RunCode, only = ""): Promise<FileResult> {
  const loaded = loadTests(path);
  if (!loaded.ok) return { path, faults: loaded.faults, tests: [] };
  const tests: TestResult[] = [];
  for (const [index, test] of loaded.tests.file.tests.entries())
    if (test.name.includes(only)) tests.push(await testOne(loaded.tests, test, index, runCode));
  return { path, flow: loaded.tests.flow.key, faults: [], tests };
}

async function testOne(tests: LoadedTests, test: FlowTest, index: number, runCode: RunCode): Promise<TestResult> {
  const above = ["tests", String(index)];
  const place = (faults: { message: string; way?: readonly string[] }[]) =>
    placeFaults(
      tests.text,
      faults.map(({ message, way = [] }) => ({ code: "mismatch", message, path: way.join("."), way: [...above, ...way] })),
    );
  try {
    const run = await runTest(tests, test, runCode);
    const faults = place(await compareRun(test, run));
    return { name: test.name, ok: faults.length === 0, faults, run };
  } catch (error) {
    const message = error instanceof CommandError ? error.message : `the test broke off: ${error instanceof Error ? error.message : error}`;
    return { name: test.name, ok: false, faults: place([{ message }]) };
  }
}
