import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { AccountMoved, WorkspaceAccount } from "../../../shared/api/account.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { bones } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

/**
 * Lets integrations use another account of the same app and owner: all of them, or those that are chosen. What could not be moved is said.
 *
 * @fires move-done - some use the other account now
 * @fires move-close
 */
export class MoveAccountElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      select.input {
        appearance: auto;
      }

      .used {
        max-block-size: 240px;
        overflow: auto;
      }

      .used label {
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) account!: WorkspaceAccount;
  @state() private refused: AccountMoved["refused"] = [];
  @state() private fault = "";
  @state() private isBusy = false;
  readonly #choices = new ResourceController<WorkspaceAccount[]>(this, {
    key: () => [this.account.id],
    load: async (signal) => {
      const { app, user, id } = this.account;
      const found = await listAll<WorkspaceAccount>(
        "accounts",
        { app, status: "connected", ...(user === null ? { owner: "workspace" } : { user }) },
        signal,
      );
      return found.filter((one) => one.id !== id);
    },
  });

  override render(): TemplateResult {
    const { state } = this.#choices;
    const { label } = this.account;
    return html`<inlay-dialog open heading=${say("moveTitle", { name: label })} close-label=${say("close")} @dialog-close=${this.#close}>
      ${
        state.value
          ? state.value.length
            ? this.#renderForm(state.value)
            : html`<p class="muted">${say("noOther")}</p>`
          : state.status === "failed"
            ? callout({ tone: "danger", text: state.error.message })
            : bones()
      }
      <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy || !state.value?.length || this.refused.length > 0} @click=${() => this.renderRoot.querySelector("form")?.requestSubmit()}>${say("moveNow")}</button>
    </inlay-dialog>`;
  }

  #renderForm(choices: readonly WorkspaceAccount[]): TemplateResult {
    return html`<form class="form" @submit=${this.#move}>
      <p class="muted">${say("moveText")}</p>
      <div class="field">
        <label for="to">${say("moveTo")}</label>
        <select class="input" id="to" name="to">${choices.map(({ id, label }) => html`<option value=${id}>${label}</option>`)}</select>
      </div>
      <ul class="panel used">
        ${this.account.usedBy.map(
          ({ integration, name, flow }) =>
            html`<li><label class="line"><input class="check" type="checkbox" name="integration" value=${integration} checked /><span class="words"><span>${name}</span><span class="muted small">${flow}</span></span></label></li>`,
        )}
      </ul>
      ${this.refused.map(({ name, message }) => callout({ tone: "warning", title: say("notMoved", { name }), text: message }))}
      ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      <button hidden></button>
    </form>`;
  }

  readonly #move = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const integrations = data.getAll("integration").map(String);
    this.fault = integrations.length ? "" : say("chooseOne");
    if (this.isBusy || !integrations.length) return;
    this.isBusy = true;
    try {
      const body = { to: String(data.get("to")), integrations };
      const { moved, refused } = await workspace<AccountMoved>(`accounts/${at(this.account.id)}/move`, { method: "POST", body });
      this.refused = refused;
      if (moved.length) {
        notify(this, { text: say("moved", { count: moved.length }) });
        this.dispatchEvent(new CustomEvent("move-done"));
      }
      if (!refused.length) this.#close();
    } catch (error) {
      this.fault = error instanceof Error ? error.message : "";
    } finally {
      this.isBusy = false;
    }
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("move-close"));
  };
}

define("inlay-console-move-account", MoveAccountElement);
