// Which blocks run by the clock, and in which rhythm.

import type { Attention } from "../../../shared/api/integration.ts";
import type { Block } from "../../../shared/flow/flow-file.ts";
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import { ExpressionError, evaluateValue, printValue } from "../../engine/expression.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { checkCron, checkZone, moveSlot, nextSlot, type Rhythm, stableOffset } from "../../engine/next-slot.ts";
import { appTriggerOf } from "./accept-hook.ts";
import { buildScope } from "./build-scope.ts";
import type { OpenConfig } from "./config-store.ts";
import type { Parts } from "./parts.ts";
import type { SlotRow } from "./slot-store.ts";

const DEFAULT_EVERY = "5m";

/** Sets the next due time of each block with a schedule or a poll, and forgets those of others. A rhythm that stays keeps its time. */
export async function planSlots(parts: Parts, open: OpenConfig): Promise<Attention[]> {
  const faults: Attention[] = [];
  const wanted: { block: string; rhythm: Rhythm; isPoll: boolean }[] = [];
  for (const block of open.config.flow.blocks) {
    const source = open.config.enabled ? rhythmSource(open, block) : undefined;
    if (!source) continue;
    const rhythm = await readRhythm(parts, open, block, source);
    if (typeof rhythm === "string") {
      faults.push({ code: "invalid_schedule", message: rhythm, block: block.key });
      continue;
    }
    wanted.push({ block: block.key, rhythm, isPoll: source.isPoll });
  }
  // Nothing is waited for from here on: a due time that is served meanwhile would be planned again.
  const known = new Map(parts.slots.list().map((row) => [row.block, row]));
  for (const { block, rhythm, isPoll } of wanted) {
    const before = known.get(block);
    known.delete(block);
    if (before && JSON.stringify(before.rhythm) === JSON.stringify(rhythm)) continue;
    const due = isPoll ? parts.now() : firstDue(parts, rhythm, before);
    if (due !== undefined) parts.slots.set({ block, rhythm, due }, parts.now());
  }
  for (const block of known.keys()) parts.slots.remove(block);
  return faults;
}

/** The first due time in another rhythm than `before`: what that one has not served is not lost, and what it has served does not come again. */
function firstDue(parts: Parts, rhythm: Rhythm, before: SlotRow | undefined): number | undefined {
  const now = parts.now();
  if (!before || "cron" in before.rhythm !== "cron" in rhythm) return nextSlot(rhythm, now);
  let due = moveSlot(before.rhythm, rhythm, before.due) ?? (before.due <= now ? before.due : nextSlot(rhythm, now));
  // Each due time has a row of its own, also where one in the former zone was at the same moment.
  while (due !== undefined && parts.slots.isNoted(before.block, due)) due++;
  return due;
}

interface RhythmSource {
  cron?: string | undefined;
  every?: string | undefined;
  timezone?: string | undefined;
  isPoll: boolean;
}

function rhythmSource(open: OpenConfig, { trigger }: Block): RhythmSource | undefined {
  if ("schedule" in trigger) return { ...trigger.schedule, isPoll: false };
  if ("poll" in trigger) return { every: trigger.every ?? DEFAULT_EVERY, isPoll: true };
  const poll = "app_event" in trigger ? appTriggerOf({ open }, trigger.app_event)?.poll : undefined;
  return poll && { every: poll.every ?? DEFAULT_EVERY, isPoll: true };
}

/** The rhythm, or words for why there is none. Without a zone of its own, a schedule follows the user's, then UTC. */
async function readRhythm(parts: Parts, open: OpenConfig, block: Block, source: RhythmSource): Promise<Rhythm | string> {
  const scope = buildScope(open, parts.hooks.list());
  const text = async (template: string | undefined) => (template === undefined ? "" : printValue(await evaluateValue(template, scope)));
  try {
    if (source.cron !== undefined) {
      const cron = await text(source.cron);
      const timezone = (await text(source.timezone)) || printValue(open.config.user.attributes.timezone) || "UTC";
      if (!checkZone(timezone)) return `“${timezone}” is no time zone: choose one such as Europe/Berlin`;
      return checkCron(cron) ?? { cron, timezone };
    }
    const every = parseDuration(await text(source.every));
    if (every === undefined || every < QUEUE_LIMITS.every)
      return `“${source.every}” is no interval of ${QUEUE_LIMITS.every / 1_000}s or more, such as 5m`;
    return { every, offset: stableOffset(`${open.config.id}/${block.key}`, every) };
  } catch (error) {
    if (error instanceof ExpressionError) return `${block.name}: ${error.message}`;
    throw error;
  }
}
