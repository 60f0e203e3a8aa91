import { css, html, LitElement, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { AccountMoved, WorkspaceAccount } from "../../../shared/api/account.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { dialogStyles, formDialog, SendController } from "../ui/form-dialog.ts";
import { bones } from "../ui/parts.ts";
import { say } from "./words.ts";

/**
 * Lets integrations use another account of the same app and owner: all of them, or those that are chosen. What could not be moved is said.
 *
 * @fires move-done - some use the other account now
 * @fires move-close
 */
export class MoveAccountElement extends LitElement {
  static override styles = [
    ...dialogStyles,
    css`
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
  readonly #sending = new SendController(this);
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
    return formDialog({
      ...{ heading: say("moveTitle", { name: this.account.label }), closeLabel: say("close"), label: say("moveNow") },
      ...{ sending: this.#sending, isDisabled: !state.value?.length || this.refused.length > 0, close: this.#close, submit: this.#move },
      body: state.value
        ? this.#renderChoices(state.value)
        : state.status === "failed"
          ? callout({ tone: "danger", text: state.error.message })
          : bones(),
    });
  }

  #renderChoices(choices: readonly WorkspaceAccount[]): TemplateResult {
    if (!choices.length) return html`<p class="muted">${say("noOther")}</p>`;
    return html`
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
    `;
  }

  readonly #move = (data: FormData): void => {
    const integrations = data.getAll("integration").map(String);
    if (!integrations.length) {
      this.#sending.refuse(say("chooseOne"));
      return;
    }
    void this.#sending.send(async () => {
      const body = { to: String(data.get("to")), integrations };
      const { moved, refused } = await workspace<AccountMoved>(`accounts/${at(this.account.id)}/move`, { method: "POST", body });
      this.refused = refused;
      if (moved.length) {
        notify(this, { text: say("moved", { count: moved.length }) });
        this.dispatchEvent(new CustomEvent("move-done"));
      }
      if (!refused.length) this.#close();
    });
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("move-close"));
  };
}

define("inlay-console-move-account", MoveAccountElement);
