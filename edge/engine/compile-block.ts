// A block as the interpreter wants it: expressions parsed, durations in milliseconds, one shape a kind of step.

import { parseTemplate, type TemplatePart, type TemplateValue } from "../../shared/flow/expression.ts";
import type { Field } from "../../shared/flow/field.ts";
import type { Block, FlowFile } from "../../shared/flow/flow-file.ts";
import { parseDuration } from "../../shared/flow/parse-duration.ts";
import { type Step, type StepType, stepType } from "../../shared/flow/step.ts";
import { type Trigger, triggerType } from "../../shared/flow/trigger.ts";
import { type CompiledTemplate, compileTemplate } from "./expression.ts";
import { RUN_LIMITS } from "./limits.ts";
import { DEFAULT_RETRY, NO_RETRY, type RetryPolicy, readRetry } from "./plan-retry.ts";

/** What a step does. Templates are compiled; `steps` are plans themselves. */
export type StepBody =
  | { type: "query" | "action"; slot: string; operation: string; input: CompiledTemplate }
  /** `pieces`: of an address that has values in it; the request's `url` then holds each value by its place among them. */
  | { type: "http"; slot: string | undefined; request: CompiledTemplate; pieces: TemplatePart[] | undefined }
  | { type: "if"; branches: { condition: CompiledTemplate; steps: StepPlan[] }[]; otherwise: StepPlan[] }
  | { type: "for"; list: CompiledTemplate; as: string | undefined; concurrency: number; batch: number | undefined; steps: StepPlan[] }
  | { type: "while"; condition: CompiledTemplate; max: number; steps: StepPlan[] }
  | { type: "parallel"; branches: { name: string; steps: StepPlan[] }[] }
  | { type: "try"; steps: StepPlan[]; rescue: StepPlan[] | undefined; ensure: StepPlan[] }
  | { type: "wait"; duration: CompiledTemplate | undefined; until: CompiledTemplate | undefined; event?: EventWait }
  | { type: "code"; source: string }
  | { type: "value" | "log" | "stop" | "fail" | "set" | "respond"; value: CompiledTemplate }
  | { type: "call"; block: string; input: CompiledTemplate };

/** An event of the host that a step waits for: its type, which of them, and for how long (ms). */
export interface EventWait {
  type: string;
  match: CompiledTemplate | undefined;
  timeout: number | undefined;
}

export interface StepPlan {
  key: string;
  when: CompiledTemplate | undefined;
  timeout: number | undefined;
  retry: RetryPolicy;
  onError: "fail" | "continue" | "retry";
  body: StepBody;
}

export interface BlockPlan {
  key: string;
  steps: StepPlan[];
  onFailure: StepPlan[];
  timeout: number | undefined;
  /** What a `call`, `api` or `manual` trigger takes. */
  input: Field[];
  settings: Record<string, unknown>;
}

/** A flow's blocks by key, each compiled when it is first asked for. */
export class FlowPlan {
  readonly flow: FlowFile;
  readonly #blocks = new Map<string, BlockPlan>();
  #readsBegin: boolean | undefined;

  constructor(flow: FlowFile) {
    this.flow = flow;
  }

  /** Whether its expressions may read what a run began with: the time, or the state. */
  get readsBegin(): boolean {
    this.#readsBegin ??= /\$now|\$millis|\bstate\b|startedAt/.test(JSON.stringify(this.flow.blocks));
    return this.#readsBegin;
  }

  /** The plan of block `key`, or undefined where the flow has none. Throws ExpressionError for a block that does not compile. */
  block(key: string): BlockPlan | undefined {
    const known = this.#blocks.get(key);
    if (known) return known;
    const block = this.flow.blocks.find((one) => one.key === key);
    if (!block) return undefined;
    const plan = compileBlock(block, this.flow);
    this.#blocks.set(key, plan);
    return plan;
  }
}

const KEPT = 64;
const plans = new Map<string, FlowPlan>();

/** The plan of `flow`: one for all integrations of a flow that live side by side, whoever they belong to. */
export function planOf(flow: FlowFile): FlowPlan {
  const text = JSON.stringify(flow);
  const plan = plans.get(text) ?? new FlowPlan(flow);
  plans.delete(text);
  plans.set(text, plan);
  if (plans.size > KEPT) plans.delete(plans.keys().next().value ?? text);
  return plan;
}

/** Compiles `block`. Throws ExpressionError where an expression does not parse. */
export function compileBlock(block: Block, flow: Pick<FlowFile, "settings">): BlockPlan {
  return {
    key: block.key,
    steps: compileSteps(block.steps),
    onFailure: compileSteps(block.on_failure),
    timeout: block.timeout === undefined ? undefined : parseDuration(block.timeout),
    input: inputOf(block.trigger),
    settings: { ...flow.settings, ...block.settings },
  };
}

/** The input fields of a trigger that takes any. */
export function inputOf(trigger: Trigger): Field[] {
  const type = triggerType(trigger);
  if (type === "call" && "call" in trigger) return trigger.call.input ?? [];
  if (type === "api" && "api" in trigger) return trigger.api.input ?? [];
  return type === "manual" && "manual" in trigger ? (trigger.manual.input ?? []) : [];
}

const compileSteps = (steps: Step[] | undefined): StepPlan[] => (steps ?? []).map(compileStep);

function compileStep(step: Step): StepPlan {
  const type = stepType(step);
  if (!type) throw new TypeError(`step ${step.key} has no kind`);
  const base = type === "code" || !isEffect(type) ? NO_RETRY : DEFAULT_RETRY;
  return {
    key: step.key,
    when: step.when === undefined ? undefined : compileTemplate(step.when),
    timeout: step.timeout === undefined ? undefined : parseDuration(step.timeout),
    retry: readRetry(step.retry, step.on_error === "retry" ? { ...DEFAULT_RETRY, any: true } : base),
    onError: step.on_error ?? "fail",
    body: compileBody(step),
  };
}

/** Whether a step of this kind reaches out or runs code, so that its result is journaled and it can be tried again. */
export function isEffect(type: StepType): boolean {
  return type === "query" || type === "action" || type === "http" || type === "code";
}

function compileBody(step: Step): StepBody {
  if ("query" in step) return { type: "query", ...splitRef(step.query), input: compileTemplate(step.with ?? {}) };
  if ("action" in step) return { type: "action", ...splitRef(step.action), input: compileTemplate(step.with ?? {}) };
  if ("http" in step) {
    const { account, ...request } = step.http;
    const pieces = parseTemplate(request.url);
    if (pieces.length < 2) return { type: "http", slot: account, request: compileTemplate(withoutUndefined(request)), pieces: undefined };
    const url = Object.fromEntries(pieces.flatMap((part, place) => ("text" in part ? [] : [[place, `{{${part.expression}}}`]])));
    return { type: "http", slot: account, request: compileTemplate(withoutUndefined({ ...request, url })), pieces };
  }
  if ("for" in step)
    return {
      type: "for",
      list: compileTemplate(step.for),
      as: step.as,
      concurrency: step.concurrency ?? 1,
      batch: step.batch,
      steps: compileSteps(step.do),
    };
  if ("while" in step)
    return {
      type: "while",
      condition: compileTemplate(step.while),
      max: step.max ?? RUN_LIMITS.whileDefault,
      steps: compileSteps(step.do),
    };
  if ("parallel" in step)
    return { type: "parallel", branches: Object.entries(step.parallel).map(([name, steps]) => ({ name, steps: compileSteps(steps) })) };
  if ("try" in step)
    return {
      type: "try",
      steps: compileSteps(step.try),
      rescue: step.catch && compileSteps(step.catch),
      ensure: compileSteps(step.finally),
    };
  if ("if" in step) {
    const branches = [{ if: step.if, steps: step.then }, ...(step.elseif ?? []).map((one) => ({ if: one.if, steps: one.then }))];
    return {
      type: "if",
      branches: branches.map((branch) => ({ condition: compileTemplate(branch.if), steps: compileSteps(branch.steps) })),
      otherwise: compileSteps(step.else),
    };
  }
  if ("wait" in step) return compileWait(step.wait);
  if ("code" in step) return { type: "code", source: step.code };
  if ("call" in step) return { type: "call", block: step.call, input: compileTemplate(step.with ?? {}) };
  if ("value" in step) return { type: "value", value: compileTemplate(step.value) };
  if ("set" in step) return { type: "set", value: compileTemplate(step.set) };
  if ("respond" in step) return { type: "respond", value: compileTemplate(withoutUndefined(step.respond)) };
  if ("stop" in step) return { type: "stop", value: compileTemplate(step.stop) };
  if ("fail" in step) return { type: "fail", value: compileTemplate(step.fail) };
  return { type: "log", value: compileTemplate(step.log) };
}

function compileWait(wait: Extract<Step, { wait: unknown }>["wait"]): StepBody {
  if (typeof wait === "string") return { type: "wait", duration: compileTemplate(wait), until: undefined };
  if ("until" in wait) return { type: "wait", duration: undefined, until: compileTemplate(wait.until) };
  const match = wait.match === undefined ? undefined : compileTemplate(wait.match);
  const timeout = wait.timeout === undefined ? undefined : parseDuration(wait.timeout);
  return { type: "wait", duration: undefined, until: undefined, event: { type: wait.event, match, timeout } };
}

function splitRef(ref: string): { slot: string; operation: string } {
  const dot = ref.indexOf(".");
  return { slot: ref.slice(0, dot), operation: ref.slice(dot + 1) };
}

function withoutUndefined(object: Record<string, TemplateValue | undefined>): Record<string, TemplateValue> {
  const copy: Record<string, TemplateValue> = {};
  for (const [key, value] of Object.entries(object)) if (value !== undefined) copy[key] = value;
  return copy;
}
