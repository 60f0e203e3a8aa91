import { consume } from "@lit/context";
import { LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import type { FieldState, FormField } from "../../shared/api/flow.ts";
import { i18nContext } from "../contexts.ts";
import { english, type I18n } from "../i18n/i18n.ts";
import type { FaultAt } from "../setup/form-values.ts";
import "../i18n/setup/words.ts";
import { base } from "../styles/base.ts";
import { controlStyles } from "../ui/control.ts";
import { type FieldShell, fieldShellStyles } from "../ui/field-shell.ts";
import { faultWords } from "./field-words.ts";

export interface FieldInput {
  value: unknown;
  /** The user has finished: a choice was made, or the control was left. */
  commit: boolean;
  /** What only the field can know to be wrong. */
  fault?: FaultAt | undefined;
}

/** What the form's expressions yield for the fields of each item, by key; undefined until the edge has told. */
export type FieldStates = readonly Readonly<Record<string, FieldState>>[] | undefined;

/** A field has a new value. Neither bubbles nor leaves the shadow root: the form listens on the field. */
export class FieldInputEvent extends CustomEvent<FieldInput> {
  constructor(detail: FieldInput) {
    super("field-input", { detail });
  }
}

/** The properties that the form sets on every field, and what it may ask of it. */
export class FieldElement extends LitElement {
  @property({ attribute: false }) field: FormField = { key: "", type: "text", required: false, secret: false };
  @property({ attribute: false }) value: unknown;
  @property({ type: Boolean }) disabled = false;
  @property({ type: Boolean }) required = false;
  @property({ attribute: false }) fault: FaultAt | undefined;
  /** The text of copy, html, markdown and heading fields. */
  @property({ attribute: false }) text = "";
  /** The states of the fields inside each item of a list; an object is one item. */
  @property({ attribute: false }) items: FieldStates;
  /** schedule: the time zone that it counts in. */
  @property({ attribute: false }) zone: string | undefined;
  /** Where the field stands, for its options: `LIST.KEY` inside a list. */
  @property({ attribute: false }) path = "";

  @consume({ context: i18nContext, subscribe: true })
  @state()
  protected i18n: I18n = english;

  /** Label, help and fault in words. */
  protected get shell(): FieldShell {
    const { field, required, fault } = this;
    const words = fault && this.sayFault(fault);
    return { label: field.label ?? field.key, help: field.help, fault: words, required };
  }

  /** Whatever is wrong with what stands in the control and cannot be seen in `value`, such as a required target that is not mapped. */
  findFault(): FaultAt | undefined {
    return undefined;
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>("input, select, textarea, button, inlay-combobox, inlay-field")?.focus(options);
  }

  protected sayFault(fault: FaultAt): string {
    return faultWords(this.i18n, this.field, fault);
  }

  protected send(value: unknown, commit: boolean, fault?: FaultAt): void {
    this.dispatchEvent(new FieldInputEvent({ value, commit, fault }));
  }
}

/** The styles of every field. */
export const fieldStyles = [base, controlStyles, fieldShellStyles];
