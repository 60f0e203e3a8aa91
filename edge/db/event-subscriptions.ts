import { and, asc, eq, gt, or, type SQL } from "drizzle-orm";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { WAITING_RUNS, waitedEvents } from "../../shared/flow/waited-events.ts";
import type { Catalogue } from "./catalogue.ts";
import { eventSubscriptions } from "./schema.ts";

interface EventFilter {
  workspace: string;
  type: string;
  user: string | null;
  org: string | null;
  after: { integration: string; block: string };
}

/** Which blocks wait for an event: of one user, of an org, or of everyone; those behind `after`, in order of integration and block. */
export function listSubscriptions(db: Catalogue, { workspace, type, user, org, after }: EventFilter, limit: number) {
  const { integration, block } = eventSubscriptions;
  const where: (SQL | undefined)[] = [
    eq(eventSubscriptions.workspace, workspace),
    eq(eventSubscriptions.type, type),
    or(gt(integration, after.integration), and(eq(integration, after.integration), gt(block, after.block))),
  ];
  if (user !== null) where.push(eq(eventSubscriptions.user, user));
  if (org !== null) where.push(eq(eventSubscriptions.org, org));
  return db
    .select({ integration, block })
    .from(eventSubscriptions)
    .where(and(...where))
    .orderBy(asc(integration), asc(block))
    .limit(limit);
}

/**
 * What an integration waits for: a row for each `event` block while it is enabled, and one for each type that steps wait for, enabled or
 * not, since runs that have begun go on.
 */
export function subscriptionRows(
  flow: FlowFile,
  integration: { id: string; workspace: string; enabled: boolean },
  user: { id: string; org: string | null },
) {
  const { workspace, id, enabled } = integration;
  const row = (type: string, block: string) => ({ workspace, type, integration: id, block, user: user.id, org: user.org });
  const starting = enabled ? flow.blocks.flatMap(({ key, trigger }) => ("event" in trigger ? [row(trigger.event, key)] : [])) : [];
  return [...starting, ...waitedEvents(flow).map((type) => row(type, WAITING_RUNS))];
}
