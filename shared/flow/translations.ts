// What a flow file carries for users of other languages than its own, and the file as one of them reads it. Pure.
import { z } from "zod";
import type { Field } from "./field.ts";
import type { FlowFile } from "./flow-file.ts";
import { Key } from "./key.ts";

const text = z.string().min(1).optional();

const FieldTranslation = z.strictObject({
  label: text,
  help: text,
  placeholder: text,
  /** heading, markdown, html: what is shown. */
  value: text,
  /** `validate.message` */
  message: text,
  /** Labels by the option's value. */
  options: z.record(z.string(), z.string().min(1)).optional(),
});

const tag = z.string().regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, "write a language tag, such as de or pt-BR");

/** The texts of a flow in one language, by the keys of what they belong to. What is left out stays in the file's own language. */
export const Translation = z.strictObject({
  name: text,
  description: text,
  category: text,
  accounts: z.record(Key, z.strictObject({ label: text })).optional(),
  pages: z.record(Key, z.strictObject({ title: text, description: text })).optional(),
  /** A field within another (list, object) by the way to it: `lines.amount`. */
  fields: z.record(z.string(), FieldTranslation).optional(),
  /** `label`: of a manual trigger's button. */
  blocks: z.record(Key, z.strictObject({ name: text, label: text })).optional(),
});
export type Translation = z.infer<typeof Translation>;

/** By language tag: `translations: { de: { name: … }, pt-BR: … }`. */
export const Translations = z.record(tag, Translation);
export type Translations = z.infer<typeof Translations>;

/** The translation that serves `wanted` best (RFC 4647, lookup): the tag itself, what is left as its end is cut, else a sister of its language. */
export function pickTranslation(translations: Translations | undefined, wanted: string | undefined): Translation | undefined {
  if (!translations || !wanted) return undefined;
  const tags = Object.keys(translations);
  const find = (one: string) => tags.find((other) => other.toLowerCase() === one);
  const parts = wanted.toLowerCase().replaceAll("_", "-").split("-");
  for (let length = parts.length; length > 0; length--) {
    const found = find(parts.slice(0, length).join("-"));
    if (found) return translations[found];
  }
  const sister = tags.find((other) => other.toLowerCase().split("-")[0] === parts[0]);
  return sister === undefined ? undefined : translations[sister];
}

/** `flow` in the language `wanted`: the same keys, values and expressions with other words. */
export function translateFlow(flow: FlowFile, wanted: string | undefined): FlowFile {
  const words = pickTranslation(flow.translations, wanted);
  if (!words) return flow;
  const { accounts = {}, pages = {}, blocks = {} } = words;
  return {
    ...translateSummary(flow, words),
    accounts: Object.fromEntries(Object.entries(flow.accounts).map(([key, slot]) => [key, { ...slot, ...given(own(accounts, key)) }])),
    setup: {
      pages: flow.setup.pages.map((page) => ({
        ...page,
        ...given(own(pages, page.key)),
        fields: page.fields.map((field) => translateField(field, words, field.key)),
      })),
    },
    blocks: flow.blocks.map((block) => {
      const { name = block.name, label } = own(blocks, block.key) ?? {};
      const { trigger } = block;
      return { ...block, name, trigger: label && "manual" in trigger ? { ...trigger, manual: { ...trigger.manual, label } } : trigger };
    }),
  };
}

/** What the list of flows shows of one, in the words of a translation. */
export function translateSummary<T extends { name: string; description: string }>(flow: T, words: Translation | undefined): T {
  const { name, description, category } = words ?? {};
  return { ...flow, ...given({ name, description, category }) };
}

function translateField(field: Field, words: Translation, path: string): Field {
  const { options, message, ...texts } = own(words.fields ?? {}, path) ?? {};
  const relabel = (list: Field["options"]) =>
    options && Array.isArray(list)
      ? list.map((option) => {
          const { value, ...rest } = typeof option === "object" ? option : { value: option };
          return { ...rest, value, ...given({ label: own(options, String(value)) }) };
        })
      : list;
  const { validate, fields } = field;
  return {
    ...field,
    ...given(texts),
    ...(validate && message !== undefined ? { validate: { ...validate, message } } : {}),
    ...(options ? given({ options: relabel(field.options), from: relabel(field.from), to: relabel(field.to) }) : {}),
    ...(fields ? { fields: fields.map((inner) => translateField(inner, words, `${path}.${inner.key}`)) } : {}),
  };
}

/** Every path that a translation's `fields` may name. */
export const fieldPaths = (fields: readonly Field[], above = ""): string[] =>
  fields.flatMap((field) => [`${above}${field.key}`, ...fieldPaths(field.fields ?? [], `${above}${field.key}.`)]);

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/** Without what is undefined. */
const given = <T extends object>(texts: T | undefined): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> =>
  Object.fromEntries(Object.entries(texts ?? {}).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: Exclude<T[K], undefined>;
  }>;
