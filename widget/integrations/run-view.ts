import { consume } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { IntegrationBlock } from "../../shared/api/integration.ts";
import type { RunDetail, StepRun } from "../../shared/api/run.ts";
import type { ApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import { asApiError, ResourceController } from "../api/resource.ts";
import { apiContext, type Config, configContext, hostEventsContext, i18nContext, type ShowToast, toastContext } from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { notLoaded } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import { isFinished } from "../host/run-watch.ts";
import { describeError } from "../i18n/describe-error.ts";
import { describeFault, describeWhy } from "../i18n/describe-why.ts";
import type { MessageKey } from "../i18n/en.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { triggerWords } from "../marketplace/block-words.ts";
import { base } from "../styles/base.ts";
import { badge, badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { focusTitle } from "../ui/focus-title.ts";
import { backIcon, refreshIcon } from "../ui/icons.ts";
import { spinner, spinnerStyles } from "../ui/spinner.ts";
import { payload, payloadStyles } from "./payload.ts";
import { cancelRun, readRun, readStep, retryRun } from "./run-calls.ts";
import { runTook } from "./run-took.ts";
import { runViewStyles } from "./run-view-styles.ts";
import { runTone } from "./status-words.ts";
import "./step-list.ts";

/**
 * One run with its steps, live until it ends.
 *
 * @fires run-close - back to the list
 * @fires run-open - `{run}`, another run to show: the one that a retry made
 */
export class RunViewElement extends LitElement {
  static override styles = [base, buttonStyles, badgeStyles, calloutStyles, spinnerStyles, payloadStyles, runViewStyles];

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;
  @consume({ context: toastContext }) private toast!: ShowToast;
  /** The run's id. */
  @property() run = "";
  @property({ attribute: false }) blocks: IntegrationBlock[] = [];
  @state() private busy = "";
  @state() private refusal: ApiError | undefined;
  /** A retry that the user is asked about: of all, or from the step at `from` on. */
  @state() private asking: { from?: string } | undefined;
  /** Steps of the pages behind the first, which alone is read again as the run goes on. */
  @state() private further: StepRun[] = [];
  @state() private nextSteps: string | undefined;

  readonly #detail = new ResourceController<RunDetail>(this, {
    key: () => this.client && [this.client, this.run],
    load: (signal) => readRun(this.#client, this.run, signal),
    settled: () => this.#arrive(),
  });
  #arrived = "";

  constructor() {
    super();
    new LiveController(this, (messages) => {
      if (messages.some((message) => message.type === "missed" || (message.type === "run" && message.run.id === this.run)))
        this.#detail.reload();
    });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("run")) {
      this.further = [];
      this.nextSteps = undefined;
      this.refusal = undefined;
      this.asking = undefined;
    }
  }

  override render(): TemplateResult {
    const { state: detail } = this.#detail;
    const { msg } = this.i18n;
    const run = detail.value?.id === this.run ? detail.value : undefined;
    return html`
      <button class="link back" type="button" @click=${() => this.dispatchEvent(new CustomEvent("run-close"))}>${backIcon} ${msg("integrations.runs")}</button>
      ${run ? this.#renderRun(run) : detail.status === "failed" ? this.#renderFailed(describeError(this.i18n, detail.error)) : spinner(msg("loading"))}
    `;
  }

  #renderRun(run: RunDetail): TemplateResult {
    const { i18n } = this;
    const block = this.blocks.find(({ key }) => key === run.block)?.name ?? run.block;
    const took = runTook(run);
    const fact = (key: MessageKey, value: string) => html`<div><dt>${i18n.msg(key)}</dt><dd>${value}</dd></div>`;
    return html`
      <header>
        <h3 tabindex="-1" data-page-title><bdi>${block}</bdi></h3>
        ${badge(runTone(run.status), i18n.msg(`run.${run.status}`))} ${this.#renderActions(run)}
      </header>
      ${this.refusal ? callout({ tone: "danger", title: i18n.msg("integrations.failedChange"), text: describeError(i18n, this.refusal) }) : nothing}
      ${this.#renderWhy(run)}
      <dl>
        ${fact("runs.trigger", triggerWords(run.trigger.byHand ? "manual" : run.trigger.type, i18n))} ${fact("runs.started", i18n.dateTime(run.startedAt ?? run.acceptedAt, { dateStyle: "medium", timeStyle: "medium" }))}
        ${took === undefined ? nothing : fact("runs.took", i18n.took(took))} ${run.tasks ? fact("runs.tasks", i18n.number(run.tasks)) : nothing}
      </dl>
      ${this.#renderSteps(run)} ${this.#renderRetry()} ${payload(i18n.msg("runs.input"), run.input)} ${payload(i18n.msg("runs.result"), run.output)}
    `;
  }

  /** Why it failed, waits or was ended. */
  #renderWhy({ error, reason, why }: RunDetail): TemplateResult | typeof nothing {
    if (error) return callout({ tone: "danger", title: error.step, text: describeFault(this.i18n, error).text });
    const text = (why && describeWhy(this.i18n, why)) ?? reason;
    return text ? callout({ tone: "info", text }) : nothing;
  }

  #renderActions(run: RunDetail): TemplateResult | typeof nothing {
    if (this.config.readonly) return nothing;
    const { msg } = this.i18n;
    const isBusy = this.busy ? "true" : "false";
    return isFinished(run.status)
      ? html`<button class="button compact" type="button" aria-busy=${isBusy} @click=${() => this.#ask({})}>${this.busy ? nothing : refreshIcon} ${msg("runs.retry")}</button>`
      : html`<button class="button compact" type="button" aria-busy=${isBusy} @click=${this.#cancel}>${msg("runs.cancel")}</button>`;
  }

  #renderSteps(run: RunDetail): TemplateResult {
    const { msg } = this.i18n;
    const steps = [...run.steps, ...this.further];
    const next = this.further.length ? this.nextSteps : run.nextSteps;
    return html`<section>
      <h4>${msg("runs.steps")}</h4>
      ${
        steps.length
          ? html`<inlay-step-list exportparts=${PARTS} .steps=${steps} .load=${this.#readStep} run=${run.status} ?can-retry=${isFinished(run.status) && !this.config.readonly} @step-retry=${({ detail }: CustomEvent<{ from: string }>) => this.#ask(detail)}></inlay-step-list>`
          : html`<p class="muted small">${msg("runs.noSteps")}</p>`
      }
      ${next ? html`<button class="button more" type="button" aria-busy=${this.busy === "more" ? "true" : "false"} @click=${() => this.#readOn(next)}>${msg("action.showMore")}</button>` : run.stepsLeftOut ? html`<p class="muted small more">${msg("runs.leftOut")}</p>` : nothing}
    </section>`;
  }

  /** Each run that is opened is read out by its title, once. */
  #arrive(): void {
    if (this.#arrived === this.run) return;
    this.#arrived = this.run;
    void focusTitle(this);
  }

  #readStep = (path: string) => readStep(this.#client, this.run, path);

  async #readOn(from: string): Promise<void> {
    if (this.busy) return;
    this.busy = "more";
    const { run } = this;
    try {
      const page = await readRun(this.#client, run, undefined, from);
      if (run !== this.run) return;
      this.further = [...this.further, ...page.steps];
      this.nextSteps = page.nextSteps;
    } catch (error) {
      this.refusal = asApiError(error);
    } finally {
      this.busy = "";
    }
  }

  #renderFailed(text: string): TemplateResult {
    const { msg } = this.i18n;
    const action = html`<button class="button compact" type="button" @click=${() => this.#detail.reload()}>${msg("action.retry")}</button>`;
    return callout({ tone: "danger", title: msg("runs.readFailed"), text, action });
  }

  #renderRetry(): TemplateResult | typeof nothing {
    if (!this.asking) return nothing;
    const close = () => {
      this.asking = undefined;
    };
    return html`<inlay-retry-dialog
      exportparts=${PARTS}
      .run=${this.run}
      .from=${this.asking.from}
      ?busy=${this.busy !== ""}
      @retry-close=${close}
      @retry-go=${() => this.#retry(this.asking ?? {})}
    ></inlay-retry-dialog>`;
  }

  async #ask(retry: { from?: string }): Promise<void> {
    await import("./retry-dialog.ts").then(
      () => {
        this.asking = retry;
      },
      () => {
        this.refusal = notLoaded();
      },
    );
  }

  #retry = (retry: { from?: string }) =>
    this.#act("runs.retried", async () => {
      const { run } = await retryRun(this.#client, this.run, retry);
      this.asking = undefined;
      this.dispatchEvent(new CustomEvent("run-open", { detail: { run } }));
    });

  #cancel = () =>
    this.#act("runs.canceled", async () => {
      await cancelRun(this.#client, this.run);
      await this.#detail.reload();
    });

  async #act(done: MessageKey, act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = done;
    this.refusal = undefined;
    try {
      await act();
      this.toast(this.i18n.msg(done));
    } catch (error) {
      this.refusal = asApiError(error);
      this.asking = undefined;
      const { code, retryable } = this.refusal;
      this.fire("inlay-error", { code, message: describeError(this.i18n, this.refusal), retryable });
    } finally {
      this.busy = "";
    }
  }

  get #client(): ApiClient {
    if (!this.client) throw new Error("asked before there was a token");
    return this.client;
  }
}

define("inlay-run-view", RunViewElement);
