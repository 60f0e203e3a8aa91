import { html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { define } from "../../define.ts";
import { say } from "../words.ts";
import { dialogStyles, formDialog, SendController } from "./form-dialog.ts";

/**
 * Asks for the name of what is going to be removed, where much goes with it.
 *
 * @fires name-close - it is removed, or is not going to be
 */
export class AskNameElement extends LitElement {
  static override styles = dialogStyles;

  @property() heading = "";
  @property() text = "";
  @property() name = "";
  /** Of the button. */
  @property() label = "";
  /** Removes it; what it throws is shown. */
  @property({ attribute: false }) act: () => Promise<unknown> = async () => undefined;
  @state() private typed = "";
  readonly #sending = new SendController(this);

  override render(): TemplateResult {
    return formDialog({
      ...{ heading: this.heading, closeLabel: say("close"), label: this.label, tone: "danger", sending: this.#sending },
      ...{ isDisabled: this.typed.trim() !== this.name.trim(), close: this.#close },
      body: html`
        <p>${this.text}</p>
        <div class="field">
          <label for="typed">${say("typeName", { name: this.name })}</label>
          <input class="input" id="typed" autocomplete="off" autofocus .value=${this.typed} @input=${(event: InputEvent) => {
            this.typed = (event.target as HTMLInputElement).value;
          }} />
        </div>
      `,
      submit: () =>
        void this.#sending.send(async () => {
          await this.act();
          this.#close();
        }),
    });
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("name-close"));
  };
}

define("inlay-console-ask-name", AskNameElement);
