import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { type FlowInfo, publishDraft } from "./flow-api.ts";
import { say } from "./words.ts";

/**
 * Asks for a note and publishes the draft as the next version.
 *
 * @fires publish-close - `{version?}`: the version, where it was published
 */
export class PublishDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property({ attribute: false }) info!: FlowInfo;
  /** Of the draft's revision that is meant. */
  @property() etag = "";
  @state() private fault = "";
  @state() private isBusy = false;
  @query("form") private form?: HTMLFormElement;

  override render(): TemplateResult {
    const number = this.info.versions + 1;
    return html`<inlay-dialog open heading=${say("publishTitle", { number })} close-label=${say("close")} @dialog-close=${() => this.#close()}>
      <form class="form" id="publish" @submit=${this.#publish}>
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
        ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      </form>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy} @click=${() => this.form?.requestSubmit()}>${say("publishNow")}</button>
    </inlay-dialog>`;
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.form?.requestSubmit();
  };

  readonly #publish = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!this.form || this.isBusy) return;
    const data = new FormData(this.form);
    const labels = String(data.get("labels") ?? "").split(",");
    this.isBusy = true;
    this.fault = "";
    try {
      const wanted = labels.map((label) => label.trim()).filter(Boolean);
      const { version } = await publishDraft(this.info.key, this.etag, String(data.get("note") ?? "").trim(), wanted);
      this.#close(version);
    } catch (error) {
      this.fault = error instanceof Error ? error.message : "";
    } finally {
      this.isBusy = false;
    }
  };

  #close(version?: number): void {
    this.dispatchEvent(new CustomEvent("publish-close", { detail: version === undefined ? {} : { version } }));
  }
}

define("inlay-console-publish", PublishDialogElement);
