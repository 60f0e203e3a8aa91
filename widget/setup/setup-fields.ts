import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { FlowDetail, FormField, FormPage } from "../../shared/api/flow.ts";
import "../fields/field.ts";
import type { FieldInput } from "../fields/field-element.ts";
import { FIELD_PARTS } from "../fields/field-parts.ts";
import type { I18n } from "../i18n/i18n.ts";
import { heldValue, isRequired, own, shownFields, shownPages } from "./form-values.ts";
import type { SetupEvent, SetupState } from "./setup-machine.ts";

/** The key of the field for the integration's name; no field of a flow begins with `_`. */
export const NAME_KEY = "_name";

export interface SetupFields {
  flow: FlowDetail;
  state: SetupState;
  page: FormPage;
  isLocked: boolean;
  send: (event: SetupEvent) => void;
}

/** The fields that a page shows; on the last page of a flow that can be set up several times, one more for a name. */
export const setupFields = (i18n: I18n, { flow, state, page, isLocked, send }: SetupFields): TemplateResult => html`
  ${repeat(
    shownFields(state, page),
    (field) => field.key,
    (field) => html`<inlay-field
      exportparts=${FIELD_PARTS}
      data-key=${field.key}
      .field=${field}
      .value=${field.type === "account" ? own(state.accounts, field.key) : heldValue(state, field.key)}
      .fault=${own(state.faults, field.key)}
      .text=${own(state.form.fields, field.key)?.value ?? ""}
      .items=${own(state.form.fields, field.key)?.items}
      .zone=${own(state.form.fields, field.key)?.zone}
      ?required=${isRequired(state, field)}
      ?disabled=${isLocked}
      @field-input=${(event: CustomEvent<FieldInput>) => send(toEvent(field, event.detail))}
    ></inlay-field>`,
  )}
  ${asksName(flow, state, page) ? renderName(i18n, flow, state, isLocked, send) : nothing}
`;

function toEvent(field: FormField, { value, commit, fault }: FieldInput): SetupEvent {
  if (field.type !== "account") return { type: "input", key: field.key, value, commit, fault };
  return { type: "account", slot: field.key, account: typeof value === "string" ? value : undefined };
}

const asksName = (flow: FlowDetail, state: SetupState, page: FormPage): boolean =>
  flow.instances === "many" && state.mode !== "upgrade" && shownPages(state).at(-1)?.key === page.key;

function renderName(i18n: I18n, flow: FlowDetail, state: SetupState, isLocked: boolean, send: SetupFields["send"]): TemplateResult {
  const field: FormField = {
    ...{
      key: NAME_KEY,
      type: "text",
      label: i18n.msg("integrations.name"),
      help: i18n.msg("setup.nameHelp"),
      required: false,
      secret: false,
    },
    ...{ placeholder: flow.name, validate: { maxLength: 200 } },
  };
  return html`<inlay-field
    exportparts=${FIELD_PARTS}
      data-key=${NAME_KEY}
    .field=${field}
    .value=${state.name}
    ?disabled=${isLocked}
    @field-input=${(event: CustomEvent<FieldInput>) => send({ type: "name", name: String(event.detail.value) })}
  ></inlay-field>`;
}
