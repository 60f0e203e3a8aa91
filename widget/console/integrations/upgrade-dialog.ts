import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { badge } from "../../ui/badge.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { type FlowInfo, readUpgradePlan, type UpgradeEnd, type UpgradePlan, upgradeIntegrations, whyKept } from "../flows/flow-api.ts";
import { bones } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

/**
 * Says what an upgrade of all integrations asks of their users, and does it.
 *
 * @fires upgrade-close
 */
export class UpgradeDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  @property({ attribute: false }) flow!: FlowInfo;
  @state() private ends: UpgradeEnd[] | undefined;
  @state() private fault = "";
  @state() private isBusy = false;
  readonly #plan = new ResourceController<UpgradePlan>(this, {
    key: () => [this.flow.key],
    load: (signal) => readUpgradePlan(this.flow.key, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#plan;
    const plan = state.value;
    return html`<inlay-dialog open heading=${say("upgradeTitle", { number: plan?.to ?? this.flow.version ?? 0 })} close-label=${say("close")} @dialog-close=${this.#close}>
      <div class="form">
        ${plan ? this.#renderPlan(plan) : state.status === "failed" ? callout({ tone: "danger", text: state.error.message }) : bones()}
        ${this.ends ? this.#renderEnds(this.ends) : nothing} ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      </div>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy || !plan?.groups.length || this.ends !== undefined} @click=${this.#upgrade}>${say("upgradeNow")}</button>
    </inlay-dialog>`;
  }

  #renderPlan({ groups }: UpgradePlan): TemplateResult {
    if (!groups.length) return html`<p class="muted">${say("newest")}</p>`;
    return html`<ul class="panel">
      ${groups.map((group) => {
        const asked = [...group.fields.map(({ label, key }) => label || key), ...group.accounts.map(({ app }) => app)];
        const left = [...group.removedFields, ...group.removedAccounts, ...group.removedBlocks];
        return html`<li class="line">
          <div class="words">
            <strong>${say("upgradeFrom", { count: group.integrations, version: group.version })}</strong>
            <span class="muted small">${asked.length ? say("upgradeAsks", { what: english.list(asked) }) : say("upgradeReady")}</span>
            ${left.length ? html`<span class="muted small">${say("upgradeLeaves", { what: english.list(left) })}</span>` : nothing}
          </div>
          ${badge(group.ready ? "success" : "warning", group.ready ? say("upgrade") : say("attention"))}
        </li>`;
      })}
    </ul>`;
  }

  #renderEnds(ends: UpgradeEnd[]): TemplateResult {
    const left = ends.filter(({ upgraded }) => !upgraded);
    return html`
      ${left.length < ends.length || !left.length ? callout({ tone: "success", text: say("upgraded", { count: ends.length - left.length }) }) : nothing}
      ${left.length ? callout({ tone: "warning", text: say("kept", { count: left.length, why: whyKept(left[0]?.message) }) }) : nothing}
    `;
  }

  readonly #upgrade = async (): Promise<void> => {
    this.isBusy = true;
    try {
      this.ends = await upgradeIntegrations(this.flow.key);
    } catch (error) {
      this.fault = error instanceof Error ? error.message : "";
    } finally {
      this.isBusy = false;
    }
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("upgrade-close"));
  };
}

define("inlay-console-upgrade", UpgradeDialogElement);
