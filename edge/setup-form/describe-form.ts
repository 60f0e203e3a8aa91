// The form as the widget gets it: no expressions, no queries, only what it must know to draw and when to ask again.
import type { FormField, FormPage, Option } from "../../shared/api/flow.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { Field, OptionSource } from "../../shared/flow/field.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { fieldsOfBlock, slotsOfBlock } from "../engine/block-reach.ts";
import { inputOf } from "../engine/compile-block.ts";
import { readsOf } from "../engine/expression.ts";

type Options = NonNullable<Field["options"]>;
type StaticOption = Extract<Options, unknown[]>[number];

type Apps = Readonly<Record<string, AppFile>>;

/** The pages of `flow`'s setup form. `apps`: whose queries give options. */
export function describeForm(flow: FlowFile, apps: Apps = {}): FormPage[] {
  return flow.setup.pages.map(({ key, title, description, fields }) => ({
    key,
    title,
    ...(description === undefined ? {} : { description }),
    fields: fields.map((field) => describeField(field, flow, apps)),
  }));
}

/** One field, without its expressions. `flow` names the apps of account fields. */
export function describeField(field: Field, flow?: FlowFile, apps: Apps = {}): FormField {
  const { key, type, label, help, placeholder, validate, options, from, to, accept, language, block, fields } = field;
  const app = type === "account" ? flow?.accounts[key]?.app : undefined;
  return {
    key,
    type,
    required: field.required === true,
    secret: isSecret(field),
    ...given({ label, help, placeholder, accept, language, block, app }),
    ...(validate ? { validate: withoutRule(validate) } : {}),
    ...(options ? { options: describeOptions(options, flow, apps) } : {}),
    ...(from ? { from: describeOptions(from, flow, apps) } : {}),
    ...(to ? { to: describeOptions(to, flow, apps) } : {}),
    ...(type === "mapping" && flow && isComputed(flow, key) ? { expressions: true } : {}),
    ...(fields ? { fields: fields.map((one) => describeInner(one, flow, apps)) } : {}),
  };
}

/** Whether some step applies the mapping with `$mapFields`, so that sources may be expressions. */
const isComputed = (flow: FlowFile, key: string): boolean =>
  new RegExp(`\\$mapFields\\(\\s*setup\\.${key}\\b`).test(JSON.stringify(flow.blocks));

const describeInner = (field: Field, flow: FlowFile | undefined, apps: Apps): FormField => ({
  ...describeField(field, flow, apps),
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

function describeOptions(options: Options, flow: FlowFile | undefined, apps: Apps) {
  if (Array.isArray(options)) return { items: options.map(toOption) };
  if (options.data !== undefined) return { data: options.data };
  const slot = slotOf(options);
  const isAsked = (key: string) => flow?.accounts[key]?.owner !== "workspace";
  const needs = needsOf(options, flow, apps);
  return {
    reads: readsOfOptions(options, flow).filter(isAsked),
    ...(needs.length ? { needs } : {}),
    ...(slot === undefined || !isAsked(slot) ? {} : { account: slot }),
  };
}

/** Keys of the fields that alone fill an input without which nobody can be asked. */
function needsOf(source: OptionSource, flow: FlowFile | undefined, apps: Apps): string[] {
  const given = source.with ?? {};
  const needs = wantedOf(source, flow, apps).flatMap(({ key, required, default: preset }) => {
    const value = required === true && preset === undefined ? given[key] : undefined;
    const [, field] = (typeof value === "string" && /^\{\{\s*setup\.(\w+)[\w.]*\s*\}\}$/.exec(value.trim())) || [];
    return field === undefined ? [] : [field];
  });
  return [...new Set(needs)];
}

/** The inputs of who is asked. */
function wantedOf({ query, block }: OptionSource, flow: FlowFile | undefined, apps: Apps): readonly Field[] {
  const [slot = "", operation = ""] = query?.split(".") ?? [];
  if (query !== undefined) return apps[flow?.accounts[slot]?.app ?? ""]?.queries[operation]?.input ?? [];
  const trigger = flow?.blocks.find(({ key }) => key === block)?.trigger;
  return trigger ? inputOf(trigger) : [];
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
