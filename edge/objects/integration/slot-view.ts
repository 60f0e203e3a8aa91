import type { List } from "../../../shared/api/list.ts";
import type { Why } from "../../../shared/api/run.ts";
import type { Slot } from "../../../shared/api/slot.ts";
import type { Parts } from "./parts.ts";
import type { SlotFilter } from "./rpc.ts";
import { NEVER } from "./run-store.ts";
import type { SlotRecord } from "./slot-store.ts";

/** How an earlier release noted a poll that was not answered; the reason follows. */
const FAILED = "failed: ";

/** Outcomes that are stored as they are listed; all others are of due times that were skipped. */
const KNOWN = ["ran", "late", "coalesced"] as const;

/** Why a poll was not answered, where it was not. */
export function failureOf(record: Pick<SlotRecord, "outcome" | "reason"> | undefined): string | undefined {
  if (record?.outcome === "failed") return record.reason ?? "";
  return record?.outcome.startsWith(FAILED) ? record.outcome.slice(FAILED.length) : undefined;
}

/** The due times of the integration, or of one block, latest first. `nextCursor` is the due time and block of the last one. */
export function listSlots(parts: Parts, { block, outcome, from, to, limit, after }: SlotFilter): List<Slot> {
  const until = Math.min(to ?? NEVER, after ? after.due + 1 : NEVER);
  const records = (block === undefined ? parts.slots.blocks() : [block]).flatMap((key) =>
    parts.slots.history(key, { outcome, from: from ?? 0, to: until, limit: limit + 2 }),
  );
  const sorted = records
    .filter((one) => !after || one.due < after.due || one.block > after.block)
    .sort((a, b) => b.due - a.due || (a.block < b.block ? -1 : 1));
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(toSlot), nextCursor: sorted.length > limit && last ? JSON.stringify([last.due, last.block]) : null };
}

function toSlot(record: SlotRecord): Slot {
  const { block, due, outcome, run, at, reason, why } = record;
  const failure = failureOf(record);
  const known = KNOWN.find((one) => one === outcome) ?? "skipped";
  const words = failure === undefined ? reason : `The app was asked, without success: ${failure}`;
  return {
    block,
    dueAt: new Date(due).toISOString(),
    outcome: known,
    ...(run === null ? {} : { run }),
    lateness: at === null ? null : Math.max(0, at - due),
    ...(words === null ? {} : { reason: words }),
    ...(why === null ? {} : { why: JSON.parse(why) as Why }),
  };
}
