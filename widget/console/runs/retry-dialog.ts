import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RunDetail, RunRepeat } from "../../../shared/api/run.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import "../editor/code-editor.ts";
import "../ui/select.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { readRepeat, retryRun } from "./runs-api.ts";
import { say } from "./words.ts";

/**
 * Asks from where, and with which input, a run is tried again; says before what would be done twice.
 *
 * @fires retry-started - `{run}`, the new one
 * @fires retry-close - nothing was started
 */
export class RetryDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      inlay-console-editor {
        block-size: 280px;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
      }
    `,
  ];

  @property({ attribute: false }) run!: RunDetail;
  @property({ type: Boolean }) edit = false;
  @state() private from = "";
  @state() private text: string | undefined;
  @state() private fault = "";
  @state() private isBusy = false;
  readonly #repeat = new ResourceController<RunRepeat>(this, {
    key: () => (this.edit ? undefined : [this.run.id, this.from]),
    load: (signal) => readRepeat(this.run.id, this.from || undefined, false, signal),
  });

  override render(): TemplateResult {
    return html`<inlay-dialog open heading=${this.edit ? say("editTitle") : say("retryTitle")} close-label=${say("dismiss")} @dialog-close=${this.#close}>
      <div class="form">
        ${this.edit ? this.#renderInput() : this.#renderFrom()}
        ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      </div>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy} @click=${this.#start}>${this.edit ? say("start") : say("retry")}</button>
    </inlay-dialog>`;
  }

  #renderInput(): TemplateResult {
    const text = this.text ?? JSON.stringify(this.run.input ?? null, null, 2);
    return html`
      <p class="muted">${say("editHelp")}</p>
      <inlay-console-editor language="json" label=${say("input")} .value=${text} @editor-input=${(event: CustomEvent<string>) => {
        this.text = event.detail;
      }}></inlay-console-editor>
    `;
  }

  #renderFrom(): TemplateResult {
    const steps = this.run.steps.filter(({ path }) => !/[.[>]/.test(path));
    const plan = this.#repeat.value;
    return html`
      <p class="muted">${say("retryText")}</p>
      <div class="field">
        <span class="label" id="begin">${say("begin")}</span>
        <wa-select aria-label=${say("begin")} .value=${this.from} @change=${(event: Event) => {
          this.from = String((event.target as HTMLInputElement).value ?? "");
        }}>
          <wa-option value="">${say("beginFailed")}</wa-option>
          ${steps.map(({ path }) => html`<wa-option value=${path}>${path}</wa-option>`)}
        </wa-select>
      </div>
      ${
        plan
          ? html`<ul class="muted small">
              ${plan.kept ? html`<li>${say("keeps", { count: plan.kept })}</li>` : nothing}
              ${plan.resumeCount ? html`<li>${say("resumes", { count: plan.resumeCount })}</li>` : nothing}
              ${plan.repeatCount ? html`<li><strong>${say("repeats", { count: plan.repeatCount })}</strong>: ${plan.repeats.slice(0, 5).map(({ path }) => html`<span class="mono">${path}</span> `)}</li>` : nothing}
            </ul>`
          : nothing
      }
    `;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("retry-close"));
  };

  readonly #start = async (): Promise<void> => {
    this.fault = "";
    let input: unknown;
    if (this.edit)
      try {
        input = JSON.parse(this.text ?? JSON.stringify(this.run.input ?? null));
      } catch (error) {
        this.fault = say("editFault", { why: error instanceof Error ? error.message : "" });
        return;
      }
    this.isBusy = true;
    try {
      const { run } = await retryRun(this.run.id, { ...(this.from ? { from: this.from } : {}), ...(this.edit ? { input } : {}) });
      this.dispatchEvent(new CustomEvent("retry-started", { detail: { run } }));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : "";
    } finally {
      this.isBusy = false;
    }
  };
}

define("inlay-console-retry", RetryDialogElement);
