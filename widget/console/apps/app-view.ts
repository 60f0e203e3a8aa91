import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { rewriteFile } from "../../../shared/flow/rewrite-file.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import "../../ui/dialog.ts";
import { checkIcon, copyIcon, warningIcon } from "../../ui/icons.ts";
import "../../ui/menu.ts";
import { at, send, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { go, hrefOf } from "../app/place.ts";
import { can, type Session } from "../app/session.ts";
import "../editor/code-editor.ts";
import type { CodeEditorElement } from "../editor/code-editor.ts";
import { completeFile, type Knowledge } from "../editor/complete-file.ts";
import type { Schema } from "../editor/walk-schema.ts";
import { checkFile, type FileFault, readSchema } from "../flows/flow-api.ts";
import { faultList, faultListStyles, mendFault } from "../ui/fault-list.ts";
import { bones, failure, tabs } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { BLANK_APP } from "./blank-app.ts";
import { say } from "./words.ts";

const CHECK_MS = 400;

/** One app's file: checked while it is written, and in force once it is saved. `app="new"` begins one. */
export class AppViewElement extends LitElement {
  static override styles = [
    ...viewStyles,
    faultListStyles,
    css`
      inlay-console-editor {
        flex: 1;
      }

      .status {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 1.5);
      }

      .bad {
        color: var(--_danger);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) query = new URLSearchParams();
  @property() app = "";
  @property() tab = "file";
  /** What a new file begins with. */
  @property() begin = BLANK_APP;
  @state() private text: string | undefined;
  @state() private faults: readonly FileFault[] = [];
  @state() private isBusy = false;
  @state() private isPicturing = false;
  @state() private hook: { url: string; secret: string } | undefined;
  @query("inlay-console-editor") private editor?: CodeEditorElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #file = new ResourceController<string>(this, {
    key: () => [this.app, this.app === "new" ? this.begin : ""],
    load: async (signal) => (this.app === "new" ? this.begin : (await send(`workspace/apps/${at(this.app)}/file`, { signal })).text()),
  });
  readonly #knowledge = new ResourceController<Knowledge>(this, {
    key: () => ["schema"],
    load: async (signal) => ({ schema: (await readSchema("app", signal)) as Schema, apps: [], variables: [] }),
  });
  readonly #complete = completeFile(() => this.#knowledge.value);

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("app")) return;
    this.text = undefined;
    this.faults = [];
  }

  override updated(): void {
    if (this.tab === "try") void import("./try-view.ts");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const { state } = this.#file;
    const stored = state.value;
    if (stored === undefined) return state.status === "failed" ? failure(state.error, () => this.#file.reload()) : bones();
    const text = this.text ?? stored;
    const mayWrite = can(this.session, "write");
    const isChanged = text !== stored || this.app === "new";
    const title = this.app === "new" ? say("new") : (/^name:\s*(.+)$/m.exec(stored)?.[1]?.replace(/^["']|["']$/g, "") ?? this.app);
    return html`
      <header class="head">
        <h1><a class="way" href=${hrefOf("/apps")}>${say("title")}</a> ${title}</h1>
        <span class="gap"></span>
        ${this.tab === "try" ? nothing : this.#renderStatus(isChanged, mayWrite)}
        ${this.app === "new" ? nothing : html`<inlay-menu label=${say("more", { name: title })} .items=${this.#actions(stored, mayWrite)}></inlay-menu>`}
      </header>
      ${
        this.app === "new"
          ? nothing
          : tabs(say("appParts"), this.tab, [
              { name: "file", label: say("file"), href: hrefOf(`/apps/${at(this.app)}`) },
              { name: "try", label: say("tryTab"), href: hrefOf(`/apps/${at(this.app)}/try`) },
            ])
      }
      ${this.tab === "try" ? html`<inlay-console-try .session=${this.session} .query=${this.query} .app=${this.app} .source=${stored}></inlay-console-try>` : this.#renderFile(text, mayWrite)}
      ${this.hook ? this.#renderHook(title, this.hook) : nothing}
      ${
        this.isPicturing
          ? html`<inlay-console-icon .key=${this.app} .name=${title} @icon-close=${this.#closeIcon} @icon-done=${(event: CustomEvent<string>) => this.#setIcon(text, event.detail)}></inlay-console-icon>`
          : nothing
      }
    `;
  }

  #renderStatus(isChanged: boolean, mayWrite: boolean): TemplateResult {
    return html`
      <span class="status small ${this.faults.length ? "bad" : "muted"}" role="status">
        ${this.faults.length ? html`${warningIcon} ${say("faults", { count: this.faults.length })}` : isChanged ? say("unsaved") : html`${checkIcon} ${say("noFaults")}`}
      </span>
      ${
        mayWrite
          ? html`<button class="button primary compact" type="button" aria-busy=${this.isBusy ? "true" : nothing} ?disabled=${!isChanged || this.isBusy} @click=${this.#save}>${say("save")}</button>`
          : nothing
      }
    `;
  }

  #renderFile(text: string, mayWrite: boolean): TemplateResult {
    return html`
      <inlay-console-editor
        label=${say("file")}
        .value=${text}
        .faults=${this.faults}
        .complete=${this.#complete}
        ?readonly=${!mayWrite}
        @editor-input=${(event: CustomEvent<string>) => this.#edit(event.detail)}
        @editor-save=${this.#save}
      ></inlay-console-editor>
      ${
        this.faults.length
          ? faultList(say("faults", { count: this.faults.length }), this.faults, {
              reveal: ({ line, column }) => this.editor?.reveal(line, column),
              apply: mayWrite ? (fault) => this.#edit(mendFault(text, fault)) : undefined,
              use: (word) => say("use", { word }),
            })
          : nothing
      }
    `;
  }

  #renderHook(name: string, { url, secret }: { url: string; secret: string }): TemplateResult {
    const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => notify(this, { text: say("copied") }));
    const line = (label: string, value: string) => html`<div class="field">
      <span class="label">${label}</span>
      <span class="line"><span class="mono words">${value}</span><button class="button compact" type="button" @click=${() => copy(value)}>${copyIcon} ${say("copy")}</button></span>
    </div>`;
    return html`<inlay-dialog open no-footer heading=${say("webhookTitle", { name })} close-label=${say("close")} @dialog-close=${() => {
      this.hook = undefined;
    }}>
      <div class="form"><p class="muted">${say("webhookText")}</p>${line(say("address"), url)} ${line(say("secret"), secret)}</div>
    </inlay-dialog>`;
  }

  #actions(stored: string, mayWrite: boolean) {
    const download = () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([stored], { type: "application/yaml" }));
      link.download = `${this.app}.app.yaml`;
      link.click();
      URL.revokeObjectURL(link.href);
    };
    const hook = () =>
      void attempt(this, async () => {
        this.hook = await workspace(`apps/${at(this.app)}/webhook`, { method: "POST" });
      });
    return [
      { label: say("download"), run: download },
      ...(mayWrite && this.tab !== "try" ? [{ label: say("icon"), run: () => void this.#askIcon() }] : []),
      ...(mayWrite && /^triggers:/m.test(stored) ? [{ label: say("webhook"), run: hook }] : []),
    ];
  }

  async #askIcon(): Promise<void> {
    await import("../ui/icon-dialog.ts");
    this.isPicturing = true;
  }

  readonly #closeIcon = (): void => {
    this.isPicturing = false;
  };

  #setIcon(text: string, icon: string): void {
    this.isPicturing = false;
    this.#edit(rewriteFile(text, { icon }));
  }

  #edit(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(text), CHECK_MS);
  }

  async #check(text: string): Promise<void> {
    const found = await checkFile("app", text).catch(() => undefined);
    if (found && this.text === text) this.faults = found.faults;
  }

  readonly #save = async (): Promise<void> => {
    const text = this.text ?? this.#file.value;
    if (text === undefined || this.isBusy || !can(this.session, "write")) return;
    this.isBusy = true;
    await attempt(this, async () => {
      const { faults, key } = await checkFile("app", text);
      this.faults = faults;
      const [first] = faults;
      if (first) this.editor?.reveal(first.line, first.column);
      if (first) throw new Error(say("faults", { count: faults.length }));
      if (this.app !== "new" && key !== null && key !== this.app) throw new Error(say("keyStays", { now: key, was: this.app }));
      const saved = await workspace<{ key: string; version: number; changed: boolean }>("apps", { method: "POST", text });
      notify(this, { text: saved.changed ? say("saved", { key: saved.key, version: saved.version }) : say("same") });
      this.#file.set(text);
      if (this.app === "new") go(hrefOf(`/apps/${at(saved.key)}`), { replace: true });
    });
    this.isBusy = false;
  };
}

define("inlay-console-app", AppViewElement);
