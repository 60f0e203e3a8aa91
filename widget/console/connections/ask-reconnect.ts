import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { WorkspaceAccount } from "../../../shared/api/account.ts";
import type { AppDetail } from "../../../shared/api/flow.ts";
import type { ReconnectLinkMade } from "../../../shared/api/reconnect-link.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { copyIcon } from "../../ui/icons.ts";
import { at, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { dialogStyles, formDialog, SendController } from "../ui/form-dialog.ts";
import { say } from "./words.ts";

/**
 * Makes a link by which a user connects one account anew, and shows it this once.
 *
 * @fires ask-done - there is a link: the detail
 * @fires ask-close
 */
export class AskReconnectElement extends LitElement {
  static override styles = [
    ...dialogStyles,
    css`
      .link {
        display: flex;
        gap: calc(var(--_space) * 2);
      }
    `,
  ];

  @property({ attribute: false }) account!: WorkspaceAccount;
  @state() private app = "";
  @state() private made: ReconnectLinkMade | undefined;
  readonly #sending = new SendController(this);

  override render(): TemplateResult {
    const { label, asked } = this.account;
    const user = this.account.user ?? "";
    if (this.made) return this.#renderLink(this.made, user);
    return formDialog({
      ...{ heading: say("askTitle", { name: label }), closeLabel: say("close"), label: say("askNow") },
      ...{ sending: this.#sending, close: this.#close, submit: this.#make },
      body: html`<p class="muted">${say("askText", { user })}</p>
        ${asked ? callout({ tone: "warning", text: say("askAgain", { author: asked.author, when: english.dateTime(asked.createdAt) }) }) : nothing}`,
    });
  }

  #renderLink({ url, expiresAt }: ReconnectLinkMade, user: string): TemplateResult {
    const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => notify(this, { text: say("copied") }));
    const words = say("askWords", { app: this.app, name: this.account.label, url });
    return html`<inlay-dialog open heading=${say("askTitle", { name: this.account.label })} close-label=${say("close")} @dialog-close=${this.#close}>
      <div class="form">
        ${callout({ tone: "success", title: say("askLink", { user }), text: say("askLinkText", { when: english.dateTime(expiresAt) }) })}
        <div class="link">
          <input class="input code" readonly aria-label=${say("link")} .value=${url} @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()} />
          <button class="button" type="button" autofocus @click=${() => copy(url)}>${copyIcon} ${say("copy")}</button>
        </div>
      </div>
      <button slot="footer" class="button" type="button" @click=${() => copy(words)}>${say("copyWords")}</button>
      <button slot="footer" class="button primary" type="button" @click=${this.#close}>${say("done")}</button>
    </inlay-dialog>`;
  }

  readonly #make = (): void => {
    void this.#sending.send(async () => {
      const { id, app } = this.account;
      const named = workspace<AppDetail>(`apps/${at(app)}`).catch(() => undefined);
      const made = await workspace<ReconnectLinkMade>(`accounts/${at(id)}/link`, { method: "POST" });
      this.app = (await named)?.name ?? app;
      this.made = made;
      this.dispatchEvent(new CustomEvent("ask-done", { detail: made }));
    });
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("ask-close"));
  };
}

define("inlay-console-ask-reconnect", AskReconnectElement);
