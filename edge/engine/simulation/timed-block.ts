// A block with time limits, and what must hold of its runs. How they end depends on how long faults take, so nothing is compared with a run
// without faults.
import type { FlowFile } from "../../../shared/flow/flow-file.ts";
import { parseDuration } from "../../../shared/flow/parse-duration.ts";
import type { Step } from "../../../shared/flow/step.ts";
import type { JournalEntry } from "../journal.ts";
import { RUN_LIMITS } from "../limits.ts";
import { pick, type Random } from "./random-flow.ts";

type Block = FlowFile["blocks"][number];

/** What the block tries, or goes on with: nothing of it begins once its time is over. */
const TRIED = ["first", "pause", "second", "caught", "after"];
/** Deaths, late alarms and quarantine may hold a run up for so long (ms). */
const HELD_UP = 240_000;

/** The block and each attempt may be limited; waits and retries in it are shorter or longer than that. */
export function timedBlock(random: Random): Block {
  const send = (key: string): Step => ({
    key,
    http: { method: "POST", url: "https://sink.test/", body: { n: "{{ trigger.data.n }}" } },
    ...(random() < 0.3 ? { timeout: pick(random, ["3s", "20s"]) } : {}),
    retry: { attempts: 8, base: pick(random, ["100ms", "1s", "10s"]) },
  });
  const guarded = {
    ...{ key: "guarded", try: [send("first"), { key: "pause", wait: pick(random, ["500ms", "3s", "2m", "40m"]) }, send("second")] },
    ...(random() < 0.5 ? { catch: [send("caught")] } : {}),
    ...(random() < 0.5 ? { timeout: pick(random, ["1s", "30s", "3m"]) } : {}),
    finally: [send("cleared")],
  };
  return {
    ...{ key: "timed", name: "Timed", trigger: { event: "happened" }, timeout: pick(random, ["2s", "1m", "5m", "30m"]) },
    steps: [guarded, send("after")],
    on_failure: [send("told")],
  } as Block;
}

export interface TimedRun {
  id: string;
  status: string;
  error: string | null;
  started: number | null;
  ended: number | null;
}

/** `lastCallOf`: when (ms) the step at a path was called last; undefined where it never was. */
export function checkTimed(
  { id, status, error, started, ended }: TimedRun,
  block: Block,
  journal: readonly JournalEntry[],
  lastCallOf: (path: string) => number | undefined,
): string[] {
  const found: string[] = [];
  const entries = new Map(journal.map((entry) => [entry.path, entry]));
  /** It had time to call, and has ended. */
  const isOver = (path: string) => {
    const entry = entries.get(path);
    return entry !== undefined && entry.endedAt !== null && lastCallOf(path) !== undefined;
  };
  const deadline = (started ?? 0) + (parseDuration(block.timeout ?? "") ?? Number.POSITIVE_INFINITY);
  if (status !== "succeeded" && status !== "failed") found.push(`${id} is ${status} (${error}): it can only succeed or fail`);
  for (const path of TRIED) {
    const late = (lastCallOf(path) ?? 0) - deadline;
    if (late >= 0) found.push(`${id} called ${path} ${late} ms after its time was over`);
    const entry = entries.get(path);
    if (entry?.type === "http" && entry.status === "succeeded" && (entry.endedAt ?? 0) > deadline)
      found.push(`${id} counts ${path} as done after its time was over`);
  }
  if (entries.has("first") && !isOver("cleared")) found.push(`${id} began what it tries, and did not clear up`);
  if (status === "failed" && !isOver("told")) found.push(`${id} failed, and its on_failure did not run`);
  if (status === "succeeded" && entries.has("told")) found.push(`${id} succeeded, and its on_failure ran`);
  const cleared = lastCallOf("cleared");
  const clearing = Math.max(deadline, (entries.get("cleared")?.startedAt ?? 0) + RUN_LIMITS.cleanUp);
  if (cleared !== undefined && cleared > clearing + HELD_UP)
    found.push(`${id} was clearing up ${cleared - clearing} ms after the time for that`);
  const over = (status === "failed" ? entries.get("told")?.startedAt : ended) ?? 0;
  const late = over - (deadline + RUN_LIMITS.cleanUp + HELD_UP);
  if (late > 0) found.push(`${id} was under way ${late} ms longer than its time`);
  return found;
}
