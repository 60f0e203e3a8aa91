import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { keyIcon, plusIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

interface SecretRow {
  name: string;
  updatedAt: string;
}

/** Secrets by name: set, replaced, forgotten, never shown. */
export class SecretsPartElement extends LitElement {
  static override styles = partStyles;

  @property({ attribute: false }) session!: Session;
  /** The secret that is written; an empty text for a new one. */
  @state() private writing: string | undefined;
  @state() private removing: string | undefined;
  readonly #secrets = new ResourceController<SecretRow[]>(this, {
    key: () => ["secrets"],
    load: (signal) => listAll<SecretRow>("secrets", {}, signal),
  });

  override render(): TemplateResult {
    const { state } = this.#secrets;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#secrets.reload()) : bones();
    const mayChange = can(this.session, "admin");
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("secretsText")}</p>
        ${mayChange ? html`<button class="button compact primary" type="button" aria-expanded=${this.writing !== undefined} @click=${() => this.#write("")}>${plusIcon} ${say("newSecret")}</button>` : nothing}
      </div>
      ${this.writing === undefined ? nothing : this.#renderForm(this.writing)}
      ${
        state.value.length
          ? html`<ul class="panel">${state.value.map((secret) => this.#renderSecret(secret, mayChange))}</ul>`
          : empty({ icon: keyIcon, title: say("secrets"), text: say("noSecrets") })
      }
      ${this.removing === undefined ? nothing : this.#renderRemoval(this.removing)}
    </div></div>`;
  }

  #renderForm(name: string): TemplateResult {
    return html`<form class="panel adding" @submit=${this.#save}>
      <div class="field"><label for="name">${say("secretName")}</label><input class="input code" id="name" name="name" required pattern="[A-Za-z][A-Za-z0-9_]{0,63}" autocomplete="off" .value=${name} ?readonly=${name !== ""} ?autofocus=${name === ""} /></div>
      <div class="field"><label for="value">${say("value")}</label><input class="input code" id="value" name="value" type="password" required autocomplete="new-password" ?autofocus=${name !== ""} /></div>
      <div class="ends"><button class="button primary">${say("save")}</button><button class="button ghost" type="button" @click=${() => this.#write(undefined)}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderSecret({ name, updatedAt }: SecretRow, mayChange: boolean): TemplateResult {
    return html`<li class="line">
      <div class="words"><strong class="mono">${name}</strong><span class="muted small">${when(updatedAt)}</span></div>
      ${
        mayChange
          ? html`<button class="button compact" type="button" @click=${() => this.#write(name)}>${say("replace")}</button>
              <button class="button compact ghost" type="button" @click=${() => this.#ask(name)}>${say("remove")}</button>`
          : nothing
      }
    </li>`;
  }

  #renderRemoval(name: string): TemplateResult {
    return askRemoval(
      `${say("remove")} ${name}`,
      say("secretText"),
      say("remove"),
      () => this.#ask(undefined),
      () => void this.#remove(name),
    );
  }

  #write(name: string | undefined): void {
    this.writing = name;
  }

  #ask(name: string | undefined): void {
    this.removing = name;
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const name = String(data.get("name") ?? "");
    const put = () => workspace(`secrets/${at(name)}`, { method: "PUT", body: { value: data.get("value") } });
    if (!(await attempt(this, put, say("secretSaved", { name })))) return;
    this.writing = undefined;
    await this.#secrets.reload();
  };

  async #remove(name: string): Promise<void> {
    await attempt(this, () => workspace(`secrets/${at(name)}`, { method: "DELETE" }), say("secretRemoved", { name }));
    await this.#secrets.reload();
  }
}

define("inlay-console-secrets", SecretsPartElement);
