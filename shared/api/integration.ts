import { z } from "zod";
import { TriggerType } from "../flow/trigger.ts";
import { Run, RunError } from "./run.ts";

export const INTEGRATION_STATUSES = ["enabled", "disabled", "needs_attention"] as const;

/** What keeps an integration from running, and what to mend. */
export const Attention = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  account: z.string().optional(),
  block: z.string().optional(),
  /** What `message` names, to say it in another language: of `account_expired` and `account_error` the account's `label` and `owner`. */
  params: z.record(z.string(), z.string()).optional(),
  /** Why a poll or a subscription was not answered. */
  error: RunError.optional(),
});
export type Attention = z.infer<typeof Attention>;

export const IntegrationBlock = z.object({
  key: z.string(),
  name: z.string(),
  trigger: z.object({ type: TriggerType, label: z.string().optional() }),
  url: z.string().optional(),
  lastRun: Run.optional(),
  nextRunAt: z.string().optional(),
});
export type IntegrationBlock = z.infer<typeof IntegrationBlock>;

/** An instance of a flow version: one user's values and accounts. Secrets in `values` are `{$secret: true}`. */
export const Integration = z.object({
  id: z.string(),
  flow: z.string(),
  version: z.number().int(),
  name: z.string(),
  status: z.enum(INTEGRATION_STATUSES),
  attention: z.array(Attention).optional(),
  accounts: z.record(z.string(), z.string()),
  values: z.record(z.string(), z.unknown()),
  blocks: z.array(IntegrationBlock),
  upgradeTo: z.number().int().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Integration = z.infer<typeof Integration>;

export const IntegrationCreate = z.object({
  flow: z.string(),
  name: z.string().min(1).max(200).optional(),
  accounts: z.record(z.string(), z.string()).default({}),
  values: z.record(z.string(), z.unknown()).default({}),
  enable: z.boolean().default(true),
});
export type IntegrationCreate = z.infer<typeof IntegrationCreate>;

export const IntegrationPatch = z.object({
  name: z.string().min(1).max(200).optional(),
  accounts: z.record(z.string(), z.string()).optional(),
  values: z.record(z.string(), z.unknown()).optional(),
  enabled: z.boolean().optional(),
});
export type IntegrationPatch = z.infer<typeof IntegrationPatch>;
