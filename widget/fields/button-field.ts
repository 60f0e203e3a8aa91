import { ContextConsumer } from "@lit/context";
import { css, html, nothing, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { define } from "../define.ts";
import { buttonStyles } from "../ui/button.ts";
import { checkIcon, errorIcon, playIcon } from "../ui/icons.ts";
import { FieldElement, fieldStyles } from "./field-element.ts";
import { fieldScopeContext, sayer } from "./field-scope.ts";

/** Runs a block of the integration. There must be one: while setting up, it says so. */
export class ButtonFieldElement extends FieldElement {
  static override styles = [
    ...fieldStyles,
    buttonStyles,
    css`
      .said {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 1.5);
        color: var(--_muted);
        font-size: var(--_size-s);
      }

      .said.failed {
        color: var(--_danger);
      }
    `,
  ];

  readonly #scope = new ContextConsumer(this, { context: fieldScopeContext, subscribe: true });
  @state() private said: { text: () => string; isFailed: boolean } | undefined;
  @state() private isBusy = false;

  override render(): TemplateResult {
    const { field, i18n, said } = this;
    const canRun = this.#scope.value?.runBlock !== undefined;
    return html`<div class="field" part="field">
      <div class="control-row">
        <button
          class="button"
          type="button"
          part="button"
          aria-describedby="help"
          aria-busy=${this.isBusy ? "true" : "false"}
          ?disabled=${this.disabled || !canRun}
          @click=${this.#run}
        >
          ${playIcon} ${field.label ?? field.key}
        </button>
        <span class=${said?.isFailed ? "said failed" : "said"} role="status">
          ${said ? html`${said.isFailed ? errorIcon : checkIcon}<span>${said.text()}</span>` : nothing}
        </span>
      </div>
      <p class="field-help" id="help">${canRun ? field.help : i18n.msg("field.button.later")}</p>
    </div>`;
  }

  #run = async () => {
    const run = this.#scope.value?.runBlock;
    if (!run || this.isBusy) return;
    this.isBusy = true;
    this.said = undefined;
    try {
      await run(this.field.block ?? this.field.key);
      this.said = { text: () => this.i18n.msg("field.button.started"), isFailed: false };
    } catch (error) {
      this.said = { text: sayer(error), isFailed: true };
    } finally {
      this.isBusy = false;
    }
  };
}

define("inlay-button-field", ButtonFieldElement);
