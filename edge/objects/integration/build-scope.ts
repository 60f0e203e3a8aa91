import type { OpenConfig } from "./config-store.ts";
import { publicUser } from "./config-store.ts";
import type { Hook } from "./hook-store.ts";
import type { RunRow } from "./run-store.ts";

/** What every expression of an integration sees; runs add `trigger`, `steps`, `state` and `run`. */
export function buildScope({ config, setup }: OpenConfig, hooks: readonly Hook[]): Record<string, unknown> {
  return {
    setup,
    user: publicUser(config.user),
    settings: config.flow.settings,
    hooks: Object.fromEntries(hooks.map((hook) => [hook.block, { url: hookUrl(config.publicUrl, config.id, hook) }])),
    env: config.env,
  };
}

/** `run` in expressions. */
export function runScope(row: RunRow, { config }: OpenConfig): Record<string, unknown> {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id: row.id,
    integration: config.id,
    flow: config.flow.key,
    version: config.version,
    block: row.block,
    acceptedAt: iso(row.accepted),
    startedAt: iso(row.started ?? row.accepted),
  };
}

/** The address under which the outside calls a block. */
export function hookUrl(publicUrl: string, integration: string, hook: Pick<Hook, "block" | "key">): string {
  return `${publicUrl}/hooks/${integration}/${hook.block}/${hook.key}`;
}
