import { css, html, nothing, type TemplateResult } from "lit";
import type { I18n } from "../i18n/i18n.ts";
import { buttonStyles } from "../ui/button.ts";
import { infoIcon, warningIcon } from "../ui/icons.ts";
import { spinner, spinnerStyles } from "../ui/spinner.ts";
import type { OptionsController } from "./options-controller.ts";

/** Why there is nothing to choose, beside the field: what must be filled in first, what failed and the way to try again, or a spinner. */
export function optionsNotice(i18n: I18n, options: OptionsController): TemplateResult | typeof nothing {
  const { missing, error } = options;
  if (missing) {
    const words = i18n.msg(missing.kind === "account" ? "field.connectFirst" : "field.fillFirst", { name: missing.label });
    return html`<p class="notice">
      ${infoIcon}<button class="link" type="button" @click=${() => options.scope?.goTo(missing.key)}>${words}</button>
    </p>`;
  }
  if (error !== undefined) {
    const { brokenAccount } = options;
    const act = () => (brokenAccount ? options.scope?.goTo(brokenAccount) : options.retry());
    const words = brokenAccount ? i18n.msg("field.account.broken") : html`${i18n.msg("field.optionsFailed")} <bdi>${error}</bdi>`;
    return html`<p class="notice warning" role="status">
      ${warningIcon}<span><span>${words}</span> <button class="link" type="button" @click=${act}>${i18n.msg(brokenAccount ? "accounts.reconnect" : "action.retry")}</button></span>
    </p>`;
  }
  if (options.isBusy && options.items.length === 0) return html`<p class="notice">${spinner(i18n.msg("loading"))}</p>`;
  return nothing;
}

/** For {@link optionsNotice}. */
export const optionsNoticeStyles = [
  buttonStyles,
  spinnerStyles,
  css`
    .notice {
      display: flex;
      gap: calc(var(--_space) * 2);
      min-block-size: 24px;
      color: var(--_muted);
      font-size: var(--_size-s);
      line-height: 1.45;
    }

    .notice > .icon {
      margin-block-start: var(--_space);
    }

    .notice > span {
      min-inline-size: 0;
      padding-block: 2px;
      overflow-wrap: anywhere;
    }

    .notice.warning {
      color: var(--_warning);
    }

    .notice .link {
      font-size: inherit;
      text-align: start;
    }
  `,
];
