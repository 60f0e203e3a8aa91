import { consume } from "@lit/context";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { FlowSummary } from "../../shared/api/flow.ts";
import type { Attention, Integration, IntegrationBlock } from "../../shared/api/integration.ts";
import type { RunError } from "../../shared/api/run.ts";
import { type Config, configContext, i18nContext } from "../contexts.ts";
import { define } from "../define.ts";
import { notLoaded } from "../host/host-element.ts";
import { PARTS } from "../host/parts.ts";
import "../i18n/yours-words.ts";
import { describeAttention } from "../i18n/describe-attention.ts";
import { describeFault } from "../i18n/describe-why.ts";
import type { I18n } from "../i18n/i18n.ts";
import { tellingBlocks, triggerIcon, triggerWords } from "../marketplace/block-words.ts";
import { picturesOf } from "../marketplace/flow-card.ts";
import { base } from "../styles/base.ts";
import { appIcon, appIconStyles } from "../ui/app-icon.ts";
import { badge, badgeStyles } from "../ui/badge.ts";
import { buttonStyles } from "../ui/button.ts";
import { callout, calloutStyles } from "../ui/callout.ts";
import "../ui/dialog.ts";
import { focusTitle } from "../ui/focus-title.ts";
import { formStyles } from "../ui/form-fields.ts";
import { copyIcon, editIcon, playIcon, plusIcon, refreshIcon, trashIcon } from "../ui/icons.ts";
import type { MenuItem } from "../ui/menu.ts";
import "../ui/menu.ts";
import { switchButton, switchStyles } from "../ui/switch.ts";
import { IntegrationActions } from "./integration-actions.ts";
import { integrationRowStyles } from "./integration-row-styles.ts";
import { integrationTone, runTone } from "./status-words.ts";

/** Codes of what no setup and no account mends. */
const OTHERS_MEND: readonly string[] = ["quota_exceeded", "subscription_unread"];
const RUNNABLE: readonly IntegrationBlock["trigger"]["type"][] = ["schedule", "manual", "poll"];

/**
 * One integration: its health in words, what mends it, and what can be done with it.
 *
 * @fires integration-change - `{integration, isRemoved}`, as the edge answered
 * @fires integration-open - `{integration, run?}`, ids
 * @fires setup-open - `{flow, integration, upgrade?}`, key and id; `upgrade`: the newest version of the form
 * @fires account-fix - `{integration, account}`, to reconnect; fired in the click
 */
export class IntegrationRowElement extends LitElement {
  static override styles = [base, buttonStyles, badgeStyles, calloutStyles, formStyles, switchStyles, appIconStyles, integrationRowStyles];

  @consume({ context: i18nContext, subscribe: true }) @state() private i18n!: I18n;
  @consume({ context: configContext, subscribe: true }) @state() private config!: Config;
  @property({ attribute: false }) integration!: Integration;
  /** Its name in those of its controls: tells it apart from others that are called the same. */
  @property({ attribute: false }) spoken = "";
  @property({ attribute: false }) flow: FlowSummary | undefined;
  /** Whether the row heads its own page, so that its name leads nowhere. */
  @property({ type: Boolean }) opened = false;
  /** Whether an account that fails is still there, so that it can be connected again; another is chosen in the setup form. */
  @property({ attribute: false }) isRenewable: (account: string) => boolean = () => true;
  @state() private asking: "rename" | "remove" | "upgrade" | undefined;
  @query("#name") private nameInput?: HTMLInputElement;

  readonly #actions = new IntegrationActions(this, (integration, isRemoved) =>
    this.#emit("integration-change", { integration, isRemoved }),
  );

  override firstUpdated(): void {
    if (this.opened) void focusTitle(this);
  }

  override render(): TemplateResult {
    const { integration, i18n } = this;
    const { name, status } = integration;
    const pictured = this.flow ?? { name, icon: null, apps: [] };
    const open = () => this.#emit("integration-open", { integration: integration.id });
    return html`
      <article class="row" part="row">
        <header>
          <div class="tiles">${picturesOf(pictured).map(appIcon)}</div>
          <div class="title">
            <h3 part="row-title" tabindex=${this.opened ? "-1" : nothing} ?data-page-title=${this.opened}>${this.opened ? html`<bdi>${name}</bdi>` : html`<button class="name" type="button" aria-label=${this.spoken} @click=${open}><bdi>${name}</bdi></button>`}</h3>
            ${this.flow && this.flow.name !== name ? html`<p class="muted small"><bdi>${this.flow.name}</bdi></p>` : nothing}
          </div>
          ${badge(integrationTone(status), i18n.msg(`status.${status}`))}
          ${this.config.readonly ? nothing : html`${this.#renderSwitch()}<inlay-menu exportparts=${PARTS} label="${i18n.msg("action.more")}: ${this.spoken}" .items=${this.#menu}></inlay-menu>`}
        </header>
        ${this.#actions.error && !this.asking ? this.#renderError(this.#actions.error) : nothing}
        ${integration.attention?.map((attention) => this.#renderAttention(attention))} ${this.#renderUpgrade()}
        <ul class="blocks">
          ${tellingBlocks(integration.blocks).map((block) => this.#renderBlock(block))}
        </ul>
      </article>
      ${this.#renderDialog()}
    `;
  }

  #renderSwitch(): TemplateResult {
    const { integration } = this;
    return switchButton({
      checked: integration.status !== "disabled",
      label: this.i18n.msg("integrations.toggle", { name: this.spoken }),
      busy: this.#actions.busy.has("toggle"),
      onChange: (enabled) => this.#actions.setEnabled(integration, enabled),
    });
  }

  #renderError(text: string): TemplateResult {
    const action = html`<button class="button compact" type="button" @click=${() => this.#actions.clearError()}>${this.i18n.msg("action.close")}</button>`;
    return callout({ tone: "danger", title: this.i18n.msg("integrations.failedChange"), text, action });
  }

  #renderAttention(attention: Attention): TemplateResult {
    const { account, field, code } = attention;
    const { id, flow } = this.integration;
    const { msg } = this.i18n;
    const describe = (error: RunError) => describeFault(this.i18n, error).text;
    const fixAccount = () => this.#emit("account-fix", { integration: id, account });
    const fixField = () => this.#emit("setup-open", { flow, integration: id, field });
    const words = msg(account && this.isRenewable(account) ? "accounts.reconnect" : "integrations.fixField");
    const action =
      this.config.readonly || OTHERS_MEND.includes(code)
        ? nothing
        : html`<button class="button compact" type="button" aria-label=${this.opened ? nothing : `${words}: ${this.spoken}`} @click=${account ? fixAccount : fixField}>${words}</button>`;
    return callout({ tone: "warning", text: describeAttention(this.i18n, attention, this.integration, describe), action });
  }

  /** On its own page it says so by itself; in the list the menu has it. */
  #renderUpgrade(): TemplateResult | typeof nothing {
    if (!this.integration.upgradeTo || !this.opened || this.config.readonly) return nothing;
    const action = html`<button class="button compact" type="button" @click=${() => this.#askUpgrade()}>${this.i18n.msg("upgrade.see")}</button>`;
    return callout({ tone: "info", text: this.i18n.msg("upgrade.available"), action });
  }

  #renderBlock(block: IntegrationBlock): TemplateResult {
    const { key, name, trigger, lastRun, nextRunAt } = block;
    const { i18n } = this;
    const canRun = !this.config.readonly && RUNNABLE.includes(trigger.type) && this.integration.status !== "disabled";
    const isUnderWay = lastRun?.status === "queued" || lastRun?.status === "running";
    const isBusy = this.#actions.busy.has(`run:${key}`);
    const runWords = isUnderWay ? i18n.msg("integrations.running") : (trigger.label ?? i18n.msg("integrations.runNow"));
    const openRun = () => this.#emit("integration-open", { integration: this.integration.id, run: lastRun?.id });
    return html`<li class="block" part="block">
      <span class="block-icon" title=${triggerWords(trigger.type, i18n)}>${triggerIcon(trigger.type)}</span>
      <span class="block-name"><bdi>${name}</bdi></span>
      <span class="block-state plain">
        ${
          lastRun
            ? html`<button class="last-run" type="button" title=${i18n.dateTime(lastRun.acceptedAt)} @click=${openRun}>
                <span class="visually-hidden">${i18n.msg("integrations.lastRun")}: ${name}</span>
                ${badge(runTone(lastRun.status), i18n.msg(`run.${lastRun.status}`))}
                <span>${i18n.relative(lastRun.endedAt ?? lastRun.acceptedAt)}</span>
                ${lastRun.tasks ? html`<span>${i18n.msg("integrations.tasks", { count: lastRun.tasks })}</span>` : nothing}
                <span class="visually-hidden">${this.spoken}</span>
              </button>`
            : html`<span class="muted">${i18n.msg("integrations.never")}</span>`
        }
        ${
          nextRunAt && this.integration.status === "enabled" && Date.parse(nextRunAt) > Date.now() + 5_000
            ? html`<span class="muted" title=${i18n.dateTime(nextRunAt)}>${i18n.msg("integrations.nextRun", { when: i18n.relative(nextRunAt) })}</span>`
            : nothing
        }
      </span>
      ${
        canRun
          ? html`<button class="button compact" type="button" aria-label=${`${runWords}: ${name}${this.opened ? "" : `, ${this.spoken}`}`} aria-busy=${isBusy ? "true" : "false"} aria-disabled=${isUnderWay ? "true" : nothing} @click=${() => isUnderWay || this.#actions.run(this.integration, block)}>
            ${isBusy || isUnderWay ? nothing : playIcon} ${runWords}
          </button>`
          : nothing
      }
    </li>`;
  }

  get #menu(): MenuItem[] {
    const { integration, i18n } = this;
    const { msg } = i18n;
    const urls = integration.blocks.filter(({ url, trigger }) => url && (trigger.type === "webhook" || trigger.type === "api"));
    const label = (block: IntegrationBlock) => {
      const words = msg(block.trigger.type === "api" ? "integrations.copyApi" : "integrations.copyUrl");
      return urls.length > 1 ? `${words}: ${block.name}` : words;
    };
    return [
      {
        label: msg("integrations.edit"),
        icon: editIcon,
        run: () => this.#emit("setup-open", { flow: integration.flow, integration: integration.id }),
      },
      { label: msg("integrations.rename"), icon: editIcon, run: () => this.#ask("rename") },
      ...urls.map((block) => ({ label: label(block), icon: copyIcon, run: () => void this.#actions.copy(block.url ?? "") })),
      ...(this.flow?.instances === "many" ? [{ label: msg("integrations.duplicate"), icon: plusIcon, run: this.#duplicate }] : []),
      ...(integration.upgradeTo ? [{ label: msg("integrations.upgrade"), icon: refreshIcon, run: () => void this.#askUpgrade() }] : []),
      { label: msg("integrations.remove"), icon: trashIcon, tone: "danger", divided: true, run: () => this.#ask("remove") },
    ];
  }

  #renderDialog(): TemplateResult | typeof nothing {
    const { msg } = this.i18n;
    const { name } = this.integration;
    const cancel = html`<button slot="footer" class="button" type="button" ?autofocus=${this.asking === "remove"} @click=${this.#close}>${msg("action.cancel")}</button>`;
    const fault = this.#actions.error ? callout({ tone: "danger", text: this.#actions.error }) : nothing;
    switch (this.asking) {
      case "rename":
        return html`<inlay-dialog exportparts=${PARTS} open heading=${msg("integrations.rename")} close-label=${msg("action.close")} @dialog-close=${this.#close}>
          <form class="fields" @submit=${this.#rename}>
            <div class="field">
              <label class="label" for="name">${msg("integrations.name")}</label>
              <input class="input" id="name" maxlength="200" dir="auto" required autofocus .value=${name} />
            </div>
            ${fault}
          </form>
          ${cancel}
          <button slot="footer" class="button primary" type="button" aria-busy=${this.#isBusy("rename")} @click=${this.#rename}>${msg("integrations.save")}</button>
        </inlay-dialog>`;
      case "upgrade":
        return html`<inlay-upgrade-dialog
          exportparts=${PARTS}
          .integration=${this.integration}
          .refusal=${this.#actions.error}
          ?busy=${this.#actions.busy.has("upgrade")}
          @upgrade-close=${this.#close}
          @upgrade-go=${({ detail }: CustomEvent<{ asks: boolean }>) => this.#upgrade(detail.asks)}
        ></inlay-upgrade-dialog>`;
      case "remove":
        return html`<inlay-dialog
          exportparts=${PARTS}
          open
          kind="alertdialog"
          heading=${msg("integrations.removeTitle", { name })}
          close-label=${msg("action.close")}
          @dialog-close=${this.#close}
        >
          <p class="muted">${msg("integrations.removeText")}</p>
          ${fault} ${cancel}
          <button slot="footer" class="button danger" type="button" aria-busy=${this.#isBusy("remove")} @click=${this.#remove}>
            ${msg("integrations.remove")}
          </button>
        </inlay-dialog>`;
      default:
        return nothing;
    }
  }

  #isBusy = (action: string) => (this.#actions.busy.has(action) ? "true" : "false");

  #ask(what: "rename" | "remove" | "upgrade"): void {
    this.#actions.clearError();
    this.asking = what;
  }

  #close = () => {
    this.asking = undefined;
    this.#actions.clearError();
  };

  async #askUpgrade(): Promise<void> {
    await import("./upgrade-dialog.ts").then(
      () => this.#ask("upgrade"),
      () => this.#actions.fail(notLoaded()),
    );
  }

  async #upgrade(asks: boolean): Promise<void> {
    const { id, flow } = this.integration;
    const open = () => {
      this.asking = undefined;
      this.#emit("setup-open", { flow, integration: id, upgrade: true });
    };
    if (asks) open();
    else if (await this.#actions.upgrade(this.integration, open)) this.asking = undefined;
  }

  #duplicate = () => {
    const { flow } = this.integration;
    void this.#actions.duplicate(this.integration, () => this.#emit("setup-open", { flow, integration: "" }));
  };

  #rename = async (event: Event) => {
    event.preventDefault();
    const name = this.nameInput?.value.trim();
    if (!name) return this.nameInput?.focus();
    if (name === this.integration.name || (await this.#actions.rename(this.integration, name))) this.asking = undefined;
  };

  #remove = async () => {
    const isRemoved = await this.#actions.remove(this.integration);
    if (isRemoved || !this.#actions.error) this.asking = undefined;
  };

  #emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("inlay-integration-row", IntegrationRowElement);
