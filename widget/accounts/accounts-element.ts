import { html, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { HostElement } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import type { I18n } from "../i18n/i18n.ts";

/**
 * Connect, check, reconnect and remove accounts.
 *
 * @attr app - the key of one app (default: all)
 * @slot empty - instead of our words and the button where there is no account
 */
export class AccountsElement extends HostElement {
  @property({ reflect: true, useDefault: true }) app = "";

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.bring(importView);
  }

  protected override renderContent(i18n: I18n): TemplateResult {
    return this.brought(
      importView,
      i18n,
      () => html`<inlay-accounts-view exportparts=${PARTS} .app=${this.app}>${this.renderEmpty()}</inlay-accounts-view>`,
    );
  }
}

const importView = () => import("./accounts-view.ts");
