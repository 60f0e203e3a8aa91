import { ContextProvider, consume } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FlowDetail, FormPage } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { Preview } from "../../shared/api/preview.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import type { ApiError } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { LiveController } from "../api/live-controller.ts";
import {
  apiContext,
  type Config,
  type ConnectAccount,
  configContext,
  connectContext,
  hostEventsContext,
  i18nContext,
} from "../contexts.ts";
import { define } from "../define.ts";
import type { FireHostEvent } from "../events.ts";
import { fieldScopeContext } from "../fields/field-scope.ts";
import { faultWords } from "../fields/field-words.ts";
import { preloadFields } from "../fields/registry.ts";
import { notLoaded } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import "../i18n/setup/words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { tellingBlocks } from "../marketplace/block-words.ts";
import { base } from "../styles/base.ts";
import { badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { focusTitle } from "../ui/focus-title.ts";
import { backIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { StuckController } from "../ui/stuck-controller.ts";
import { buildScope, ScopeMemory } from "./build-scope.ts";
import { focusField, keepInSight } from "./focus-field.ts";
import { type FaultAt, own, shownFields, shownPages } from "./form-values.ts";
import { SetupController } from "./setup-controller.ts";
import { setupDone, setupDoneStyles } from "./setup-done.ts";
import { setupFields } from "./setup-fields.ts";
import { setupFooter } from "./setup-footer.ts";
import { type Faults, type SetupProblem, toFault } from "./setup-machine.ts";
import { setupViewStyles } from "./setup-view-styles.ts";
import { steps, stepsStyles } from "./steps.ts";

/** The first page goes first. In ms. */
const PRELOAD_AFTER = 1_000;

/**
 * One flow's setup form: its pages from the draft to the integration. Nothing that is typed is lost: the edge keeps it as a draft.
 *
 * @event setup-done - `{integration, mode}`: saved, and the user has seen it
 * @event setup-closed - `{draft}`: left before the end
 * @slot done - more on the last screen
 */
export class SetupViewElement extends LitElement {
  static override styles = [base, buttonStyles, badgeStyles, calloutStyles, skeletonStyles, stepsStyles, setupDoneStyles, setupViewStyles];

  @property({ attribute: false }) flow: FlowDetail | undefined;
  @property({ attribute: false }) integration: Integration | undefined;
  /** Keys of the only fields to ask for at first, such as those that a newer version brings; all where there is none. */
  @property({ attribute: false }) only: ReadonlySet<string> | undefined;
  /** Values for fields that nobody has touched yet, by key. */
  @property({ attribute: false }) prefill: Readonly<Record<string, unknown>> = {};

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;
  @consume({ context: connectContext }) private connect!: ConnectAccount;

  @state() private accountsRevision = 0;
  #setup: SetupController | undefined;
  #memory = new ScopeMemory();
  #notice: Element | null = null;
  #typedIn: HTMLElement | undefined;
  readonly #scope = new ContextProvider(this, { context: fieldScopeContext });
  #about: { flow: FlowDetail; integration: Integration | undefined; client: ApiClient } | undefined;

  constructor() {
    super();
    new StuckController(this, () => this.renderRoot?.querySelector("footer"));
    // A click would be lost on what moves under it.
    this.addEventListener("keyup", ({ key }) => key === "Tab" && keepInSight(this));
    new LiveController(this, (messages) => {
      if (messages.every(({ type }) => type === "run")) return;
      this.#askAgain();
      void this.#setup?.refresh();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("online", this.#askAgain);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("online", this.#askAgain);
    queueMicrotask(() => {
      if (!this.isConnected) this.#end();
    });
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    this.#begin();
    const setup = this.#setup;
    if (!setup || !this.client || !this.flow) return;
    const { client, flow, integration, connect, accountsRevision } = this;
    this.#scope.setValue(
      buildScope({
        client,
        flow,
        integration,
        connect,
        accountsRevision,
        state: setup.state,
        memory: this.#memory,
        goTo: (key) => this.#goTo(key),
        report: (error, describe) => {
          const problem = setup.report(error, describe);
          return () => setup.say(problem, describe);
        },
      }),
    );
  }

  /** A notice makes the footer higher. */
  override updated(): void {
    const notice = this.renderRoot.querySelector("footer > .callout");
    if (notice && notice !== this.#notice) keepInSight(this);
    this.#notice = notice;
  }

  /** Starts with what is to be set up; again where that is another. */
  #begin(): void {
    const { client, flow, integration, fire, prefill } = this;
    if (!client || !flow || !this.isConnected) return;
    const about = this.#about;
    if (about?.client === client && about.flow.key === flow.key && about.integration?.id === integration?.id) return;
    this.#end();
    this.#about = { client, flow, integration };
    setTimeout(() => preloadFields(flow.setup.pages.flatMap(({ fields }) => fields)), PRELOAD_AFTER);
    this.#memory = new ScopeMemory();
    this.#setup = new SetupController(this, {
      ...{ client, flow, integration, fire, prefill, only: this.only },
      i18n: () => this.i18n,
      isReadonly: () => this.config.readonly,
      focusField: (key) => void focusField(this, key),
      focusPage: () => void focusTitle(this),
    });
  }

  #end(): void {
    const setup = this.#setup;
    this.#setup = undefined;
    this.#about = undefined;
    if (!setup) return;
    this.removeController(setup);
    setup.hostDisconnected();
    void setup.end();
  }

  override render(): TemplateResult {
    const setup = this.#setup;
    const { i18n, flow } = this;
    if (!setup || !flow) return html`<div class="setup" part="setup">${this.#renderLoading()}</div>`;
    const { state } = setup;
    if (state.phase === "saved" && state.integration) {
      const { integration, mode } = state;
      return html`<div class="setup" part="setup">${setupDone(i18n, { flow, integration, mode, onClose: () => this.#done() })}</div>`;
    }
    return html`<div class="setup" part="setup">
      <header>
        <div class="bar">
          <button class="button ghost compact" type="button" part="button" @click=${this.#close}>${backIcon}${i18n.msg("action.close")}</button>
          <span class="name" dir="auto">${state.mode === "create" ? flow.name : (this.integration?.name ?? flow.name)}</span>
        </div>
        ${this.#renderSteps(setup)}
      </header>
      ${this.#renderPhase(setup)}
    </div>`;
  }

  #renderPhase(setup: SetupController): TemplateResult {
    const { state } = setup;
    const { msg } = this.i18n;
    if (state.phase === "loading") return this.#renderLoading();
    if (state.phase === "failed") {
      const action = html`<button class="button compact" type="button" @click=${() => setup.send({ type: "reload" })}>${msg("action.retry")}</button>`;
      const text = state.problem && setup.say(state.problem);
      return callout({ tone: "danger", title: msg("setup.loadFailed"), text, action: state.problem?.retryable ? action : nothing });
    }
    if (state.isPreviewing && this.flow) return this.#renderPreview(setup, this.flow);
    const page = state.pages.find((one) => one.key === state.page);
    return page ? this.#renderPage(setup, page) : html``;
  }

  #renderLoading(): TemplateResult {
    return html`<div class="loading" aria-busy="true">
      <span class="visually-hidden" role="status">${this.i18n.msg("setup.loading")}</span>
      ${bone("title")}${[1, 2, 3].map(() => html`<div aria-hidden="true">${bone("short")}<span class="box"></span></div>`)}
    </div>`;
  }

  #renderSteps({ state }: SetupController): TemplateResult | typeof nothing {
    const pages = shownPages(state);
    if (pages.length < 2 || state.phase === "loading" || state.phase === "failed") return nothing;
    const faulty = new Set(
      pages.filter((page) => shownFields(state, page).some((field) => own(state.faults, field.key))).map(({ key }) => key),
    );
    const onGo = (page: string) => this.#setup?.send({ type: "go", page });
    return steps(this.i18n, { pages, page: state.page, seen: state.seen, faulty, disabled: state.phase === "saving", onGo });
  }

  #renderPage(setup: SetupController, page: FormPage): TemplateResult {
    const { state } = setup;
    const { flow } = this;
    return html`${repeat(
      [page],
      ({ key }) => key,
      () => html`<div class="page" part="page">
        <div class="page-head">
          <h2 class="page-title" part="page-title" tabindex="-1" data-page-title><bdi>${page.title}</bdi></h2>
          ${page.description ? html`<p><bdi>${page.description}</bdi></p>` : nothing}
        </div>
        ${this.#renderRefusal(setup)} ${state.only ? this.#renderOnlyNew(setup) : nothing}
        <form novalidate @submit=${this.#submit} @keydown=${this.#key} @focusin=${this.#remember}>
          ${flow ? setupFields(this.i18n, { flow, state, page, isLocked: this.#isLocked, send: (event) => setup.send(event) }) : nothing}
        </form>
      </div>`,
    )}
    ${this.#renderFooter(setup)}`;
  }

  #renderFooter(setup: SetupController): TemplateResult {
    const { state, draftStatus, isSettling } = setup;
    return setupFooter(this.i18n, {
      ...{ state, draftStatus, isSettling, isReadonly: this.config.readonly },
      notice: state.problem?.isAside ? this.#renderProblem(state.problem) : nothing,
      onPreview: this.flow && tellingBlocks(this.flow.blocks).length > 0 ? () => this.#preview(setup) : undefined,
      onBack: () => setup.send(state.isPreviewing ? { type: "preview", isShown: false } : { type: "back" }),
      onContinue: () => this.#continue(),
      onSave: () => this.#save(),
    });
  }

  #renderPreview(setup: SetupController, flow: FlowDetail): TemplateResult {
    const { msg } = this.i18n;
    return html`<div class="page" part="page">
        <div class="page-head">
          <h2 class="page-title" part="page-title" tabindex="-1" data-page-title>${msg("setup.previewTitle")}</h2>
          <p>${msg("setup.previewText")}</p>
        </div>
        ${this.#renderRefusal(setup)}
        <inlay-setup-preview
          exportparts=${PARTS}
          .flow=${flow}
          .ask=${this.#ask}
          .report=${(error: ApiError) => setup.report(error)}
          @preview-fix=${({ detail }: CustomEvent<{ field: string }>) => this.#fix(detail.field)}
        ></inlay-setup-preview>
      </div>
      ${this.#renderFooter(setup)}`;
  }

  /** The edge is asked with what is entered at the moment of asking. */
  #ask = (signal: AbortSignal): Promise<Preview> => {
    const setup = this.#setup;
    if (!setup) return Promise.reject(new Error("asked after the form was left"));
    return setup.preview(signal);
  };

  /** What is not kept yet is kept first: secrets that were typed are read from the draft. */
  async #preview(setup: SetupController): Promise<void> {
    await Promise.all([import("./setup-preview.ts"), setup.settle()]).then(
      () => setup.send({ type: "preview", isShown: true }),
      () => setup.send({ type: "trouble", problem: setup.report(notLoaded()) }),
    );
  }

  /** A field of the form, or a slot that the form asks for on a page of its own. */
  #fix(field: string): void {
    this.#setup?.send({ type: "preview", isShown: false });
    this.#goTo(field);
  }

  #renderOnlyNew(setup: SetupController): TemplateResult {
    const { msg } = this.i18n;
    const action = html`<button class="button compact" type="button" @click=${() => setup.send({ type: "show-all" })}>${msg("setup.allSettings")}</button>`;
    return callout({ tone: "info", text: msg("setup.onlyNew"), action });
  }

  #renderRefusal({ state: { problem } }: SetupController): TemplateResult | typeof nothing {
    return problem && !problem.isAside ? this.#renderProblem(problem) : nothing;
  }

  #renderProblem(problem: SetupProblem): TemplateResult {
    const { details = [], isAside } = problem;
    const message = this.#setup?.say(problem);
    const text = html`${message}${details.length > 0 ? html`<ul>${details.map((detail) => html`<li><bdi>${this.#sayDetail(detail)}</bdi></li>`)}</ul>` : nothing}`;
    const action = isAside
      ? html`<button class="button compact" type="button" @click=${this.#dismiss}>${this.i18n.msg("setup.noted")}</button>`
      : nothing;
    if (problem.code === "changed") return callout({ tone: "warning", text, action });
    return callout({ tone: "danger", title: this.i18n.msg("setup.failed"), text, action });
  }

  /** The label of a field, or what is wrong with one that is not in sight. */
  #sayDetail(detail: string | FieldProblem): string {
    if (typeof detail === "string") return detail;
    const key = detail.path.split(".")[1];
    const field = this.#setup?.state.pages.flatMap(({ fields }) => fields).find((one) => one.key === key);
    return field ? `${field.label ?? key}: ${faultWords(this.i18n, field, toFault(detail, undefined))}` : detail.message;
  }

  get #isLocked(): boolean {
    return this.config.readonly || this.#setup?.state.phase === "saving";
  }

  #submit = (event: Event) => {
    event.preventDefault();
    this.#next();
  };

  #remember = (event: Event) => {
    this.#typedIn = event.composedPath()[0] as HTMLElement;
  };

  /** Back to what was typed in: the buttons below may be far away. */
  #dismiss = () => {
    this.#setup?.send({ type: "dismiss" });
    this.#typedIn?.focus({ preventScroll: true });
  };

  /** Enter in a line of text goes on, as in any form. */
  #key = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    const isLine = target instanceof HTMLInputElement && !["checkbox", "radio", "button", "file"].includes(target.type);
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || !isLine) return;
    event.preventDefault();
    target.dispatchEvent(new Event("change", { bubbles: true }));
    this.#next();
  };

  #next(): void {
    const state = this.#setup?.state;
    if (!state) return;
    if (shownPages(state).at(-1)?.key === state.page) this.#save();
    else this.#continue();
  }

  #continue(): void {
    if (this.config.readonly) this.#setup?.send({ type: "leaf" });
    else void this.#setup?.proceed({ type: "continue", extra: this.#ownFaults() });
  }

  #save(): void {
    if (!this.config.readonly) void this.#setup?.proceed({ type: "save", extra: this.#ownFaults() });
  }

  /** What the fields in sight know to be wrong with themselves. */
  #ownFaults(): Faults {
    const faults: Record<string, FaultAt> = {};
    for (const field of this.renderRoot.querySelectorAll("inlay-field")) {
      const fault = field.findFault();
      const key = field.dataset.key;
      if (fault && key) faults[key] = fault;
    }
    return faults;
  }

  #goTo(key: string): void {
    const page = this.#setup?.state.pages.find(({ fields }) => fields.some((field) => field.key === key));
    if (!page) return;
    this.#setup?.send({ type: "go", page: page.key });
    void focusField(this, key);
  }

  #askAgain = () => {
    this.accountsRevision += 1;
  };

  #close = () => {
    this.dispatchEvent(
      new CustomEvent("setup-closed", { detail: { draft: this.#setup?.hasDraft ?? false }, bubbles: true, composed: true }),
    );
  };

  #done(): void {
    const state = this.#setup?.state;
    if (!state?.integration) return;
    const detail = { integration: state.integration, mode: state.mode };
    this.dispatchEvent(new CustomEvent("setup-done", { detail, bubbles: true, composed: true }));
  }
}

define("inlay-setup-view", SetupViewElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-setup-view": SetupViewElement;
  }
}
