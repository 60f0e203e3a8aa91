import { findSecrets } from "../../shared/flow/find-secrets.ts";
import { CommandError } from "../edge-access.ts";
import { askUser } from "./ask-user.ts";
import { differs, type Pair, pairUp, readFolder, showPair } from "./compare-folder.ts";
import type { LocalFile } from "./file-folder.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

interface PushOptions {
  yes: boolean;
  publish: boolean;
  note?: string | undefined;
}

/** Stores the files of `paths` in the workspace: apps, then flows as drafts; with `publish` as versions. Shows the difference, and asks. False where the answer is no. */
export async function push(access: WorkspaceAccess, paths: readonly string[], options: PushOptions): Promise<boolean> {
  const files = readFolder(paths);
  refuseSecrets(files);
  const pairs = await pairUp(access, files, false);
  const changed = pairs.filter(differs);
  for (const pair of changed) process.stdout.write(showPair(pair, "workspace"));
  if (!changed.length && !options.publish) {
    console.log("Nothing has changed.");
    return true;
  }
  const what = changed.length === 1 ? "this change" : `these ${changed.length} changes`;
  if (changed.length && !(await askUser(`Push ${what} to ${access.url}?`, options.yes))) return false;
  for (const pair of changed) await store(access, pair);
  if (options.publish) for (const pair of pairs.filter(({ kind }) => kind === "flow")) await publish(access, pair.key, options.note);
  console.log(`${changed.length} pushed`);
  return true;
}

/** Credentials do not belong into files: each is named by its place, none is repeated. */
export function refuseSecrets(files: readonly LocalFile[]): void {
  const found = files.flatMap(({ path, text }) => findSecrets(text).map(({ kind, line, column }) => `${path}:${line}:${column} ${kind}`));
  if (found.length)
    throw new CommandError(
      `${found.join("\n")}\n\nCredentials do not belong into files. Make them secrets of the workspace, or fields of an account.`,
    );
}

async function store(access: WorkspaceAccess, { kind, key, local, remote, etag }: Pair): Promise<void> {
  const body = { text: local?.text ?? "", type: "application/yaml" };
  const ifMatch = kind === "flow" && remote !== undefined ? etag : null;
  const { status } = await access.ask("POST", `/${kind}s`, body, { fine: [412], ifMatch });
  if (status === 412) throw new CommandError(`Somebody else has changed the flow “${key}” meanwhile. Pull, merge, and push again.`);
  console.log(`${remote === undefined ? "new    " : "changed"} ${kind} ${key}`);
}

async function publish(access: WorkspaceAccess, key: string, note: string | undefined): Promise<void> {
  const { draft } = await access.json<{ draft: { changed: boolean } }>(`/flows/${encodeURIComponent(key)}`);
  if (!draft.changed) return;
  const body = { text: JSON.stringify(note === undefined ? {} : { note }), type: "application/json" };
  const { text } = await access.ask("POST", `/flows/${encodeURIComponent(key)}/versions`, body);
  console.log(`published ${key} as version ${(JSON.parse(text) as { version: number }).version}`);
}
