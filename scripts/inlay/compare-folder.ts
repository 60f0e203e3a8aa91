// What a folder of files and a workspace differ in, byte for byte.
import { unifiedDiff } from "../../shared/flow/diff-lines.ts";
import { CommandError } from "../edge-access.ts";
import { findFiles, keyOf, type LocalFile, readLocal } from "./file-folder.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

/** A flow or app that the workspace, the folder or both have; the side that does not is undefined. */
export interface Pair {
  kind: "flow" | "app";
  key: string;
  local?: LocalFile;
  remote?: string;
  /** Of the flow's draft. */
  etag: string | null;
}

interface Listed {
  items: { key: string }[];
  nextCursor: string | null;
}

/** Keys of the workspace's flows or apps. */
export async function listKeys(access: WorkspaceAccess, kind: "flow" | "app"): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Listed = await access.json(kind === "flow" ? `/flows?limit=500${next}` : "/apps");
    keys.push(...page.items.map(({ key }) => key));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return keys;
}

/** Reads the folder's files; every fault is told, and stops the command. */
export function readFolder(paths: readonly string[]): LocalFile[] {
  const files = findFiles(paths).map(readLocal);
  const faults = files.flatMap((file) =>
    file.faults.map((fault) => `${file.path}:${fault.line}:${fault.column} ${fault.path ? `${fault.path}: ` : ""}${fault.message}`),
  );
  if (faults.length) throw new CommandError(`${faults.join("\n")}\n\nMend these first.`);
  const seen = new Map<string, string>();
  for (const file of files) {
    const name = `${file.kind} ${keyOf(file)}`;
    const other = seen.get(name);
    if (other !== undefined) throw new CommandError(`${file.path} and ${other} have one key, ${keyOf(file)}.`);
    seen.set(name, file.path);
  }
  return files;
}

/** The texts of both sides for the folder's files; with `all`, also for what the workspace alone has. Apps come first. */
export async function pairUp(access: WorkspaceAccess, files: readonly LocalFile[], all: boolean): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const kind of ["app", "flow"] as const) {
    const locals = new Map(files.filter((file) => file.kind === kind).map((file) => [keyOf(file) ?? "", file]));
    const keys = new Set([...locals.keys(), ...(all ? await listKeys(access, kind) : [])]);
    for (const key of [...keys].sort()) {
      const answer = await access.ask("GET", `/${kind}s/${encodeURIComponent(key)}/file`, undefined, { fine: [404] });
      const local = locals.get(key);
      pairs.push({
        ...{ kind, key, etag: answer.etag },
        ...(local ? { local } : {}),
        ...(answer.status === 404 ? {} : { remote: answer.text }),
      });
    }
  }
  return pairs;
}

export const differs = ({ local, remote }: Pair): boolean => local?.text !== remote;

/** What would change, as a unified diff. `to` is the side that would be written. */
export function showPair({ kind, key, local, remote = "" }: Pair, to: "workspace" | "folder"): string {
  const names = { workspace: `workspace/${kind} ${key}`, folder: local?.path ?? `${key}.${kind}.yaml` };
  const text = local?.text ?? "";
  return to === "workspace"
    ? unifiedDiff(remote, text, { before: names.workspace, after: names.folder })
    : unifiedDiff(text, remote, { before: names.folder, after: names.workspace });
}
