import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import { say } from "../words.ts";
import { dialogStyles, formDialog, SendController } from "./form-dialog.ts";

/**
 * Asks for a line of text, such as another name for something.
 *
 * @fires text-close - it is given, or is not going to be
 */
export class AskTextElement extends LitElement {
  static override styles = dialogStyles;

  @property() heading = "";
  @property() label = "";
  @property() value = "";
  /** Stores what was entered; what it throws is shown. */
  @property({ attribute: false }) save: (text: string) => Promise<unknown> = async () => undefined;
  readonly #sending = new SendController(this);

  override render(): TemplateResult {
    return formDialog({
      ...{ heading: this.heading, closeLabel: say("close"), label: say("save"), sending: this.#sending, close: this.#close },
      body: html`<div class="field">
        <label for="text">${this.label}</label>
        <input class="input" id="text" name="text" required maxlength="200" autocomplete="off" autofocus .value=${this.value} />
      </div>`,
      submit: (data) =>
        void this.#sending.send(async () => {
          await this.save(String(data.get("text") ?? "").trim());
          this.#close();
        }),
    });
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("text-close"));
  };
}

define("inlay-console-ask-text", AskTextElement);
