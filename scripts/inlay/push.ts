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
  json?: boolean;
}

/** Stores the files of `paths` in the workspace: apps, then flows as drafts; with `publish` as versions. Shows the difference, and asks. False where the answer is no. */
export async function push(access: WorkspaceAccess, paths: readonly string[], options: PushOptions): Promise<boolean> {
  const files = readFolder(paths);
  refuseSecrets(files);
  const pairs = await pairUp(access, files, false);
  const changed = pairs.filter(differs);
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  if (!options.json) for (const pair of changed) process.stdout.write(showPair(pair, "workspace"));
  if (!changed.length && !options.publish) say("Nothing has changed.");
  const what = changed.length === 1 ? "this change" : `these ${changed.length} changes`;
  if (changed.length && !(await askUser(`Push ${what} to ${access.called}?`, options.yes))) return false;
  for (const pair of changed) {
    await store(access, pair);
    say(`${pair.remote === undefined ? "new    " : "changed"} ${pair.kind} ${pair.key}`);
  }
  const published: { flow: string; version: number }[] = [];
  for (const { key } of options.publish ? pairs.filter(({ kind }) => kind === "flow") : []) {
    const version = await publish(access, key, options.note);
    if (version === undefined) continue;
    published.push({ flow: key, version });
    say(`published ${key} as version ${version}`);
  }
  const pushed = changed.map(({ kind, key, remote }) => ({ kind, key, isNew: remote === undefined }));
  if (options.json) console.log(JSON.stringify({ pushed, published }, null, 2));
  else if (changed.length || options.publish) say(`${changed.length} pushed`);
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
}

/** The version that the draft has become; undefined where it has not changed since the last one. */
async function publish(access: WorkspaceAccess, key: string, note: string | undefined): Promise<number | undefined> {
  const { draft } = await access.json<{ draft: { changed: boolean } }>(`/flows/${encodeURIComponent(key)}`);
  if (!draft.changed) return undefined;
  const body = { text: JSON.stringify(note === undefined ? {} : { note }), type: "application/json" };
  const { text } = await access.ask("POST", `/flows/${encodeURIComponent(key)}/versions`, body);
  return (JSON.parse(text) as { version: number }).version;
}
