// Roles on single flows, beside the one in the workspace: they add to it and never take away.
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Catalogue } from "./catalogue.ts";
import { flows, integrations, memberFlowRoles } from "./schema.ts";

/** What a member can be on a single flow. */
export const FLOW_ROLES = ["builder", "operator", "viewer"] as const;
export type FlowRole = (typeof FLOW_ROLES)[number];

/** A member's roles on flows; `flow` is the flow's key, `id` its `flw_…`. */
export async function listFlowRoles(
  db: Catalogue,
  workspace: string,
  member?: string,
): Promise<{ member: string; id: string; flow: string; role: FlowRole }[]> {
  const rows = await db
    .select({ member: memberFlowRoles.member, id: flows.id, flow: flows.key, role: memberFlowRoles.role })
    .from(memberFlowRoles)
    .innerJoin(flows, and(eq(flows.workspace, memberFlowRoles.workspace), eq(flows.id, memberFlowRoles.flow)))
    .where(and(eq(memberFlowRoles.workspace, workspace), member === undefined ? undefined : eq(memberFlowRoles.member, member)))
    .orderBy(asc(flows.key));
  return rows.map((row) => ({ ...row, role: row.role as FlowRole }));
}

/** Gives the member a role on the flow with this key, or takes it (null). The role before; undefined where there is no such flow. */
export async function setFlowRole(
  db: Catalogue,
  workspace: string,
  member: string,
  key: string,
  role: FlowRole | null,
  now = Date.now(),
): Promise<{ before: FlowRole | null } | undefined> {
  const flow = await flowOfKey(db, workspace, key);
  if (flow === undefined) return undefined;
  const mine = and(eq(memberFlowRoles.workspace, workspace), eq(memberFlowRoles.member, member), eq(memberFlowRoles.flow, flow));
  const [before] = await db.select({ role: memberFlowRoles.role }).from(memberFlowRoles).where(mine);
  if (role === null) await db.delete(memberFlowRoles).where(mine);
  else
    await db
      .insert(memberFlowRoles)
      .values({ workspace, member, flow, role, createdAt: now })
      .onConflictDoUpdate({ target: [memberFlowRoles.workspace, memberFlowRoles.member, memberFlowRoles.flow], set: { role } });
  return { before: (before?.role as FlowRole | undefined) ?? null };
}

/** `flows.id` of the flow with this key. */
export async function flowOfKey(db: Catalogue, workspace: string, key: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: flows.id })
    .from(flows)
    .where(and(eq(flows.workspace, workspace), eq(flows.key, key), isNull(flows.deletedAt)));
  return row?.id;
}

/** `flows.id` of the flow that an integration is of. */
export async function flowOfIntegration(db: Catalogue, workspace: string, integration: string): Promise<string | undefined> {
  const [row] = await db
    .select({ flow: integrations.flow })
    .from(integrations)
    .where(and(eq(integrations.workspace, workspace), eq(integrations.id, integration)));
  return row?.flow;
}
