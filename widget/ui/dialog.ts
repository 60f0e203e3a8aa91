import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../define.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "./button.ts";
import { closeIcon } from "./icons.ts";

/**
 * A modal dialog on the native `<dialog>`: it traps focus, gives it back, and closes by Esc, the backdrop or its close button.
 * Content goes into the default slot, buttons into `footer`;
 * the one with `autofocus` has the focus first. Set `open`; on `dialog-close` the user wants it closed: clear `open`.
 */
export class DialogElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    css`
      dialog {
        inline-size: min(calc(100vi - 32px), var(--dialog-size, 440px));
        max-block-size: min(calc(100dvb - 48px), 720px);
        padding: 0;
        border: 0;
        border-radius: var(--_radius-l);
        background: var(--_overlay);
        box-shadow: var(--_shadow-overlay);
        outline: 1px solid transparent; /* seen in forced colours, which take shadows away */
        color: var(--_text);
        overflow: hidden;
      }

      dialog[open] {
        display: flex;
        flex-direction: column;
        animation: dialog-in var(--_duration) ease-out;
      }

      dialog::backdrop {
        background: var(--_scrim);
        animation: dialog-fade var(--_duration) ease-out;
      }

      header {
        display: flex;
        align-items: flex-start;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 5) calc(var(--_space) * 5) calc(var(--_space) * 2);
      }

      h2 {
        flex: 1;
        min-inline-size: 0;
        font-size: var(--_size-l);
        overflow-wrap: anywhere;
      }

      header .button {
        margin-block-start: calc(var(--_space) * -1);
        margin-inline-end: calc(var(--_space) * -1.5);
      }

      .body {
        flex: 0 1 auto; /* a basis of 0 is nothing in WebKit, where the height comes from the content */
        padding: 0 calc(var(--_space) * 5) calc(var(--_space) * 5);
        overflow: auto;
        overscroll-behavior: contain;
      }

      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: calc(var(--_space) * 2);
        padding: calc(var(--_space) * 3) calc(var(--_space) * 5);
        border-block-start: 1px solid var(--_border);
      }

      /* As wide as the dialog where they would not stand in one line. */
      @media (width < 480px) {
        footer ::slotted(*) {
          flex-grow: 1;
        }
      }

      footer.none {
        display: none;
      }

      @keyframes dialog-in {
        from {
          opacity: 0;
          translate: 0 6px;
        }
      }

      @keyframes dialog-fade {
        from {
          opacity: 0;
        }
      }
    `,
  ];

  @property({ type: Boolean, reflect: true }) open = false;
  @property() heading = "";
  /** Read out for the close button. */
  @property({ attribute: "close-label" }) closeLabel = "Close";
  /** `alertdialog` where the user must answer before going on. */
  @property() kind: "dialog" | "alertdialog" = "dialog";
  @property({ type: Boolean, attribute: "no-footer" }) noFooter = false;

  @query("dialog") private dialog?: HTMLDialogElement;

  #opener: HTMLElement | undefined;

  /** An open one that is moved in the page is modal again: the browser has taken it down. */
  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dialog?.close();
    this.#opener?.focus({ preventScroll: true });
  }

  override updated(): void {
    const { dialog } = this;
    if (this.open && this.isConnected && dialog?.open === false) {
      this.#opener = focused();
      dialog.showModal();
      this.querySelector<HTMLElement>("[autofocus]")?.focus();
    }
    if (!this.open && dialog?.open) dialog.close();
  }

  override render(): TemplateResult {
    return html`
      <dialog part="dialog" role=${this.kind} aria-labelledby="heading" @cancel=${this.#cancel} @click=${this.#clickBackdrop}>
        <header>
          <h2 id="heading">${this.heading}</h2>
          <button class="button ghost square compact" type="button" aria-label=${this.closeLabel} @click=${this.#ask}>${closeIcon}</button>
        </header>
        <div class="body"><slot></slot></div>
        <footer class=${this.noFooter ? "none" : nothing} part="dialog-footer"><slot name="footer"></slot></footer>
      </dialog>
    `;
  }

  #cancel = (event: Event) => {
    event.preventDefault();
    this.#ask();
  };

  #clickBackdrop = (event: MouseEvent) => {
    if (!this.dialog || event.target !== this.dialog) return;
    const box = this.dialog.getBoundingClientRect();
    const isInside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside) this.#ask();
  };

  #ask = () => this.dispatchEvent(new CustomEvent("dialog-close"));
}

/** What has the focus in the page, through shadow roots. */
function focused(): HTMLElement | undefined {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : undefined;
}

define("inlay-dialog", DialogElement);
