import { statSync } from "node:fs";
import { checkApp } from "../edge/engine/check-app.ts";
import { checkFlow } from "../edge/engine/check-flow.ts";
import type { AppFile } from "../shared/flow/app-file.ts";
import { findSecrets } from "../shared/flow/find-secrets.ts";
import { type FileFault, placeFaults } from "../shared/flow/read-file.ts";
import { knownApps } from "./inlay/catalogue-apps.ts";
import { findFiles, type LocalFile, readLocal } from "./inlay/file-folder.ts";
import { findTests, isTestFile } from "./inlay/flow-test/find-tests.ts";
import { loadTests, type PlacedFault } from "./inlay/flow-test/load-tests.ts";

/** Checks flow, app and test files, and those of folders, printing each fault as `FILE:LINE:COLUMN message`, or all as JSON. True when there is none. */
export function validateFiles(paths: readonly string[], json = false): boolean {
  const files = findFiles(paths.filter((path) => !isTestFile(path))).map(readLocal);
  const tests = paths.filter((path) => isTestFile(path) || (files.length > 0 && statSync(path).isDirectory())).flatMap(findTests);
  const apps = knownApps(files.flatMap(({ app }) => app ?? []));
  const faults: PlacedFault[] = [
    ...files.flatMap((file) =>
      [...(file.faults.length ? file.faults : deepFaults(file, apps)), ...secretsOf(file)].map((fault) => ({ ...fault, file: file.path })),
    ),
    ...tests.flatMap((path) => {
      const loaded = loadTests(path);
      return loaded.ok ? [] : loaded.faults.filter(({ file }) => file === path);
    }),
  ];
  if (json) console.log(JSON.stringify({ files: files.length + tests.length, faults }, null, 2));
  else printFaults(faults, files.length + tests.length);
  return faults.length === 0;
}

function printFaults(faults: readonly PlacedFault[], files: number): void {
  for (const { file, line, column, path, message } of faults) console.log(`${file}:${line}:${column} ${path ? `${path}: ` : ""}${message}`);
  console.log(
    faults.length ? `${faults.length} fault${faults.length === 1 ? "" : "s"}` : `${files} file${files === 1 ? "" : "s"} in order`,
  );
}

const secretsOf = ({ text }: LocalFile): FileFault[] =>
  findSecrets(text).map(({ kind, line, column }) => {
    return {
      code: "secret",
      message: `this looks like ${kind}; make it a secret of the workspace, or a field of an account`,
      path: "",
      line,
      column,
    };
  });

/** What a file names must be there. Of a flow whose app is unknown here, only what can be told without it. */
function deepFaults({ app, flow, text }: LocalFile, apps: Record<string, AppFile>): FileFault[] {
  if (app) return placeFaults(text, checkApp(app));
  if (!flow) return [];
  return placeFaults(
    text,
    checkFlow(flow, apps).filter(({ code }) => code !== "unknown_app"),
  );
}
