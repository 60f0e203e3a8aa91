import type { Folder, Home } from "../../../shared/api/workspace-flow.ts";
import type { FlowRow } from "../flows/flow-api.ts";

/** Flows under one heading of Home. `id` is a folder's, `pinned` or `standalone`. */
export interface Shelf {
  id: string;
  name: string;
  flows: FlowRow[];
}

/** Flows as the member has arranged them: pinned ones first, then by folder; in each, those with a place of their own before the rest by name. */
export function arrangeFlows(
  flows: readonly FlowRow[],
  folders: readonly Folder[],
  { order, pins }: Pick<Home, "order" | "pins">,
  names: { pinned: string; standalone: string },
): Shelf[] {
  const place = new Map(order.map((key, index) => [key, index]));
  const placeOf = ({ key }: FlowRow) => place.get(key) ?? Number.POSITIVE_INFINITY;
  const sorted = [...flows].sort((a, b) => {
    const [left, right] = [placeOf(a), placeOf(b)];
    return left === right ? a.name.localeCompare(b.name) : left - right;
  });
  const pinned = sorted.filter(({ key }) => pins.includes(key));
  const rest = sorted.filter(({ key }) => !pins.includes(key));
  const shelves = folders
    .filter(({ id }) => id !== "standalone")
    .map(({ id, name }): Shelf => ({ id, name, flows: rest.filter(({ folder }) => folder === id) }));
  const known = new Set(shelves.map(({ id }) => id));
  const standalone: Shelf = {
    id: "standalone",
    name: names.standalone,
    flows: rest.filter(({ folder }) => folder === null || !known.has(folder)),
  };
  return [...(pinned.length ? [{ id: "pinned", name: names.pinned, flows: pinned }] : []), ...shelves, standalone];
}

/** The order of all flows after `key` was put before `before`, or at the end of `shelf`. */
export function moveFlow(shelves: readonly Shelf[], key: string, shelf: string, before: string | undefined): string[] {
  return shelves.flatMap(({ id, flows }) => {
    const keys = flows.map((flow) => flow.key).filter((one) => one !== key);
    if (id !== shelf) return keys;
    if (before === key) return flows.map((flow) => flow.key);
    const at = before === undefined ? keys.length : keys.indexOf(before);
    return keys.toSpliced(at < 0 ? keys.length : at, 0, key);
  });
}
