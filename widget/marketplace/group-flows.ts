import type { FlowSummary } from "../../shared/api/flow.ts";

export interface FlowGroup {
  /** Empty for the flows that have none; they come last. */
  category: string;
  flows: FlowSummary[];
}

/** Flows by category, in the order in which each first appears. */
export function groupFlows(flows: readonly FlowSummary[]): FlowGroup[] {
  const groups = new Map<string, FlowSummary[]>();
  for (const flow of flows) {
    const category = flow.category ?? "";
    const members = groups.get(category);
    if (members) members.push(flow);
    else groups.set(category, [flow]);
  }
  return [...groups].map(([category, members]) => ({ category, flows: members })).sort((a, b) => Number(!a.category) - Number(!b.category));
}
