// Rotation of the master key: each workspace's own key is wrapped anew, what it has sealed stays as it is. Keys are replaced one by one,
// by comparison, so that serving goes on, two rotations do not disturb each other, and one that died is gone on with.
import type { Catalogue } from "../db/catalogue.ts";
import { listKeyUse, listWrappedByOthers, replaceWrappedKey } from "../db/workspace-keys.ts";
import type { Env } from "../env.ts";
import { listMasterKeys, rewrapWorkspaceKey } from "../security/seal.ts";
import { ProblemError } from "./problem.ts";

/** Workspaces that one request wraps anew. */
const BATCH = 100;

/** The master keys as they are configured and used. `missing`: workspaces are wrapped by it, and no setting holds it. */
export interface KeyUse {
  newest: string;
  keys: { id: string; setting: string; workspaces: number }[];
  missing: { id: string; workspaces: number; first: string }[];
}

/** Which master keys there are, and how many workspaces need each. */
export async function readKeyUse(env: Env, db: Catalogue): Promise<KeyUse> {
  const known = listMasterKeys(env);
  const used = await listKeyUse(db);
  return {
    newest: known[0]?.id ?? "",
    keys: known.map(({ id, setting }) => ({ id, setting, workspaces: used.find((one) => one.id === id)?.workspaces ?? 0 })),
    missing: used.filter(({ id }) => !known.some((one) => one.id === id)),
  };
}

/**
 * Wraps up to 100 workspaces' keys by the newest master key. `note` learns of each with the ids of both keys. Answers how many were
 * wrapped and are left; refuses with `conflict`, before anything is touched, where a workspace needs a key that is not configured.
 */
export async function rotateKeys(
  env: Env,
  db: Catalogue,
  note: (workspace: string, before: string, after: string) => void,
): Promise<{ newest: string; rewrapped: number; left: number }> {
  const { newest, missing } = await readKeyUse(env, db);
  const [lost] = missing;
  if (lost) {
    const whose = lost.workspaces === 1 ? lost.first : `${lost.workspaces} workspaces, such as ${lost.first}`;
    throw new ProblemError(
      "conflict",
      `INLAY_MASTER_KEY lacks the key “${lost.id}”, which alone opens ${whose}. Put it back, behind the newest; nothing was changed.`,
    );
  }
  let rewrapped = 0;
  for (const { id, dek, keyId } of await listWrappedByOthers(db, newest, BATCH)) {
    if (!(await replaceWrappedKey(db, id, dek, await rewrapWorkspaceKey(env, id, dek)))) continue;
    note(id, keyId, newest);
    rewrapped++;
  }
  const use = await readKeyUse(env, db);
  return { newest, rewrapped, left: use.keys.reduce((sum, key) => sum + (key.id === newest ? 0 : key.workspaces), 0) };
}
