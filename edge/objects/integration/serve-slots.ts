// What is due by the clock becomes runs: schedules at once, polls by asking the app. Each due time leaves one row of how it ended.
import type { Why } from "../../../shared/api/run.ts";
import { QUEUE_LIMITS } from "../../engine/limits.ts";
import { nextSlot, ON_TIME, type Slot, settleSlots } from "../../engine/next-slot.ts";
import { logFault } from "../../security/log-line.ts";
import { findStartable, prepareRun, type Startable, storeRuns } from "./accept.ts";
import type { Parts } from "./parts.ts";
import type { Refusal } from "./rpc.ts";
import type { NewRun } from "./run-store.ts";
import { type Polled, servePoll } from "./serve-poll.ts";
import type { SlotRow } from "./slot-store.ts";
import { tellAttention } from "./tell-attention.ts";

/** No due time that cannot be served is put off for longer (ms). */
const POSTPONED = 3_600_000;

/** A clock that goes back by less (ms) is a correction: what is planned waits for as long, at most. */
const SET_BACK = 60_000;

/** One that cannot be served comes again after this (ms), and keeps no other from being served. */
const AGAIN = 8_000;

/**
 * Begins to serve all due times up to now, but of blocks of which one is being `served`: a poll takes its time, and holds up no other. A due time
 * is passed in the same transaction that queues its runs. `done` is called as each has been served, with what has kept it from even being put off.
 */
export function serveSlots(parts: Parts, served: Map<string, Promise<void>>, done: (fault?: unknown) => void): void {
  for (const row of parts.slots.list()) {
    if (served.has(row.block)) continue;
    replanAhead(parts, row);
    if (Math.max(row.due, row.wake) > parts.now()) continue;
    const end = (fault?: unknown) => {
      served.delete(row.block);
      done(fault);
    };
    const serving = serveOne(parts, row);
    served.set(
      row.block,
      serving.then(() => end(), end),
    );
  }
}

async function serveOne(parts: Parts, row: SlotRow): Promise<void> {
  try {
    await serveSlot(parts, row);
  } catch (error) {
    // Whoever operates this has to know.
    logFault("slots", { block: row.block, error });
    parts.slots.postpone(row.block, parts.now() + AGAIN);
  }
  await tellAttention(parts);
}

async function serveSlot(parts: Parts, row: SlotRow): Promise<void> {
  const startable = await findStartable(parts, row.block);
  if (!startable.ok) parts.slots.remove(row.block);
  else if ("schedule" in startable.block.trigger) await serveSchedule(parts, startable, row);
  else await serveDuePoll(parts, startable, row);
}

/** What was planned while the clock ran ahead is planned anew by the clock as it is now. What has run by then does not run again. */
function replanAhead(parts: Parts, { block, rhythm, due, wake, planned }: SlotRow): void {
  const now = parts.now();
  if (planned > now + SET_BACK) {
    const served = parts.slots.ranBeyond(block, now);
    let next = nextSlot(rhythm, now);
    while (next !== undefined && served.has(next)) next = nextSlot(rhythm, next);
    parts.slots.set({ block, rhythm, due: next ?? due }, now);
  } else if (wake > now + POSTPONED) parts.slots.set({ block, rhythm, due }, now);
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
    // What is due in another rhythm now is served in that one, and not in both.
    if (isReplanned(parts, row)) return;
    for (const { slot, run } of runs) {
      const { due, outcome } = slot;
      const stored = run && storeRuns(parts, [run]);
      const refused = stored?.ok === false ? stored : undefined;
      parts.slots.note(row.block, {
        due,
        outcome: refused ? "skipped" : outcome,
        at: now,
        run: stored?.ok ? stored.stored[0]?.id : undefined,
        ...(refused ? { reason: refused.message, why: whyRefused(refused) } : reasonOf(slot, slots)),
      });
    }
    moveOn(parts, row, next);
  });
}

/** Why a due time started nothing, where that is the block's `missed` policy. */
function reasonOf({ outcome, missed }: Slot, slots: readonly Slot[]): Reason | undefined {
  if (outcome === "skipped") return { reason: "It was missed, and the block skips what it has missed", why: { code: "missed" } };
  if (outcome === "coalesced") return together(slots.at(-1)?.due ?? 0);
  if (missed === 0) return undefined;
  const reason = missed === 1 ? "Stands for an earlier one as well" : `Stands for ${missed} earlier ones as well`;
  return { reason, why: { code: "stands", params: { count: String(missed) } } };
}

/** In words, and by code. */
interface Reason {
  reason: string;
  why: Why;
}

function together(due: number): Reason {
  const at = new Date(due).toISOString();
  return { reason: `One run stands for all that were missed: that of ${at}`, why: { code: "together", params: { at } } };
}

/** Why runs were not taken: their queue is full, or a quota is used up. */
const whyRefused = ({ code }: Refusal): Why => ({ code, params: { count: String(QUEUE_LIMITS.queued) } });

async function serveDuePoll(parts: Parts, startable: Startable, row: SlotRow): Promise<void> {
  const begun = parts.now();
  const result = await servePoll(parts, startable);
  const { slots, next } = settleSlots(row.rhythm, row.due, parts.now(), "all");
  const later = result.retryAt ?? next;
  // One call stands for what had been due by then; for what was due while it was under way, the next.
  const served = slots.findLast(({ due }) => due <= begun)?.due ?? row.due;
  parts.transaction(() => {
    const outcome = result.ok ? (begun - served > ON_TIME ? "late" : "ran") : "failed";
    const said = result.ok ? wordsOf(result) : { reason: result.message, why: result.why };
    for (const { due } of slots) {
      const isServed = due === served;
      const how = isServed ? said : together(due < served ? served : (later ?? served));
      parts.slots.note(row.block, { due, at: begun, outcome: isServed ? outcome : "coalesced", ...how });
    }
    moveOn(parts, row, later);
  });
}

function wordsOf(polled: Polled & { ok: true }): Reason {
  if ("reading" in polled) {
    const count = String(polled.reading);
    return {
      reason: `${count} items read so far, and there are more: it goes on behind them`,
      why: { code: "reading", params: { count } },
    };
  }
  const { runs, left, large, nameless } = polled;
  const more = [
    left ? `${left} wait for room in the queue or the quota` : "",
    large ? `${large} left out: more than ${QUEUE_LIMITS.input} bytes` : "",
    nameless ? `${nameless} left out: the poll's “id” yields nothing for them` : "",
  ].filter(Boolean);
  const params = { count: String(runs), left: String(left), out: String(large + nameless) };
  return { reason: [`${runs} new`, ...more].join("; "), why: { code: "found", params } };
}

/** Whether the block has got another rhythm while `row` was served. */
function isReplanned(parts: Parts, row: SlotRow): boolean {
  const now = parts.slots.list().find(({ block }) => block === row.block);
  return now !== undefined && JSON.stringify(now.rhythm) !== JSON.stringify(row.rhythm);
}

/** Leaves alone what was configured anew while `row` was served: switched off, or in another rhythm. */
function moveOn(parts: Parts, row: SlotRow, next: number | undefined): void {
  const now = parts.slots.list().find(({ block }) => block === row.block);
  if (JSON.stringify(now?.rhythm) !== JSON.stringify(row.rhythm)) return;
  if (next === undefined) parts.slots.remove(row.block);
  else parts.slots.set({ ...row, due: next }, parts.now());
}
