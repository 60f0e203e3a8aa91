// Options as a tree, pure. An option's `group` names its parent: the value of another option, or else a folder of that name.
import type { Option } from "../../shared/api/flow.ts";

export interface TreeNode {
  /** Undefined for a folder that only groups. */
  value: Option["value"] | undefined;
  label: string;
  children: TreeNode[];
}

/** The roots, in order. Options that are each other's parents in a circle become roots, so that none is lost. */
export function growTree(options: readonly Option[]): TreeNode[] {
  const nodes = new Map(
    options.map((option) => [String(option.value), { value: option.value, label: option.label, children: [] } as TreeNode]),
  );
  const folders = new Map<string, TreeNode>();
  const roots: TreeNode[] = [];
  const parents = new Map(options.map((option) => [String(option.value), option.group]));
  for (const option of options) {
    const node = nodes.get(String(option.value));
    if (!node) continue;
    const { group } = option;
    if (group === undefined || group === "" || turnsBack(parents, String(option.value))) roots.push(node);
    else {
      const parent = nodes.get(group) ?? folders.get(group) ?? { value: undefined, label: group, children: [] };
      if (!nodes.has(group) && !folders.has(group)) {
        folders.set(group, parent);
        roots.push(parent);
      }
      parent.children.push(node);
    }
  }
  return roots;
}

function turnsBack(parents: ReadonlyMap<string, string | undefined>, start: string): boolean {
  const seen = new Set([start]);
  for (let at = parents.get(start); at !== undefined; at = parents.get(at)) {
    if (at === start) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}

export interface TreeRow {
  id: string;
  node: TreeNode;
  level: number;
  parent: string | undefined;
}

/** The rows in sight: children of what is open. Ids are places in the tree, such as `0.2.1`. */
export function layTree(nodes: readonly TreeNode[], open: ReadonlySet<string>, parent?: string): TreeRow[] {
  return nodes.flatMap((node, index) => {
    const id = parent === undefined ? String(index) : `${parent}.${index}`;
    const row: TreeRow = { id, node, level: id.split(".").length, parent };
    return open.has(id) ? [row, ...layTree(node.children, open, id)] : [row];
  });
}

/** The nodes whose label holds every word of `search`, under what leads to them; all of what is below one that does. */
export function sieveTree(nodes: readonly TreeNode[], search: string): TreeNode[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...nodes];
  return nodes.flatMap((node) => {
    const text = node.label.toLocaleLowerCase();
    if (words.every((word) => text.includes(word))) return [node];
    const children = sieveTree(node.children, search);
    return children.length > 0 ? [{ ...node, children }] : [];
  });
}

/** The ids of every node that has others below it. */
export const idsOfParents = (nodes: readonly TreeNode[], parent?: string): string[] =>
  nodes.flatMap(({ children }, index) => {
    const id = parent === undefined ? String(index) : `${parent}.${index}`;
    return children.length > 0 ? [id, ...idsOfParents(children, id)] : [];
  });

/** The labels from the root down to the node with `value`. */
export function namesTo(nodes: readonly TreeNode[], value: unknown): string[] | undefined {
  for (const node of nodes) {
    if (node.value !== undefined && node.value === value) return [node.label];
    const below = namesTo(node.children, value);
    if (below) return [node.label, ...below];
  }
  return undefined;
}

/** The ids of the folders that must be open for the node with `value` to be in sight. */
export function pathTo(nodes: readonly TreeNode[], value: unknown, parent?: string): string[] | undefined {
  for (const [index, node] of nodes.entries()) {
    const id = parent === undefined ? String(index) : `${parent}.${index}`;
    if (node.value === value) return [];
    const below = pathTo(node.children, value, id);
    if (below) return [id, ...below];
  }
  return undefined;
}
