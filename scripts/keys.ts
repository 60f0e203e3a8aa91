// `inlay keys master`: the master keys that wrap every workspace's own key. Rotation is done by the edge, while it serves; this asks it to.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { CommandError, type EdgeAccess, openEdge } from "./edge-access.ts";
import { type LocalSecrets, makeMasterKey } from "./secrets.ts";
import { paths } from "./settings.ts";

interface KeyUse {
  newest: string;
  keys: { id: string; setting: string; workspaces: number }[];
  missing: { id: string; workspaces: number; first: string }[];
}
/** How often in a row the edge has to know the newest key: a deployment does not go out everywhere at once. */
const SURE = 5;
const PAUSE = 500;
const PATIENCE = 30_000;

const readUse = (edge: EdgeAccess) => edge.ask<KeyUse>("GET", "/v1/workspaces/keys");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Prints which keys there are, and how many workspaces need each. */
export async function showKeys(url?: string, json = false): Promise<void> {
  const use = await readUse(openEdge(url));
  const { keys, missing } = use;
  if (json) {
    console.log(JSON.stringify(use, null, 2));
    return;
  }
  for (const [index, { id, setting, workspaces }] of keys.entries())
    console.log(`${id.padEnd(14)} ${setting.padEnd(22)} ${workspaces} workspaces${index === 0 ? ", newest" : ""}`);
  for (const { id, workspaces, first } of missing)
    console.log(`${id.padEnd(14)} ${"MISSING".padEnd(22)} ${workspaces} workspaces, such as ${first}`);
}

/** Prints a fresh master key, for a secret of the deployment. */
export const printKey = (): void => console.log(makeMasterKey());

/** Wraps every workspace's key by the newest master key; locally makes that first. Throws `CommandError` with what to do where it cannot. */
export async function rotateMasterKey(url?: string): Promise<void> {
  const edge = openEdge(url);
  const before = await readUse(edge);
  const [lost] = before.missing;
  if (lost)
    throw new CommandError(
      `The key ${lost.id} is in no setting, and ${lost.workspaces} workspaces need it (${lost.first}). Put it back first: nothing was changed.`,
    );
  const isDone = before.keys.every(({ id, workspaces }) => id === before.newest || workspaces === 0);
  const newest = isDone ? await bringInNewKey(edge, before) : before.newest;
  for (let sure = 0; sure < SURE; sure++) {
    if ((await readUse(edge)).newest !== newest)
      throw new CommandError("Not all of the deployment knows the new key yet. Run this again in a minute.");
    await pause(PAUSE / SURE);
  }
  let total = 0;
  for (let left = 1; left > 0; ) {
    const step = await edge.ask<{ rewrapped: number; left: number }>("POST", "/v1/workspaces/keys/rotate");
    total += step.rewrapped;
    left = step.left;
    if (left) console.log(`${total} workspaces done, ${left} to go`);
  }
  const unused = (await readUse(edge)).keys.filter(({ id }) => id !== newest);
  console.log(`All workspaces are wrapped by ${newest}: ${total} done now.`);
  if (edge.isLocal) return dropOldKeys(newest);
  for (const { id, setting } of unused)
    console.log(
      `No workspace needs ${id}. Where ${setting} holds nothing else: npx wrangler secret delete ${setting}. Backups made before today still need it: keep it safe.`,
    );
}

/** Where the newest key wraps everything already, there has to be a newer one. */
async function bringInNewKey(edge: EdgeAccess, { keys, newest }: KeyUse): Promise<string> {
  const numbers = keys.map(({ setting }) => Number(/_(\d+)$/.exec(setting)?.[1] ?? 1));
  const next = `INLAY_MASTER_KEY_${Math.max(...numbers) + 1}`;
  if (!edge.isLocal)
    throw new CommandError(
      `${newest} wraps every workspace already. Give the deployment a newer key, then run this again:\n  npx inlay keys make | npx wrangler secret put ${next}`,
    );
  const secrets = readSecrets();
  // One that an earlier try has brought in is waited for, and no further one is made.
  const isWaiting = idOf(secrets.masterKey) !== newest;
  const key = isWaiting ? secrets.masterKey : `${makeMasterKey()},${secrets.masterKey}`;
  const id = idOf(key);
  if (!isWaiting) writeSecrets({ ...secrets, masterKey: key });
  const until = Date.now() + PATIENCE;
  while ((await readUse(edge).catch(() => undefined))?.newest !== id) {
    if (Date.now() > until)
      throw new CommandError(
        `The new key ${id} is in ${paths.edgeEnv}, and the edge has not read it. Start Inlay again, then run this again.`,
      );
    await pause(PAUSE);
  }
  return id;
}

/** The id of the first of these keys, which is the newest. */
const idOf = (keys: string) => keys.split(":", 1)[0] ?? "";

/** The older keys go from the state folder; a running edge keeps them until it is started again. */
function dropOldKeys(newest: string): void {
  const secrets = readSecrets();
  const kept = secrets.masterKey.split(",").filter((key) => key.startsWith(`${newest}:`));
  if (kept.length !== 1) throw new CommandError(`${paths.secrets} does not hold the key ${newest}: nothing was removed from it.`);
  writeSecrets({ ...secrets, masterKey: kept.join() });
  console.log("The older keys were removed from the state folder. Copies of it that were made before still need them.");
}

const readSecrets = () => JSON.parse(readFileSync(paths.secrets, "utf8")) as LocalSecrets;

/** Replaces both files that hold the keys, each at once: a key that half a file has lost could not be had again. */
function writeSecrets(secrets: LocalSecrets): void {
  replaceFile(paths.secrets, JSON.stringify(secrets, null, 2));
  const text = readFileSync(paths.edgeEnv, "utf8");
  replaceFile(
    paths.edgeEnv,
    text.replace(/^INLAY_MASTER_KEY=.*$/m, () => `INLAY_MASTER_KEY=${secrets.masterKey}`),
  );
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
