import { consume } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Run, RunError, StepRun } from "../../shared/api/run.ts";
import { i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { describeFault } from "../i18n/describe-why.ts";
import type { MessageKey } from "../i18n/en.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { badge, badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { forwardIcon, refreshIcon } from "../ui/icons.ts";
import { countFailed, lastEnd, nestSteps, pathsToFailure, pathsToNewest, type StepNode, statusOf } from "./nest-steps.ts";
import { payload, payloadStyles } from "./payload.ts";
import { printRequest, printResponse } from "./print-payload.ts";
import { runTook } from "./run-took.ts";
import { runTone } from "./status-words.ts";
import { stepListStyles } from "./step-list-styles.ts";

const PAGE = 50;

/**
 * The steps of a run, each inside the loop, branch or call that it ran in. What is closed is not rendered; the way to the first failure is open.
 *
 * @fires step-retry - `{from}`, a step's path
 */
export class StepListElement extends LitElement {
  static override styles = [base, buttonStyles, badgeStyles, payloadStyles, stepListStyles];

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @property({ attribute: false }) steps: readonly StepRun[] = [];
  /** Whether the run can be repeated from a step on. */
  @property({ type: Boolean, attribute: "can-retry" }) canRetry = false;
  /** The status of the run: where it goes on or was canceled, so does and was what holds its newest step. */
  @property() run: Run["status"] = "succeeded";
  /** Reads one step whole, where the list has it without what went in and out. */
  @property({ attribute: false }) load: (path: string) => Promise<StepRun> = () => Promise.reject(new Error("nothing to load from"));
  /** Says why a step failed: `detail` is for whoever wrote the flow. */
  @property({ attribute: false }) describe = (error: RunError): { text: string; detail?: string } => describeFault(this.i18n, error);
  @state() private opened = new Set<string>();
  @state() private whole = new Map<string, StepRun>();
  @state() private shown = new Map<string, number>();
  #nodes: StepNode[] = [];
  #newest = new Set<string>();
  #hasLed = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("steps")) return;
    this.#nodes = nestSteps(this.steps);
    this.#newest = new Set(pathsToNewest(this.#nodes));
    const way = pathsToFailure(this.#nodes);
    if (this.#hasLed || !way.length) return;
    this.#hasLed = true;
    this.opened = new Set([...this.opened, ...way]);
  }

  override render(): TemplateResult {
    return this.#renderNodes(this.#nodes, "");
  }

  #renderNodes(nodes: StepNode[], parent: string): TemplateResult {
    const count = this.shown.get(parent) ?? PAGE;
    const more = () => {
      this.shown = new Map(this.shown).set(parent, count + PAGE * 2);
    };
    return html`<ol class="steps">
      ${repeat(
        nodes.slice(0, count),
        ({ path }) => path,
        (node) => this.#renderNode(node),
      )}
      ${nodes.length > count ? html`<li class="rest"><button class="button compact" type="button" @click=${more}>${this.i18n.msg("action.showMore")}</button></li>` : nothing}
    </ol>`;
  }

  #renderNode(node: StepNode): TemplateResult {
    const { i18n } = this;
    const { path, step, item, name, children } = node;
    const isEmpty = !children.length && !this.canRetry && !hasMore(step);
    const isOpen = this.opened.has(path);
    const failed = children.length ? countFailed(node) : 0;
    const took = step && runTook({ startedAt: step.startedAt, endedAt: lastEnd(node) });
    const told = statusOf(node);
    const status = told === "succeeded" && this.#newest.has(path) ? this.#outer : told;
    const words =
      item === undefined
        ? html`<strong><bdi>${name}</bdi></strong> ${step ? html`<span class="muted">${step.type}</span>` : nothing}`
        : html`<strong>${i18n.msg("runs.round", { number: item + 1 })}</strong>`;
    const head = html`<span class="turn">${forwardIcon}</span>
          <span class="step-name">${words}</span>
          <span class="facts plain">
          ${failed && step && status !== "failed" ? html`<span class="failed">${i18n.msg("runs.failedInside", { count: failed })}</span>` : nothing}
          ${step && step.attempts > 1 ? html`<span class="muted">${i18n.msg("runs.attempts", { count: step.attempts })}</span>` : nothing}
          ${took === undefined ? nothing : html`<span class="muted">${i18n.took(took)}</span>`}
          ${badge(runTone(status), i18n.msg(`run.${status}`))}</span>`;
    return html`<li part="step">
      ${
        isEmpty
          ? html`<div class="summary bare">${head}</div>`
          : html`<details ?open=${isOpen} @toggle=${(event: ToggleEvent) => this.#toggled(node, event)}>
        <summary class="summary">${head}</summary>
        ${isOpen ? html`${this.#renderBody(this.whole.get(path) ?? step)} ${children.length ? this.#renderNodes(children, path) : nothing}` : nothing}
      </details>`
      }
      ${step?.error && !failed ? html`<p class="step-error"><bdi>${this.describe(step.error).text}</bdi></p>` : nothing}
    </li>`;
  }

  #renderBody(step: StepRun | undefined): TemplateResult | typeof nothing {
    if (!step) return nothing;
    const { input, output, request, response, error, logs } = step;
    const fault = error && this.describe(error);
    const shows = (key: MessageKey, value: unknown) => payload(this.i18n.msg(key), value);
    const parts = [
      fault ? html`<p class="step-error"><bdi>${fault.text}</bdi></p>` : nothing,
      fault?.detail ? html`<p class="step-detail" dir="auto">${fault.detail}</p>` : nothing,
      shows("runs.input", input),
      request ? shows("runs.request", printRequest(request)) : nothing,
      response ? shows("runs.response", printResponse(response)) : nothing,
      shows("runs.output", output),
      logs?.length ? shows("runs.logs", logs.join("\n")) : nothing,
    ].filter((part) => part !== nothing);
    if (!parts.length && !this.canRetry) return nothing;
    return html`<div class="step-body">${parts}${this.canRetry ? this.#renderRetry(step) : nothing}</div>`;
  }

  #renderRetry({ path }: StepRun): TemplateResult {
    const retry = () => this.dispatchEvent(new CustomEvent("step-retry", { detail: { from: path } }));
    return html`<div>
      <button class="button compact" type="button" aria-label="${this.i18n.msg("runs.retryFrom")}: ${path}" @click=${retry}>${refreshIcon} ${this.i18n.msg("runs.retryFrom")}</button>
    </div>`;
  }

  /** How what holds the newest step stands: it is told of as begun well. */
  get #outer(): StepRun["status"] | "canceled" {
    if (this.run === "canceled") return "canceled";
    return this.run === "queued" || this.run === "running" || this.run === "waiting" ? "running" : "succeeded";
  }

  #toggled({ path, step }: StepNode, event: ToggleEvent): void {
    const isOpen = event.newState === "open";
    if (isOpen === this.opened.has(path)) return;
    const opened = new Set(this.opened);
    if (isOpen) opened.add(path);
    else opened.delete(path);
    this.opened = opened;
    if (isOpen && step?.truncated && !this.whole.has(path)) void this.#read(path);
  }

  /** A step that cannot be read shows what is known of it. */
  async #read(path: string): Promise<void> {
    const step = await this.load(path).catch(() => undefined);
    if (step) this.whole = new Map(this.whole).set(path, step);
  }
}

/** Whether there is more of a step than its name and how it ended. */
const hasMore = (step: StepRun | undefined): boolean =>
  step !== undefined &&
  (step.truncated === true ||
    [step.input, step.output, step.request, step.response, step.error, step.logs].some((one) => one !== undefined));

define("inlay-step-list", StepListElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-step-list": StepListElement;
  }
}
