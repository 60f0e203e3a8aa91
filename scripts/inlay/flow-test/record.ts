// A flow test out of a real run's log: what came in and what was answered, without what looks like a credential.
import { isRecord } from "../../../edge/engine/plain.ts";
import type { Integration } from "../../../shared/api/integration.ts";
import type { RunDetail, StepRun } from "../../../shared/api/run.ts";
import { findSecrets } from "../../../shared/flow/find-secrets.ts";
import type { FlowFile } from "../../../shared/flow/flow-file.ts";
import type { AnswerRule, DeclaredAnswer, FlowTest } from "../../../shared/flow/test-file.ts";

/** What a recording is made of, as the API gives it; each step whole. */
export interface RecordedRun {
  run: RunDetail;
  integration: Pick<Integration, "values" | "accounts">;
  user: { externalId: string; org: string | null; attributes: Record<string, unknown> };
  variables: Record<string, string>;
}

const MASK = "•••";
const SECRET_NAME = /authorization|cookie|token|secret|password|passwd|credential|api[-_]?key|access[-_]?key|private[-_]?key|signature/i;
const KEPT_HEADERS = new Set(["retry-after", "link", "location"]);
/** Characters of a logged body from which on it may have been cut. */
const CUT_BODY = 16_000;

/** The test that does once more what the run did. `texts`: flow and app files, which tell which variables are read. */
export function recordTest({ run, integration, user, variables }: RecordedRun, flow: FlowFile, texts: string): FlowTest {
  const read = (word: string) => texts.includes(word);
  const env = Object.fromEntries(Object.entries(variables).filter(([name]) => read(`env.${name}`)));
  const setup = Object.fromEntries(
    Object.entries(integration.values).map(([key, value]) => [key, isSealed(value) ? `test-${key}` : withoutSecrets(value)]),
  );
  const unconnected = Object.keys(flow.accounts).filter((slot) => integration.accounts[slot] === undefined);
  const answers = run.steps.flatMap(answerOf);
  const events = run.steps.flatMap((step) => eventOf(step, run));
  const test = {
    name: `as in ${run.id}`,
    block: run.block,
    now: run.startedAt ?? run.acceptedAt,
    ...(read("user.") ? { user: { id: user.externalId, org: user.org, attributes: withoutSecrets(user.attributes) } } : {}),
    ...(Object.keys(env).length ? { env: withoutSecrets(env) } : {}),
    ...(Object.keys(setup).length ? { setup } : {}),
    ...(unconnected.length ? { accounts: Object.fromEntries(unconnected.map((slot) => [slot, { status: "none" }])) } : {}),
    trigger: withoutSecrets(run.input),
    ...(events.length ? { events } : {}),
    ...(answers.length ? { answers } : {}),
    expect: expectationOf(run),
  };
  return JSON.parse(JSON.stringify(test)) as FlowTest;
}

const isSealed = (value: unknown) => isRecord(value) && value.$secret === true;

/** `value` with what has a secret's name, or looks like a credential, masked. */
export function withoutSecrets(value: unknown, name = ""): unknown {
  if (typeof value === "string") return SECRET_NAME.test(name) || findSecrets(value).length ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, name));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, key)]));
}

function answerOf(step: StepRun): AnswerRule[] {
  if (step.type !== "query" && step.type !== "action" && step.type !== "http") return [];
  const answer = step.status === "succeeded" ? success(step) : step.error ? failure(step) : undefined;
  return answer ? [{ step: step.path, answer }] : [];
}

/** A query's pages are not all in the log, so its output stands for them. */
function success(step: StepRun): DeclaredAnswer {
  const isWhole = step.response && (step.response.body?.length ?? 0) < CUT_BODY && step.tasks === step.attempts;
  return step.type !== "query" && isWhole ? httpAnswer(step) : { output: withoutSecrets(step.output ?? null) as never };
}

function failure(step: StepRun): DeclaredAnswer {
  const { error, response } = step;
  if (response && response.status >= 400) return httpAnswer(step);
  if (error?.code === "network") return { fault: "reset" };
  if (error?.code === "timeout") return { fault: "timeout" };
  const { code = "failed", message = code, class: kind = "internal", retryable = false } = error ?? {};
  return { error: { code, message, class: kind, retryable } };
}

function httpAnswer({ response }: StepRun): DeclaredAnswer {
  const { status = 200, headers = {}, body } = response ?? {};
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADERS.has(name));
  const data = body === undefined ? undefined : parse(body);
  if (typeof data === "string" && headers["content-type"]) kept.push(["content-type", headers["content-type"]]);
  return {
    status,
    ...(kept.length ? { headers: Object.fromEntries(kept) } : {}),
    ...(data === undefined ? {} : { body: withoutSecrets(data) as never }),
  };
}

function eventOf({ type, status, output, startedAt, endedAt }: StepRun, run: RunDetail): NonNullable<FlowTest["events"]> {
  if (type !== "wait" || status !== "succeeded" || !isRecord(output) || typeof output.type !== "string") return [];
  const after = Date.parse(endedAt ?? startedAt) - Date.parse(run.startedAt ?? run.acceptedAt);
  return [{ type: output.type, data: withoutSecrets(output.data ?? null) as never, after: `${Math.max(0, after)}ms` }];
}

function expectationOf(run: RunDetail): FlowTest["expect"] {
  const { status, reason, error, output } = run;
  const isEnded = status === "succeeded" || status === "failed" || status === "stopped" || status === "waiting";
  const calls = run.steps.filter(({ request, status: how }) => request && how !== "skipped");
  return {
    ...(isEnded ? { status } : {}),
    ...(status === "stopped" && reason !== undefined && isPlain(reason) ? { reason } : {}),
    ...(error ? { error: { code: error.code, ...(error.step === undefined ? {} : { step: error.step }) } } : {}),
    ...(status === "succeeded" && output !== undefined && isPlain(output)
      ? { output: withoutSecrets(withoutHeaders(output)) as never }
      : {}),
    steps: Object.fromEntries(
      run.steps.filter(({ status: how }) => how !== "running").map((step) => [step.path, { status: step.status as never }]),
    ),
    ...(calls.every(({ type, tasks }) => type !== "query" && tasks === 1) ? { requests: calls.map(sentBy) } : {}),
  };
}

/** A raw request's output without its headers, which differ from call to call. */
function withoutHeaders(output: unknown): unknown {
  if (!isRecord(output) || typeof output.status !== "number" || !("headers" in output)) return output;
  const { headers: _, ...rest } = output;
  return rest;
}

function sentBy({ path, request }: StepRun): { step: string; method: string; url: string; body?: never } {
  const body = request?.body === undefined ? undefined : parse(request.body);
  const isKept = isRecord(body) && isPlain(body) && !JSON.stringify(body).includes(MASK);
  return {
    step: path,
    method: request?.method ?? "",
    url: (request?.url ?? "").split("?")[0] ?? "",
    ...(isKept ? { body: withoutSecrets(body) as never } : {}),
  };
}

/** Whether it may stand among expectations: small, and without what would be read as an expression there. */
function isPlain(value: unknown): boolean {
  const text = JSON.stringify(value);
  return text.length < 2_000 && !text.includes("{{") && !text.includes(MASK);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
