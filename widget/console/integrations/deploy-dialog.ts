import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { FlowDeployed } from "../../../shared/api/setup-link.ts";
import { isApiError } from "../../api/api-error.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { copyIcon } from "../../ui/icons.ts";
import { at, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { hrefOf } from "../app/place.ts";
import { readSetupFields, type SetupFieldFact } from "../editor/setup-facts.ts";
import { type FlowInfo, readVersionText } from "../flows/flow-api.ts";
import { bones } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "./words.ts";

interface UserRow {
  id: string;
  externalId: string;
  name: string | null;
  org: string | null;
}

/**
 * Sets a flow up for a user: at once where nothing is asked of them, else by a link that asks them for the rest.
 *
 * @fires deploy-done - an integration was made, or a link
 * @fires deploy-close
 */
export class DeployDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      inlay-dialog {
        --dialog-size: 560px;
      }

      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
        gap: calc(var(--_space) * 3);
      }

      .link {
        display: flex;
        gap: calc(var(--_space) * 2);
      }

      .found {
        max-block-size: 200px;
        overflow: auto;
      }

      .found button {
        inline-size: 100%;
        border: 0;
        background: none;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }

      .found button:hover {
        background: var(--_sunken);
      }

      .later {
        padding-inline-start: calc(var(--_space) * 5);
        list-style: disc;
      }

      select.input {
        appearance: auto;
      }

      .toggle {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2);
      }
    `,
  ];

  @property({ attribute: false }) flow!: FlowInfo;
  @state() private search = "";
  @state() private user: UserRow | undefined;
  @state() private isNew = false;
  @state() private done: FlowDeployed | undefined;
  @state() private faults: ReadonlyMap<string, string> = new Map();
  @state() private fault = "";
  @state() private isBusy = false;
  readonly #users = new ResourceController<UserRow[]>(this, {
    key: () => [this.search],
    load: async (signal) => (await workspace<{ items: UserRow[] }>("users", { query: { search: this.search, limit: 20 }, signal })).items,
  });
  readonly #fields = new ResourceController<SetupFieldFact[]>(this, {
    key: () => [this.flow.key, this.flow.version],
    load: async (signal) => readSetupFields(await readVersionText(this.flow.key, String(this.flow.version), signal)),
  });

  override render(): TemplateResult {
    const { name } = this.flow;
    const isAsking = !this.done && (this.user !== undefined || this.isNew);
    return html`<inlay-dialog open ?no-footer=${!isAsking && !this.done} heading=${say("deployTitle", { name })} close-label=${say("close")} @dialog-close=${this.#close}>
      ${this.done ? this.#renderDone(this.done) : isAsking ? this.#renderForm() : this.#renderUsers()}
      ${
        this.done
          ? html`<button slot="footer" class="button primary" type="button" @click=${this.#close}>${say("finish")}</button>`
          : isAsking
            ? html`<button slot="footer" class="button ghost" type="button" @click=${this.#otherUser}>${say("otherUser")}</button>
                <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy} @click=${this.#submit}>${say("deployNow")}</button>`
            : nothing
      }
    </inlay-dialog>`;
  }

  #renderUsers(): TemplateResult {
    const found = this.#users.value;
    const pick = (user: UserRow) => {
      this.user = user;
    };
    return html`<div class="form">
      <p class="muted">${say("deployText")}</p>
      <div class="field">
        <label for="search">${say("forWhom")}</label>
        <input class="input" id="search" type="search" autocomplete="off" autofocus placeholder=${say("searchUsers")} .value=${this.search} @input=${(
          event: InputEvent,
        ) => {
          this.search = (event.target as HTMLInputElement).value;
        }} />
      </div>
      ${
        found
          ? html`<ul class="panel found">
              ${found.map((user) => html`<li><button class="line" type="button" @click=${() => pick(user)}><span class="words"><strong>${user.name ?? user.externalId}</strong><span class="muted small">${[user.externalId, user.org].filter(Boolean).join(" · ")}</span></span></button></li>`)}
              <li><button class="line" type="button" @click=${() => {
                this.isNew = true;
              }}><span class="words"><strong>${say("newUser")}</strong><span class="muted small">${say("newUserText")}</span></span></button></li>
            </ul>`
          : bones()
      }
    </div>`;
  }

  #renderForm(): TemplateResult {
    const fields = this.#fields.value;
    const later = fields?.filter(({ kind }) => kind === "later") ?? [];
    return html`<form class="form" @submit=${this.#submit}>
      ${this.user ? html`<p>${say("forUser", { name: this.user.name ?? this.user.externalId, id: this.user.externalId })}</p>` : this.#renderNewUser()}
      <div class="field"><label for="name">${say("deployName")}</label><input class="input" id="name" name="name" maxlength="200" autocomplete="off" placeholder=${this.flow.name} /></div>
      ${fields ? fields.filter(({ kind }) => kind !== "later").map((field) => this.#renderField(field)) : bones()}
      ${
        later.length || this.flow.apps.length
          ? html`<div class="muted small"><p>${say("askedLater")}</p><ul class="later">
              ${this.flow.apps.map(({ name }) => html`<li>${say("accountOf", { name })}</li>`)}${later.map(({ label }) => html`<li>${label}</li>`)}
            </ul></div>`
          : nothing
      }
      ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      <button hidden></button>
    </form>`;
  }

  #renderNewUser(): TemplateResult {
    const line = (name: string, label: string, more: { required?: boolean; type?: string } = {}) =>
      html`<div class="field"><label for=${name}>${label}</label><input class="input" id=${name} name=${name} type=${more.type ?? "text"} ?required=${more.required} maxlength="255" autocomplete="off" /></div>`;
    return html`<div class="pair">
      ${line("userId", say("userId"), { required: true })} ${line("userOrg", say("userOrg"))} ${line("userName", say("userName"))}
      ${line("userEmail", say("userEmail"), { type: "email" })}
    </div>`;
  }

  #renderField({ key, label, help, kind, options, initial }: SetupFieldFact): TemplateResult {
    const id = `value-${key}`;
    const fault = this.faults.get(key);
    const text = typeof initial === "string" || typeof initial === "number" ? String(initial) : "";
    const control =
      kind === "toggle"
        ? html`<label class="toggle"><input class="check" type="checkbox" id=${id} name=${id} ?checked=${initial === true} /> ${label}</label>`
        : kind === "choice"
          ? html`<select class="input" id=${id} name=${id}><option value="">${say("userChooses")}</option>${options.map(([value, word]) => html`<option value=${value} ?selected=${value === text}>${word}</option>`)}</select>`
          : kind === "long"
            ? html`<textarea class="input" id=${id} name=${id} .value=${text}></textarea>`
            : html`<input class="input" id=${id} name=${id} type=${kind} autocomplete="off" .value=${text} />`;
    return html`<div class="field">
      ${kind === "toggle" ? nothing : html`<label for=${id}>${label}</label>`} ${control}
      ${fault ? html`<span class="fault" role="alert">${fault}</span>` : help ? html`<span class="help">${help}</span>` : nothing}
    </div>`;
  }

  #renderDone({ integration, link, missing }: FlowDeployed): TemplateResult {
    if (!link)
      return html`<div class="form">
        ${callout({ tone: "success", title: say("deployed"), text: say("deployedText") })}
        <a class="button" href=${hrefOf(`/integrations/${integration}`)}>${say("openIntegration")}</a>
      </div>`;
    const copy = () => void navigator.clipboard.writeText(link.url).then(() => notify(this, { text: say("copied") }));
    return html`<div class="form">
      ${callout({ tone: "success", title: say("linkTitle", { name: link.user.name ?? link.user.externalId }), text: say("linkText") })}
      <div class="link"><input class="input code" readonly aria-label=${say("link")} .value=${link.url} @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()} /><button class="button" type="button" autofocus @click=${copy}>${copyIcon} ${say("copy")}</button></div>
      <div><p class="muted small">${say("linkAsks")}</p><ul class="later">${missing.map((one) => html`<li>${this.#askedFor(one)}</li>`)}</ul></div>
    </div>`;
  }

  /** A field by its name; what is said of an account names its app. */
  #askedFor({ path, message }: FlowDeployed["missing"][number]): string {
    const field = this.#fields.value?.find(({ key }) => path === `values.${key}` || path.startsWith(`values.${key}.`));
    return field?.label ?? message;
  }

  readonly #otherUser = (): void => {
    this.user = undefined;
    this.isNew = false;
    this.fault = "";
    this.faults = new Map();
  };

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = this.renderRoot.querySelector("form");
    if (!form?.reportValidity() || this.isBusy) return;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim() || undefined;
    const user = this.user
      ? { id: this.user.id }
      : { id: text("userId"), org: text("userOrg"), name: text("userName"), email: text("userEmail") };
    const values = Object.fromEntries((this.#fields.value ?? []).flatMap((field) => enteredIn(field, data)));
    this.isBusy = true;
    this.fault = "";
    this.faults = new Map();
    try {
      this.done = await workspace<FlowDeployed>(`flows/${at(this.flow.key)}/deploy`, {
        method: "POST",
        body: { user, values, ...(text("name") ? { name: text("name") } : {}) },
      });
      this.dispatchEvent(new CustomEvent("deploy-done"));
    } catch (error) {
      this.#show(error);
    } finally {
      this.isBusy = false;
    }
  };

  #show(error: unknown): void {
    const errors = isApiError(error) ? error.errors : [];
    const own = errors.flatMap(({ path, message }) => (path.startsWith("values.") ? [[path.slice(7), message] as const] : []));
    this.faults = new Map(own);
    if (!own.length) this.fault = error instanceof Error ? error.message : "";
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("deploy-close"));
  };
}

/** What was entered for a field; nothing where it is left to the user. */
function enteredIn({ key, kind }: SetupFieldFact, data: FormData): [string, unknown][] {
  if (kind === "later") return [];
  const value = data.get(`value-${key}`);
  if (kind === "toggle") return [[key, value !== null]];
  if (typeof value !== "string" || value === "") return [];
  return [[key, kind === "number" ? Number(value) : value]];
}

define("inlay-console-deploy", DeployDialogElement);
