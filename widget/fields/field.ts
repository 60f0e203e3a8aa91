import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { FormField } from "../../shared/api/flow.ts";
import { i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { english, type I18n } from "../i18n/i18n.ts";
import type { FaultAt } from "../setup/form-values.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { type FieldElement, type FieldInput, FieldInputEvent, type FieldStates } from "./field-element.ts";
import { FIELD_PARTS } from "./field-parts.ts";
import { kindOf } from "./registry.ts";

/**
 * One field of a form, whatever its type: loads the element of the type and passes its properties on. It takes the field's room while that
 * loads, and offers another try where it did not.
 *
 * @event field-input - see {@link FieldInputEvent}
 */
export class AnyFieldElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    skeletonStyles,
    css`
      .waiting {
        display: grid;
        gap: calc(var(--_space) * 2.5);
        min-block-size: 62px;
      }

      .failed {
        color: var(--_danger);
        font-size: var(--_size-s);
      }
    `,
  ];

  @property({ attribute: false }) field: FormField | undefined;
  @property({ attribute: false }) value: unknown;
  @property({ type: Boolean }) disabled = false;
  @property({ type: Boolean }) required = false;
  @property({ attribute: false }) fault: FaultAt | undefined;
  @property({ attribute: false }) text = "";
  @property({ attribute: false }) path = "";
  @property({ attribute: false }) items: FieldStates;
  @property({ attribute: false }) zone: string | undefined;

  @consume({ context: i18nContext, subscribe: true })
  @state()
  private i18n: I18n = english;
  @state() private inner: FieldElement | undefined;
  @state() private hasFailed = false;
  #tag = "";
  #wantsFocus = false;

  /** What the field alone can know to be wrong with what stands in it. */
  findFault(): FaultAt | undefined {
    return this.inner?.findFault();
  }

  /** Also before the field is there: it takes the focus when it comes, unless that has gone elsewhere. */
  override focus(options?: FocusOptions): void {
    this.#wantsFocus = !this.inner;
    this.inner?.focus(options);
  }

  override render(): TemplateResult {
    if (this.inner) return html`${this.inner}`;
    if (this.hasFailed) {
      return html`<p class="failed" role="alert">
        ${this.i18n.msg("field.notLoaded")} <button class="link" type="button" @click=${this.#load}>${this.i18n.msg("action.retry")}</button>
      </p>`;
    }
    return html`<div class="waiting" aria-hidden="true">${bone("short")}${nothing}</div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("field") && this.field && kindOf(this.field).tag !== this.#tag) {
      this.#tag = kindOf(this.field).tag;
      void this.#load();
    }
    this.#pass();
  }

  #load = async () => {
    const { field } = this;
    if (!field) return;
    const { tag, load } = kindOf(field);
    this.hasFailed = false;
    try {
      await load();
      if (tag === this.#tag) this.#make(tag);
    } catch {
      this.hasFailed = tag === this.#tag;
    }
  };

  #make(tag: string): void {
    // By what it does, not by its class: another version of the script may have defined it.
    const inner = document.createElement(tag) as FieldElement;
    if (!inner.findFault) throw new TypeError(`${tag} is no field`);
    inner.setAttribute("exportparts", FIELD_PARTS);
    inner.addEventListener("field-input", (event) => this.#relay(event));
    this.inner = inner;
    this.#pass();
  }

  protected override updated(): void {
    const { inner } = this;
    if (!inner || !this.#wantsFocus) return;
    this.#wantsFocus = false;
    inner.updateComplete.then(() => inner.focus({ preventScroll: true }));
  }

  #pass(): void {
    const { inner, field, value, disabled, required, fault, text, path, items, zone } = this;
    if (inner && field) Object.assign(inner, { field, value, disabled, required, fault, text, path, items, zone });
  }

  #relay(event: Event): void {
    const { detail } = event as CustomEvent<FieldInput>;
    this.dispatchEvent(new FieldInputEvent(detail));
  }

  /** Settles when the field can be used. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const done = await super.getUpdateComplete();
    await this.inner?.updateComplete;
    return done;
  }
}

define("inlay-field", AnyFieldElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-field": AnyFieldElement;
  }
}
