import { z } from "zod";
import { STEP_TYPES } from "../flow/step.ts";
import { TriggerType } from "../flow/trigger.ts";

export const RUN_STATUSES = ["queued", "running", "waiting", "succeeded", "failed", "stopped", "canceled"] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;

/** Why a step or run failed. `class`: network timeout auth rate_limit invalid missing duplicate too_large intermittent expression code limit canceled internal. */
export const RunError = z.object({
  code: z.string(),
  message: z.string(),
  class: z.string(),
  retryable: z.boolean(),
  step: z.string().optional(),
  field: z.string().optional(),
  position: z.number().int().optional(),
  /** What `message` names, to say it in another language: `ms` of a timeout, `host`, `app`, `status` and what was `said`, `event`. */
  params: z.record(z.string(), z.string()).optional(),
});
export type RunError = z.infer<typeof RunError>;

/**
 * A `reason` of the engine itself, by its code, to say it in another language. Of runs: `until` (`at`), `event` (`event`, `at`), `again`
 * (`error`), `turn`, `reconnect` (`app`), `throttled` (`app`), `broken` (`app`), `locked` (`since`), `by_hand`, `removed`. Of due times: `missed`, `together` (`at`),
 * `stands` (`count`), `found` (`count`, `left`, `out`), `reading` (`count`), `unanswered` (`error`), `queue_full` (`count`), `quota_exceeded`, `too_large`.
 */
export const Why = z.object({
  code: z.string(),
  params: z.record(z.string(), z.string()).optional(),
  error: RunError.optional(),
});
export type Why = z.infer<typeof Why>;

/** One run. Times are ISO 8601 UTC. `reason`: why it stopped, waits or was canceled, in the builder's or the engine's words. */
export const Run = z.object({
  id: z.string(),
  integration: z.string(),
  flow: z.string(),
  version: z.number().int(),
  block: z.string(),
  /** `byHand`: somebody started it, whatever else starts the block. */
  trigger: z.object({ type: TriggerType, byHand: z.boolean().optional() }),
  status: RunStatus,
  reason: z.string().optional(),
  /** `reason` by its code, where it is the engine's own. */
  why: Why.optional(),
  tasks: z.number().int(),
  acceptedAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Why it failed. */
  error: RunError.optional(),
  /** In the workspace's list: its integration was removed, and with it everything of the run but this summary. */
  removed: z.boolean().optional(),
});
export type Run = z.infer<typeof Run>;

/** What the log keeps of an HTTP call: credentials masked, bodies cut at 16 kB. */
export const LoggedRequest = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
});
export const LoggedResponse = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
});
export type LoggedRequest = z.infer<typeof LoggedRequest>;
export type LoggedResponse = z.infer<typeof LoggedResponse>;

/** One step as it ran. `path` is the way to it, with loop indexes: `each[3].upsert`. */
export const StepRun = z.object({
  key: z.string(),
  path: z.string(),
  /** The path of the condition, attempt or parallel step that holds this one, where `path` itself does not say it. A `try` has no entry of its own. */
  within: z.string().optional(),
  /** Which of its lists of steps: `then`, `elseif.0.then`, `else`, `try`, `catch`, `finally`, a branch's name; `on_failure` of the block. */
  branch: z.string().optional(),
  type: z.enum(STEP_TYPES),
  /** `canceled`: it ran or waited when its run ended. */
  status: z.enum(["running", "waiting", "succeeded", "failed", "skipped", "canceled"]),
  attempts: z.number().int(),
  tasks: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  input: z.unknown().optional(),
  output: z.unknown().optional(),
  error: RunError.optional(),
  request: LoggedRequest.optional(),
  response: LoggedResponse.optional(),
  effectKey: z.string().optional(),
  /** What the step printed. */
  logs: z.array(z.string()).optional(),
  /** What went in and out is left out here: `GET /v1/runs/{run}/steps?path=` has it. */
  truncated: z.boolean().optional(),
});
export type StepRun = z.infer<typeof StepRun>;

export const RunDetail = Run.extend({
  input: z.unknown(),
  output: z.unknown().optional(),
  error: RunError.optional(),
  steps: z.array(StepRun),
  /** How many steps there are in all. */
  stepCount: z.number().int().optional(),
  /** `?steps=` of the steps behind these; absent where these are the last. */
  nextSteps: z.string().optional(),
  /** There were more steps that only compute than the log of a run keeps: the later ones are missing, but those that failed. */
  stepsLeftOut: z.boolean().optional(),
});
export type RunDetail = z.infer<typeof RunDetail>;

/** An effect that a retry would do again; `effectKey` is the key that it had the first time. */
export const RepeatedEffect = StepRun.pick({ key: true, path: true, type: true, status: true, tasks: true, effectKey: true });
export type RepeatedEffect = z.infer<typeof RepeatedEffect>;

/**
 * What a retry of a run would do, said beforehand. `repeats`: completed effects that would be done once more, under new keys. `resumes`:
 * effects that were not completed, done under the keys that they had, so that a provider that got the first call knows the second. `kept`
 * counts the effects that stay as they are. Of longer lists, the first 1,000; the counts are those of all.
 */
export const RunRepeat = z.object({
  run: z.string(),
  from: z.string().optional(),
  kept: z.number().int(),
  repeats: z.array(RepeatedEffect),
  repeatCount: z.number().int(),
  resumes: z.array(RepeatedEffect),
  resumeCount: z.number().int(),
});
export type RunRepeat = z.infer<typeof RunRepeat>;

/** The end of a bulk retry, run by run: the new run, or why there is none. */
export const RunRetried = z.object({
  run: z.string(),
  started: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});
export type RunRetried = z.infer<typeof RunRetried>;

export const RunRetry = z.object({ from: z.string().optional(), input: z.unknown().optional() });
export type RunRetry = z.infer<typeof RunRetry>;
