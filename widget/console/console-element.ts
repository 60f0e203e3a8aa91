import { ContextProvider } from "@lit/context";
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { ResourceController } from "../api/resource.ts";
import { i18nContext } from "../contexts.ts";
import { ThemeController } from "../host/theme-controller.ts";
import { english } from "../i18n/i18n.ts";
import "../i18n/more-words.ts";
import { frame } from "../styles/base.ts";
import { tokens } from "../styles/tokens.ts";
import { callout } from "../ui/callout.ts";
import { empty } from "../ui/empty.ts";
import { closeIcon, keyIcon, searchIcon } from "../ui/icons.ts";
import { bone } from "../ui/skeleton.ts";
import { SIGNED_OUT } from "./app/api.ts";
import { keepKeys } from "./app/keep-keys.ts";
import type { Notice } from "./app/notice.ts";
import { go, hrefOf, MOVED, readPlace } from "./app/place.ts";
import { SECTIONS } from "./app/sections.ts";
import { can, readSession, type Session } from "./app/session.ts";
import { ShortcutController } from "./app/shortcut-controller.ts";
import { readTheme, storeTheme, type Theme } from "./app/theme.ts";
import { findView } from "./app/views.ts";
import "./app/workspaces-element.ts";
import "./notifications/bell-element.ts";
import { consoleStyles } from "./console-styles.ts";
import { exitIcon, menuIcon, moonIcon, sunIcon } from "./ui/console-icons.ts";
import { viewStyles } from "./ui/view-styles.ts";
import { waTheme } from "./ui/wa-theme.ts";
import { say } from "./words.ts";

const NOTICE_MS = 4_000;
/** There is more to decide where something can be undone. */
const UNDO_MS = 12_000;

/** The workspace console, for members: its frame. What is shown beside the navigation is one view, chosen by the address. */
export class ConsoleElement extends LitElement {
  static override styles = [tokens, waTheme, ...viewStyles, frame, consoleStyles];

  @state() private place = readPlace();
  @state() private loaded: string | undefined;
  @state() private broken = false;
  @state() private isMenuOpen = false;
  @state() private overlay: "palette" | "shortcuts" | undefined;
  @state() private notice: Notice | undefined;
  @state() private theme: Theme = readTheme();
  @query("main") private main?: HTMLElement;

  readonly #session = new ResourceController<Session>(this, { key: () => ["session"], load: readSession });
  #noticeTimer = 0;
  #early: (() => string) | undefined;

  constructor() {
    super();
    new ThemeController(this, this.attachInternals().states, () => this.theme);
    new ShortcutController(this, {
      palette: () => this.#show("palette"),
      help: () => this.#show("shortcuts"),
      isBusy: () => this.overlay !== undefined,
    });
    this.addEventListener("console-notice", (event) => this.#notice((event as CustomEvent<Notice>).detail));
    this.addEventListener("click", this.#followLink);
    this.addEventListener("console-theme", this.#turnTheme);
    this.addEventListener("console-search", this.#focusSearch);
    new ContextProvider(this, { context: i18nContext, initialValue: english });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    storeTheme(this.theme);
    for (const name of ["popstate", "hashchange", MOVED]) window.addEventListener(name, this.#moved);
    window.addEventListener(SIGNED_OUT, this.#signedOut);
    this.#moved();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of ["popstate", "hashchange", MOVED]) window.removeEventListener(name, this.#moved);
    window.removeEventListener(SIGNED_OUT, this.#signedOut);
    clearTimeout(this.#noticeTimer);
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("place" as keyof ConsoleElement)) void this.#load();
  }

  /** What arrives for a console that has left the page (its session, the code of its view) is no longer the page's title. */
  override updated(): void {
    if (!this.isConnected) return;
    const section = SECTIONS.find(({ name }) => name === findView(this.place.path)?.view.section);
    document.title = [section?.label, this.#session.value?.workspace.name ?? say("console")].filter(Boolean).join(" · ");
  }

  override render(): TemplateResult {
    const { state } = this.#session;
    const isOut = state.status === "failed" && state.error.code === "unauthenticated";
    if (state.value && !isOut) return this.#renderApp(state.value);
    const body = state.status === "failed" ? this.#renderFailure(state.error.code, state.error.message) : this.#renderBones();
    return html`<div class="root alone" lang="en" dir="ltr"><main>${body}</main></div>`;
  }

  #renderApp(session: Session): TemplateResult {
    const found = findView(this.place.path);
    return html`<div class="root app" lang="en" dir="ltr">
      <a class="skip" href="#content" @click=${this.#skip}>${say("skip")}</a>
      ${this.#renderNavigation(session, found?.view.section)}
      <main id="content" tabindex="-1">
        <div class="top">
          <button class="button ghost square" type="button" aria-label=${say("menu")} aria-expanded=${this.isMenuOpen} @click=${this.#toggleMenu}>${menuIcon}</button>
          <strong>${session.workspace.name}</strong>
          <button class="button ghost square" type="button" aria-label=${say("commands")} @click=${() => this.#show("palette")}>${searchIcon}</button>
          <inlay-console-bell .session=${session}></inlay-console-bell>
        </div>
        ${this.#renderView(session, found)}
      </main>
      ${this.overlay === "palette" ? html`<inlay-console-palette .session=${session} .takeEarly=${this.#takeEarly} @palette-close=${this.#hide}></inlay-console-palette>` : nothing}
      ${this.overlay === "shortcuts" ? html`<inlay-console-shortcuts @shortcuts-close=${this.#hide}></inlay-console-shortcuts>` : nothing}
      ${this.#renderNotice()}
    </div>`;
  }

  #renderView(session: Session, found: ReturnType<typeof findView>): TemplateResult {
    const action = html`<a class="button" href=${hrefOf("/")}>${say("toHome")}</a>`;
    if (!found) return empty({ icon: searchIcon, title: say("lostTitle"), text: say("lostText"), action });
    const { view, params } = found;
    if (view.needs && !can(session, view.needs))
      return empty({ icon: keyIcon, title: say("notYoursTitle"), text: say("notYoursText"), action });
    if (this.broken) return this.#renderFailure("network", "");
    return this.loaded === view.path ? view.render({ session, place: this.place, params }) : this.#renderBones();
  }

  #renderNavigation(session: Session, current: string | undefined): TemplateResult {
    const { workspace, member } = session;
    return html`
      ${this.isMenuOpen ? html`<div class="scrim" @click=${this.#toggleMenu}></div>` : nothing}
      <nav class=${this.isMenuOpen ? "open" : ""} aria-label=${say("navigation")}>
        <inlay-console-workspaces .current=${workspace}></inlay-console-workspaces>
        <button class="find" type="button" @click=${() => this.#show("palette")}>${searchIcon}<span>${say("find")}</span><kbd>${shortcutName()}</kbd></button>
        <ul>
          ${SECTIONS.map(
            ({ name, label, path, icon }) =>
              html`<li><a href=${hrefOf(path)} aria-current=${name === current ? "page" : nothing}>${icon}<span>${label}</span></a></li>`,
          )}
        </ul>
        <div class="member">
          <span class="words"><strong>${member.name}</strong>${member.role ? html`<span class="muted small">${member.role}</span>` : nothing}</span>
          <inlay-console-bell .session=${session}></inlay-console-bell>
          <button class="button ghost square compact" type="button" aria-label=${`${say("theme")}: ${this.#themeName()}`} title=${this.#themeName()} @click=${this.#turnTheme}>${this.theme === "dark" ? moonIcon : sunIcon}</button>
          <form method="post" action="/auth/sign-out"><button class="button ghost square compact" aria-label=${say("signOut")} title=${say("signOut")}>${exitIcon}</button></form>
        </div>
      </nav>
    `;
  }

  #renderNotice(): TemplateResult {
    const { notice } = this;
    return html`<div class="notices" role=${notice?.tone === "failed" ? "alert" : "status"}>
      ${
        notice
          ? html`<div class="notice ${notice.tone ?? "done"}">
              <span>${notice.text}</span>
              ${notice.undo ? html`<button class="button compact" type="button" @click=${this.#undo}>${say("undo")}</button>` : nothing}
              <button class="button ghost square compact" type="button" aria-label=${say("dismiss")} @click=${this.#dismiss}>${closeIcon}</button>
            </div>`
          : nothing
      }
    </div>`;
  }

  #renderFailure(code: string, message: string): TemplateResult {
    if (code === "unauthenticated") return empty({ icon: keyIcon, title: say("signInTitle"), text: say("signInText") });
    const retry = () => {
      if (this.broken) location.reload();
      else void this.#session.reload();
    };
    const action = html`<button class="button compact" type="button" @click=${retry}>${say("retry")}</button>`;
    return html`<div class="column">${callout({ tone: "danger", title: say("failedTitle"), text: message || say("failedText"), action })}</div>`;
  }

  #renderBones(): TemplateResult {
    return html`<div class="bones" aria-busy="true">
      <span class="visually-hidden" role="status">${say("loading")}</span>
      <div class="bones" aria-hidden="true">${bone("title")}${bone("long")}${bone("long")}${bone("half")}</div>
    </div>`;
  }

  /** Loads the code of the view; what is shown before stays until it is there. */
  async #load(): Promise<void> {
    const view = findView(this.place.path)?.view;
    if (!view) return;
    try {
      await view.load();
      this.broken = false;
      if (findView(this.place.path)?.view === view) this.loaded = view.path;
    } catch {
      this.broken = true;
    }
  }

  /** A session that has ended, or was ended elsewhere: asked for once, so that this answer is told of no more. */
  readonly #signedOut = (): void => {
    if (this.#session.state.status === "ready") void this.#session.reload();
  };

  readonly #moved = (): void => {
    const before = this.place;
    this.place = readPlace();
    this.isMenuOpen = false;
    if (before.path !== this.place.path) this.overlay = undefined;
  };

  /** Links to views change the address without loading the page again. */
  readonly #followLink = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((one): one is HTMLAnchorElement => one instanceof HTMLAnchorElement);
    const href = link?.getAttribute("href");
    if (!link || !href || link.target || link.download || !(href.startsWith(hrefOf("/")) || href.startsWith("#/"))) return;
    event.preventDefault();
    go(href);
    this.main?.focus({ preventScroll: true });
  };

  /** The search field of the view that is shown. */
  readonly #focusSearch = (): void => {
    const views = [...(this.main?.children ?? [])];
    const field = views.map((view) => view.shadowRoot?.querySelector<HTMLInputElement>("[data-search]")).find(Boolean);
    field?.focus();
    field?.select();
  };

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    this.main?.focus();
  };

  readonly #toggleMenu = (): void => {
    this.isMenuOpen = !this.isMenuOpen;
  };

  async #show(overlay: "palette" | "shortcuts"): Promise<void> {
    if (!this.#session.value || this.overlay === overlay) return;
    if (overlay === "palette") this.#early ??= keepKeys();
    try {
      await (overlay === "palette" ? import("./app/palette.ts") : import("./app/shortcuts-dialog.ts"));
    } catch (error) {
      this.#takeEarly();
      throw error;
    }
    this.overlay = overlay;
    this.isMenuOpen = false;
  }

  /** What was typed while the palette was on its way. */
  readonly #takeEarly = (): string => {
    const text = this.#early?.() ?? "";
    this.#early = undefined;
    return text;
  };

  readonly #hide = (): void => {
    this.overlay = undefined;
  };

  #themeName(): string {
    return this.theme === "auto" ? say("themeAuto") : this.theme === "light" ? say("themeLight") : say("themeDark");
  }

  readonly #turnTheme = (): void => {
    this.theme = this.theme === "auto" ? "light" : this.theme === "light" ? "dark" : "auto";
    storeTheme(this.theme);
  };

  #notice(notice: Notice): void {
    clearTimeout(this.#noticeTimer);
    this.notice = notice;
    this.#noticeTimer = window.setTimeout(this.#dismiss, notice.undo ? UNDO_MS : NOTICE_MS);
  }

  readonly #dismiss = (): void => {
    clearTimeout(this.#noticeTimer);
    this.notice = undefined;
  };

  readonly #undo = async (): Promise<void> => {
    const undo = this.notice?.undo;
    this.#dismiss();
    try {
      await undo?.();
    } catch (error) {
      this.#notice({ text: error instanceof Error ? error.message : say("failedText"), tone: "failed" });
    }
  };
}

const shortcutName = () => (/mac|iphone|ipad/i.test(navigator.platform) ? "⌘K" : "Ctrl K");
