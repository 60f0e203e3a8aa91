// A run's steps as they contain each other, read from their paths: `each[3].mapped>shape` stands in `mapped` of the fourth round of `each`; and from
// what says `within`, where the path does not: in conditions, branches and attempts.
import type { StepRun } from "../../shared/api/run.ts";

/** A step, or a round of a loop (`item`, from 0), with what ran inside it. */
export interface StepNode {
  path: string;
  /** The part of the path that its parent does not say. */
  name: string;
  step?: StepRun;
  item?: number;
  children: StepNode[];
}

/** Steps in the order in which they began; one that is told of twice stands once, as it ended. */
export function nestSteps(steps: readonly StepRun[]): StepNode[] {
  const known = new Map(steps.map((step) => [step.path, step]));
  const nodes = new Map<string, StepNode>();
  const roots: StepNode[] = [];
  /** The node of `path`; of what is neither a step that is told of nor a round, that of what it stands in. */
  const nodeOf = (path: string): StepNode | undefined => {
    const found = nodes.get(path);
    if (found || !path) return found;
    const step = known.get(path);
    const isHeld = step?.within !== undefined && known.has(step.within);
    const parent = nodeOf((isHeld && step.within) || path.replace(/(?:^|[.>[])[^.>[]*$/, ""));
    const item = path.endsWith("]") && parent ? Number(/\d+(?=]$)/.exec(path)) : undefined;
    if (!step && item === undefined) return parent;
    const name = isHeld ? step.key : path.slice(parent?.path.length ?? 0).replace(/^[.>]/, "");
    const node: StepNode = { path, name, children: [], ...(step && { step }), ...(item !== undefined && { item }) };
    (parent?.children ?? roots).push(node);
    nodes.set(path, node);
    return node;
  };
  for (const path of known.keys()) nodeOf(path);
  return roots;
}

/** How many steps inside have failed, itself left out. */
export const countFailed = ({ children }: StepNode): number =>
  children.reduce((sum, child) => sum + (child.children.length ? countFailed(child) : Number(child.step?.status === "failed")), 0);

/** The status of a round: that of the worst in it. */
export function statusOf(node: StepNode): StepRun["status"] {
  if (node.step) return node.step.status;
  const inside = new Set(node.children.map(statusOf));
  return (["failed", "waiting", "running", "canceled", "succeeded"] as const).find((status) => inside.has(status)) ?? "skipped";
}

/** The paths from the top to the first step that has failed, itself left out; to one that was mended where no other is. */
export function pathsToFailure(nodes: readonly StepNode[]): string[] {
  const ways = nodes.filter((node) => node.children.length > 0 && countFailed(node) > 0);
  const way = ways.find((node) => statusOf(node) === "failed") ?? ways[0];
  return way ? [way.path, ...pathsToFailure(way.children)] : [];
}

/** The paths from the top to what holds the newest step: in a run that goes on, they have not ended. */
export function pathsToNewest(nodes: readonly StepNode[]): string[] {
  const newest = nodes.at(-1);
  return newest?.children.length ? [newest.path, ...pathsToNewest(newest.children)] : [];
}

/** When the last of a step and what ran inside it ended; null while something runs. */
export function lastEnd({ step, children }: StepNode): string | null {
  const ends = [...(step ? [step.endedAt] : []), ...children.map(lastEnd)];
  return ends.includes(null) ? null : (ends.toSorted().at(-1) ?? null);
}
