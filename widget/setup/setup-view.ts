import { ContextProvider, consume } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FlowDetail, FormField, FormPage } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
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
import type { FieldInput } from "../fields/field-element.ts";
import "../fields/field.ts";
import { fieldScopeContext } from "../fields/field-scope.ts";
import "../i18n/setup/words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { backIcon } from "../ui/icons.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";
import { StuckController } from "../ui/stuck-controller.ts";
import { buildScope, type ScopeMemory } from "./build-scope.ts";
import { type FaultAt, heldValue, isRequired, own, shownFields, shownPages } from "./form-values.ts";
import { SetupController } from "./setup-controller.ts";
import { setupDone, setupDoneStyles } from "./setup-done.ts";
import type { Faults, SetupProblem, SetupState } from "./setup-machine.ts";
import { setupViewStyles } from "./setup-view-styles.ts";
import { steps, stepsStyles } from "./steps.ts";

const NAME = "_name";
const HIDING: ReadonlySet<FormField["type"]> = new Set(["divider", "heading", "html", "markdown"]);

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
  /** Values for fields that nobody has touched yet, by key. */
  @property({ attribute: false }) prefill: Readonly<Record<string, unknown>> = {};

  @consume({ context: apiContext, subscribe: true }) @state() private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @consume({ context: hostEventsContext }) private fire!: FireHostEvent;
  @consume({ context: connectContext }) private connect!: ConnectAccount;

  @state() private accountsRevision = 0;
  #setup: SetupController | undefined;
  #memory: ScopeMemory = { cache: new Map() };
  readonly #scope = new ContextProvider(this, { context: fieldScopeContext });
  #about: { flow: FlowDetail; integration: Integration | undefined; client: ApiClient } | undefined;

  constructor() {
    super();
    new StuckController(this, () => this.renderRoot?.querySelector("footer"));
    new LiveController(this, (messages) => {
      if (messages.some(({ type }) => type === "account" || type === "missed")) this.accountsRevision += 1;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
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
        report: (error) => setup.report(error).message,
      }),
    );
  }

  /** Starts with what is to be set up; again where that is another. */
  #begin(): void {
    const { client, flow, integration, i18n, fire, prefill } = this;
    if (!client || !flow || !this.isConnected) return;
    const about = this.#about;
    if (about?.client === client && about.flow.key === flow.key && about.integration?.id === integration?.id) return;
    this.#end();
    this.#about = { client, flow, integration };
    this.#memory = { cache: new Map() };
    const focusField = (key: string) => void this.#focusField(key);
    const focusPage = () => void this.#focusPage();
    this.#setup = new SetupController(this, { client, flow, integration, i18n, fire, prefill, focusField, focusPage });
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
          <button class="button ghost compact" type="button" part="button" @click=${this.#close}>${backIcon}${i18n.msg("setup.close")}</button>
          <span class="name">${state.mode === "create" ? flow.name : (this.integration?.name ?? flow.name)}</span>
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
      const text = state.problem?.message;
      return callout({ tone: "danger", title: msg("setup.loadFailed"), text, action: state.problem?.retryable ? action : nothing });
    }
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
    return html`${repeat(
      [page],
      ({ key }) => key,
      () => html`<div class="page" part="page">
        <div class="page-head">
          <h2 class="page-title" part="page-title" tabindex="-1" data-page-title>${page.title}</h2>
          ${page.description ? html`<p>${page.description}</p>` : nothing}
        </div>
        ${state.problem ? this.#renderProblem(state.problem) : nothing}
        <form novalidate @submit=${this.#submit} @keydown=${this.#key}>
          ${repeat(
            shownFields(state, page),
            (field) => field.key,
            (field) => this.#renderField(state, field),
          )}
          ${this.#renderName(state, page)}
        </form>
      </div>`,
    )}
    ${this.#renderFooter(setup)}`;
  }

  #renderProblem({ message, details = [] }: SetupProblem): TemplateResult {
    const text = html`${message}${details.length > 0 ? html`<ul>${details.map((detail) => html`<li>${detail}</li>`)}</ul>` : nothing}`;
    return callout({ tone: "danger", title: this.i18n.msg("setup.failed"), text });
  }

  #renderField(state: SetupState, field: FormField): TemplateResult {
    const isAccount = field.type === "account";
    return html`<div class="slot">
      <inlay-field
        data-key=${field.key}
        .field=${field}
        .value=${isAccount ? own(state.accounts, field.key) : heldValue(state, field.key)}
        .fault=${own(state.faults, field.key)}
        .text=${own(state.form.fields, field.key)?.value ?? ""}
        ?required=${!HIDING.has(field.type) && isRequired(state, field)}
        ?disabled=${this.#isLocked}
        @field-input=${(event: CustomEvent<FieldInput>) => this.#input(field, event.detail)}
      ></inlay-field>
    </div>`;
  }

  /** Where a flow can be set up several times, the last page asks for a name. */
  #renderName(state: SetupState, page: FormPage): TemplateResult | typeof nothing {
    if (this.flow?.instances !== "many" || shownPages(state).at(-1)?.key !== page.key || state.mode === "upgrade") return nothing;
    const { msg } = this.i18n;
    const field: FormField = {
      ...{ key: NAME, type: "text", label: msg("setup.name"), help: msg("setup.nameHelp"), required: false, secret: false },
      ...{ placeholder: this.flow.name, validate: { maxLength: 200 } },
    };
    return html`<div class="slot">
      <inlay-field
        data-key=${NAME}
        .field=${field}
        .value=${state.name}
        ?disabled=${this.#isLocked}
        @field-input=${(event: CustomEvent<FieldInput>) => this.#setup?.send({ type: "name", name: String(event.detail.value) })}
      ></inlay-field>
    </div>`;
  }

  #renderFooter(setup: SetupController): TemplateResult {
    const { state, draftStatus, isSettling } = setup;
    const { msg } = this.i18n;
    const pages = shownPages(state);
    const at = pages.findIndex((page) => page.key === state.page);
    const isLast = at === pages.length - 1;
    const isBusy = state.phase === "saving" || isSettling;
    const kept = { idle: "", waiting: "", saving: msg("setup.saving"), saved: msg("setup.saved"), unsaved: msg("setup.unsaved") }[
      draftStatus
    ];
    const finish = msg(state.mode === "create" ? "setup.finish" : state.mode === "upgrade" ? "setup.upgrade" : "setup.save");
    return html`<footer part="footer">
      ${
        at > 0
          ? html`<button class="button" part="button" type="button" ?disabled=${state.phase === "saving"} @click=${() => setup.send({ type: "back" })}>
              ${msg("setup.back")}
            </button>`
          : nothing
      }
      <span class=${draftStatus === "unsaved" ? "kept unsaved" : "kept"} role="status">${kept}</span>
      ${
        !isLast && state.mode === "edit"
          ? html`<button class="button" part="button" type="button" aria-busy=${isBusy ? "true" : "false"} ?disabled=${this.#isLocked} @click=${() => this.#save()}>${finish}</button>`
          : nothing
      }
      <button
        class="button primary"
        part="button-primary"
        type="button"
        aria-busy=${isBusy ? "true" : "false"}
        ?disabled=${this.config.readonly && isLast}
        @click=${() => (isLast ? this.#save() : this.#continue())}
      >
        ${isLast ? finish : msg("setup.continue")}
      </button>
      </footer>
      <span></span>`;
  }

  get #isLocked(): boolean {
    return this.config.readonly || this.#setup?.state.phase === "saving";
  }

  #input(field: FormField, { value, commit, fault }: FieldInput): void {
    const setup = this.#setup;
    if (field.type === "account") setup?.send({ type: "account", slot: field.key, account: typeof value === "string" ? value : undefined });
    else setup?.send({ type: "input", key: field.key, value, commit, fault });
  }

  #submit = (event: Event) => {
    event.preventDefault();
    this.#next();
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
    if (this.config.readonly) this.#goOn();
    else void this.#setup?.proceed({ type: "continue", extra: this.#ownFaults() });
  }

  /** Reading only: pages turn without a check. */
  #goOn(): void {
    const state = this.#setup?.state;
    if (!state) return;
    const pages = shownPages(state);
    const next = pages[pages.findIndex((page) => page.key === state.page) + 1];
    if (next) this.#setup?.send({ type: "go", page: next.key });
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
    void this.#focusField(key);
  }

  async #focusField(key: string): Promise<void> {
    await this.updateComplete;
    const field = [...this.renderRoot.querySelectorAll("inlay-field")].find((one) => one.dataset.key === key);
    await field?.updateComplete;
    field?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    field?.focus({ preventScroll: true });
  }

  /** The new page is read out and its top comes into sight; when the form first opens, only where nobody is busy elsewhere. */
  async #focusPage(): Promise<void> {
    const isFree = document.activeElement === document.body || this.matches(":focus-within") || this.#isInFocusedHost;
    await this.updateComplete;
    if (!isFree) return;
    const title = this.renderRoot.querySelector<HTMLElement>("[data-page-title]");
    title?.focus({ preventScroll: true });
    const top = this.getBoundingClientRect().top;
    if (top < 0) this.scrollIntoView({ block: "start" });
  }

  get #isInFocusedHost(): boolean {
    let root = this.getRootNode();
    while (root instanceof ShadowRoot) {
      if (document.activeElement === root.host) return true;
      root = root.host.getRootNode();
    }
    return false;
  }

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
