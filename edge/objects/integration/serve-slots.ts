// What is due by the clock becomes runs: schedules at once, polls by asking the app. Each due time leaves one row of how it ended.
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { nextSlot, ON_TIME, type Slot, settleSlots } from "../../engine/next-slot.ts";
import { findStartable, prepareRun, type Startable, storeRuns } from "./accept.ts";
import type { Parts } from "./parts.ts";
import type { NewRun } from "./run-store.ts";
import { type Polled, servePoll } from "./serve-poll.ts";
import type { SlotRow } from "./slot-store.ts";
import { tellAttention } from "./tell-attention.ts";

/** Serves all due times up to now. A due time is passed in the same transaction that queues its runs. */
export async function serveSlots(parts: Parts): Promise<void> {
  let isServed = false;
  for (const row of parts.slots.list()) {
    if (Math.max(row.due, row.wake) > parts.now()) continue;
    isServed = true;
    const startable = await findStartable(parts, row.block);
    if (!startable.ok) parts.slots.remove(row.block);
    else if ("schedule" in startable.block.trigger) await serveSchedule(parts, startable, row);
    else await serveDuePoll(parts, startable, row);
  }
  if (isServed) await tellAttention(parts);
}

async function serveSchedule(parts: Parts, startable: Startable, row: SlotRow): Promise<void> {
  const now = parts.now();
  const { slots, next } = settleSlots(row.rhythm, row.due, now, startable.block.missed ?? "one");
  const iso = (time: number) => new Date(time).toISOString();
  const runs: { slot: Slot; run: NewRun | null }[] = [];
  for (const slot of slots) {
    const starts = slot.outcome === "ran" || slot.outcome === "late";
    const input = { dueAt: iso(slot.due), firedAt: iso(now), missed: slot.missed };
    runs.push({ slot, run: starts ? await prepareRun(parts, startable, input, `slot:${slot.due}`) : null });
  }
  parts.transaction(() => {
    const stored = storeRuns(
      parts,
      runs.flatMap(({ run }) => run ?? []),
    );
    const ids = stored.ok ? stored.stored.map(({ id }) => id) : [];
    for (const { slot, run } of runs) {
      const { due, outcome } = slot;
      if (stored.ok)
        parts.slots.note(row.block, { due, outcome, at: now, run: run ? ids.shift() : undefined, reason: reasonOf(slot, slots) });
      else
        parts.slots.note(row.block, {
          due,
          outcome: run ? "skipped" : outcome,
          at: now,
          reason: run ? stored.message : reasonOf(slot, slots),
        });
    }
    moveOn(parts, row, next);
  });
}

/** Why a due time started nothing, where that is the block's `missed` policy. */
function reasonOf({ outcome, missed }: Slot, slots: readonly Slot[]): string | undefined {
  if (outcome === "skipped") return "It was missed, and the block skips what it has missed";
  if (outcome === "coalesced") return `One run stands for all that were missed: that of ${new Date(slots.at(-1)?.due ?? 0).toISOString()}`;
  if (missed === 0) return undefined;
  return missed === 1 ? "Stands for an earlier one as well" : `Stands for ${missed} earlier ones as well`;
}

async function serveDuePoll(parts: Parts, startable: Startable, row: SlotRow): Promise<void> {
  const begun = parts.now();
  const result = await servePoll(parts, startable);
  parts.transaction(() => {
    const outcome = result.ok ? (begun - row.due > ON_TIME ? "late" : "ran") : "failed";
    parts.slots.note(row.block, { due: row.due, outcome, at: begun, reason: result.ok ? wordsOf(result) : result.message });
    moveOn(parts, row, result.retryAt ?? nextSlot(row.rhythm, parts.now()));
  });
}

function wordsOf({ runs, left, large, nameless }: Polled & { ok: true }): string {
  const more = [
    left ? `${left} wait for room in the queue` : "",
    large ? `${large} left out: more than ${QUEUE_LIMITS.input} bytes` : "",
    nameless ? `${nameless} left out: the poll's “id” yields nothing for them` : "",
  ].filter(Boolean);
  return [`${runs} new`, ...more].join("; ");
}

function moveOn(parts: Parts, row: SlotRow, next: number | undefined): void {
  if (next === undefined) parts.slots.remove(row.block);
  else parts.slots.set({ ...row, due: next });
}
