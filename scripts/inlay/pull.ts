import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { askUser } from "./ask-user.ts";
import { differs, pairUp, readFolder, showPair } from "./compare-folder.ts";
import { freePath } from "./free-path.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

interface PullOptions {
  yes: boolean;
  only: readonly string[];
  json?: boolean;
}

/** Writes the workspace's flows (their drafts) and apps into `folder`, byte for byte. Shows what would be overwritten, and asks. False where the answer is no. */
export async function pull(access: WorkspaceAccess, folder: string, options: PullOptions): Promise<boolean> {
  mkdirSync(folder, { recursive: true });
  const pairs = await pairUp(access, readFolder([folder]), true);
  const wanted = pairs.filter(
    (pair) => pair.remote !== undefined && differs(pair) && (!options.only.length || options.only.includes(pair.key)),
  );
  const overwritten = wanted.filter(({ local }) => local);
  if (!options.json) for (const pair of overwritten) process.stdout.write(showPair(pair, "folder"));
  if (overwritten.length && !(await askUser(`Overwrite ${overwritten.length} of your files?`, options.yes))) return false;
  const taken = new Set(pairs.flatMap(({ local }) => (local ? [local.path.toLowerCase()] : [])));
  const written: { path: string; kind: string; key: string; isNew: boolean }[] = [];
  for (const { kind, key, local, remote } of wanted) {
    const path = local?.path ?? freePath(folder, key, kind, taken);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, remote ?? "");
    written.push({ path, kind, key, isNew: local === undefined });
    if (!options.json) console.log(`${local ? "changed" : "new    "} ${path}`);
  }
  if (options.json) console.log(JSON.stringify(written, null, 2));
  else console.log(wanted.length ? `${wanted.length} written` : "Nothing has changed.");
  return true;
}
