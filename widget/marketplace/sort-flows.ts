import type { FlowSummary } from "../../shared/api/flow.ts";

/** Orders of the list: as the builder published it, by name, or what is set up first. */
export const SORTS = ["usual", "name", "installed"] as const;
export type FlowSort = (typeof SORTS)[number];

/** `flows` in that order; equal ones stay as they came. */
export function sortFlows(flows: readonly FlowSummary[], sort: FlowSort, locale: string): FlowSummary[] {
  if (sort === "usual") return [...flows];
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  const byName = (a: FlowSummary, b: FlowSummary) => compare(a.name, b.name);
  const isOwn = ({ installed }: FlowSummary) => Number(installed > 0);
  return [...flows].sort(sort === "name" ? byName : (a, b) => isOwn(b) - isOwn(a));
}
