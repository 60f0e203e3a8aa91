import { hasExpression, type TemplateValue } from "../../shared/flow/expression.ts";
import { type Step, stepType } from "../../shared/flow/step.ts";
import { isEffect } from "./compile-block.ts";
import type { FaultList } from "./fault-list.ts";
import { innerSteps } from "./inner-steps.ts";

/** Checks `steps` and all steps inside them. `keys` holds the block's step keys seen so far, with their places. */
export function checkSteps(steps: readonly Step[], path: string, faults: FaultList, keys: Map<string, string>): void {
  steps.forEach((step, index) => {
    checkStep(step, `${path}.${index}`, faults, keys);
  });
}

function checkStep(step: Step, path: string, faults: FaultList, keys: Map<string, string>): void {
  const before = keys.get(step.key);
  if (before) faults.add("duplicate_key", `Another step of this block has the key “${step.key}” already`, `${path}.key`);
  keys.set(step.key, path);
  faults.condition(step.when, `${path}.when`);
  const type = stepType(step);
  if (type && !isEffect(type) && (step.retry || step.on_error === "retry"))
    faults.add("no_retry", "Only query, action, http and code steps are tried again: put “retry” on those", `${path}.retry`);
  checkKind(step, path, faults);
  for (const [place, inner] of innerSteps(step)) checkSteps(inner, `${path}.${place}`, faults, keys);
}

function checkKind(step: Step, path: string, faults: FaultList): void {
  if ("query" in step) faults.operation(step.query, "queries", `${path}.query`);
  if ("action" in step) faults.operation(step.action, "actions", `${path}.action`);
  if ("with" in step) faults.template(step.with, `${path}.with`);
  if ("http" in step) {
    if (step.http.account !== undefined) faults.slot(step.http.account, `${path}.http.account`);
    for (const key of ["url", "headers", "query", "body"] as const) faults.template(step.http[key], `${path}.http.${key}`);
  }
  if ("call" in step) checkCall(step.call, path, faults);
  if ("if" in step) {
    faults.condition(step.if, `${path}.if`);
    step.elseif?.forEach((branch, index) => {
      faults.condition(branch.if, `${path}.elseif.${index}.if`);
    });
  }
  if ("for" in step) faults.template(step.for, `${path}.for`);
  if ("while" in step) faults.condition(step.while, `${path}.while`);
  if ("wait" in step) checkWait(step.wait, path, faults);
  for (const key of ["value", "set", "stop", "fail", "log"] as const)
    if (key in step) faults.template(Reflect.get(step, key) as TemplateValue, `${path}.${key}`);
  if ("respond" in step) {
    const { status, headers, body } = step.respond;
    faults.template(status, `${path}.respond.status`);
    faults.template(headers, `${path}.respond.headers`);
    faults.template(body, `${path}.respond.body`);
  }
}

function checkCall(key: string, path: string, faults: FaultList): void {
  const block = faults.flow.blocks.find((one) => one.key === key);
  if (!block) faults.block(key, `${path}.call`);
  else if (!("call" in block.trigger))
    faults.add("not_callable", `Block “${key}” has another trigger: only blocks with a call trigger are called`, `${path}.call`);
}

function checkWait(wait: Extract<Step, { wait: unknown }>["wait"], path: string, faults: FaultList): void {
  if (typeof wait === "string") faults.template(wait, `${path}.wait`);
  else if ("until" in wait) faults.template(wait.until, `${path}.wait.until`);
  else {
    if (wait.event === "" || hasExpression(wait.event))
      faults.add(
        "event_type",
        "Name the type of the event itself, such as order.approved; “match” takes an expression",
        `${path}.wait.event`,
      );
    faults.condition(wait.match, `${path}.wait.match`);
  }
}
