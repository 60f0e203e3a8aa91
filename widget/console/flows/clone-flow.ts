import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { WorkspaceAccount } from "../../../shared/api/account.ts";
import { keyFromName } from "../../../shared/flow/blank-flow.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { type AccountFact, readAccountSlots } from "../editor/account-facts.ts";
import { dialogStyles, formDialog, SendController } from "../ui/form-dialog.ts";
import { bones } from "../ui/parts.ts";
import { type FlowInfo, readDraft } from "./flow-api.ts";
import { say } from "./words.ts";

interface Asked {
  slots: AccountFact[];
  /** Accounts of the workspace that a file can name. */
  accounts: WorkspaceAccount[];
}

/**
 * Makes a copy of a flow under another name: schedules stay, and it asks which accounts of the workspace the copy uses.
 *
 * @fires clone-close
 */
export class CloneFlowElement extends LitElement {
  static override styles = dialogStyles;

  @property({ attribute: false }) info!: FlowInfo;
  @state() private name: string | undefined;
  @state() private key: string | undefined;
  readonly #sending = new SendController(this);
  readonly #asked = new ResourceController<Asked>(this, {
    key: () => [this.info.key],
    load: async (signal) => {
      const slots = readAccountSlots((await readDraft(this.info.key, signal)).text);
      const isAsked = slots.some(({ owner }) => owner === "workspace");
      const accounts = isAsked ? await listAll<WorkspaceAccount>("accounts", { owner: "workspace" }, signal) : [];
      return { slots, accounts: accounts.filter(({ key }) => key !== undefined) };
    },
  });

  override render(): TemplateResult {
    const { state } = this.#asked;
    const name = this.name ?? say("copyOf", { name: this.info.name });
    return formDialog({
      ...{ heading: say("cloneTitle", { name: this.info.name }), closeLabel: say("close"), label: say("clone") },
      ...{ sending: this.#sending, isDisabled: !state.value, close: this.#close, submit: this.#clone },
      body: html`
        <p class="muted">${say("cloneText")}</p>
        <div class="field">
          <label for="name">${say("flowName")}</label>
          <input class="input" id="name" name="name" required maxlength="200" autocomplete="off" autofocus .value=${name} @input=${(
            event: InputEvent,
          ) => {
            this.name = (event.target as HTMLInputElement).value;
          }} />
        </div>
        <div class="field">
          <label for="key">${say("flowKey")}</label>
          <input class="input code" id="key" name="key" required pattern="[a-zA-Z][a-zA-Z0-9_\\-]{0,63}" autocomplete="off" spellcheck="false" aria-describedby="key-help" .value=${this.key ?? keyFromName(name)} @input=${(
            event: InputEvent,
          ) => {
            this.key = (event.target as HTMLInputElement).value;
          }} />
          <span class="help" id="key-help">${say("keyHelp")}</span>
        </div>
        ${state.value ? this.#renderSlots(state.value) : state.status === "failed" ? callout({ tone: "danger", text: state.error.message }) : bones()}
      `,
    });
  }

  #renderSlots({ slots, accounts }: Asked): TemplateResult {
    const ofUsers = slots.filter(({ owner }) => owner === "user").map(({ label }) => label);
    return html`
      ${slots
        .filter(({ owner }) => owner === "workspace")
        .map(({ slot, app, label, account }) => {
          const choices = accounts.filter((one) => one.app === app);
          return html`<div class="field">
            <label for="slot-${slot}">${say("accountFor", { name: label })}</label>
            <select class="input" id="slot-${slot}" name="slot-${slot}">
              <option value="" ?selected=${account === undefined}>${account === undefined ? say("anyAccount") : say("sameAccount", { key: account })}</option>
              ${choices.map((one) => html`<option value=${one.key ?? ""} ?selected=${one.key === account}>${one.label} (${one.key})</option>`)}
            </select>
          </div>`;
        })}
      ${ofUsers.length ? html`<p class="muted small">${say("usersConnect", { names: ofUsers.join(", ") })}</p>` : nothing}
    `;
  }

  readonly #clone = (data: FormData): void => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const accounts = Object.fromEntries(
      (this.#asked.value?.slots ?? []).flatMap(({ slot }) => (text(`slot-${slot}`) ? [[slot, text(`slot-${slot}`)] as const] : [])),
    );
    void this.#sending.send(async () => {
      const body = { key: text("key"), name: text("name"), ...(Object.keys(accounts).length ? { accounts } : {}) };
      const copy = await workspace<{ key: string }>(`flows/${at(this.info.key)}/clone`, { method: "POST", body });
      notify(this, { text: say("cloned", { name: this.info.name }) });
      this.#close();
      go(hrefOf(`/flows/${at(copy.key)}`));
    });
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("clone-close"));
  };
}

define("inlay-console-clone-flow", CloneFlowElement);
