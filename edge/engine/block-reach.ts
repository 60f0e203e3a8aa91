// What a block of a flow comes to, with the blocks that it calls: for blocks that give options, which may only read.
import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { type Step, stepType } from "../../shared/flow/step.ts";
import { readsOf } from "./expression.ts";
import { allSteps } from "./inner-steps.ts";

/** The steps of block `key` and of every block that it calls, each block once. None where the flow has no such block. */
export function reachedSteps(flow: FlowFile, key: string, seen = new Set<string>()): Step[] {
  const block = flow.blocks.find((one) => one.key === key);
  if (!block || seen.has(key)) return [];
  seen.add(key);
  const steps = allSteps(block.steps);
  return steps.flatMap((step) => ("call" in step ? [step, ...reachedSteps(flow, step.call, seen)] : [step]));
}

/** The account slots that block `key` calls apps through. */
export function slotsOfBlock(flow: FlowFile, key: string): string[] {
  const slots = reachedSteps(flow, key).flatMap((step) => {
    if ("query" in step) return [step.query.slice(0, step.query.indexOf("."))];
    if ("action" in step) return [step.action.slice(0, step.action.indexOf("."))];
    return "http" in step && step.http.account !== undefined ? [step.http.account] : [];
  });
  return [...new Set(slots)];
}

/** The setup fields that block `key` reads. Code that speaks of `setup` counts as reading every field whose key stands in it. */
export function fieldsOfBlock(flow: FlowFile, key: string): string[] {
  const known = flow.setup.pages.flatMap((page) => page.fields.map((field) => field.key));
  const read = new Set<string>();
  for (const step of reachedSteps(flow, key)) {
    if ("code" in step && /\bsetup\b/.test(step.code))
      for (const field of known) if (new RegExp(`\\b${field}\\b`).test(step.code)) read.add(field);
    for (const path of readsOf(ownTemplates(step))) {
      const [root, field] = path.split(".");
      if (root === "setup") for (const one of field === undefined ? known : [field]) read.add(one);
    }
  }
  return [...read];
}

/** A step's own expressions, without those of the steps inside it. */
function ownTemplates(step: Step): TemplateValue {
  const conditions = "elseif" in step ? (step.elseif ?? []).map((branch) => branch.if) : [];
  const inner = new Set(["then", "elseif", "else", "do", "parallel", "try", "catch", "finally", "code"]);
  const own = Object.entries(step).flatMap(([name, value]) => (inner.has(name) || value === undefined ? [] : [toTemplate(value)]));
  return [...own, ...conditions];
}

/** Only plain JSON stands in a flow file; keys that are not given count for nothing. */
const toTemplate = (value: unknown): TemplateValue => JSON.parse(JSON.stringify(value)) as TemplateValue;

/** Why a block cannot give options: the first step that does more than read. */
export function actingStep(flow: FlowFile, key: string): Step | undefined {
  return reachedSteps(flow, key).find((step) => stepType(step) === "action" || stepType(step) === "wait" || stepType(step) === "set");
}
