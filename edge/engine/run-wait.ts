import { parseDuration } from "../../shared/flow/parse-duration.ts";
import type { StepBody, StepPlan } from "./compile-block.ts";
import { endOfTime } from "./end-of-time.ts";
import { printValue } from "./expression.ts";
import { type Flow, failure, ON_ITS_WAY, overtime } from "./flow-control.ts";
import { evaluateIn, type Frame } from "./frame.ts";
import type { JournalEntry } from "./journal.ts";
import { RUN_LIMITS } from "./limits.ts";
import { runEventWait } from "./run-event-wait.ts";

/** Waits until a time that is fixed when the step is first reached. Short waits are slept through, others end the drive. */
export async function runWait(frame: Frame, step: StepPlan, body: Extract<StepBody, { type: "wait" }>, path: string): Promise<Flow> {
  const { journal, deps, trace, isLooking } = frame.drive;
  if (trace.length < RUN_LIMITS.trace) trace.push(path);
  const known = journal.get(path);
  if (known?.status === "succeeded") {
    frame.time.at = Math.max(frame.time.at, known.endedAt ?? 0);
    return { kind: "done", output: known.output };
  }
  if (known?.status === "failed" && known.error) {
    frame.time.at = Math.max(frame.time.at, known.endedAt ?? 0);
    return { kind: "fail", error: known.error };
  }
  if (isLooking && known) return ON_ITS_WAY;
  if (isLooking ? body.event : deps.isSpent()) return { kind: "spent" };
  if (body.event) return runEventWait(frame, step, body.event, path);
  const startedAt = known?.startedAt ?? deps.now();
  const wakeAt = known?.wakeAt ?? (await readWake(frame, body, path, startedAt));
  if (wakeAt === undefined)
    return failure("invalid_wait", "A wait needs a duration such as 30s or 2d, or a time in ISO 8601", "invalid", { step: path });
  if (wakeAt - startedAt > RUN_LIMITS.wait)
    return failure("wait_too_long", `A wait lasts ${RUN_LIMITS.wait / 86_400_000} days at most`, "limit", { step: path });
  if (isLooking) return { kind: "spent" };
  const entry: JournalEntry = {
    key: step.key,
    path,
    type: "wait",
    status: "waiting",
    attempts: 1,
    tasks: 0,
    startedAt,
    endedAt: null,
    wakeAt,
  };
  const end = Math.min(wakeAt, endOfTime(frame, step, startedAt));
  const left = end - deps.now();
  if (!known && left > 0) journal.put(entry);
  const at = new Date(wakeAt).toISOString();
  if (left > RUN_LIMITS.nap)
    return { kind: "wait", wakeAt: end, reason: `${step.key} waits until ${at}`, why: { code: "until", params: { at } } };
  if (left > 0) await deps.sleep(left);
  if (deps.isCanceled()) return { kind: "cancel" };
  if (end < wakeAt) {
    const { error } = overtime(path);
    const endedAt = Math.max(end, deps.now());
    journal.put({ ...entry, status: "failed", endedAt, error });
    frame.time.at = Math.max(frame.time.at, endedAt);
    return { kind: "fail", error };
  }
  const output = { until: new Date(wakeAt).toISOString() };
  const endedAt = Math.max(wakeAt, deps.now());
  journal.put({ ...entry, status: "succeeded", endedAt, output });
  frame.time.at = Math.max(frame.time.at, endedAt);
  return { kind: "done", output };
}

/** The furthest from 1970 (ms) that a date can be. */
const LAST_DATE = 8.64e15;

/** Undefined where it is no time at all. */
async function readWake(frame: Frame, body: Extract<StepBody, { type: "wait" }>, path: string, from: number): Promise<number | undefined> {
  const template = body.duration ?? body.until;
  if (!template) return undefined;
  const value = await evaluateIn(frame, path, body.duration ? "wait" : "wait.until", template);
  const text = printValue(value);
  const length = typeof value === "number" ? value : body.duration ? parseDuration(text) : Date.parse(text);
  const at = length === undefined ? Number.NaN : body.duration ? from + length : length;
  return at >= -LAST_DATE ? at : undefined;
}
