import { CommandError } from "../edge-access.ts";
import { findTests } from "./flow-test/find-tests.ts";
import { nodeRunCode } from "./flow-test/node-code.ts";
import { type FileResult, testFile } from "./flow-test/test-flows.ts";

/** Runs the flow tests among `paths` (folders are searched through) and prints how they went. True where all passed. */
export async function testFlows(paths: readonly string[], { json, only }: { json: boolean; only?: string | undefined }): Promise<boolean> {
  const files = [...new Set(paths.flatMap(findTests))];
  if (!files.length) throw new CommandError(`There are no flow tests in ${paths.join(", ")}: write NAME.test.yaml beside NAME.flow.yaml.`);
  const began = Date.now();
  const results: FileResult[] = [];
  for (const file of files) {
    const result = await testFile(file, nodeRunCode, only);
    results.push(result);
    if (!json) printResult(result);
  }
  const tests = results.flatMap((result) => result.tests);
  const passed = tests.filter(({ ok }) => ok).length;
  const unread = results.filter(({ faults }) => faults.length).length;
  const failed = tests.length - passed;
  if (only !== undefined && !tests.length && !unread) throw new CommandError(`No test has “${only}” in its name.`);
  if (json) console.log(JSON.stringify({ passed, failed, unread, files: results }, null, 2));
  else {
    const broken = unread ? `, ${unread} ${unread === 1 ? "file" : "files"} cannot be used` : "";
    console.log(`${passed} passed, ${failed} failed${broken}, in ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  }
  return failed === 0 && unread === 0;
}

function printResult({ path, faults, tests }: FileResult): void {
  for (const { file, line, column, message } of faults) console.log(`✗ ${file}:${line}:${column} ${message}`);
  for (const { name, ok, faults: found } of tests) {
    console.log(`${ok ? "✓" : "✗"} ${path} › ${name}`);
    for (const { line, column, path: place, message } of found)
      console.log(`    ${path}:${line}:${column} ${place && `${place}: `}${message}`);
  }
}
