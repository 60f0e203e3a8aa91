import { z } from "zod";
import { Why } from "./run.ts";

/**
 * How one due time of a schedule or a poll ended: `ran` (within a minute), `late`, `skipped` (nothing started: `reason` says why), or
 * `coalesced` (a later one stands for it). `lateness` in ms, from the due time to when it was dealt with; null where that was not noted.
 * `run` is the run of a schedule.
 */
export const Slot = z.object({
  block: z.string(),
  dueAt: z.string(),
  outcome: z.enum(["ran", "late", "skipped", "coalesced"]),
  run: z.string().optional(),
  lateness: z.number().int().nullable(),
  reason: z.string().optional(),
  /** `reason` by its code. */
  why: Why.optional(),
});
export type Slot = z.infer<typeof Slot>;
