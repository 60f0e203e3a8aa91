import { html, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { HostElement } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import type { I18n } from "../i18n/i18n.ts";
import { spinner, spinnerStyles } from "../ui/spinner.ts";

/**
 * Connect, check, reconnect and remove accounts.
 *
 * @attr app - the key of one app (default: all)
 * @slot empty - instead of our words and the button where there is no account
 */
export class AccountsElement extends HostElement {
  static override styles = [...HostElement.styles, spinnerStyles];

  @property({ reflect: true, useDefault: true }) app = "";
  @state() private hasArrived = false;

  override firstUpdated(_changed: PropertyValues<this>): void {
    import("./accounts-view.ts").then(
      () => {
        this.hasArrived = true;
      },
      (error: unknown) => this.reportError(error),
    );
  }

  protected override renderContent(i18n: I18n): TemplateResult {
    return this.hasArrived
      ? html`<inlay-accounts-view exportparts=${PARTS} .app=${this.app}>${this.renderEmpty()}</inlay-accounts-view>`
      : spinner(i18n.msg("loading"));
  }
}
