import { z } from "zod";
import { Duration } from "./duration.ts";
import { Template, TemplateValue } from "./expression.ts";
import { Field } from "./field.ts";
import { OperationRef } from "./key.ts";

/** How an incoming call proves who sent it. Secrets are templates; `hook.secret` is the one that Inlay made for the subscription. */
export const Verify = z.strictObject({
  scheme: z.enum(["standard-webhooks", "hmac", "github", "stripe", "slack", "token", "basic"]),
  secret: Template,
  header: z.string().optional(),
  algorithm: z.enum(["sha1", "sha256", "sha512"]).optional(),
  encoding: z.enum(["hex", "base64"]).optional(),
  prefix: z.string().optional(),
  username: Template.optional(),
});
export type Verify = z.infer<typeof Verify>;

const withInput = z.record(z.string(), TemplateValue);

/** What starts a block: exactly one kind, named by its key. Poll options stand beside `poll`, as `with` beside `app_event`. */
export const Trigger = z.union([
  z.strictObject({
    schedule: z.strictObject({ cron: Template.optional(), every: z.union([Duration, Template]).optional(), timezone: Template.optional() }),
  }),
  z.strictObject({
    poll: OperationRef,
    every: z.union([Duration, Template]).optional(),
    with: withInput.optional(),
    items: Template.optional(),
    id: Template,
    cursor: Template.optional(),
    first: z.enum(["all", "new"]).optional(),
  }),
  z.strictObject({ webhook: z.strictObject({ verify: Verify.optional(), respond: z.boolean().optional(), dedupe: Template.optional() }) }),
  z.strictObject({ event: z.string().min(1).max(200) }),
  z.strictObject({ app_event: OperationRef, with: withInput.optional() }),
  z.strictObject({
    api: z.strictObject({ method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "ANY"]).optional(), input: z.array(Field).optional() }),
  }),
  z.strictObject({ call: z.strictObject({ input: z.array(Field).optional(), description: z.string().optional() }) }),
  z.strictObject({ lifecycle: z.enum(["created", "enabled", "updated", "upgraded", "disabled", "deleted"]) }),
  z.strictObject({ manual: z.strictObject({ label: z.string().optional(), input: z.array(Field).optional() }) }),
]);
export type Trigger = z.infer<typeof Trigger>;

export const TRIGGER_TYPES = ["schedule", "poll", "webhook", "event", "app_event", "api", "call", "lifecycle", "manual"] as const;
export const TriggerType = z.enum(TRIGGER_TYPES);
export type TriggerType = z.infer<typeof TriggerType>;

/** The kind of `trigger`. */
export function triggerType(trigger: Trigger): TriggerType {
  const type = TRIGGER_TYPES.find((name) => name in trigger);
  if (!type) throw new TypeError("a trigger without a kind");
  return type;
}
