import { differs, type Pair, pairUp, readFolder, showPair } from "./compare-folder.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

/** Prints what the folder has and the workspace has not, and the other way round. True where they are the same. */
export async function diff(access: WorkspaceAccess, paths: readonly string[], json = false): Promise<boolean> {
  const pairs = await pairUp(access, readFolder(paths), true);
  const changed = pairs.filter(differs);
  if (json) {
    const where = ({ local, remote }: Pair) => (local === undefined ? "workspace" : remote === undefined ? "folder" : "both");
    const differences = changed.map((pair) => ({ kind: pair.kind, key: pair.key, in: where(pair), path: pair.local?.path }));
    console.log(JSON.stringify(differences, null, 2));
    return changed.length === 0;
  }
  for (const pair of changed)
    if (pair.local === undefined) console.log(`Only in the workspace: ${pair.kind} ${pair.key}`);
    else process.stdout.write(showPair(pair, "workspace"));
  return changed.length === 0;
}
