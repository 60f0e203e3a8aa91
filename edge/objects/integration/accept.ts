// From something that happened to a queued run, in one transaction. What is refused is a value with the status that fits.
import type { Block } from "../../../shared/flow/flow-file.ts";
import { triggerType } from "../../../shared/flow/trigger.ts";
import { ExpressionError, evaluateValue, printValue } from "../../engine/expression.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { quotaRefusal, runsLeft } from "../../engine/quota.ts";
import { hideSecrets } from "../../security/hide-secrets.ts";
import { boundKey } from "./bound-key.ts";
import { buildScope } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import type { Parts } from "./parts.ts";
import type { IntegrationConfig, Refusal } from "./rpc.ts";
import type { NewRun } from "./run-store.ts";

/** A block that may start, with the configuration that its run will keep. */
export interface Startable {
  open: OpenConfig;
  block: Block;
}

export const refuse = (status: Refusal["status"], code: string, message: string): Refusal => ({ ok: false, status, code, message });

/** The block as it is configured now, or why it does not start. */
export async function findStartable(parts: Parts, key: string): Promise<(Startable & { ok: true }) | Refusal> {
  const { currentId } = parts.configs;
  if (currentId === undefined) return refuse(404, "not_found", "There is no such integration");
  const open = await parts.configs.open(currentId);
  const block = open.config.flow.blocks.find((one) => one.key === key);
  if (!block) return refuse(404, "not_found", "The integration has no such block");
  if (!open.config.enabled) return refuse(409, "disabled", "The integration is switched off: switch it on first");
  return { ok: true, open, block };
}

/** Makes the run that `input` starts; its partition is evaluated here, once. Undefined input counts as null. */
export async function prepareRun(parts: Parts, { open, block }: Startable, input: unknown, dedupe?: string): Promise<NewRun> {
  return {
    id: parts.newRunId(open.config.id),
    block: block.key,
    type: triggerType(block.trigger),
    part: await partitionOf(parts, { open, block }, input),
    config: open.id,
    input: input ?? null,
    accepted: parts.now(),
    ...(dedupe === undefined ? {} : { dedupe: await boundKey(dedupe) }),
  };
}

/** In what line a run with `input` stands, as its row holds it; empty where its block keeps no order. */
export const partitionOf = async (parts: Parts, startable: Startable, input: unknown): Promise<string> =>
  startable.block.order === "fifo" ? `:${await readPartition(parts, startable, input)}` : "";

/** A partition that cannot be evaluated counts as the empty one: order is kept rather than lost. */
async function readPartition(parts: Parts, { open, block }: Startable, input: unknown): Promise<string> {
  if (block.partition === undefined) return "";
  try {
    const scope = { ...buildScope(open, parts.hooks.list()), trigger: input };
    return printValue(await evaluateValue(block.partition, scope)).slice(0, 500);
  } catch (error) {
    if (error instanceof ExpressionError) return "";
    throw error;
  }
}

/** `run` as one that has failed, since it was not taken. */
export const refused = (run: NewRun, { code, message }: Pick<Refusal, "code" | "message">): NewRun => ({
  ...run,
  fault: { code, message, class: "limit", retryable: false },
});

/** The same, since there has been no room for it in all the time in which it could be taken. */
export const withoutRoom = (run: NewRun, { code, message }: Refusal): NewRun =>
  refused(run, { code, message: `No room within a day: ${message}` });

/** Queues runs together, where there is room for them and their blocks' quotas are not used up. Those with a fault need neither. */
export function storeRuns(parts: Parts, runs: readonly NewRun[]): { ok: true; stored: { id: string; duplicate: boolean }[] } | Refusal {
  const queued = runs.filter(({ fault }) => !fault);
  if (parts.runs.room < queued.length)
    return { ...refuse(429, "queue_full", `${QUEUE_LIMITS.queued} runs are waiting already: send this again later`), retryAfter: 30 };
  const texts = runs.map(
    ({ input, config, stored }) => stored ?? hideSecrets(JSON.stringify(input) ?? "null", parts.configs.hiddenOf(config)),
  );
  if (texts.some(isLarge)) return refuse(413, "too_large", `What starts a run has at most ${QUEUE_LIMITS.input} bytes of JSON`);
  for (const { config, block } of queued) {
    const refusal = checkQuota(parts, parts.configs.read(config), block);
    if (refusal) return refusal;
  }
  const store = () =>
    runs.map((run, index) => {
      const inserted = parts.runs.insert(run, texts[index]);
      if (inserted.duplicate) return inserted;
      if (run.fault) parts.runs.fail(run.id, run.fault, run.accepted);
      else parts.quotas.count(parts.configs.read(run.config), run.block, { runs: 1 }, run.accepted);
      return inserted;
    });
  return { ok: true, stored: runs.length === 1 && !runs[0]?.journal && !runs[0]?.fault ? store() : parts.transaction(store) };
}

/** A character has three bytes of JSON at most. */
const isLarge = (text: string) =>
  text.length > QUEUE_LIMITS.input || (text.length > QUEUE_LIMITS.input / 3 && new TextEncoder().encode(text).length > QUEUE_LIMITS.input);

/** How many runs of `block` may be queued: by the queue's room, and by what its quota leaves. */
export function roomFor(parts: Parts, { key, quota }: Block): number {
  const left = quota === undefined ? Infinity : runsLeft(quota, parts.quotas.read(key), parts.now());
  return Math.max(0, Math.min(parts.runs.room, left));
}

/** Why no run of block `key` may begin now; undefined where its quota has room, or it has none. */
export function checkQuota(parts: Parts, config: IntegrationConfig | undefined, key: string): Refusal | undefined {
  const quota = config?.flow.blocks.find((block) => block.key === key)?.quota;
  const over = quota === undefined ? undefined : quotaRefusal(quota, parts.quotas.read(key), parts.now());
  return over && { ...refuse(429, "quota_exceeded", over.message), retryAfter: Math.ceil((over.again - parts.now()) / 1_000) };
}
