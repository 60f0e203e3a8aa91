// What a form holds and shows, read from the form's pages, what was entered, and the state that the edge answered. Pure.
import type { FormField, FormPage, FormState } from "../../shared/api/flow.ts";
import { checkField, type FieldFault } from "../../shared/flow/field-rules.ts";
import type { MessageKey } from "../i18n/en.ts";

/** A fault at a field, also with a code of the edge that is new here; `path` says where inside a list or an object, such as `0.email`. */
export type FaultAt = Omit<FieldFault, "code"> & {
  code: string;
  path?: string /** The message of ours that says it, with `params`. */;
  say?: MessageKey;
};

/** What was entered so far. Accounts are kept by slot, apart from values. */
export interface Entries {
  values: Readonly<Record<string, unknown>>;
  accounts: Readonly<Record<string, string>>;
}

/** A form as far as its expressions are known: its pages and the edge's last answer. */
export interface KnownForm extends Entries {
  pages: readonly FormPage[];
  form: FormState;
  /** The only fields to show, of those that would be: an upgrade asks for what is new. */
  only?: ReadonlySet<string> | undefined;
}

const DISPLAY = new Set<FormField["type"]>(["html", "markdown", "heading", "divider", "copy", "button"]);

/** Whether a field takes a value that is stored under its key. */
export const holdsValue = (field: FormField): boolean => !DISPLAY.has(field.type) && field.type !== "account";

/** Whether a field's value must never leave the form but to be saved. */
export const isSecret = (field: FormField): boolean => field.secret || field.type === "secret";

/** The mark that stands for a secret which the edge keeps (`shared/api/draft.ts`). */
export const isSealed = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "$secret") && (value as { $secret: unknown }).$secret === true;

/** `record[key]`, own properties only: a field may be called `constructor`. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** What a field holds: as entered, or its default while nobody touched it. */
export function heldValue(known: KnownForm, key: string): unknown {
  return Object.hasOwn(known.values, key) ? known.values[key] : own(known.form.fields, key)?.default;
}

/** Whether an answer is required now: an expression's answer wins over the file's. */
export const isRequired = (known: KnownForm, field: FormField): boolean => own(known.form.fields, field.key)?.required ?? field.required;

/** The fields of a page that count by the form's own conditions, in order. */
const countingFields = (known: KnownForm, page: FormPage): FormField[] =>
  page.fields.filter((field) => own(known.form.fields, field.key)?.shown ?? true);

/** The fields of a page that are shown, in order. */
export const shownFields = (known: KnownForm, page: FormPage): FormField[] =>
  countingFields(known, page).filter((field) => known.only?.has(field.key) ?? true);

const countingPages = (known: KnownForm): FormPage[] => known.pages.filter((page) => own(known.form.pages, page.key)?.shown ?? true);

/** The pages that are shown, in order. A page whose fields are all hidden is left out unless it has something to say. */
export function shownPages(known: KnownForm): FormPage[] {
  return countingPages(known).filter(
    (page) => shownFields(known, page).length > 0 || (page.description !== undefined && known.only === undefined),
  );
}

/** The fault of one field, as far as the widget can tell without the edge. */
export function findFault(known: KnownForm, field: FormField): FaultAt | undefined {
  const required = isRequired(known, field);
  if (field.type === "account") {
    const missing = required && !own(known.accounts, field.key);
    return missing ? { code: "account", message: "" } : undefined;
  }
  if (!holdsValue(field)) return undefined;
  const value = heldValue(known, field.key);
  return isSealed(value) ? undefined : checkField({ type: field.type, required, validate: field.validate }, value);
}

/** Every fault of the fields that a page shows, by key. */
export function findFaults(known: KnownForm, page: FormPage): Record<string, FaultAt> {
  const faults: Record<string, FaultAt> = {};
  for (const field of shownFields(known, page)) {
    const fault = findFault(known, field);
    if (fault) faults[field.key] = fault;
  }
  return faults;
}

/** What is sent to be saved: values of fields that count with their defaults, and the accounts. Hidden fields stay behind. */
export function collectEntries(known: KnownForm): { values: Record<string, unknown>; accounts: Record<string, string> } {
  const values: Record<string, unknown> = {};
  const accounts: Record<string, string> = {};
  for (const field of countingPages(known).flatMap((page) => countingFields(known, page))) {
    if (field.type === "account") {
      const account = own(known.accounts, field.key);
      if (account) accounts[field.key] = account;
    } else if (holdsValue(field)) {
      const value = heldValue(known, field.key);
      if (value !== undefined) values[field.key] = value;
    }
  }
  return { values, accounts };
}

/** The same without any secret, for events that a host page hears. */
export function withoutSecrets(pages: readonly FormPage[], values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const secret = new Set(pages.flatMap((page) => page.fields.filter(holdsSecret).map((field) => field.key)));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !secret.has(key)));
}

const holdsSecret = (field: FormField): boolean => isSecret(field) || (field.fields ?? []).some(holdsSecret);
