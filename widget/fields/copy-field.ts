import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../define.ts";
import { buttonStyles } from "../ui/button.ts";
import { describedBy, fieldShell } from "../ui/field-shell.ts";
import { checkIcon, copyIcon } from "../ui/icons.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";

const COPIED_MS = 2_000;

/** A value to take elsewhere, such as a webhook address. */
export class CopyFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    buttonStyles,
    css`
      .control {
        background: var(--_sunken);
        box-shadow: none;
        text-overflow: ellipsis;
      }

      .later {
        color: var(--_muted);
        font-size: var(--_size-s);
      }
    `,
  ];

  @state() private isCopied = false;
  #timer = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const { shell, text, i18n } = this;
    if (text === "") return fieldShell({ ...shell, group: true }, html`<p class="later">${i18n.msg("field.copy.later")}</p>`);
    return fieldShell(
      shell,
      html`<div class="control-row">
        <input
          class="control mono"
          part="control"
          id="control"
          type="text"
          dir="ltr"
          readonly
          aria-describedby=${describedBy(shell)}
          .value=${text}
          @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}
        />
        <button class="button" type="button" aria-describedby="label" @click=${this.#copy}>
          ${this.isCopied ? checkIcon : copyIcon} ${i18n.msg(this.isCopied ? "action.copied" : "action.copy")}
        </button>
        <span class="visually-hidden" role="status">${this.isCopied ? i18n.msg("action.copied") : nothing}</span>
      </div>`,
    );
  }

  /** Where the page may not write to the clipboard, the text is selected for the user's own shortcut. */
  #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      this.renderRoot.querySelector("input")?.select();
      return;
    }
    this.isCopied = true;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.isCopied = false;
    }, COPIED_MS);
  };
}

define("inlay-copy-field", CopyFieldElement);
