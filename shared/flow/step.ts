import { z } from "zod";
import { Duration } from "./duration.ts";
import { Template, TemplateValue } from "./expression.ts";
import { Key, OperationRef } from "./key.ts";

/** How a step is tried again: full jitter between 0 and min(cap, base × 2ⁿ); `on` names statuses or error classes beyond the usual ones. */
export const Retry = z.strictObject({
  attempts: z.number().int().min(1).max(100).optional(),
  base: Duration.optional(),
  cap: Duration.optional(),
  on: z.array(z.union([z.string(), z.number()])).optional(),
});
export type Retry = z.infer<typeof Retry>;

const common = {
  key: Key,
  name: z.string().optional(),
  when: Template.optional(),
  timeout: Duration.optional(),
  retry: Retry.optional(),
  on_error: z.enum(["fail", "continue", "retry"]).optional(),
};
const input = z.record(z.string(), TemplateValue).optional();

export const HttpRequest = z.strictObject({
  account: Key.optional(),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).optional(),
  url: Template,
  headers: z.record(z.string(), TemplateValue).optional(),
  query: z.record(z.string(), TemplateValue).optional(),
  body: TemplateValue.optional(),
});
export type HttpRequest = z.infer<typeof HttpRequest>;

interface Common {
  key: string;
  name?: string | undefined;
  when?: string | undefined;
  timeout?: string | undefined;
  retry?: Retry | undefined;
  on_error?: "fail" | "continue" | "retry" | undefined;
}
type Input = { with?: Record<string, TemplateValue> | undefined };

/** One step of a block: exactly one kind, named by its key (`query`, `if`, `for`, …). */
export type Step = Common &
  (
    | ({ query: string } & Input)
    | ({ action: string } & Input)
    | { http: HttpRequest }
    | { if: string; then?: Step[] | undefined; elseif?: { if: string; then: Step[] }[] | undefined; else?: Step[] | undefined }
    | { for: TemplateValue; as?: string | undefined; concurrency?: number | undefined; batch?: number | undefined; do: Step[] }
    | { while: string; max?: number | undefined; do: Step[] }
    | { parallel: Record<string, Step[]> }
    | { try: Step[]; catch?: Step[] | undefined; finally?: Step[] | undefined }
    | { wait: string | { until: string } | { event: string; match?: string | undefined; timeout?: string | undefined } }
    | { code: string }
    | { value: TemplateValue }
    | { set: Record<string, TemplateValue> }
    | ({ call: string } & Input)
    | {
        respond: {
          status?: number | string | undefined;
          headers?: Record<string, TemplateValue> | undefined;
          body?: TemplateValue | undefined;
        };
      }
    | { stop: string }
    | { fail: string }
    | { log: TemplateValue }
  );

export const STEP_TYPES = [
  "query",
  "action",
  "http",
  "if",
  "for",
  "while",
  "parallel",
  "try",
  "wait",
  "code",
  "value",
  "set",
  "call",
  "respond",
  "stop",
  "fail",
  "log",
] as const;
export const StepType = z.enum(STEP_TYPES);
export type StepType = z.infer<typeof StepType>;

const steps = z.lazy(() => z.array(Step));
const schemas: Record<StepType, z.ZodType> = {
  query: z.strictObject({ ...common, query: OperationRef, with: input }),
  action: z.strictObject({ ...common, action: OperationRef, with: input }),
  http: z.strictObject({ ...common, http: HttpRequest }),
  if: z.strictObject({
    ...common,
    if: Template,
    // biome-ignore lint/suspicious/noThenProperty: the flow format's own word; a step is never awaited
    then: steps.optional(),
    elseif: z
      .array(
        z.strictObject({
          if: Template,
          // biome-ignore lint/suspicious/noThenProperty: as above
          then: steps,
        }),
      )
      .optional(),
    else: steps.optional(),
  }),
  for: z.strictObject({
    ...common,
    for: TemplateValue,
    as: Key.optional(),
    concurrency: z.number().int().min(1).max(64).optional(),
    batch: z.number().int().min(1).max(10_000).optional(),
    do: steps,
  }),
  while: z.strictObject({ ...common, while: Template, max: z.number().int().min(1).max(100_000).optional(), do: steps }),
  parallel: z.strictObject({ ...common, parallel: z.record(Key, steps) }),
  try: z.strictObject({ ...common, try: steps, catch: steps.optional(), finally: steps.optional() }),
  wait: z.strictObject({
    ...common,
    wait: z.union([
      z.union([Duration, Template]),
      z.strictObject({ until: Template }),
      z.strictObject({ event: z.string(), match: Template.optional(), timeout: Duration.optional() }),
    ]),
  }),
  code: z.strictObject({ ...common, code: z.string().max(100_000) }),
  value: z.strictObject({ ...common, value: TemplateValue }),
  set: z.strictObject({ ...common, set: z.record(Key, TemplateValue) }),
  call: z.strictObject({ ...common, call: Key, with: input }),
  respond: z.strictObject({
    ...common,
    respond: z.strictObject({
      status: z.union([z.number().int().min(100).max(599), Template]).optional(),
      headers: z.record(z.string(), TemplateValue).optional(),
      body: TemplateValue.optional(),
    }),
  }),
  stop: z.strictObject({ ...common, stop: Template }),
  fail: z.strictObject({ ...common, fail: Template }),
  log: z.strictObject({ ...common, log: TemplateValue }),
};

/** The kind of `step`. */
export function stepType(step: object): StepType | undefined {
  return STEP_TYPES.find((name) => name in step && name !== "wait") ?? ("wait" in step ? "wait" : undefined);
}

export const Step: z.ZodType<Step> = z.any().superRefine((value, ctx) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    ctx.addIssue({ code: "custom", message: "a step is a mapping with a key and one kind, such as value or http" });
    return;
  }
  const kinds = STEP_TYPES.filter((name) => name in value);
  const [kind] = kinds;
  if (!kind || kinds.length > 1) {
    const message = kind ? `a step has one kind, this one has ${kinds.join(" and ")}` : `a step needs one kind: ${STEP_TYPES.join(", ")}`;
    ctx.addIssue({ code: "custom", message });
    return;
  }
  const result = schemas[kind].safeParse(value);
  if (!result.success) for (const issue of result.error.issues) ctx.addIssue({ ...issue } as never);
});

/** The schema of each kind, for JSON Schema documents. */
export const stepSchemas: Readonly<Record<StepType, z.ZodType>> = schemas;
