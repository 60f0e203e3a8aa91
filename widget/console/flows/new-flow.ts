import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { appIcon, type Pictured } from "../../ui/app-icon.ts";
import { callout } from "../../ui/callout.ts";
import "../../ui/dialog.ts";
import { trashIcon } from "../../ui/icons.ts";
import { at, listAll, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { go, hrefOf, setQuery } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import "../editor/code-editor.ts";
import { blankFlow, keyFromName } from "../../../shared/flow/blank-flow.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { createFlow, type FileFault, type Template } from "./flow-api.ts";
import { say } from "./words.ts";

const WAYS = ["template", "blank", "file"] as const;
type Way = (typeof WAYS)[number];
const NAMES: Record<Way, Parameters<typeof say>[0]> = { template: "fromTemplate", blank: "fromBlank", file: "fromFile" };

/** Begins a flow: from a template, blank, or from a file that is pasted. */
export class NewFlowElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      inlay-dialog {
        --dialog-size: 640px;
      }

      /* A file's long lines scroll in the editor, they do not widen the dialog. */
      .form {
        grid-template-columns: minmax(0, 1fr);
      }

      .ways {
        display: flex;
        gap: calc(var(--_space) * 2);
        margin-block-end: calc(var(--_space) * 4);
      }

      .ways .button[aria-pressed="true"] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
        color: var(--_accent-text);
      }

      .templates {
        display: grid;
        gap: calc(var(--_space) * 2);
        grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
        max-block-size: 320px;
        margin-block-start: calc(var(--_space) * 2);
        padding: 2px;
        overflow: auto;
      }

      .choice {
        position: relative;
        display: grid;
      }

      .choice > .square {
        position: absolute;
        inset-block-start: 4px;
        inset-inline-end: 4px;
      }

      .template {
        display: grid;
        align-content: start;
        gap: var(--_space);
        padding: calc(var(--_space) * 3);
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface);
        text-align: start;
        cursor: pointer;
      }

      .apps {
        --tile-size: 20px;

        display: flex;
        flex-wrap: wrap;
        gap: var(--_space) calc(var(--_space) * 3);
        margin-block-start: var(--_space);
      }

      .app {
        display: inline-flex;
        align-items: center;
        gap: calc(var(--_space) * 1.5);
      }

      .template:hover {
        border-color: var(--_border-strong);
      }

      .template[aria-pressed="true"] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      inlay-console-editor {
        block-size: 280px;
        border: 1px solid var(--_border-strong);
        border-radius: var(--_radius);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property() from = "template";
  @state() private template: string | undefined;
  @state() private search = "";
  @state() private name = "";
  @state() private key: string | undefined;
  @state() private text = "";
  @state() private fault = "";
  @state() private faults: readonly FileFault[] = [];
  @state() private isBusy = false;
  @state() private removing: Template | undefined;
  @query("form") private form?: HTMLFormElement;
  readonly #templates = new ResourceController<Template[]>(this, {
    key: () => ["templates"],
    load: (signal) => listAll<Template>("templates", {}, signal),
  });

  /** What the apps that templates need are called: the workspace's, and those that come with the product. */
  readonly #apps = new ResourceController<Map<string, Pictured>>(this, {
    key: () => ["apps"],
    load: async (signal) => {
      const lists = await Promise.all(["catalogue/apps", "apps"].map((path) => listAll<Pictured & { key: string }>(path, {}, signal)));
      return new Map(lists.flat().map((app) => [app.key, app]));
    },
  });

  get #way(): Way {
    return WAYS.find((way) => way === this.from) ?? "template";
  }

  override render(): TemplateResult {
    const way = this.#way;
    return html`<inlay-dialog open heading=${say("newTitle")} close-label=${say("close")} @dialog-close=${this.#close}>
      <div class="ways" role="group" aria-label=${say("newTitle")}>
        ${WAYS.map((one) => html`<button class="button compact" type="button" aria-pressed=${one === way ? "true" : "false"} @click=${() => setQuery({ new: one })}>${say(NAMES[one])}</button>`)}
      </div>
      <form class="form" @submit=${this.#create}>
        ${way === "file" ? this.#renderFile() : html`${way === "template" ? this.#renderTemplates() : nothing}${this.#renderName()}`}
        ${this.fault ? callout({ tone: "danger", text: this.fault }) : nothing}
      </form>
      <button slot="footer" class="button primary" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${this.isBusy || !this.#isReady()} @click=${() => this.form?.requestSubmit()}>${say("create")}</button>
    </inlay-dialog>
    ${this.removing ? this.#renderRemoval(this.removing) : nothing}`;
  }

  #renderTemplates(): TemplateResult {
    const { state } = this.#templates;
    const words = this.search.toLowerCase();
    const shown = (state.value ?? []).filter(({ name, description, category }) =>
      `${name} ${description} ${category ?? ""}`.toLowerCase().includes(words),
    );
    if (state.status === "failed" && !state.value) return callout({ tone: "warning", text: state.error.message });
    return html`<div>
      <input class="input" type="search" autofocus aria-label=${say("searchTemplates")} placeholder=${say("searchTemplates")} @input=${(
        event: InputEvent,
      ) => {
        this.search = (event.target as HTMLInputElement).value;
      }} />
      <div class="templates" role="group" aria-label=${say("fromTemplate")}>
        ${shown.map((one) => this.#renderTemplate(one))}
        ${state.value && !shown.length ? html`<p class="muted">${say("noTemplates")}</p>` : nothing}
      </div>
    </div>`;
  }

  #renderApp(key: string): TemplateResult {
    const app = this.#apps.value?.get(key) ?? { name: key, icon: null };
    return html`<span class="app">${appIcon(app)} ${app.name}</span>`;
  }

  #renderTemplate(one: Template): TemplateResult {
    const { name, description, origin, apps } = one;
    const isChosen = `${origin}/${at(one.key)}` === this.template;
    return html`<div class="choice">
      <button class="template" type="button" aria-pressed=${isChosen ? "true" : "false"} @click=${() => this.#choose(one)}>
        <strong>${name}</strong>
        <span class="muted small">${description}</span>
        ${apps.length ? html`<span class="apps small muted">${apps.map((key) => this.#renderApp(key))}</span>` : nothing}
      </button>
      ${
        origin === "workspace" && can(this.session, "write")
          ? html`<button class="button ghost square compact" type="button" aria-label=${say("removeTemplate", { name })} @click=${() => {
              this.removing = one;
            }}>${trashIcon}</button>`
          : nothing
      }
    </div>`;
  }

  #renderRemoval({ key, name }: Template): TemplateResult {
    const remove = () =>
      attempt(this, () => workspace(`templates/workspace/${at(key)}`, { method: "DELETE" }), say("templateRemoved", { name }));
    return askRemoval(
      say("removeTemplate", { name }),
      say("removeTemplateText"),
      say("removeNow"),
      () => {
        this.removing = undefined;
      },
      () => void remove().then(() => this.#templates.reload()),
    );
  }

  #renderName(): TemplateResult {
    return html`
      <div class="field">
        <label for="name">${say("flowName")}</label>
        <input class="input" id="name" required maxlength="200" autocomplete="off" .value=${this.name} @input=${(event: InputEvent) => {
          this.name = (event.target as HTMLInputElement).value;
        }} />
      </div>
      <div class="field">
        <label for="key">${say("flowKey")}</label>
        <input class="input code" id="key" required pattern="[a-zA-Z][a-zA-Z0-9_\\-]{0,63}" autocomplete="off" spellcheck="false" aria-describedby="key-help" .value=${this.#key()} @input=${(
          event: InputEvent,
        ) => {
          this.key = (event.target as HTMLInputElement).value;
        }} />
        <span class="help" id="key-help">${say("keyHelp")}</span>
      </div>
    `;
  }

  #renderFile(): TemplateResult {
    return html`
      <p class="muted">${say("paste")}</p>
      <inlay-console-editor label=${say("fromFile")} .value=${this.text} .faults=${this.faults} @editor-input=${(
        event: CustomEvent<string>,
      ) => {
        this.text = event.detail;
        this.faults = [];
      }}></inlay-console-editor>
    `;
  }

  #key(): string {
    return this.key ?? keyFromName(this.name);
  }

  #isReady(): boolean {
    if (this.#way === "file") return this.text.trim() !== "";
    return this.name.trim() !== "" && (this.#way === "blank" || this.template !== undefined);
  }

  #choose({ origin, key, name }: Template): void {
    if (this.name === "" || this.#templates.value?.some((one) => one.name === this.name)) this.name = name;
    this.template = `${origin}/${at(key)}`;
  }

  readonly #create = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.isBusy || !this.#isReady()) return;
    this.isBusy = true;
    this.fault = "";
    try {
      const { key } = await this.#send();
      notify(this, { text: say("created", { name: this.name || key }) });
      go(hrefOf(`/flows/${at(key)}`));
    } catch (error) {
      this.fault = error instanceof Error ? error.message : "";
      this.faults = faultsOf(error);
    } finally {
      this.isBusy = false;
    }
  };

  #send(): Promise<{ key: string }> {
    const name = this.name.trim();
    if (this.#way === "file") return createFlow(this.text);
    if (this.#way === "blank") return createFlow(blankFlow(this.#key(), name));
    return workspace(`templates/${this.template ?? ""}/flow`, { method: "POST", body: { key: this.#key(), name } });
  }

  readonly #close = (): void => setQuery({ new: undefined });
}

/** The places that a refusal of a file names. */
function faultsOf(error: unknown): FileFault[] {
  const errors = (error as { errors?: { path: string; code: string; message: string; params?: Record<string, unknown> }[] }).errors ?? [];
  return errors.flatMap(({ path, code, message, params }) =>
    params ? [{ path, code, message, line: Number(params.line ?? 1), column: Number(params.column ?? 1) }] : [],
  );
}

define("inlay-console-new-flow", NewFlowElement);
