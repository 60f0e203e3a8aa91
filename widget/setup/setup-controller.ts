// The shell around the setup machine: asks the edge, keeps the draft, fires the public events. It decides nothing.
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Draft, DraftWrite } from "../../shared/api/draft.ts";
import type { FlowDetail, FormField } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { Preview } from "../../shared/api/preview.ts";
import type { ApiError } from "../api/api-error.ts";
import type { ApiClient, SetupOf } from "../api/client.ts";
import { asApiError } from "../api/resource.ts";
import { type FireHostEvent, integrationDetail } from "../events.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { I18n } from "../i18n/i18n.ts";
import { type DraftStatus, DraftSync } from "./draft-sync.ts";
import { collectEntries, isSecret, own, shownPages, withoutSecrets } from "./form-values.ts";
import {
  advanceSetup,
  beginSetup,
  type SetupEffect,
  type SetupEvent,
  type SetupMode,
  type SetupProblem,
  type SetupState,
} from "./setup-machine.ts";
import { completePages } from "./setup-pages.ts";

/** What the form is about, and the way out. */
export interface SetupDeps {
  client: ApiClient;
  i18n: () => I18n;
  /** Everything can be seen and nothing is changed, not even a draft. */
  isReadonly: () => boolean;
  fire: FireHostEvent;
  flow: FlowDetail;
  integration: Integration | undefined;
  prefill: Readonly<Record<string, unknown>>;
  /** The only fields to ask for at first; all where there is none. */
  only: ReadonlySet<string> | undefined;
  /** Leads the user's eyes: to a field, or to the page's title. */
  focusField: (key: string) => void;
  focusPage: () => void;
}

/** How long going on waits for the edge's word on what is shown next. In ms. */
const PATIENCE = 2_000;

/** One setup of one flow, from its draft to the integration. */
export class SetupController implements ReactiveController {
  state: SetupState;
  draftStatus: DraftStatus = "idle";
  /** Going on waits for the edge. */
  isSettling = false;
  /** Whether anything was stored as a draft, now or before. */
  hasDraft = false;

  readonly #host: ReactiveControllerHost;
  readonly #deps: SetupDeps;
  readonly #sync: DraftSync<DraftWrite, Draft>;
  readonly #running = new AbortController();
  #isStarted = false;
  /** The integration that the form began with, or was brought up to since. */
  base: Integration | undefined;
  #saving: Promise<void> | undefined;
  #saveKey: { key: string; body: string } | undefined;

  constructor(host: ReactiveControllerHost, deps: SetupDeps) {
    this.#host = host;
    this.#deps = deps;
    this.base = deps.integration;
    const { client, flow, integration } = deps;
    const { msg } = deps.i18n();
    const words = { connectTitle: msg("setup.connectTitle"), readyTitle: msg("setup.readyTitle"), readyText: msg("setup.readyText") };
    const name = integration?.name ?? flow.name;
    const [state, effects] = beginSetup(completePages(flow, words), modeOf(flow, integration), name, deps.only);
    this.state = state;
    this.#sync = new DraftSync<DraftWrite, Draft>({
      read: () => this.#draft(),
      put: (body, signal) => client.writeDraft(flow.key, body, this.#of.version, signal),
      answered: (draft) => this.send({ type: "form", form: draft.form }),
      changed: (status) => {
        this.draftStatus = status;
        if (status === "saved") this.hasDraft = true;
        host.requestUpdate();
      },
      isFinal: (error) => isFinal(asApiError(error)),
      failed: (error) => this.send({ type: "trouble", problem: this.report(asApiError(error)) }),
      after: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    });
    host.addController(this);
    this.#run(effects);
  }

  hostConnected(): void {
    addEventListener("online", this.#sendNow);
    addEventListener("pagehide", this.#leave);
    document.addEventListener("visibilitychange", this.#sendNow);
  }

  hostDisconnected(): void {
    removeEventListener("online", this.#sendNow);
    removeEventListener("pagehide", this.#leave);
    document.removeEventListener("visibilitychange", this.#sendNow);
  }

  /**
   * Ends it, once a save that is under way is answered. What is typed and not kept yet is kept; an unfinished setup is told to the host page,
   * after what its controls say as they go.
   */
  async end(): Promise<void> {
    this.#running.abort();
    await this.#saving;
    const { state, hasDraft } = this;
    const isDirty = this.#sync.isDirty;
    if (this.#isStarted && state.phase !== "saved") {
      this.#deps.fire("inlay-setup-abandoned", { ...this.#names(), page: state.page, draft: hasDraft || isDirty });
    }
    if (state.phase !== "saved") await this.#sync.flush(10_000);
    this.#sync.stop();
  }

  /** Puts an event through the machine and does what comes of it. */
  send(event: SetupEvent): void {
    const before = this.state;
    const [state, effects] = advanceSetup(before, event);
    this.state = state;
    if (state !== before) this.#host.requestUpdate();
    if (event.type === "input") this.#tellField(event.key);
    if (event.type === "account") this.#tellField(event.slot);
    this.#run(effects);
  }

  /** Goes on or saves, once the edge has said what the last change shows and hides; without its word after 2 s. */
  async proceed(event: Extract<SetupEvent, { type: "continue" | "save" }>): Promise<void> {
    if (this.isSettling || this.state.phase !== "editing") return;
    if (this.#sync.isDirty && this.draftStatus !== "unsaved") {
      this.isSettling = true;
      this.#host.requestUpdate();
      await this.#sync.flush(PATIENCE);
      this.isSettling = false;
      this.#host.requestUpdate();
    }
    this.send(event);
  }

  /** Settles once the edge knows what is entered, or has not answered for 2 s. */
  async settle(): Promise<void> {
    await this.#sync.flush(PATIENCE);
  }

  /** A dry run of what is entered. */
  async preview(signal: AbortSignal): Promise<Preview> {
    const { client, flow } = this.#deps;
    return client.previewSetup(flow.key, { ...this.#of, ...collectEntries(this.state) }, signal);
  }

  /** The integration may have been changed elsewhere: the form shows it, and says so. */
  async refresh(): Promise<void> {
    if (this.state.phase !== "editing") return;
    const problem = await this.#rebase();
    if (problem?.details?.[0]) this.send({ type: "trouble", problem });
  }

  /** What was changed elsewhere, once the form has taken it in; undefined where nothing was, or it cannot be had. */
  #rebase = () =>
    import("./rebase-form.ts").then(({ rebaseForm }) => rebaseForm(this, this.#deps.client)).catch((): undefined => undefined);

  #keep(soon: boolean): void {
    if (!this.#deps.isReadonly()) this.#sync.keep(soon);
  }

  #run(effects: readonly SetupEffect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case "load":
          void this.#load();
          break;
        case "keep":
          this.#keep(effect.soon);
          break;
        case "focus-field":
          this.#deps.focusField(effect.key);
          break;
        case "focus-page":
          this.#deps.focusPage();
          break;
        case "page-changed":
          this.#tellPage();
          break;
        case "send":
          this.#saving = this.#save();
      }
    }
  }

  async #load(): Promise<void> {
    const { client, flow, integration, prefill, fire } = this.#deps;
    try {
      const draft = await client.readDraft(flow.key, this.#of, this.#running.signal);
      const values = integration ? draft.values : { ...this.#known(prefill), ...draft.values };
      this.hasDraft = draft.savedAt !== null;
      const { accounts, page, form, name = this.state.name } = draft;
      this.send({ type: "loaded", entries: { values, accounts }, name, page, form });
      if (Object.keys(values).length > Object.keys(draft.values).length) this.#keep(false);
      if (this.#isStarted) return;
      this.#isStarted = true;
      fire("inlay-setup-started", { ...this.#names(), mode: this.state.mode });
      this.#tellPage();
    } catch (error) {
      if (this.#running.signal.aborted) return;
      this.send({ type: "load-failed", problem: this.report(asApiError(error)) });
    }
  }

  async #save(): Promise<void> {
    const { fire, client, flow, integration } = this.#deps;
    const { values, accounts } = collectEntries(this.state);
    const { mode, name } = this.state;
    const told = { ...this.#names(), values: withoutSecrets(this.state.pages, values) };
    if (!fire("inlay-before-save", told)) {
      this.send({ type: "refused", problem: { code: "prevented", message: "", retryable: true } });
      return;
    }
    try {
      const isNamed = name.trim() !== "" && (integration !== undefined || name.trim() !== flow.name);
      const body = { accounts, values, ...(isNamed && { name: name.trim() }) };
      const saved = integration
        ? mode === "upgrade"
          ? await client.upgradeIntegration(integration.id, { accounts, values }, this.base?.updatedAt)
          : await client.updateIntegration(integration.id, body, this.base?.updatedAt)
        : await client.createIntegration({ flow: flow.key, enable: true, ...body }, this.#keyFor(body));
      this.#sync.stop();
      this.send({ type: "saved", integration: saved });
      this.#tellSaved(saved, mode);
    } catch (error) {
      const failure = asApiError(error);
      const told = this.report(failure);
      // `conflict`, or `precondition_failed`.
      const changed = /^[cp]/.test(failure.code) && (await this.#rebase());
      this.send({ type: "refused", problem: changed || told, errors: failure.errors });
    }
  }

  /** The same key for the same entries: a repeat after a lost answer creates no second integration. */
  #keyFor(body: unknown): string {
    const text = JSON.stringify(body);
    if (this.#saveKey?.body !== text) this.#saveKey = { key: crypto.randomUUID(), body: text };
    return this.#saveKey.key;
  }

  #tellSaved(saved: Integration, mode: SetupMode): void {
    const { fire } = this.#deps;
    const detail = integrationDetail(saved);
    if (mode === "upgrade") fire("inlay-integration-upgraded", detail);
    else fire(mode === "create" ? "inlay-integration-created" : "inlay-integration-updated", detail);
    if (mode === "create" && saved.status === "enabled") fire("inlay-integration-enabled", detail);
  }

  #tellPage(): void {
    const pages = shownPages(this.state);
    const index = pages.findIndex((page) => page.key === this.state.page);
    if (index >= 0) this.#deps.fire("inlay-page-changed", { ...this.#names(), page: this.state.page, index, pages: pages.length });
  }

  #tellField(key: string): void {
    const page = this.state.pages.find(({ fields }) => fields.some((field) => field.key === key));
    const field = page?.fields.find((one) => one.key === key);
    if (!page || !field) return;
    const value = field.type === "account" ? own(this.state.accounts, key) : own(this.state.values, key);
    const told = hidesValue(field) ? {} : { value };
    const valid = own(this.state.faults, key) === undefined;
    this.#deps.fire("inlay-field-changed", { flow: this.#deps.flow.key, page: page.key, field: key, valid, ...told });
  }

  /** Tells the host page of something that the user sees as an error; answers it in words. */
  report(error: ApiError, describe = describeError): SetupProblem {
    const { code, message, retryable } = error;
    const told = { code, message: this.say({ code, message, retryable, error }, describe), retryable };
    this.#deps.fire("inlay-error", told);
    return { ...told, error };
  }

  /** A problem in the language of now. */
  say({ code, message, error }: SetupProblem, describe = describeError): string {
    const i18n = this.#deps.i18n();
    if (code === "gone") return i18n.msg("setup.gone");
    if (code === "prevented") return i18n.msg("setup.prevented");
    if (code === "changed") return i18n.msg("setup.changed");
    return error ? describe(i18n, error) : message;
  }

  #names(): { flow: string; integration?: string } {
    const { flow, integration } = this.#deps;
    return { flow: flow.key, ...(integration && { integration: integration.id }) };
  }

  /** An integration is set up on the version of the form that is shown, also where another is offered meanwhile. */
  get #of(): SetupOf {
    const { flow, integration } = this.#deps;
    return integration ? { integration: integration.id, version: flow.version } : {};
  }

  #draft(): DraftWrite {
    const { values, accounts, page, name } = this.state;
    const { integration } = this.#deps;
    return {
      ...(integration && { integration: integration.id }),
      name: name.slice(0, 200),
      page,
      accounts: { ...accounts },
      values: { ...values },
    };
  }

  /** The host's values for fields that the form has. */
  #known(prefill: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const keys = new Set(this.state.pages.flatMap((page) => page.fields.map((field) => field.key)));
    return Object.fromEntries(Object.entries(prefill).filter(([key]) => keys.has(key)));
  }

  /** The network is back, or the page comes into sight. */
  #sendNow = () => (document.visibilityState === "hidden" ? this.#sync.leave() : this.#sync.retry());

  #leave = () => this.#sync.leave();
}

/** A form whose flow has moved on shows the newer version, and saving it upgrades. */
const modeOf = (flow: FlowDetail, integration: Integration | undefined): SetupMode =>
  integration ? (integration.version < flow.version ? "upgrade" : "edit") : "create";

const isFinal = (error: ApiError): boolean => !error.retryable && error.status !== 401;

const hidesValue = (field: FormField): boolean => isSecret(field) || (field.fields ?? []).some(hidesValue);
