import { and, asc, eq, gt, or, type SQL } from "drizzle-orm";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
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

/** What an integration waits for: a row for each `event` block while it is enabled, none otherwise. */
export function subscriptionRows(
  flow: FlowFile,
  integration: { id: string; workspace: string; enabled: boolean },
  user: { id: string; org: string | null },
) {
  if (!integration.enabled) return [];
  return flow.blocks.flatMap(({ key, trigger }) =>
    "event" in trigger
      ? [{ workspace: integration.workspace, type: trigger.event, integration: integration.id, block: key, user: user.id, org: user.org }]
      : [],
  );
}
