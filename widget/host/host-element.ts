import { ContextProvider } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Account } from "../../shared/api/account.ts";
import { ConnectError } from "../accounts/connect-error.ts";
import type { ConnectOutcome } from "../accounts/run-connect.ts";
import { ApiError } from "../api/api-error.ts";
import { ApiClient } from "../api/client.ts";
import { asApiError } from "../api/resource.ts";
import type { LiveStream } from "../api/stream.ts";
import { type GetToken, PATIENCE_MS, subjectOf } from "../api/token-source.ts";
import {
  apiContext,
  type Config,
  type ConnectRequest,
  configContext,
  connectContext,
  hostEventsContext,
  i18nContext,
  liveContext,
  toastContext,
} from "../contexts.ts";
import { type FireHostEvent, InlayEvent, type InlayEventMap, type InlayEventName } from "../events.ts";
import { describeError } from "../i18n/describe-error.ts";
import { english, type I18n, loadI18n, type Overrides } from "../i18n/i18n.ts";
import { base, frame } from "../styles/base.ts";
import { tokens } from "../styles/tokens.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import { spinner, spinnerStyles } from "../ui/spinner.ts";
import { isEnglish, languageAround } from "./language.ts";
import { openPopup } from "./popup.ts";
import { RunWatch } from "./run-watch.ts";
import { ThemeController } from "./theme-controller.ts";

/** A part of the widget did not arrive: the network is gone, or the edge has been deployed anew since the page was loaded. */
export const notLoaded = () => new ApiError("network", "", 0);

/** Imports a chunk. */
export type Load = () => Promise<unknown>;

/** After this the stream is asked for, also where nothing could be shown yet. */
const LIVE_MS = 2_000;
const SCRIPT_ORIGIN = /^https?:/.test(import.meta.url) ? new URL(import.meta.url).origin : globalThis.location?.origin;

/**
 * What every element that a host places has in common: its attributes, the user's client, language and theme, and the contexts that hand
 * them inward. It alone fires public events.
 *
 * @attr token - the user's JWT, signed by the host's backend
 * @attr api - the edge's origin (default: the script's)
 * @attr theme - `auto`, `light` or `dark`
 * @attr lang - a BCP 47 tag (default: the nearest `lang`, then the page's)
 * @attr readonly - shows everything and changes nothing
 * @slot header - above everything
 * @slot footer - below everything
 * @csspart root - the frame of the element
 */
export abstract class HostElement extends LitElement {
  static override styles = [tokens, base, frame, buttonStyles, calloutStyles, spinnerStyles];

  @property() token = "";
  @property() api = "";
  @property() theme: "auto" | "light" | "dark" = "auto";
  @property({ attribute: "lang" }) language: string | null = null;
  @property({ type: Boolean, reflect: true }) readonly = false;
  /** Called for the first token, before it expires and after a 401. */
  @property({ attribute: false }) getToken: GetToken | undefined;
  /** Other words than the shipped ones, by locale and key. */
  @property({ attribute: false }) messages: Overrides = {};
  /** Values for setup fields, by key. */
  @property({ attribute: false }) prefill: Record<string, unknown> = {};
  /** Objects that the host offers for mapping, by name. */
  @property({ attribute: false }) data: Record<string, unknown> = {};

  @state() protected i18n: I18n | undefined;
  @state() private tokenError: ApiError | undefined;

  protected readonly apiProvider = new ContextProvider(this, { context: apiContext });
  readonly #i18nProvider = new ContextProvider(this, { context: i18nContext, initialValue: english });
  readonly #configProvider = new ContextProvider(this, {
    context: configContext,
    initialValue: { readonly: false, prefill: {}, data: {} },
  });
  readonly #liveProvider = new ContextProvider(this, { context: liveContext });
  readonly #runs = new RunWatch(this, (run) => {
    const { id, integration, block, status, tasks } = run;
    this.fire("inlay-run-finished", { run: id, integration, block, status, tasks });
  });
  readonly #chunks = new Map<Load, "coming" | "here" | "missing">();
  #asked: GetToken | undefined;
  /** The language that is wanted. */
  #locale: string | undefined;
  #isReady = false;

  constructor() {
    super();
    new ThemeController(this, this.attachInternals().states, () => this.theme);
    new ContextProvider(this, { context: hostEventsContext, initialValue: this.fire });
    new ContextProvider(this, { context: connectContext, initialValue: async (request) => (await this.#openConnect(request, false)).last });
    new ContextProvider(this, { context: toastContext, initialValue: (text) => void this.#toast(text) });
    // From the first focus on; where the script does not come, the focus is the browser's to place.
    this.addEventListener("focusin", () => import("./focus-keeper.ts").then(({ keepFocus }) => keepFocus(this)).catch(() => undefined), {
      once: true,
    });
  }

  /** Fires a public event here. False: the host prevented what would follow. `inlay-ready` is fired once. */
  protected readonly fire: FireHostEvent = <Name extends InlayEventName>(name: Name, detail: InlayEventMap[Name]) => {
    if (name === "inlay-ready" && this.#isReady) return true;
    if (name === "inlay-ready") {
      this.#isReady = true;
      this.#followLive();
    }
    return this.dispatchEvent(new InlayEvent(name, detail));
  };

  /** Reads again everything that is shown. */
  refresh(): void {
    if (this.tokenError) this.#takeToken();
    this.#followLive().then((live) => live?.refresh());
  }

  /**
   * Leads the user through connecting `app` (its key). Call it in a click. Resolves with the account; rejects with a `ConnectError`
   * whose `reason` is that of `inlay-account-failed`. Always settles.
   */
  async connect(app: string): Promise<Account> {
    const client = this.apiProvider.value;
    if (!client) throw new ApiError("unauthenticated", "The element has no token yet", 401);
    const { findApp } = await import("../accounts/find-app.ts");
    const detail = await findApp(client, app);
    return (await this.#openConnect({ app: detail }, true)).first;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("token") || changed.has("getToken") || changed.has("api")) this.#takeToken();
    const locale = this.language || languageAround(this);
    if (locale !== this.#locale || changed.has("messages")) this.#takeLanguage(locale);
    if (changed.has("readonly") || changed.has("prefill") || changed.has("data")) {
      const config: Config = { readonly: this.readonly, prefill: this.prefill, data: this.data };
      this.#configProvider.setValue(config);
    }
  }

  override render(): TemplateResult {
    const { i18n } = this;
    return html`
      <div class="root" part="root" lang=${i18n?.locale ?? nothing} dir=${i18n?.dir ?? nothing}>
        <slot name="header"></slot>
        ${i18n ? (this.tokenError ? this.#renderError(i18n, this.tokenError, () => this.#takeToken()) : this.renderContent(i18n)) : nothing}
        <slot name="footer"></slot>
      </div>
    `;
  }

  /** What the element shows inside its frame. */
  protected abstract renderContent(i18n: I18n): TemplateResult;

  /** Hands on what the host has put into `slot="empty"`, whenever it does. A slot without anything would take the place of our words as well. */
  protected renderEmpty(): TemplateResult {
    const isFilled = this.querySelector(":scope > [slot=empty]");
    return html`<slot name="empty" slot=${isFilled ? "empty" : nothing} @slotchange=${() => this.requestUpdate()}></slot>`;
  }

  /** Asks for a chunk that a view needs, once. */
  protected bring(load: Load): void {
    if (this.#chunks.has(load)) return;
    const settle = (state: "here" | "missing") => {
      this.#chunks.set(load, state);
      this.requestUpdate();
    };
    this.#chunks.set(load, "coming");
    load().then(
      () => settle("here"),
      () => {
        settle("missing");
        this.reportError(notLoaded());
      },
    );
  }

  /** A view of a chunk that was asked for: a spinner until it is there, what to do where it does not come. */
  protected brought(load: Load, i18n: I18n, view: () => TemplateResult): TemplateResult {
    const state = this.#chunks.get(load);
    if (state === "here") return view();
    if (state !== "missing") return html`<div class="arriving">${spinner(i18n.msg("loading"))}</div>`;
    return this.#renderError(i18n, notLoaded(), () => {
      this.#chunks.delete(load);
      this.bring(load);
      this.requestUpdate();
    });
  }

  #renderError(i18n: I18n, error: ApiError, again: () => void): TemplateResult {
    const action = html`<button class="button compact" type="button" @click=${again}>${i18n.msg("action.retry")}</button>`;
    return callout({ tone: "danger", text: describeError(i18n, error), action });
  }

  #takeLanguage(locale: string): void {
    this.#locale = locale;
    const isPlain = isEnglish(locale) && Object.keys(this.messages).length === 0;
    if (isPlain && !this.i18n) this.#useI18n(english);
    else
      loadI18n(locale, this.messages).then((i18n) => {
        if (locale === this.#locale) this.#useI18n(i18n);
      });
  }

  /** Another language than before: what the edge says is read again in it. */
  #useI18n(i18n: I18n): void {
    const before = this.i18n;
    this.i18n = i18n;
    this.#i18nProvider.setValue(i18n);
    this.#nameLocale();
    if (before && before.locale !== i18n.locale) this.refresh();
  }

  #nameLocale(client = this.apiProvider.value): void {
    if (client && this.i18n) client.transport.locale = this.i18n.locale;
  }

  /** Makes or renews the client. With `getToken` alone, asks it for the first token. */
  #takeToken(token = this.token): void {
    const { getToken } = this;
    const origin = this.api ? new URL(this.api, location.href).origin : SCRIPT_ORIGIN;
    const client = this.apiProvider.value;
    this.tokenError = undefined;
    if (token) {
      if (client?.origin === origin && client.subject === subjectOf(token)) client.transport.tokens.update(token, getToken);
      else this.#useClient(new ApiClient(origin, token, getToken, (other) => this.#takeToken(other)));
    } else if (!getToken) this.#useClient(undefined);
    else if (client?.origin !== origin || this.#asked !== getToken) this.#askToken(getToken);
  }

  /** A host that does not answer for 20 s is told as one that refuses; what it answers later still counts. */
  async #askToken(getToken: GetToken): Promise<void> {
    const before = this.apiProvider.value;
    const fail = () => {
      if (this.tokenError || getToken !== this.getToken || before !== this.apiProvider.value) return;
      this.#asked = undefined;
      this.tokenError = new ApiError("unauthenticated", "", 401);
      this.reportError(this.tokenError);
    };
    this.#asked = getToken;
    const timer = setTimeout(fail, PATIENCE_MS);
    try {
      const token = await getToken();
      if (getToken !== this.getToken) return;
      if (typeof token !== "string" || !token) throw 0;
      this.#takeToken(token);
    } catch {
      fail();
    }
    clearTimeout(timer);
  }

  #useClient(client: ApiClient | undefined): void {
    if (client === this.apiProvider.value) return;
    this.#nameLocale(client);
    this.apiProvider.setValue(client);
    this.#takeLive(undefined);
    setTimeout(() => this.#followLive(), LIVE_MS);
    this.userChanged(client);
  }

  /** The stream comes after what is shown first, and tells what has happened since. Undefined where it does not come, or another user has. */
  async #followLive(): Promise<LiveStream | undefined> {
    const client = this.apiProvider.value;
    const stream = client && (await import("../api/stream.ts").catch(() => undefined));
    if (!client || client !== this.apiProvider.value) return undefined;
    return this.#takeLive(stream?.liveStreamOf(client));
  }

  #takeLive(live: LiveStream | undefined): LiveStream | undefined {
    if (live === this.#liveProvider.value) return live;
    this.#liveProvider.setValue(live);
    this.#runs.watch(live);
    return live;
  }

  /** The user is another, or nobody: drop what was shown of the one before. */
  protected userChanged(_client: ApiClient | undefined): void {}

  /** Fires `inlay-error` for something that the user sees. */
  protected reportError(error: unknown): void {
    const { code, retryable } = asApiError(error);
    this.fire("inlay-error", { code, message: describeError(this.i18n ?? english, asApiError(error)), retryable });
  }

  /** See `ConnectAccount` in contexts. `isAsking`: show the dialog first, because the click is over. */
  async #openConnect(request: ConnectRequest, isAsking: boolean): Promise<ConnectOutcome> {
    const { app, auth } = request;
    const [only, ...others] = auth ? app.auth.filter(({ key }) => key === auth) : app.auth;
    if (!this.fire("inlay-before-connect", { app: app.key })) throw new ConnectError("error", "The page has prevented connecting");
    const opensAtOnce = !isAsking && only?.type === "oauth2" && only.fields.length === 0 && others.length === 0;
    const popup = opensAtOnce ? openPopup() : undefined;
    const { runConnect } = await import("../accounts/run-connect.ts").catch((error: unknown) => {
      popup?.close();
      this.reportError(notLoaded());
      throw error;
    });
    return runConnect({ request, popup, fire: this.fire, container: this.renderRoot.querySelector(".root") ?? this.renderRoot });
  }

  async #toast(text: string): Promise<void> {
    await import("../ui/toast.ts");
    const root = this.renderRoot.querySelector(".root");
    const shown = root?.querySelector("inlay-toast");
    const toast = shown ?? document.createElement("inlay-toast");
    if (!shown) root?.append(toast);
    toast.show(text);
  }
}
