import { css, html, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { ReconnectLinkInfo } from "../../shared/api/reconnect-link.ts";
import { runConnect } from "../accounts/run-connect.ts";
import { define } from "../define.ts";
import { HostElement } from "../host/host-element.ts";
import type { I18n } from "../i18n/i18n.ts";
import { appIcon, appIconStyles } from "../ui/app-icon.ts";

/**
 * Connects the account that a link is about anew, by the widget's own dialog.
 *
 * @fires reconnect-done
 */
export class ReconnectElement extends HostElement {
  static override styles = [
    ...HostElement.styles,
    appIconStyles,
    css`
      .account {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--_space) * 3);
        padding: calc(var(--_space) * 4);
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
      }

      .words {
        flex: 1 1 12em;
        min-inline-size: 0;
      }

      @media (width < 480px) {
        .account .button {
          flex: 1 1 100%;
        }
      }

      .words > * {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  @property({ attribute: false }) info!: ReconnectLinkInfo;
  @state() private isOpen = false;

  protected override renderContent(i18n: I18n): TemplateResult {
    const { app, account } = this.info;
    return html`<div class="account">
      ${appIcon(app)}
      <span class="words"><strong>${account.label}</strong>${account.label === app.name ? "" : html`<span class="muted">${app.name}</span>`}</span>
      <button class="button primary" type="button" aria-busy=${this.isOpen} @click=${this.#connect}>${i18n.msg("connect.reconnect", { app: app.name })}</button>
    </div>`;
  }

  readonly #connect = (): void => {
    if (this.isOpen) return;
    const { app, account } = this.info;
    const container = this.renderRoot.querySelector(".root") ?? this.renderRoot;
    this.isOpen = true;
    runConnect({ request: { app, auth: account.auth, account: account.id }, popup: undefined, fire: this.fire, container })
      .last.then(() => this.dispatchEvent(new CustomEvent("reconnect-done")))
      .catch(() => undefined)
      .finally(() => {
        this.isOpen = false;
      });
  };
}

define("inlay-reconnect", ReconnectElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-reconnect": ReconnectElement;
  }
}
