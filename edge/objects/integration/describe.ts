import type { Attention, IntegrationBlock } from "../../../shared/api/integration.ts";
import type { Why } from "../../../shared/api/run.ts";
import { triggerType } from "../../../shared/flow/trigger.ts";
import { checkQuota } from "./accept.ts";
import { hookUrl } from "./build-scope.ts";
import { lostAccounts } from "./lost-accounts.ts";
import type { Parts } from "./parts.ts";
import type { IntegrationState } from "./rpc.ts";
import { toRun } from "./run-view.ts";
import { failureOf } from "./slot-view.ts";

/** The integration as its object sees it: what needs mending, and each block with its address, last run and next time. */
export function describeIntegration(parts: Parts): IntegrationState {
  const config = parts.configs.current;
  if (!config) return { enabled: false, attention: [], blocks: [] };
  const last = parts.runs.lastRuns();
  const due = new Map(parts.slots.list().map((row) => [row.block, row.due]));
  const blocks = config.flow.blocks.map(({ key, name, trigger }): IntegrationBlock => {
    const hook = "webhook" in trigger ? parts.hooks.read(key) : undefined;
    const url = hook
      ? hookUrl(config.publicUrl, config.id, hook)
      : "api" in trigger
        ? `${config.publicUrl}/api/${config.id}/${key}`
        : undefined;
    const row = last.get(key);
    const pinned = row && (parts.configs.read(row.config) ?? config);
    const next = due.get(key);
    const label = "manual" in trigger ? trigger.manual.label : undefined;
    return {
      key,
      name,
      trigger: { type: triggerType(trigger), ...(label === undefined ? {} : { label }) },
      ...(url === undefined ? {} : { url }),
      ...(row && pinned ? { lastRun: toRun(parts.live.overlay(row), config.id, pinned.flow.key, pinned.version) } : {}),
      ...(next === undefined ? {} : { nextRunAt: new Date(next).toISOString() }),
    };
  });
  return { enabled: config.enabled, attention: readAttention(parts), blocks };
}

/** What the last configuration left to be mended, and polls whose last attempt failed. */
export function readAttention(parts: Parts): Attention[] {
  const polls = parts.slots.list().flatMap(({ block }): Attention[] => {
    const last = parts.slots.last(block);
    const failure = failureOf(last);
    if (failure === undefined) return [];
    const error = last?.why ? (JSON.parse(last.why) as Why).error : undefined;
    return [{ code: "poll_failed", message: failure, block, ...(error && { error }) }];
  });
  const config = parts.configs.current;
  const quotas = (config?.flow.blocks ?? []).flatMap(({ key }): Attention[] => {
    const over = checkQuota(parts, config, key);
    return over ? [{ code: over.code, message: over.message, block: key }] : [];
  });
  return [
    ...quotas,
    ...(config ? lostAccounts(parts, config) : []),
    ...(JSON.parse(parts.meta.get("attention") ?? "[]") as Attention[]),
    ...polls,
  ];
}

export function storeAttention(parts: Parts, attention: readonly Attention[]): void {
  parts.meta.set("attention", JSON.stringify(attention));
}
