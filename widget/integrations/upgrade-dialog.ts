import { consume } from "@lit/context";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { Integration } from "../../shared/api/integration.ts";
import type { ApiClient } from "../api/client.ts";
import { ResourceController } from "../api/resource.ts";
import { apiContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { PARTS } from "../host/parts.ts";
import { describeError } from "../i18n/describe-error.ts";
import type { MessageKey } from "../i18n/en.ts";
import "../i18n/yours-words.ts";
import type { I18n } from "../i18n/i18n.ts";
import { planUpgrade, type UpgradePlan } from "../setup/upgrade-plan.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../ui/dialog.ts";
import { bone, skeletonStyles } from "../ui/skeleton.ts";

/**
 * What a newer version brings, before it is taken.
 *
 * @fires upgrade-close - the user stays with what there is
 * @fires upgrade-go - `{asks}`: whether the newer form asks for something first
 */
export class UpgradeDialogElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    calloutStyles,
    skeletonStyles,
    css`
      .facts {
        display: grid;
        gap: calc(var(--_space) * 3.5);
      }

      h3 {
        color: var(--_muted);
        font-size: var(--_size-s);
        font-weight: 500;
      }

      li {
        padding-block-start: var(--_space);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @consume({ context: apiContext }) private client: ApiClient | undefined;
  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @property({ attribute: false }) integration!: Integration;
  @property({ type: Boolean }) busy = false;
  /** Why the last try was refused. */
  @property({ attribute: false }) refusal: string | undefined;

  readonly #plan = new ResourceController<UpgradePlan>(this, {
    key: () => this.client && [this.client, this.integration.id],
    load: async (signal) => {
      const { client, integration } = this;
      if (!client) throw new Error("asked before there was a token");
      const { id, flow, version } = integration;
      const [before, after] = await Promise.all([
        client.readFlow(flow, signal, { integration: id, version }),
        client.readFlow(flow, signal, { integration: id }),
      ]);
      return planUpgrade(before, after);
    },
  });

  override render(): TemplateResult {
    const { msg } = this.i18n;
    const { state: plan } = this.#plan;
    const asks = (plan.value?.asks.length ?? 0) > 0;
    const close = () => this.dispatchEvent(new CustomEvent("upgrade-close"));
    const go = () => this.dispatchEvent(new CustomEvent("upgrade-go", { detail: { asks } }));
    return html`<inlay-dialog exportparts=${PARTS} open heading=${msg("upgrade.title", { name: this.integration.name })} close-label=${msg("action.close")} @dialog-close=${close}>
      <div class="facts">
        ${plan.value ? this.#renderPlan(plan.value) : plan.status === "failed" ? callout({ tone: "warning", title: msg("upgrade.failed"), text: describeError(this.i18n, plan.error) }) : html`${bone("half")}${bone("long")}${bone("half")}`}
        ${this.refusal ? callout({ tone: "danger", text: this.refusal }) : nothing}
      </div>
      <button slot="footer" class="button" type="button" autofocus @click=${close}>${msg("action.cancel")}</button>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.busy ? "true" : "false"} ?disabled=${!plan.value} @click=${go}>
        ${asks ? msg("upgrade.answer") : msg("integrations.upgrade")}
      </button>
    </inlay-dialog>`;
  }

  #renderPlan({ from, to, added, removed, asks }: UpgradePlan): TemplateResult {
    const { msg } = this.i18n;
    const isSame = added.length + removed.length + asks.length === 0;
    return html`<p>${msg("upgrade.text", { from: this.i18n.number(from), to: this.i18n.number(to) })}</p>
      ${isSame ? html`<p class="muted">${msg("upgrade.same")}</p>` : nothing} ${this.#renderList("upgrade.added", added)}
      ${this.#renderList("upgrade.removed", removed)}
      ${this.#renderList(
        "upgrade.asks",
        asks.map(({ label }) => label),
      )}`;
  }

  #renderList(title: MessageKey, names: readonly string[]): TemplateResult | typeof nothing {
    if (!names.length) return nothing;
    return html`<section>
      <h3>${this.i18n.msg(title)}</h3>
      <ul>
        ${names.map((name) => html`<li><bdi>${name}</bdi></li>`)}
      </ul>
    </section>`;
  }
}

define("inlay-upgrade-dialog", UpgradeDialogElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-upgrade-dialog": UpgradeDialogElement;
  }
}
