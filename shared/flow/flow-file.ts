import { z } from "zod";
import { Duration } from "./duration.ts";
import { Template } from "./expression.ts";
import { Field } from "./field.ts";
import { Key } from "./key.ts";
import { Step } from "./step.ts";
import { Translations } from "./translations.ts";
import { Trigger } from "./trigger.ts";

const amount = z.number().int().min(1).optional();

/** How much a block may do in each period: a number means tasks a day. A run that has begun ends; none begins beyond the quota. */
export const Quota = z.union([
  z.number().int().min(1),
  z.strictObject({ tasks: amount, runs: amount, per: Duration }).refine(({ tasks, runs }) => tasks !== undefined || runs !== undefined, {
    message: "a quota counts tasks, runs or both",
  }),
]);
export type Quota = z.infer<typeof Quota>;

/** A block: one trigger and the steps that it runs. */
export const Block = z.strictObject({
  key: Key,
  name: z.string().min(1).max(200),
  trigger: Trigger,
  concurrency: z.number().int().min(1).max(64).optional(),
  order: z.enum(["fifo", "none"]).optional(),
  partition: Template.optional(),
  missed: z.enum(["skip", "one", "all"]).optional(),
  timeout: Duration.optional(),
  quota: Quota.optional(),
  settings: z.record(z.string(), z.json()).optional(),
  on_failure: z.array(Step).optional(),
  steps: z.array(Step),
});
export type Block = z.infer<typeof Block>;

/** A page of the setup form. */
export const Page = z.strictObject({
  key: Key,
  title: z.string().min(1),
  description: z.string().optional(),
  when: Template.optional(),
  fields: z.array(Field),
});
export type Page = z.infer<typeof Page>;

/**
 * An account that the flow uses. With `owner: workspace` it is the workspace's own, for which no user is asked; `account` names it by its
 * key where the workspace has several of the app.
 */
export const AccountSlot = z.strictObject({
  app: Key,
  owner: z.enum(["user", "workspace"]).optional(),
  account: Key.optional(),
  optional: z.boolean().optional(),
  auth: z.array(Key).optional(),
  scopes: z.array(z.string()).optional(),
  label: z.string().optional(),
});
export type AccountSlot = z.infer<typeof AccountSlot>;

const lowerCase = z
  .string()
  .min(1)
  .max(64)
  .transform((text) => text.toLowerCase());

/** A flow as a builder writes it (`NAME.flow.yaml`). Unknown keys are errors. */
export const FlowFile = z.strictObject({
  inlay: z.literal(1),
  key: Key,
  name: z.string().min(1).max(200),
  description: z.string().max(2_000).default(""),
  icon: z.string().optional(),
  category: z.string().max(100).optional(),
  tags: z.array(lowerCase).default([]),
  labels: z.array(lowerCase).default([]),
  audience: z.enum(["everyone", "beta", "nobody"]).default("everyone"),
  instances: z.enum(["one", "many"]).default("many"),
  docs: z.string().optional(),
  settings: z.record(z.string(), z.json()).default({}),
  accounts: z.record(Key, AccountSlot).default({}),
  setup: z.strictObject({ pages: z.array(Page) }).default({ pages: [] }),
  blocks: z.array(Block).min(1),
  translations: Translations.optional(),
});
export type FlowFile = z.infer<typeof FlowFile>;
