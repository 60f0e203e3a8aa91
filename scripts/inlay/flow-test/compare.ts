// What a test expects against what came of it.
import { ExpressionError, evaluateValue, isTrue } from "../../../edge/engine/expression.ts";
import { isRecord } from "../../../edge/engine/plain.ts";
import type { PathFault } from "../../../shared/flow/read-file.ts";
import type { Expectation, FlowTest } from "../../../shared/flow/test-file.ts";
import type { TestedRun } from "./run-test.ts";

/** What in `run` is not as `test` expects. `way` leads from the test to the expectation. */
export async function compareRun(test: FlowTest, run: TestedRun): Promise<PathFault[]> {
  const { expect } = test;
  const faults: PathFault[] = [];
  const add = (way: readonly string[], message: string) => void faults.push({ code: "mismatch", message, path: way.join("."), way });
  const check = async (way: readonly string[], expected: unknown, actual: unknown) => {
    if (expected !== undefined) for (const one of await compare(expected, actual, way)) add(one.way, one.message);
  };
  const status = expectedStatus(expect);
  if (run.status !== status)
    add(
      expect.status === undefined ? [] : ["expect", "status"],
      `expected that the run ${SAYING[status]}, but it ${SAYING[run.status]}${whyOf(run)}`,
    );
  for (const key of ["reason", "output", "respond", "state"] as const) await check(["expect", key], expect[key], run[key]);
  if (run.status === "failed" || status !== "failed") await check(["expect", "error"], expect.error, run.error);
  await check(["expect", "tasks"], expect.tasks, run.tasks);
  for (const [path, step] of Object.entries(expect.steps ?? {})) {
    const way = ["expect", "steps", path];
    const actual = run.steps.find((one) => one.path === path);
    if (step === null && actual) add(way, `expected that ${path} is not reached, but it ${SAYING[actual.status]}`);
    if (step === null) continue;
    if (!actual) add(way, `${path} was not reached; the run went ${run.steps.map((one) => one.path).join(", ") || "nowhere"}`);
    else await check(way, step, actual);
  }
  await compareRequests(expect.requests, run, check, add);
  for (const { step, method, url } of run.unanswered) add([], `${step} calls ${method} ${url}, for which no answer is declared`);
  for (const index of run.unused) add(["answers", String(index)], "no call has asked for this answer");
  return faults;
}

type Check = (way: readonly string[], expected: unknown, actual: unknown) => Promise<void>;

async function compareRequests(
  expected: Expectation["requests"],
  run: TestedRun,
  check: Check,
  add: (way: readonly string[], message: string) => void,
): Promise<void> {
  if (expected === undefined) return;
  const way = ["expect", "requests"];
  const count = typeof expected === "number" ? expected : expected.length;
  const sent = run.requests.map(({ method, url, step }) => `${method} ${url} (${step})`).join(", ");
  if (run.requests.length !== count) add(way, `expected ${count} requests, ${run.requests.length} were sent${sent && `: ${sent}`}`);
  if (typeof expected === "number") return;
  for (const [index, one] of expected.entries()) if (run.requests[index]) await check([...way, String(index)], one, run.requests[index]);
}

function expectedStatus({ status, reason, error }: Expectation): TestedRun["status"] {
  return status ?? (error === undefined ? (reason === undefined ? "succeeded" : "stopped") : "failed");
}

const SAYING: Record<string, string> = {
  succeeded: "succeeded",
  failed: "failed",
  stopped: "was stopped",
  waiting: "waits",
  canceled: "was canceled",
  ignored: "was not started",
  skipped: "was skipped",
};

function whyOf({ error, reason }: TestedRun): string {
  if (error) return `${error.step === undefined ? "" : ` at ${error.step}`}: ${error.message} (${error.code})`;
  return reason === undefined ? "" : `: ${reason}`;
}

interface Mismatch {
  way: readonly string[];
  message: string;
}

/** Where `actual` is not `expected`: mappings have at least the expected members, null stands for absent as well, text with an expression has to be true of `value`. */
export async function compare(expected: unknown, actual: unknown, way: readonly string[]): Promise<Mismatch[]> {
  if (typeof expected === "string" && expected.includes("{{"))
    return (await holds(expected, actual)) ? [] : [{ way, message: `${expected} is not true of ${show(actual)}` }];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [{ way, message: `expected a list of ${expected.length}, got ${show(actual)}` }];
    return (await Promise.all(expected.map((one, index) => compare(one, actual[index], [...way, String(index)])))).flat();
  }
  if (isRecord(expected)) {
    if (!isRecord(actual)) return [{ way, message: `expected ${show(expected)}, got ${show(actual)}` }];
    const members = Object.entries(expected).filter(([, value]) => value !== undefined);
    return (await Promise.all(members.map(([key, value]) => compare(value, actual[key], [...way, key])))).flat();
  }
  return (expected ?? null) === (actual ?? null) ? [] : [{ way, message: `expected ${show(expected)}, got ${show(actual)}` }];
}

async function holds(template: string, value: unknown): Promise<boolean> {
  try {
    return isTrue(await evaluateValue(template, { value }));
  } catch (error) {
    if (error instanceof ExpressionError) return false;
    throw error;
  }
}

const LONGEST = 300;

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
