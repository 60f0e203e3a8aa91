import { html, LitElement, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../define.ts";
import { dialogStyles, formDialog, SendController } from "../ui/form-dialog.ts";
import { type FlowInfo, publishDraft } from "./flow-api.ts";
import { say } from "./words.ts";

/**
 * Asks for a note and publishes the draft as the next version.
 *
 * @fires publish-close - `{version?}`: the version, where it was published
 */
export class PublishDialogElement extends LitElement {
  static override styles = dialogStyles;

  @property({ attribute: false }) info!: FlowInfo;
  /** Of the draft's revision that is meant. */
  @property() etag = "";
  readonly #sending = new SendController(this);

  override render(): TemplateResult {
    const number = this.info.versions + 1;
    return formDialog({
      ...{ heading: say("publishTitle", { number }), closeLabel: say("close"), label: say("publishNow") },
      ...{ sending: this.#sending, close: () => this.#close(), submit: this.#publish },
      body: html`
        <p class="muted">${say("publishText")}</p>
        <div class="field">
          <label for="note">${say("note")}</label>
          <textarea class="input" id="note" name="note" rows="3" maxlength="2000" autofocus placeholder=${say("noteHint")} @keydown=${this.#press}></textarea>
        </div>
        <div class="field">
          <label for="labels">${say("labels")}</label>
          <input class="input" id="labels" name="labels" aria-describedby="labels-help" autocomplete="off" />
          <span class="help" id="labels-help">${say("labelsHelp")}</span>
        </div>
      `,
    });
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
  };

  readonly #publish = (data: FormData): void => {
    const labels = String(data.get("labels") ?? "").split(",");
    void this.#sending.send(async () => {
      const wanted = labels.map((label) => label.trim()).filter(Boolean);
      const { version } = await publishDraft(this.info.key, this.etag, String(data.get("note") ?? "").trim(), wanted);
      this.#close(version);
    });
  };

  #close(version?: number): void {
    this.dispatchEvent(new CustomEvent("publish-close", { detail: version === undefined ? {} : { version } }));
  }
}

define("inlay-console-publish", PublishDialogElement);
