import type { Integration } from "../../shared/api/integration.ts";
import type { Run } from "../../shared/api/run.ts";
import { isFinished } from "../host/run-watch.ts";

const isNewer = (run: Run, known: Run): boolean =>
  run.id === known.id ? isFinished(run.status) || !isFinished(known.status) : known.acceptedAt <= run.acceptedAt;

/** `integrations` with `run` as the last of its block, unless a later one or its own end is known; the same array where nothing changes. */
export function withRun(integrations: Integration[], run: Run): Integration[] {
  const isNews = (integration: Integration) =>
    integration.id === run.integration &&
    integration.blocks.some(({ key, lastRun }) => key === run.block && (!lastRun || isNewer(run, lastRun)));
  if (!integrations.some(isNews)) return integrations;
  return integrations.map((integration) =>
    isNews(integration)
      ? { ...integration, blocks: integration.blocks.map((block) => (block.key === run.block ? { ...block, lastRun: run } : block)) }
      : integration,
  );
}
