// Brings a finished build to the folder that is being served: no reader finds a file missing or half written, whatever the moment.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface BuiltFile {
  name: string;
  bytes: Buffer;
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(folder, name)).isFile())
    : [];

/**
 * Puts the files of `built` into `served`, each whole at once. What was there before stays, for pages that have its script; `forgets`
 * removes it: nobody is served yet. `areSeen` is told of the new chunks before anything names them, and may call off the rest.
 */
export async function publishBuild(
  built: string,
  served: string,
  { forgets = false, areSeen = async () => true }: { forgets?: boolean; areSeen?: (chunks: string[]) => Promise<boolean> } = {},
): Promise<void> {
  const aside = `${served}.next`;
  const put = ({ name, bytes }: BuiltFile) => {
    const to = join(served, name);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(aside, bytes);
    renameSync(aside, to);
  };
  const names = filesIn(built);
  const changed = names
    .map((name): BuiltFile => ({ name, bytes: readFileSync(join(built, name)) }))
    .filter(({ name, bytes }) => !existsSync(join(served, name)) || !readFileSync(join(served, name)).equals(bytes));
  const chunks = changed.filter(({ name }) => name.startsWith("chunks"));
  chunks.forEach(put);
  if (!(await areSeen(chunks.map(({ name }) => name)))) return;
  changed.filter((file) => !chunks.includes(file)).forEach(put);
  if (forgets) for (const name of filesIn(served)) if (!names.includes(name)) rmSync(join(served, name));
}
