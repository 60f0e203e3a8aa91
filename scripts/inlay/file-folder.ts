// A folder of flow and app files, as it lies in git. A file belongs to what its key names, whatever the file is called.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { type FileFault, readFile } from "../../shared/flow/read-file.ts";
import { CommandError } from "../edge-access.ts";

export interface LocalFile {
  path: string;
  kind: "flow" | "app";
  text: string;
  /** Undefined where the file has a fault. */
  flow?: FlowFile;
  app?: AppFile;
  faults: FileFault[];
}

const NAME = /\.(flow|app)\.(?:ya?ml|json)$/;

/** The flow and app files among `paths`; folders are searched through, without node_modules and hidden ones. */
export function findFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!existsSync(path)) throw new CommandError(`There is no ${path}.`);
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith(".") && entry.name !== "node_modules" && !entry.isSymbolicLink())
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inner = join(path, entry.name);
        return entry.isDirectory() ? findFiles([inner]) : NAME.test(entry.name) ? [inner] : [];
      });
  });
}

/** Reads a file; what it is tells its name. */
export function readLocal(path: string): LocalFile {
  const text = readFileSync(path, "utf8");
  if (NAME.exec(path)?.[1] === "app") {
    const result = readFile(text, AppFile);
    return { path, kind: "app", text, ...(result.ok ? { app: result.value, faults: [] } : { faults: result.faults }) };
  }
  const result = readFile(text, FlowFile);
  return { path, kind: "flow", text, ...(result.ok ? { flow: result.value, faults: [] } : { faults: result.faults }) };
}

/** The key that the file is about. */
export const keyOf = ({ flow, app }: LocalFile): string | undefined => flow?.key ?? app?.key;
