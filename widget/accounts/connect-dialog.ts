import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import type { Account, Attempt } from "../../shared/api/account.ts";
import type { AuthChoice } from "../../shared/api/flow.ts";
import type { FieldProblem } from "../../shared/api/problem.ts";
import { isAbort } from "../api/api-error.ts";
import type { ApiClient } from "../api/client.ts";
import { asApiError } from "../api/resource.ts";
import type { LiveStream } from "../api/stream.ts";
import { apiContext, type ConnectRequest, i18nContext, liveContext } from "../contexts.ts";
import { define } from "../define.ts";
import type { ConnectFailure } from "../events.ts";
import { openPopup, tab } from "../host/popup.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { MessageKey } from "../i18n/en.ts";
import "../i18n/more-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../ui/dialog.ts";
import { forwardIcon, keyIcon, openIcon } from "../ui/icons.ts";
import { spinner, spinnerStyles } from "../ui/spinner.ts";
import { watchAttempt } from "./attempt-watch.ts";
import { ConnectError } from "./connect-error.ts";
import "./key-form.ts";

/** What the dialog shows. `waiting`: the popup is open; `blocked`: it would not open, a link does. */
type Step =
  | { is: "choose" }
  | { is: "explain"; choice: AuthChoice }
  | { is: "form"; choice: AuthChoice; busy: boolean; problems: readonly FieldProblem[] }
  | { is: "waiting"; choice: AuthChoice }
  | { is: "blocked"; choice: AuthChoice; url: string; fields?: Record<string, string> };

/** What connecting asks of the edge. */
export type ConnectApi = Pick<ApiClient, "createAccount" | "authorizeAccount" | "readAttempt">;

export interface Connected {
  account: Account;
  existed: boolean;
}

const ATTEMPT_MS = 600_000;
const LOOK_MS = 10;
/** Nobody closes the provider's page sooner; a window that is cut off shows as such long before, also on a busy machine. */
const MOMENT_MS = 250;
const WORDS: Record<Exclude<ConnectFailure, "popup-blocked">, MessageKey> = {
  denied: "connect.denied",
  "popup-closed": "connect.closed",
  expired: "connect.expired",
  invalid: "connect.error",
  error: "connect.error",
};

/**
 * Connects one account: a choice where the app has several ways, a form for keys, a window for sign-in. It stays open on a failure, so that
 * the user reads why and tries again.
 */
export class ConnectDialogElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    calloutStyles,
    spinnerStyles,
    css`
      .stack {
        display: grid;
        gap: calc(var(--_space) * 4);
      }

      .choices {
        display: grid;
        gap: calc(var(--_space) * 2);
      }

      .choice {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 3);
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
        background: var(--_surface);
        text-align: start;
        cursor: pointer;
        transition: background-color var(--_duration);
      }

      .choice:hover {
        background: var(--_sunken);
      }

      .choice > span {
        flex: 1;
        min-inline-size: 0;
        font-weight: 500;
      }

      .choice small {
        display: block;
        color: var(--_muted);
        font-size: var(--_size-s);
        font-weight: 400;
      }

      .choice > .icon {
        color: var(--_muted);
      }

      .waiting {
        display: grid;
        justify-items: center;
        gap: calc(var(--_space) * 3);
        padding-block: calc(var(--_space) * 4);
        text-align: center;
      }
    `,
  ];

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: apiContext }) private client: ApiClient | undefined;
  @consume({ context: liveContext }) private live: LiveStream | undefined;
  @state() private step: Step = { is: "choose" };
  @state() private failure: (() => string) | undefined;
  @query("inlay-key-form") private form?: HTMLElementTagNameMap["inlay-key-form"];

  /** What to connect. Set it and `popup` before the element enters the page. */
  request!: ConnectRequest;
  /** Where it does not stand inside an element with a token. */
  api: ConnectApi | undefined;
  /** The window opened in the click; null where the browser blocked it. */
  popup: Window | null | undefined;
  /** Told of each failure, as it happens; `isSeen`: the user reads of it, rather than having closed the dialog. */
  failed: (error: ConnectError, isSeen: boolean) => void = () => undefined;

  readonly #outcome = Promise.withResolvers<Connected>();
  #running = new AbortController();
  #failure: ConnectError | undefined;

  /** The account, or why there is none once the user has closed the dialog. */
  get outcome(): Promise<Connected> {
    return this.#outcome.promise;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) return;
    const choices = this.#choices;
    const [only] = choices;
    if (!only) this.updateComplete.then(() => this.#fail("error"));
    else if (choices.length === 1 && this.popup !== undefined) this.updateComplete.then(() => this.#authorize(only, this.popup ?? null));
    else if (choices.length === 1) this.step = this.#firstStep(only);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // One that is moved goes on.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#running.abort();
      this.#outcome.reject(this.#failure ?? new ConnectError("popup-closed", this.i18n.msg("connect.closed")));
    });
  }

  override render(): TemplateResult {
    const { app, account } = this.request;
    const { msg } = this.i18n;
    return html`
      <inlay-dialog
        open
        part="connect"
        heading=${msg(account ? "connect.reconnect" : "accounts.connectApp", { app: app.name })}
        close-label=${msg("action.close")}
        @dialog-close=${this.#dismiss}
      >
        <div class="stack">
          ${this.failure ? callout({ tone: "danger", text: this.failure() }) : nothing} ${this.#renderStep()}
        </div>
        <button slot="footer" class="button" type="button" @click=${this.#dismiss}>${msg("action.cancel")}</button>
        ${this.#renderMainButton()}
      </inlay-dialog>
    `;
  }

  #renderStep(): TemplateResult | typeof nothing {
    const { step, i18n } = this;
    const app = this.request.app.name;
    switch (step.is) {
      case "choose":
        return html`<p class="muted">${i18n.msg("connect.choose")}</p>
          <div class="choices">${this.#choices.map((choice, index) => this.#renderChoice(choice, index === 0))}</div>`;
      case "explain":
        return html`<p class="muted">${step.choice.help ?? i18n.msg("connect.explain", { app })}</p>`;
      case "form":
        return html`${step.choice.help ? html`<p class="muted">${step.choice.help}</p>` : nothing}
          <inlay-key-form .fields=${step.choice.fields} .problems=${step.problems} @key-submit=${this.#submitted}></inlay-key-form>`;
      case "waiting":
        return html`<div class="waiting">
          ${spinner(i18n.msg("loading"))}
          <div>
            <strong>${i18n.msg("connect.waiting", { app })}</strong>
            <p class="muted">${i18n.msg("connect.waitingText")}</p>
          </div>
        </div>`;
      case "blocked":
        return callout({ tone: "warning", title: i18n.msg("connect.blockedTitle"), text: i18n.msg("connect.blockedText", { app }) });
    }
  }

  #renderChoice(choice: AuthChoice, isFirst: boolean): TemplateResult {
    const isWindow = choice.type === "oauth2";
    return html`<button class="choice" type="button" ?autofocus=${isFirst} @click=${() => this.#choose(choice)}>
      ${isWindow ? openIcon : keyIcon}
      <span>${choice.label}${choice.help ? html`<small>${choice.help}</small>` : nothing}</span>
      ${forwardIcon}
    </button>`;
  }

  #renderMainButton(): TemplateResult | typeof nothing {
    const { step, i18n } = this;
    const app = this.request.app.name;
    switch (step.is) {
      case "choose":
        return nothing;
      case "explain":
        return html`<button slot="footer" class="button primary" type="button" autofocus @click=${() => this.#openAndAuthorize(step.choice)}>
          ${i18n.msg("connect.signIn", { app })} ${openIcon}
        </button>`;
      case "form":
        return html`<button slot="footer" class="button primary" type="button" aria-busy=${step.busy} @click=${() => this.form?.submit()}>
          ${step.choice.type === "oauth2" ? i18n.msg("connect.signIn", { app }) : i18n.msg("flow.connect")}
        </button>`;
      case "waiting":
        return html`<button slot="footer" class="button" type="button" @click=${() => this.#show(step.choice)}>${i18n.msg("connect.focus")}</button>`;
      case "blocked":
        return html`${
          tab.isWhole()
            ? html`<button slot="footer" class="button" type="button" @click=${() => void this.#leave(step)}>
                  ${i18n.msg("connect.sameTab")}
                </button>`
            : nothing
        }
          <a slot="footer" class="button primary" href=${step.url} target="_blank" rel="noopener" @click=${() => this.#followed(step.choice)}>
          ${i18n.msg("connect.open", { app })} ${openIcon}
        </a>`;
    }
  }

  get #choices(): AuthChoice[] {
    const { app, auth } = this.request;
    const wanted = app.auth.filter(({ key }) => key === auth);
    return wanted.length ? wanted : app.auth;
  }

  #firstStep(choice: AuthChoice): Step {
    return choice.type === "oauth2" && choice.fields.length === 0
      ? { is: "explain", choice }
      : { is: "form", choice, busy: false, problems: [] };
  }

  #choose(choice: AuthChoice): void {
    this.failure = undefined;
    this.step = this.#firstStep(choice);
    if (this.step.is === "explain") this.#openAndAuthorize(choice);
  }

  /** The window of before, or another where that is closed or cut off. */
  #show(choice: AuthChoice): void {
    if (this.popup?.closed) this.#choose(choice);
    else this.popup?.focus();
  }

  #openAndAuthorize(choice: AuthChoice, fields?: Record<string, string>): void {
    this.#authorize(choice, openPopup(), fields);
  }

  #submitted = (event: CustomEvent<{ fields: Record<string, string> }>) => {
    const { step } = this;
    if (step.is !== "form" || step.busy) return;
    if (step.choice.type === "oauth2") this.#openAndAuthorize(step.choice, event.detail.fields);
    else this.#sendKey(step.choice, event.detail.fields);
  };

  async #sendKey(choice: AuthChoice, fields: Record<string, string>): Promise<void> {
    const { app, account } = this.request;
    this.failure = undefined;
    this.step = { is: "form", choice, busy: true, problems: [] };
    try {
      const made = await this.#api.createAccount(
        { app: app.key, auth: choice.key, fields, ...(account ? { account } : {}) },
        this.#running.signal,
      );
      this.#outcome.resolve({ account: made, existed: account === made.id });
    } catch (error) {
      if (isAbort(error)) return;
      const refusal = asApiError(error);
      const errors = await this.#inWords(refusal.errors, choice);
      if (this.#running.signal.aborted) return;
      const onFields = errors.filter(({ path }) => choice.fields.some(({ key }) => path === `fields.${key}`));
      this.step = { is: "form", choice, busy: false, problems: onFields };
      const words = () => errors.find((one) => !onFields.includes(one))?.message ?? describeError(this.i18n, refusal);
      this.#fail(refusal.status === 422 ? "invalid" : "error", () => onFields[0]?.message ?? words(), onFields.length === 0);
    }
  }

  async #authorize(choice: AuthChoice, popup: Window | null, fields?: Record<string, string>): Promise<void> {
    const { app, account } = this.request;
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.failure = undefined;
    this.popup = popup;
    this.step = { is: "waiting", choice };
    try {
      const request = { app: app.key, auth: choice.key, ...(account ? { account } : {}), ...(fields ? { fields } : {}) };
      const { authorizeUrl, attempt } = await this.#api.authorizeAccount(request, signal);
      if (popup && !popup.closed) popup.location.replace(authorizeUrl);
      else if (!popup) {
        this.step = { is: "blocked", choice, url: authorizeUrl, ...(fields ? { fields } : {}) };
        this.#fail("popup-blocked", undefined, false);
      }
      await this.#follow(choice, attempt, popup, signal);
    } catch (error) {
      popup?.close();
      if (isAbort(error)) return;
      const refusal = asApiError(error);
      const [first] = await this.#inWords(refusal.errors, choice);
      this.step = this.#firstStep(choice);
      this.#fail(refusal.status === 422 ? "invalid" : "error", () => first?.message ?? describeError(this.i18n, refusal));
    }
  }

  /** Waits for the attempt's end; goes on listening after the window seems closed, since some providers cut the tie to it. */
  async #follow(choice: AuthChoice, attempt: string, popup: Window | null, signal: AbortSignal): Promise<void> {
    const deps = {
      read: (patience: AbortSignal) => this.#api.readAttempt(attempt, patience),
      pause: (ms: number) => this.#pause(ms, signal),
      signal,
    };
    const end = await watchAttempt({ ...deps, isClosed: closedByUser(popup, signal) });
    if (end.status !== "closed") return this.#end(choice, end, popup);
    this.step = this.#firstStep(choice);
    this.#fail("popup-closed");
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]);
    const late = await watchAttempt({ ...deps, signal: limit, isClosed: () => false });
    if (late.status === "connected") this.#end(choice, late, popup);
  }

  /** `errors` in the user's language, where the words for it load. */
  #inWords(errors: readonly FieldProblem[], { fields }: AuthChoice): Promise<readonly FieldProblem[]> {
    return import("../i18n/describe-refusal.ts").then(
      ({ describeRefusals }) => describeRefusals(this.i18n, errors, fields),
      () => errors,
    );
  }

  async #end(choice: AuthChoice, attempt: Attempt, popup: Window | null): Promise<void> {
    popup?.close();
    if (attempt.status === "connected" && attempt.account) {
      this.#outcome.resolve({ account: attempt.account, existed: attempt.existed ?? false });
      return;
    }
    const { reason = "error", message, why } = attempt;
    // Denied or expired has words of ours.
    const isSaid = message && !/ed$/.test(reason);
    const [said] = isSaid ? await this.#inWords([{ path: "app", code: "", message, ...why }], choice) : [];
    this.step = this.#firstStep(choice);
    this.#fail(reason, said && (() => said.message));
  }

  #fail(reason: ConnectFailure, said?: () => string, isShown = true): void {
    const key = reason === "popup-blocked" ? "connect.blockedTitle" : WORDS[reason];
    const words = said ?? (() => this.i18n.msg(key, { app: this.request.app.name }));
    this.#failure = new ConnectError(reason, words());
    this.failure = isShown ? words : undefined;
    this.failed(this.#failure, true);
  }

  /** Without any window: this page goes to the provider, which leads back to it. */
  async #leave({ choice, fields }: Extract<Step, { is: "blocked" }>): Promise<void> {
    const { app, account } = this.request;
    try {
      const request = { app: app.key, auth: choice.key, returnTo: location.href };
      const { authorizeUrl } = await this.#api.authorizeAccount(
        { ...request, ...(account ? { account } : {}), ...(fields ? { fields } : {}) },
        this.#running.signal,
      );
      tab.goTo(authorizeUrl);
    } catch (error) {
      if (!isAbort(error)) this.#fail("error", () => describeError(this.i18n, asApiError(error)));
    }
  }

  #followed(choice: AuthChoice): void {
    setTimeout(() => {
      this.step = { is: "waiting", choice };
    });
  }

  #dismiss = () => {
    this.popup?.close();
    if (!this.#failure) {
      this.#failure = new ConnectError("popup-closed", this.i18n.msg("connect.closed"));
      this.failed(this.#failure, false);
    }
    this.#outcome.reject(this.#failure);
  };

  /** Until then, or until news may have come: a live change, or the user's return to this page, whose timers may have slept. */
  #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const stop = this.live?.subscribe((message) => message.type === "account" && resolve());
    const now = () => resolve();
    signal.addEventListener("abort", now, { once: true });
    addEventListener("focus", now);
    document.addEventListener("visibilitychange", now);
    return promise.finally(() => {
      clearTimeout(timer);
      stop?.();
      signal.removeEventListener("abort", now);
      removeEventListener("focus", now);
      document.removeEventListener("visibilitychange", now);
    });
  }

  get #api(): ConnectApi {
    const api = this.api ?? this.client;
    if (!api) throw new Error("the dialog stands outside an element with a token");
    return api;
  }
}

/**
 * Looks at `popup` until `signal`. Closed while it was blank, and so this page's own: by the user. Later it counts as closed only where it was
 * seen at the provider for a moment: one that is cut off from this page (Cross-Origin-Opener-Policy) seems closed as soon as that page comes.
 * Gone while the user is in another window, at two looks: cut off later.
 */
function closedByUser(popup: Window | null, signal: AbortSignal): () => boolean {
  let isTied = false;
  let leftAt = 0;
  let cutLooks = 0;
  const timer = setInterval(() => {
    if (!popup || isTied || signal.aborted) return clearInterval(timer);
    try {
      void popup.location.href;
      isTied = popup.closed;
    } catch {
      if (popup.closed) return clearInterval(timer);
      leftAt ||= Date.now();
      isTied = Date.now() - leftAt > MOMENT_MS;
    }
  }, LOOK_MS);
  return () => {
    if (!isTied || !popup?.closed || cutLooks > 1) return false;
    if (tab.isLeft()) cutLooks += 1;
    return !tab.isLeft();
  };
}

define("inlay-connect-dialog", ConnectDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-connect-dialog": ConnectDialogElement;
  }
}
