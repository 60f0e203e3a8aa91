import { CATALOGUE_APPS } from "../edge/catalogue/files.ts";
import { checkApp } from "../edge/engine/check-app.ts";
import { checkFlow } from "../edge/engine/check-flow.ts";
import { AppFile } from "../shared/flow/app-file.ts";
import { findSecrets } from "../shared/flow/find-secrets.ts";
import { type FileFault, placeFaults, readFile } from "../shared/flow/read-file.ts";
import { findFiles, type LocalFile, readLocal } from "./inlay/file-folder.ts";

/** Checks flow and app files, and those of folders, printing each fault as `FILE:LINE:COLUMN message`. True when there is none. */
export function validateFiles(paths: string[]): boolean {
  const files = findFiles(paths).map(readLocal);
  const apps = knownApps(files);
  let faults = 0;
  for (const file of files) {
    const found = [...(file.faults.length ? file.faults : deepFaults(file, apps)), ...secretsOf(file)];
    for (const { line, column, path, message } of found) console.log(`${file.path}:${line}:${column} ${path ? `${path}: ` : ""}${message}`);
    faults += found.length;
  }
  console.log(faults ? `${faults} fault${faults === 1 ? "" : "s"}` : `${files.length} file${files.length === 1 ? "" : "s"} in order`);
  return faults === 0;
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

/** Apps by key: those among the files, else those that come with the product. */
function knownApps(files: readonly LocalFile[]): Record<string, AppFile> {
  const ours = CATALOGUE_APPS.flatMap((source) => {
    const result = readFile(source, AppFile);
    return result.ok ? [result.value] : [];
  });
  const given = files.flatMap(({ app }) => (app ? [app] : []));
  return Object.fromEntries([...ours, ...given].map((app) => [app.key, app]));
}

/** What a file names must be there. Of a flow whose app is unknown here, only what can be told without it. */
function deepFaults({ app, flow, text }: LocalFile, apps: Record<string, AppFile>): FileFault[] {
  if (app) return placeFaults(text, checkApp(app));
  if (!flow) return [];
  return placeFaults(
    text,
    checkFlow(flow, apps).filter(({ code }) => code !== "unknown_app"),
  );
}
