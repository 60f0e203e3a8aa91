import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RepeatedEffect, RunRepeat } from "../../shared/api/run.ts";
import type { ApiClient } from "../api/client.ts";
import { ResourceController } from "../api/resource.ts";
import { apiContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { PARTS } from "../host/parts.ts";
import { describeError } from "../i18n/describe-error.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../ui/dialog.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { readRepeat } from "./run-calls.ts";

const MOST_NAMED = 6;

/**
 * Asks before a run is repeated, and says what would be done once more.
 *
 * @fires retry-close - the user wants no retry
 * @fires retry-go - the user wants it
 */
export class RetryDialogElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    calloutStyles,
    skeletonStyles,
    css`
      .facts {
        display: grid;
        gap: calc(var(--_space) * 3);
      }

      .facts ul {
        display: grid;
        gap: var(--_space);
        margin-block-start: var(--_space);
        color: var(--_muted);
        font-size: var(--_size-s);
        overflow-wrap: anywhere;
      }

      .facts strong {
        font-weight: 500;
      }
    `,
  ];

  @consume({ context: apiContext }) private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @property() run = "";
  /** The path of the step to begin with; none: the whole run. */
  @property({ attribute: false }) from: string | undefined;
  @property({ type: Boolean }) busy = false;

  readonly #plan = new ResourceController<RunRepeat>(this, {
    key: () => this.client && [this.client, this.run, this.from],
    load: (signal) => {
      if (!this.client) throw new Error("asked before there was a token");
      return readRepeat(this.client, this.run, this.from, signal);
    },
  });

  override render(): TemplateResult {
    const { msg } = this.i18n;
    const { state: plan } = this.#plan;
    const close = () => this.dispatchEvent(new CustomEvent("retry-close"));
    const heading = this.from === undefined ? msg("runs.retryTitle") : msg("runs.retryTitleFrom", { step: this.from });
    return html`<inlay-dialog exportparts=${PARTS} open heading=${heading} close-label=${msg("action.close")} @dialog-close=${close}>
      ${plan.value ? this.#renderPlan(plan.value) : plan.status === "failed" ? callout({ tone: "warning", title: msg("runs.repeatFailed"), text: describeError(this.i18n, plan.error) }) : html`<div class="facts" aria-busy="true">${bone("half")}${bone("long")}</div>`}
      <button slot="footer" class="button" type="button" autofocus @click=${close}>${msg("action.cancel")}</button>
      <button
        slot="footer"
        class="button primary"
        type="button"
        aria-busy=${this.busy ? "true" : "false"}
        ?disabled=${plan.status === "loading" && !plan.value}
        @click=${() => this.dispatchEvent(new CustomEvent("retry-go"))}
      >
        ${msg("runs.retry")}
      </button>
    </inlay-dialog>`;
  }

  #renderPlan({ kept, repeatCount, repeats, resumeCount, resumes }: RunRepeat): TemplateResult {
    const { msg } = this.i18n;
    return html`<div class="facts">
      ${repeatCount > 0 ? this.#renderEffects(msg("runs.repeats", { count: repeatCount }), repeats) : html`<p>${msg("runs.repeatsNone")}</p>`}
      ${resumeCount > 0 ? this.#renderEffects(msg("runs.resumes", { count: resumeCount }), resumes) : nothing}
      ${kept > 0 ? html`<p class="muted">${msg("runs.kept", { count: kept })}</p>` : nothing}
    </div>`;
  }

  #renderEffects(title: string, effects: readonly RepeatedEffect[]): TemplateResult {
    return html`<div>
      <strong>${title}</strong>
      <ul>
        ${effects.slice(0, MOST_NAMED).map(({ path, type }) => html`<li><bdi>${path}</bdi> · ${type}</li>`)}
        ${effects.length > MOST_NAMED ? html`<li>…</li>` : nothing}
      </ul>
    </div>`;
  }
}

define("inlay-retry-dialog", RetryDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-retry-dialog": RetryDialogElement;
  }
}
