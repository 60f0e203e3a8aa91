import { z } from "zod";
import { Duration } from "./duration.ts";
import { Template, TemplateValue } from "./expression.ts";
import { Key, OperationRef } from "./key.ts";

const record = z.record(z.string(), z.json());

/**
 * What comes back: an HTTP answer, which the app file reads as it does a real one; an operation's `output` or `error` past the app file; or a
 * fault of the line (`reset`: the connection breaks; `timeout`: no answer ever). `slow` lets that time pass first, on the test's own clock.
 */
export const DeclaredAnswer = z.union([
  z.strictObject({
    status: z.number().int().min(200).max(599).optional(),
    headers: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    body: z.json().optional(),
    slow: Duration.optional(),
  }),
  z.strictObject({ output: z.json(), slow: Duration.optional() }),
  z.strictObject({
    error: z.strictObject({ code: z.string(), message: z.string().optional(), class: z.string(), retryable: z.boolean().optional() }),
  }),
  z.strictObject({ fault: z.enum(["reset", "timeout"]), slow: Duration.optional() }),
]);
export type DeclaredAnswer = z.infer<typeof DeclaredAnswer>;

/**
 * Which calls get which answer: those of an operation, to an address (`*` for any text; without `?` the query does not count), of a step by its
 * path, or for which `when` is true (`method`, `url`, `query`, `headers`, `body` of the call). Of a list the answers come one after another, the
 * last one for all further calls.
 */
export const AnswerRule = z
  .strictObject({
    query: OperationRef.optional(),
    action: OperationRef.optional(),
    url: z.string().min(1).optional(),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).optional(),
    step: z.string().min(1).optional(),
    when: Template.optional(),
    answer: z.union([DeclaredAnswer, z.array(DeclaredAnswer).min(1)]),
  })
  .refine(({ query, action, url, step }) => [query, action, url, step].some((one) => one !== undefined), {
    message: "say which calls get this answer: “query”, “action”, “url” or “step”",
  });
export type AnswerRule = z.infer<typeof AnswerRule>;

/** How a slot is connected: the key of the auth, its fields (made up where they are not given), and whether the app still lets it in. */
const TestAccount = z.strictObject({
  auth: Key.optional(),
  fields: z.record(z.string(), z.string()).optional(),
  status: z.enum(["connected", "expired", "revoked", "none"]).optional(),
});
export type TestAccount = z.infer<typeof TestAccount>;

const TestUser = z.strictObject({
  id: z.string().optional(),
  org: z.string().nullable().optional(),
  name: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  locale: z.string().nullable().optional(),
  attributes: record.optional(),
});

/** What the world is like before the block begins. */
const world = {
  now: z.iso.datetime().optional(),
  user: TestUser.optional(),
  setup: record.optional(),
  accounts: z.record(Key, TestAccount).optional(),
  env: z.record(z.string(), z.string()).optional(),
  state: record.optional(),
  answers: z.array(AnswerRule).optional(),
};

/** A call from outside that starts a webhook, api or app event block. */
const TestRequest = z.strictObject({
  method: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  query: z.record(z.string(), z.string()).optional(),
  body: z.json().optional(),
});
export type TestRequest = z.infer<typeof TestRequest>;

/** Something that a value has to be: itself; of mappings, at least these members; or text with an expression over `value` that is true. */
const Expected = TemplateValue;

const ExpectedStep = z.strictObject({
  status: z.enum(["succeeded", "failed", "skipped", "waiting"]).optional(),
  input: Expected.optional(),
  output: Expected.optional(),
  error: Expected.optional(),
  attempts: z.number().int().optional(),
  tasks: z.number().int().optional(),
});

const ExpectedRequest = z.strictObject({
  step: z.string().optional(),
  method: z.string().optional(),
  url: z.string().optional(),
  query: Expected.optional(),
  headers: Expected.optional(),
  body: Expected.optional(),
});

/** What the run has to come to. Without a `status` it succeeds, is stopped where a `reason` is given, and fails where an `error` is. */
export const Expectation = z.strictObject({
  status: z.enum(["succeeded", "failed", "stopped", "waiting", "ignored"]).optional(),
  reason: z.string().optional(),
  output: Expected.optional(),
  error: Expected.optional(),
  respond: Expected.optional(),
  state: Expected.optional(),
  tasks: z.number().int().optional(),
  /** By path; null: the step is not reached. */
  steps: z.record(z.string(), ExpectedStep.nullable()).optional(),
  /** All that were sent, in order; or their number. */
  requests: z.union([z.number().int(), z.array(ExpectedRequest)]).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

/** One run of one block in a world of its own. */
export const FlowTest = z
  .strictObject({
    name: z.string().min(1).max(200),
    block: Key.optional(),
    trigger: z.json().optional(),
    request: TestRequest.optional(),
    /** Events of the host that come while the run waits, each so long after its start. */
    events: z.array(z.strictObject({ type: z.string(), data: z.json().optional(), after: Duration.optional() })).optional(),
    ...world,
    expect: Expectation.default({}),
  })
  .refine(({ trigger, request }) => trigger === undefined || request === undefined, {
    message: "a block is started by a “trigger” or by a “request”, not by both",
    path: ["request"],
  });
export type FlowTest = z.infer<typeof FlowTest>;

/** Tests of a flow as a builder writes them (`NAME.test.yaml` beside `NAME.flow.yaml`). What stands at the root holds for every test. Unknown keys are errors. */
export const TestFile = z.strictObject({
  inlay: z.literal(1),
  /** The flow file, from here; by default the one of the same name. */
  flow: z.string().optional(),
  /** App files, from here; those beside this file and those that come with the product are known. */
  apps: z.array(z.string()).optional(),
  ...world,
  tests: z.array(FlowTest).min(1),
});
export type TestFile = z.infer<typeof TestFile>;
