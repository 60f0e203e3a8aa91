import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { RunDetail, RunError, StepRun } from "../../../shared/api/run.ts";
import type { ApiError } from "../../api/api-error.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { payload, payloadStyles } from "../../integrations/payload.ts";
import "../../integrations/step-list.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/menu.ts";
import { attempt, notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { canOperate, type Session } from "../app/session.ts";
import { type MemberIntegration, readIntegration } from "../integrations/integration-api.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { runBadge, tookOf } from "../ui/status.ts";
import { viewStyles } from "../ui/view-styles.ts";
import "./retry-dialog.ts";
import { cancelRun, readRun, readStep } from "./runs-api.ts";
import { say, triggerWord } from "./words.ts";

/** One run with its steps, live until it ends; retried from any step, with another input, or canceled. */
export class RunViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    payloadStyles,
    css`
      .sides {
        display: grid;
        align-items: start;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
        gap: calc(var(--_space) * 4);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property() run = "";
  @state() private retrying: "retry" | "edit" | undefined;
  @state() private further: StepRun[] = [];
  @state() private nextSteps: string | undefined;
  readonly #detail = new ResourceController<RunDetail>(this, { key: () => [this.run], load: (signal) => readRun(this.run, signal) });

  /** Whose run it is, for its name; nothing where it is gone. */
  readonly #integration = new ResourceController<MemberIntegration | undefined>(this, {
    key: () => [this.#detail.value?.integration],
    load: async (signal) => {
      const id = this.#detail.value?.integration;
      return id === undefined ? undefined : readIntegration(id, signal);
    },
  });

  constructor() {
    super();
    new PulseController(this, () => this.#isLive() && this.#detail.reload(), { of: ["run"], most: 1_500 });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("run")) return;
    this.further = [];
    this.nextSteps = undefined;
    this.retrying = undefined;
  }

  #isLive(): boolean {
    const run = this.#detail.value;
    return run !== undefined && run.endedAt === null;
  }

  override render(): TemplateResult {
    const { state } = this.#detail;
    const run = state.value?.id === this.run ? state.value : undefined;
    return html`
      <header class="head">
        <h1><a class="way" href=${hrefOf("/runs")}>${say("title")}</a> ${run ? `${run.flow} · ${run.block}` : this.run} ${run ? runBadge(run.status) : nothing}</h1>
        <span class="gap breaks"></span>
        ${run ? this.#renderActions(run) : nothing}
      </header>
      ${run ? this.#renderRun(run) : state.status === "failed" ? this.#renderFailure(state.error) : bones()}
    `;
  }

  #renderFailure(error: ApiError): TemplateResult {
    if (error.code !== "gone") return failure(error, () => this.#detail.reload());
    return html`<div class="column">${callout({ tone: "info", title: say("removed"), text: error.message })}</div>`;
  }

  #renderActions(run: RunDetail): TemplateResult {
    const hasEnded = run.endedAt !== null;
    const copy = () => void navigator.clipboard.writeText(run.id).then(() => notify(this, { text: say("copied") }));
    const items = [
      ...(hasEnded && canOperate(this.session) ? [{ label: say("retryEdited"), run: () => this.#open("edit") }] : []),
      { label: say("copyId"), run: copy },
    ];
    return html`
      ${
        canOperate(this.session)
          ? hasEnded
            ? html`<button class="button compact primary" type="button" @click=${() => this.#open("retry")}>${say("retry")}</button>`
            : html`<button class="button compact" type="button" @click=${this.#cancel}>${say("cancel")}</button>`
          : nothing
      }
      <inlay-menu label=${say("run")} .items=${items}></inlay-menu>
      ${
        this.retrying
          ? html`<inlay-console-retry .run=${run} ?edit=${this.retrying === "edit"} @retry-close=${() => this.#open(undefined)} @retry-started=${this.#started}></inlay-console-retry>`
          : nothing
      }
    `;
  }

  #renderRun(run: RunDetail): TemplateResult {
    const took = tookOf(run);
    const steps = [...run.steps, ...this.further];
    const next = this.further.length ? this.nextSteps : run.nextSteps;
    return html`<div class="scroll">
      <div class="column wide">
        ${run.error ? callout({ tone: "danger", title: run.error.message, text: html`<span class="mono">${run.error.code}${run.error.step ? ` · ${run.error.step}` : ""}</span>` }) : nothing}
        ${run.reason && !run.error ? callout({ tone: "info", text: run.reason }) : nothing}
        <dl class="facts">
          <div><dt>${say("flow")}</dt><dd><a href=${hrefOf(`/flows/${run.flow}`)}>${run.flow}</a> <span class="muted">${say("version")} ${run.version}</span></dd></div>
          <div><dt>${say("integration")}</dt><dd>${this.#renderIntegration(run.integration)}</dd></div>
          <div><dt>${say("trigger")}</dt><dd>${triggerWord(run.trigger.byHand ? "manual" : run.trigger.type)}</dd></div>
          <div><dt>${say("accepted")}</dt><dd>${when(run.acceptedAt)}</dd></div>
          <div><dt>${say("took")}</dt><dd>${took === undefined ? "–" : english.took(took)}</dd></div>
          <div><dt>${say("tasks")}</dt><dd class="number">${english.number(run.tasks)}</dd></div>
        </dl>
        <section>
          <h2>${say("steps")}</h2>
          ${steps.length ? html`<inlay-step-list .steps=${steps} .describe=${({ message }: RunError) => ({ text: message })} run=${run.status} .load=${(path: string) => readStep(run.id, path)}></inlay-step-list>` : html`<p class="muted">${say("noSteps")}</p>`}
          ${next ? html`<button class="button compact" type="button" @click=${() => this.#more(run, next)}>${say("moreSteps")}</button>` : nothing}
          ${run.stepsLeftOut && !next ? html`<p class="muted">${say("stepsLeftOut")}</p>` : nothing}
        </section>
        <div class="sides">${payload(say("input"), run.input)} ${payload(say("output"), run.output)}</div>
      </div>
    </div>`;
  }

  #renderIntegration(id: string): TemplateResult {
    const name = this.#integration.value?.name;
    return html`<a class=${name === undefined ? "mono" : ""} title=${id} href=${hrefOf(`/integrations/${id}`)}>${name ?? id}</a>`;
  }

  #open(what: "retry" | "edit" | undefined): void {
    this.retrying = what;
  }

  readonly #started = (event: CustomEvent<{ run: string }>): void => {
    this.retrying = undefined;
    notify(this, { text: say("started", { run: event.detail.run }) });
    go(hrefOf(`/runs/${event.detail.run}`));
  };

  async #more(run: RunDetail, from: string): Promise<void> {
    await attempt(this, async () => {
      const page = await readRun(run.id, undefined, from);
      this.further = [...this.further, ...page.steps];
      this.nextSteps = page.nextSteps;
    });
  }

  readonly #cancel = async (): Promise<void> => {
    await attempt(this, () => cancelRun(this.run), say("runCanceled"));
    await this.#detail.reload();
  };
}

define("inlay-console-run", RunViewElement);
