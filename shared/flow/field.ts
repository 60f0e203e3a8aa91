import { z } from "zod";
import { Duration } from "./duration.ts";
import { Template, TemplateValue } from "./expression.ts";
import { Key, OperationRef } from "./key.ts";

/** Every kind of setup field. `html markdown heading divider copy button` show something and hold no value. */
export const FIELD_TYPES = [
  "text",
  "textarea",
  "number",
  "toggle",
  "select",
  "multiselect",
  "radio",
  "checkboxes",
  "date",
  "time",
  "datetime",
  "duration",
  "schedule",
  "timezone",
  "secret",
  "email",
  "url",
  "file",
  "json",
  "code",
  "list",
  "object",
  "mapping",
  "value_map",
  "tree",
  "account",
  "folder",
  "html",
  "markdown",
  "heading",
  "divider",
  "copy",
  "button",
] as const;
export const FieldType = z.enum(FIELD_TYPES);
export type FieldType = z.infer<typeof FieldType>;

/** Field types that hold no value. */
export const DISPLAY_TYPES: ReadonlySet<FieldType> = new Set(["html", "markdown", "heading", "divider", "copy", "button"]);

/** An option given in the file; a bare value is its own label. */
export const StaticOption = z.union([
  z.string(),
  z.number(),
  z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), label: z.string().optional(), group: z.string().optional() }),
]);

/** Where options come from: a query of an account, a block of this flow, or an object that the host page offers (`element.data`). `value` and `label` name properties of an item, or are expressions over `item`. */
export const OptionSource = z.strictObject({
  query: OperationRef.optional(),
  block: Key.optional(),
  /** The name of an object that the host page offers: its fields are the options, with dots for what lies deeper. */
  data: z.string().min(1).optional(),
  with: z.record(z.string(), TemplateValue).optional(),
  value: z.string().optional(),
  label: z.string().optional(),
  group: z.string().optional(),
  /** mapping only: the property that marks a target field as required. */
  required: z.string().optional(),
});
export type OptionSource = z.infer<typeof OptionSource>;

export const FieldValidation = z.strictObject({
  min: z.union([z.number(), z.string()]).optional(),
  max: z.union([z.number(), z.string()]).optional(),
  minLength: z.number().int().min(0).optional(),
  maxLength: z.number().int().min(0).optional(),
  pattern: z.string().max(500).optional(),
  message: z.string().optional(),
  /** An expression over `setup` and `value`; false refuses. Only the edge evaluates it. */
  rule: Template.optional(),
});
export type FieldValidation = z.infer<typeof FieldValidation>;

const base = z.strictObject({
  key: Key,
  type: FieldType,
  label: z.string().optional(),
  help: z.string().optional(),
  placeholder: z.string().optional(),
  default: TemplateValue.optional(),
  required: z.union([z.boolean(), Template]).optional(),
  when: Template.optional(),
  validate: FieldValidation.optional(),
  secret: z.boolean().optional(),
  options: z.union([z.array(StaticOption), OptionSource]).optional(),
  /** mapping and value_map: the two sides. */
  from: z.union([z.array(StaticOption), OptionSource]).optional(),
  to: z.union([z.array(StaticOption), OptionSource]).optional(),
  /** copy, html, markdown, heading: what to show. */
  value: Template.optional(),
  /** button: the block that a click runs. */
  block: Key.optional(),
  /** file: accepted types, as in the HTML `accept` attribute. */
  accept: z.string().optional(),
  language: z.string().optional(),
  every: Duration.optional(),
});

/** A field of a setup form, or an input of an operation, a trigger or an auth kind. `fields` nests (list, object). */
export type Field = z.infer<typeof base> & { fields?: Field[] | undefined };
export const Field: z.ZodType<Field> = z.lazy(() => base.extend({ fields: z.array(Field).optional() }));
