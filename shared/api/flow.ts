import { z } from "zod";
import { FIELD_TYPES, FieldValidation } from "../flow/field.ts";
import { TriggerType } from "../flow/trigger.ts";

/** An app as a flow names it. `icon` is a URL on the edge, or null. */
export const AppSummary = z.object({ key: z.string(), name: z.string(), icon: z.string().nullable() });
export type AppSummary = z.infer<typeof AppSummary>;

/** A flow in the marketplace's list. `installed` counts the user's integrations of it. */
export const FlowSummary = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string().nullable(),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  version: z.number().int(),
  instances: z.enum(["one", "many"]),
  apps: z.array(AppSummary),
  accounts: z.array(z.object({ key: z.string(), app: z.string(), optional: z.boolean() })),
  installed: z.number().int(),
});
export type FlowSummary = z.infer<typeof FlowSummary>;

/** An option that a user can choose. */
export const Option = z.object({
  value: z.union([z.string(), z.number(), z.boolean()]),
  label: z.string(),
  group: z.string().optional(),
  /** mapping: the target field must be paired; its type and a sample where the app tells. */
  required: z.boolean().optional(),
  type: z.string().optional(),
  sample: z.string().optional(),
});
export type Option = z.infer<typeof Option>;

const OptionsOrigin = z.object({
  /** Given in the file; absent where they are asked for with `POST …/options`. */
  items: z.array(Option).optional(),
  /** Keys of the fields and account slots that the options depend on: ask again when one changes. */
  reads: z.array(z.string()).optional(),
  /** Those of `reads` without which they cannot be asked for, though the form may leave them empty. */
  needs: z.array(z.string()).optional(),
  /** The account slot whose app answers. */
  account: z.string().optional(),
  /** The name of the host's own object (the element's `data`) whose fields are the options: nobody is asked for them. */
  data: z.string().optional(),
});

/** A setup field as the widget gets it: expressions are gone, what they yield comes with the form's state. */
export interface FormField {
  key: string;
  type: (typeof FIELD_TYPES)[number];
  label?: string | undefined;
  help?: string | undefined;
  placeholder?: string | undefined;
  /** True or false where the file says so; an expression's answer stands in the form's state. */
  required: boolean;
  secret: boolean;
  validate?: z.infer<typeof FieldValidation> | undefined;
  options?: z.infer<typeof OptionsOrigin> | undefined;
  from?: z.infer<typeof OptionsOrigin> | undefined;
  to?: z.infer<typeof OptionsOrigin> | undefined;
  /** account fields: the app to connect. */
  app?: string | undefined;
  accept?: string | undefined;
  language?: string | undefined;
  block?: string | undefined;
  fields?: FormField[] | undefined;
  /** mapping: the flow computes sources that are expressions (it applies the mapping with `$mapFields`). */
  expressions?: boolean | undefined;
  /** Inside a list or object: shown by a condition, so hidden until the form's state tells. */
  conditional?: boolean | undefined;
}
export const FormField: z.ZodType<FormField> = z
  .lazy(() =>
    z.object({
      key: z.string(),
      type: z.enum(FIELD_TYPES),
      label: z.string().optional(),
      help: z.string().optional(),
      placeholder: z.string().optional(),
      required: z.boolean(),
      secret: z.boolean(),
      validate: FieldValidation.optional(),
      options: OptionsOrigin.optional(),
      from: OptionsOrigin.optional(),
      to: OptionsOrigin.optional(),
      app: z.string().optional(),
      accept: z.string().optional(),
      language: z.string().optional(),
      block: z.string().optional(),
      fields: z.array(FormField).optional(),
      expressions: z.boolean().optional(),
      conditional: z.boolean().optional(),
    }),
  )
  .meta({ id: "FormField" });

export const FormPage = z.object({ key: z.string(), title: z.string(), description: z.string().optional(), fields: z.array(FormField) });
export type FormPage = z.infer<typeof FormPage>;

/** How a user may connect an app, as far as the widget must know. */
export const AuthChoice = z.object({
  key: z.string(),
  type: z.enum(["oauth2", "oauth2_client_credentials", "api_key", "basic", "bearer", "custom", "none"]),
  label: z.string(),
  help: z.string().optional(),
  fields: z.array(FormField),
});
export type AuthChoice = z.infer<typeof AuthChoice>;

export const AppDetail = AppSummary.extend({ description: z.string(), auth: z.array(AuthChoice) });
export type AppDetail = z.infer<typeof AppDetail>;

/** What starts a block, as far as a user can be told before it is set up: the app that it listens to, the times where the file gives them. */
export const BlockTrigger = z.object({
  type: TriggerType,
  /** poll, app_event: the app's key. */
  app: z.string().optional(),
  /** schedule: five-field cron, where it does not depend on what the user enters. */
  cron: z.string().optional(),
  /** schedule, poll: in seconds, where it does not depend on what the user enters. */
  everySeconds: z.number().optional(),
});
export type BlockTrigger = z.infer<typeof BlockTrigger>;

/** An operation of an app that a block calls, by its title. */
export const OperationUse = z.object({ app: z.string(), title: z.string(), kind: z.enum(["reads", "writes", "listens"]) });
export type OperationUse = z.infer<typeof OperationUse>;

/** What a flow does with one account, by the titles of the app's operations. */
export const FlowAccess = z.object({
  /** The account slot. */
  account: z.string(),
  app: z.string(),
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  listens: z.array(z.string()),
});
export type FlowAccess = z.infer<typeof FlowAccess>;

/** One flow, with its setup form and blocks. `appDetails` says how each app is connected. */
export const FlowDetail = FlowSummary.extend({
  setup: z.object({ pages: z.array(FormPage) }),
  /** `uses`: the apps' operations that the block calls, in its order. */
  blocks: z.array(z.object({ key: z.string(), name: z.string(), trigger: BlockTrigger, uses: z.array(OperationUse).optional() })),
  /** What it will access: by account, and whether it calls other web addresses. */
  access: z.array(FlowAccess).optional(),
  callsWeb: z.boolean().optional(),
  appDetails: z.array(AppDetail),
});
export type FlowDetail = z.infer<typeof FlowDetail>;

/** What the expressions of one field yield for the values entered so far. */
export interface FieldState {
  shown: boolean;
  required?: boolean | undefined;
  default?: unknown;
  /** The text of copy, html, markdown and heading fields. */
  value?: string | undefined;
  /** schedule: the IANA time zone that its block counts in. */
  zone?: string | undefined;
  /** list, object: the states of the fields of each item by key; an object is one item. */
  items?: Record<string, FieldState>[] | undefined;
}
export const FieldState: z.ZodType<FieldState> = z
  .lazy(() =>
    z.object({
      shown: z.boolean(),
      required: z.boolean().optional(),
      default: z.unknown().optional(),
      value: z.string().optional(),
      zone: z.string().optional(),
      items: z.array(z.record(z.string(), FieldState)).optional(),
    }),
  )
  .meta({ id: "FieldState" });

/**
 * What the expressions of a form yield for the values entered so far, by page and field key: what is shown, what is required,
 * defaults for fields not touched yet, and the text of copy, html, markdown and heading fields.
 */
export const FormState = z.object({
  pages: z.record(z.string(), z.object({ shown: z.boolean() })),
  fields: z.record(z.string(), FieldState),
});
export type FormState = z.infer<typeof FormState>;

/** What to send for a dynamic field's options. `field` is the field's key; for a mapping `KEY.from` or `KEY.to`. */
export const OptionsRequest = z.object({
  field: z.string(),
  /** While an integration is changed: which, and on which version of its form (the newest where it is offered). */
  integration: z.string().optional(),
  version: z.number().int().optional(),
  accounts: z.record(z.string(), z.string()).default({}),
  values: z.record(z.string(), z.unknown()).default({}),
  search: z.string().max(200).optional(),
  cursor: z.string().max(2_000).optional(),
});
export type OptionsRequest = z.infer<typeof OptionsRequest>;
