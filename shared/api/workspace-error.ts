// Failed runs, sorted by what went wrong, and runs counted by what became of them.
import { z } from "zod";

export const ERROR_STATUSES = ["open", "resolved"] as const;
const text = (max: number) => z.string().max(max);

/**
 * Failed runs that failed alike: the same step of the same block, with the same class of error and, numbers, ids and quoted values aside,
 * the same message. `open`: how many of them nobody and nothing has resolved.
 */
export const ErrorGroup = z.object({
  id: z.string(),
  flow: z.string(),
  block: z.string(),
  /** Its path without loop indexes; null where the run failed outside of any step. */
  step: z.string().nullable(),
  class: z.string(),
  code: z.string(),
  /** The message, with … for what differs. */
  pattern: z.string(),
  /** The last message in full. */
  message: z.string(),
  status: z.enum(ERROR_STATUSES),
  open: z.number().int(),
  total: z.number().int(),
  /** Users and integrations with an open one, counted up to 1,000. */
  integrations: z.number().int(),
  firstAt: z.string(),
  lastAt: z.string(),
  /** A member's id. */
  assignee: z.string().nullable(),
  tags: z.array(z.string()),
});
export type ErrorGroup = z.infer<typeof ErrorGroup>;

/** One failed run of a group. `resolvedBy`: a member's or token's id, `retry`, `success`, or `again` where a retry has failed as well and stands for it. `retry`: the last run that tried it again. */
export const FailedRun = z.object({
  run: z.string(),
  integration: z.string(),
  user: z.string().nullable(),
  at: z.string(),
  message: z.string(),
  status: z.enum(ERROR_STATUSES),
  resolvedBy: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  retry: z.string().nullable(),
});
export type FailedRun = z.infer<typeof FailedRun>;

export const ErrorFilter = z.object({
  status: z.enum(ERROR_STATUSES).default("open"),
  flow: text(64).optional(),
  block: text(64).optional(),
  class: text(40).optional(),
  assignee: text(64).optional().meta({ description: "A member's id, `me` or `nobody`" }),
  tag: text(64).optional(),
  search: text(200).optional(),
});
export type ErrorFilter = z.infer<typeof ErrorFilter>;

export const ErrorPatch = z.object({
  /** `resolved` resolves all of its open runs; `open` opens again those that a member had resolved. */
  status: z.enum(ERROR_STATUSES).optional(),
  assignee: text(64).nullable().optional(),
  tags: z
    .array(text(64))
    .max(20)
    .transform((tags) => [...new Set(tags.map((tag) => tag.trim().toLowerCase()).filter(Boolean))])
    .optional(),
});

/** Which failed runs to try again: those named, or up to `limit` open ones of the group. */
export const ErrorRetry = z.object({
  runs: z.array(text(100)).min(1).max(100).optional(),
  limit: z.number().int().min(1).max(100).default(50),
  cursor: text(2_000).optional(),
  from: text(2_000).optional(),
  input: z.unknown().optional(),
});

export const Counts = z.object({
  runs: z.number().int(),
  succeeded: z.number().int(),
  failed: z.number().int(),
  stopped: z.number().int(),
  canceled: z.number().int(),
  tasks: z.number().int(),
  /** From start to end, of runs that have ended; null where there is none. */
  averageMs: z.number().nullable(),
});
export type Counts = z.infer<typeof Counts>;

/** Runs that were accepted in a range and have ended. Hours and days are those of UTC. */
export const Analytics = z.object({
  from: z.string(),
  to: z.string(),
  unit: z.enum(["hour", "day"]),
  totals: Counts,
  series: z.array(Counts.extend({ at: z.string() })),
  /** By flow, block or user, the busiest first. */
  items: z.array(Counts.extend({ key: z.string(), name: z.string() })),
});
export type Analytics = z.infer<typeof Analytics>;

export const ANALYTICS_BY = ["flow", "block", "user"] as const;
