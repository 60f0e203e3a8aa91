// Field type → the element that shows it, loaded when a form first needs it. To add a type: one element, one row.
import type { FormField } from "../../shared/api/flow.ts";

export interface FieldKind {
  /** The tag of an element that extends `FieldElement`. */
  tag: string;
  load: () => Promise<unknown>;
}

const text: FieldKind = { tag: "inlay-text-field", load: () => import("./text-field.ts") };
const textarea: FieldKind = { tag: "inlay-textarea-field", load: () => import("./textarea-field.ts") };
const date: FieldKind = { tag: "inlay-date-field", load: () => import("./date-field.ts") };
const select: FieldKind = { tag: "inlay-select-field", load: () => import("./select-field.ts") };
const choice: FieldKind = { tag: "inlay-choice-field", load: () => import("./choice-field.ts") };
const tree: FieldKind = { tag: "inlay-tree-field", load: () => import("./tree-field.ts") };
const show: FieldKind = { tag: "inlay-static-field", load: () => import("./static-field.ts") };

/** Every field type of the flow file. */
export const FIELD_KINDS: Readonly<Record<FormField["type"], FieldKind>> = {
  text,
  email: text,
  url: text,
  textarea,
  code: { tag: "inlay-code-field", load: () => import("./code-field.ts") },
  json: { tag: "inlay-json-field", load: () => import("./json-field.ts") },
  number: { tag: "inlay-number-field", load: () => import("./number-field.ts") },
  toggle: { tag: "inlay-toggle-field", load: () => import("./toggle-field.ts") },
  select,
  multiselect: select,
  radio: choice,
  checkboxes: choice,
  date,
  time: date,
  datetime: date,
  duration: { tag: "inlay-duration-field", load: () => import("./duration-field.ts") },
  schedule: { tag: "inlay-schedule-field", load: () => import("./schedule-field.ts") },
  timezone: { tag: "inlay-timezone-field", load: () => import("./timezone-field.ts") },
  secret: { tag: "inlay-secret-field", load: () => import("./secret-field.ts") },
  file: { tag: "inlay-file-field", load: () => import("./file-field.ts") },
  list: { tag: "inlay-list-field", load: () => import("./list-field.ts") },
  object: { tag: "inlay-object-field", load: () => import("./object-field.ts") },
  mapping: { tag: "inlay-mapping-field", load: () => import("./mapping-field.ts") },
  value_map: { tag: "inlay-value-map-field", load: () => import("./value-map-field.ts") },
  account: { tag: "inlay-account-field", load: () => import("./account-field.ts") },
  tree,
  folder: tree,
  html: show,
  markdown: show,
  heading: show,
  divider: show,
  copy: { tag: "inlay-copy-field", load: () => import("./copy-field.ts") },
  button: { tag: "inlay-button-field", load: () => import("./button-field.ts") },
};

/** Loads the elements of all these fields, and of those inside them, before they are shown: a page that is turned offline has its fields. */
export function preloadFields(fields: readonly FormField[]): void {
  for (const field of fields) {
    kindOf(field)
      .load()
      .catch(() => undefined);
    preloadFields(field.fields ?? []);
  }
}

/** The kind that shows `field`: text that is secret is shown as a secret. */
export const kindOf = (field: FormField): FieldKind =>
  field.secret && field.type === "text" ? FIELD_KINDS.secret : FIELD_KINDS[field.type];
