import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { empty } from "../../ui/empty.ts";
import { plusIcon } from "../../ui/icons.ts";
import { at, workspace } from "../app/api.ts";
import { attempt } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import { codeIcon } from "../ui/console-icons.ts";
import { bones, failure } from "../ui/parts.ts";
import { partStyles } from "./part-styles.ts";
import { say } from "./words.ts";

/** Variables: what differs between workspaces and is no secret. */
export class VariablesPartElement extends LitElement {
  static override styles = [
    ...partStyles,
    css`
      .value {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  /** The variable that is written; an empty text for a new one. */
  @state() private writing: string | undefined;
  readonly #variables = new ResourceController<Record<string, string>>(this, {
    key: () => ["variables"],
    load: (signal) => workspace("variables", { signal }),
  });

  override render(): TemplateResult {
    const { state } = this.#variables;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#variables.reload()) : bones();
    const mayChange = can(this.session, "write");
    const all = Object.entries(state.value);
    return html`<div class="scroll"><div class="column">
      <div class="intro">
        <p>${say("variablesText")}</p>
        ${mayChange ? html`<button class="button compact primary" type="button" aria-expanded=${this.writing !== undefined} @click=${() => this.#write("")}>${plusIcon} ${say("newVariable")}</button>` : nothing}
      </div>
      ${this.writing === undefined ? nothing : this.#renderForm(this.writing, state.value[this.writing] ?? "")}
      ${
        all.length
          ? html`<ul class="panel">${all.map(([name, value]) => this.#renderVariable(name, value, mayChange))}</ul>`
          : empty({ icon: codeIcon, title: say("variables"), text: say("noVariables") })
      }
    </div></div>`;
  }

  #renderForm(name: string, value: string): TemplateResult {
    return html`<form class="panel adding" @submit=${this.#save}>
      <div class="field"><label for="name">${say("secretName")}</label><input class="input code" id="name" name="name" required pattern="[A-Za-z][A-Za-z0-9_]{0,63}" autocomplete="off" .value=${name} ?readonly=${name !== ""} ?autofocus=${name === ""} /></div>
      <div class="field"><label for="value">${say("value")}</label><input class="input" id="value" name="value" autocomplete="off" .value=${value} ?autofocus=${name !== ""} /></div>
      <div class="ends"><button class="button primary">${say("save")}</button><button class="button ghost" type="button" @click=${() => this.#write(undefined)}>${say("cancel")}</button></div>
    </form>`;
  }

  #renderVariable(name: string, value: string, mayChange: boolean): TemplateResult {
    return html`<li class="line">
      <div class="words"><strong class="mono">${name}</strong><span class="mono muted value" title=${value}>${value}</span></div>
      ${
        mayChange
          ? html`<button class="button compact" type="button" @click=${() => this.#write(name)}>${say("replace")}</button>
              <button class="button compact ghost" type="button" @click=${() => this.#remove(name, value)}>${say("remove")}</button>`
          : nothing
      }
    </li>`;
  }

  #write(name: string | undefined): void {
    this.writing = name;
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const name = String(data.get("name") ?? "");
    const before = this.#variables.value?.[name];
    const undo = () => (before === undefined ? this.#forget(name) : this.#put(name, before));
    if (!(await attempt(this, () => this.#put(name, data.get("value")), say("variableSaved", { name }), undo))) return;
    this.writing = undefined;
  };

  async #remove(name: string, value: string): Promise<void> {
    await attempt(
      this,
      () => this.#forget(name),
      say("variableRemoved", { name }),
      () => this.#put(name, value),
    );
  }

  async #put(name: string, value: unknown): Promise<void> {
    await workspace(`variables/${at(name)}`, { method: "PUT", body: { value } });
    await this.#variables.reload();
  }

  async #forget(name: string): Promise<void> {
    await workspace(`variables/${at(name)}`, { method: "DELETE" });
    await this.#variables.reload();
  }
}

define("inlay-console-variables", VariablesPartElement);
