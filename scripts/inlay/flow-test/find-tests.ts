import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../../edge-access.ts";

/** Whether `path` names a test file. */
export const isTestFile = (path: string): boolean => /\.test\.(?:ya?ml|json)$/.test(path);

/** The test files that `path` stands for: itself, those of a folder, or that of a flow file. Throws `CommandError` where it can stand for none. */
export function findTests(path: string): string[] {
  if (!existsSync(path)) throw new CommandError(`There is no ${path}.`);
  if (statSync(path).isDirectory())
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith(".") && entry.name !== "node_modules" && !entry.isSymbolicLink())
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inner = join(path, entry.name);
        return entry.isDirectory() ? findTests(inner) : isTestFile(inner) ? [inner] : [];
      });
  if (isTestFile(path)) return [path];
  const stem = /([^/\\]*)\.flow\.(?:ya?ml|json)$/.exec(path)?.[1];
  if (stem === undefined) throw new CommandError(`${path} is neither a flow test (NAME.test.yaml) nor a flow file.`);
  const beside = ["yaml", "yml", "json"].map((ending) => join(dirname(path), `${stem}.test.${ending}`)).filter((one) => existsSync(one));
  if (!beside.length) throw new CommandError(`${path} has no tests: write ${stem}.test.yaml beside it.`);
  return beside;
}
