import type { Integration } from "../../shared/api/integration.ts";
import type { Run } from "../../shared/api/run.ts";

/** `integrations` with `run` as the last of its block, unless a later one is known; the same array where nothing changes. */
export function withRun(integrations: Integration[], run: Run): Integration[] {
  const isNews = (integration: Integration) =>
    integration.id === run.integration &&
    integration.blocks.some(({ key, lastRun }) => key === run.block && (!lastRun || lastRun.acceptedAt <= run.acceptedAt));
  if (!integrations.some(isNews)) return integrations;
  return integrations.map((integration) =>
    isNews(integration)
      ? { ...integration, blocks: integration.blocks.map((block) => (block.key === run.block ? { ...block, lastRun: run } : block)) }
      : integration,
  );
}
