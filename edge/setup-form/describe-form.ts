// The form as the widget gets it: no expressions, no queries, only what it must know to draw and when to ask again.
import type { FormField, FormPage, Option } from "../../shared/api/flow.ts";
import type { Field, OptionSource } from "../../shared/flow/field.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { fieldsOfBlock, slotsOfBlock } from "../engine/block-reach.ts";
import { readsOf } from "../engine/expression.ts";

type Options = NonNullable<Field["options"]>;
type StaticOption = Extract<Options, unknown[]>[number];

/** The pages of `flow`'s setup form. */
export function describeForm(flow: FlowFile): FormPage[] {
  return flow.setup.pages.map(({ key, title, description, fields }) => ({
    key,
    title,
    ...(description === undefined ? {} : { description }),
    fields: fields.map((field) => describeField(field, flow)),
  }));
}

/** One field, without its expressions. `flow` names the apps of account fields. */
export function describeField(field: Field, flow?: FlowFile): FormField {
  const { key, type, label, help, placeholder, validate, options, from, to, accept, language, block, fields } = field;
  const app = type === "account" ? flow?.accounts[key]?.app : undefined;
  return {
    key,
    type,
    required: field.required === true,
    secret: isSecret(field),
    ...given({ label, help, placeholder, accept, language, block, app }),
    ...(validate ? { validate: withoutRule(validate) } : {}),
    ...(options ? { options: describeOptions(options, flow) } : {}),
    ...(from ? { from: describeOptions(from, flow) } : {}),
    ...(to ? { to: describeOptions(to, flow) } : {}),
    ...(type === "mapping" && flow && isComputed(flow, key) ? { expressions: true } : {}),
    ...(fields ? { fields: fields.map((one) => describeInner(one, flow)) } : {}),
  };
}

/** Whether some step applies the mapping with `$mapFields`, so that sources may be expressions. */
const isComputed = (flow: FlowFile, key: string): boolean =>
  new RegExp(`\\$mapFields\\(\\s*setup\\.${key}\\b`).test(JSON.stringify(flow.blocks));

const describeInner = (field: Field, flow: FlowFile | undefined): FormField => ({
  ...describeField(field, flow),
  ...(field.when === undefined ? {} : { conditional: true }),
});

/** Whether the field's value is sealed before it is stored and never given back. */
export const isSecret = (field: Field): boolean => field.type === "secret" || field.secret === true;

/** Every field of the form, page by page, in order. */
export const allFields = (flow: FlowFile): Field[] => flow.setup.pages.flatMap((page) => page.fields);

/** An option of the file with its label. */
export function toOption(option: StaticOption): Option {
  if (typeof option !== "object") return { value: option, label: String(option) };
  const { value, label, group } = option;
  return { value, label: label ?? String(value), ...(group === undefined ? {} : { group }) };
}

function describeOptions(options: Options, flow: FlowFile | undefined) {
  if (Array.isArray(options)) return { items: options.map(toOption) };
  if (options.data !== undefined) return { data: options.data };
  const slot = slotOf(options);
  const isAsked = (key: string) => flow?.accounts[key]?.owner !== "workspace";
  return { reads: readsOfOptions(options, flow).filter(isAsked), ...(slot === undefined || !isAsked(slot) ? {} : { account: slot }) };
}

/** The account slot whose app answers, where the options come from a query. */
export const slotOf = (source: OptionSource): string | undefined => source.query?.split(".")[0];

/** Keys of the account slots, then of the fields, that the options depend on. */
function readsOfOptions(source: OptionSource, flow: FlowFile | undefined): string[] {
  const slot = slotOf(source);
  const keys = readsOf(source.with ?? {}).flatMap((path) => {
    const [root, key] = path.split(".");
    return root === "setup" && key !== undefined ? [key] : [];
  });
  const { block } = source;
  const ofBlock = block === undefined || !flow ? [] : [...slotsOfBlock(flow, block), ...keys, ...fieldsOfBlock(flow, block)];
  return [...new Set([...(slot === undefined ? [] : [slot]), ...(block === undefined ? keys : ofBlock)])];
}

function withoutRule({ rule: _rule, ...rest }: NonNullable<Field["validate"]>) {
  return rest;
}

function given<T extends Record<string, unknown>>(values: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: Exclude<T[K], undefined>;
  }>;
}
