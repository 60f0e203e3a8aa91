import { lstatSync } from "node:fs";
import { join } from "node:path";
import { Key } from "../../shared/flow/key.ts";
import { CommandError } from "../edge-access.ts";

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * A path in `folder` for the file of `key` where none is yet, also none that differs by case alone, since many disks tell no cases apart,
 * and no link. `taken` holds paths in small letters, and gets this one. Throws `CommandError` for a key that could lead elsewhere.
 */
export function freePath(folder: string, key: string, kind: "flow" | "app", taken: Set<string>): string {
  if (!Key.safeParse(key).success)
    throw new CommandError(`The workspace names a ${kind} “${key.slice(0, 80)}”, which is no key: nothing was written for it.`);
  for (let count = 1; ; count++) {
    const path = join(folder, `${key}${count > 1 ? `.${count}` : ""}.${kind}.yaml`);
    if (taken.has(path.toLowerCase()) || isThere(path)) continue;
    taken.add(path.toLowerCase());
    return path;
  }
}
