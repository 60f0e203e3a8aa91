import { css, html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { FieldState, FormField } from "../../shared/api/flow.ts";
import { checkField } from "../../shared/flow/field-rules.ts";
import { type FaultAt, holdsValue, isSealed, own } from "../setup/form-values.ts";
import type { FieldInput } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";
import "./field.ts";

export type Item = Readonly<Record<string, unknown>>;

export const toItem = (value: unknown): Item =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** What the edge has told of one item's fields. */
export type ItemState = Readonly<Record<string, FieldState>> | undefined;

/** Whether a field of an item is shown: a condition that the edge has not judged yet hides it. */
export const isSubShown = (field: FormField, state: ItemState): boolean =>
  (state && own(state, field.key)?.shown) ?? field.conditional !== true;

const isSubRequired = (field: FormField, state: ItemState): boolean => (state && own(state, field.key)?.required) ?? field.required;

/** The fields of one item (of a list, or an object): `fault` has a path from the item on. */
export const subFields = (
  fields: readonly FormField[],
  item: Item,
  given: {
    path: string;
    disabled: boolean;
    fault: FaultAt | undefined;
    state: ItemState;
    onInput: (item: Item, input: FieldInput) => void;
  },
): TemplateResult =>
  html`${repeat(
    fields.filter((field) => isSubShown(field, given.state)),
    ({ key }) => key,
    (field) => {
      const state = given.state && own(given.state, field.key);
      const fault =
        given.fault?.path === field.key || given.fault?.path?.startsWith(`${field.key}.`) ? inner(given.fault, field.key) : undefined;
      return html`<inlay-field
      exportparts=${FIELD_PARTS}
      data-key=${field.key}
      .field=${field}
      .value=${own(item, field.key)}
      .fault=${fault}
      .path=${`${given.path}.${field.key}`}
      .text=${state?.value ?? ""}
      .items=${state?.items}
      ?required=${isSubRequired(field, given.state)}
      ?disabled=${given.disabled}
      @field-input=${(event: CustomEvent<FieldInput>) => given.onInput({ ...item, [field.key]: event.detail.value }, event.detail)}
    ></inlay-field>`;
    },
  )}`;

/** The same fault as seen from `key`: one step of its path is gone. */
export function inner({ path, ...fault }: FaultAt, key: string): FaultAt {
  const rest = path?.slice(key.length + 1);
  return rest ? { ...fault, path: rest } : fault;
}

/** The first fault among the fields of an item, with its path. */
export function findItemFault(fields: readonly FormField[], item: Item, state: ItemState): FaultAt | undefined {
  for (const field of fields) {
    const value = own(item, field.key);
    if (!holdsValue(field) || isSealed(value) || !isSubShown(field, state)) continue;
    const within = () =>
      field.type === "object" ? findItemFault(field.fields ?? [], toItem(value), (state && own(state, field.key))?.items?.[0]) : undefined;
    const fault = checkField({ ...field, required: isSubRequired(field, state) }, value) ?? within();
    if (fault) return { ...fault, path: [field.key, (fault as FaultAt).path].filter(Boolean).join(".") };
  }
  return undefined;
}

/** For {@link subFields}. */
export const subFieldStyles = css`
  .items {
    display: grid;
    gap: calc(var(--_space) * 2);
  }

  .item {
    position: relative;
    display: grid;
    gap: calc(var(--_space) * 4);
    padding: calc(var(--_space) * 3.5);
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) + var(--_space));
    background: var(--_surface);
  }

  .item > .bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-block: calc(var(--_space) * -1.5);
    color: var(--_muted);
    font-size: var(--_size-s);
  }
`;
