import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../define.ts";
import { base } from "../styles/base.ts";
import { checkIcon } from "./basic-icons.ts";

const SHOWN_MS = 4_000;

/** One short confirmation at a time, at the bottom of the element; read out politely, gone after 4 s (not while the pointer rests on it). */
export class ToastElement extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: sticky;
        inset-block-end: 16px;
        z-index: 1;
        display: flex;
        justify-content: center;
        block-size: 0;
        align-items: flex-end;
        pointer-events: none;
      }

      .toast {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
        padding: calc(var(--_space) * 2) calc(var(--_space) * 3.5);
        border-radius: var(--_radius);
        background: var(--_overlay);
        box-shadow: var(--_shadow-overlay);
        outline: 1px solid transparent; /* seen in forced colours, which take shadows away */
        font-size: var(--_size-s);
        font-weight: 500;
        pointer-events: auto;
        animation: toast-in var(--_duration) ease-out;
      }

      .icon {
        color: var(--_success);
      }

      @keyframes toast-in {
        from {
          opacity: 0;
          translate: 0 8px;
        }
      }
    `,
  ];

  @state() private text = "";
  #timer = 0;

  /** Shows `text` in place of what is shown. */
  show(text: string): void {
    this.text = text;
    this.#hideLater();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<div role="status">
      ${
        this.text
          ? html`<div class="toast" part="toast" @pointerenter=${() => clearTimeout(this.#timer)} @pointerleave=${this.#hideLater}>${checkIcon} ${this.text}</div>`
          : nothing
      }
    </div>`;
  }

  #hideLater = () => {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.text = "";
    }, SHOWN_MS);
  };
}

define("inlay-toast", ToastElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-toast": ToastElement;
  }
}
