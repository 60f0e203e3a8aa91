import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Attachment } from "../../../shared/api/attachment.ts";
import { ATTACHMENT_MAX_BYTES, ATTACHMENT_TYPES } from "../../../shared/api/attachment-kinds.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { english } from "../../i18n/i18n.ts";
import { badge } from "../../ui/badge.ts";
import { empty } from "../../ui/empty.ts";
import { plusIcon } from "../../ui/icons.ts";
import type { MenuItem } from "../../ui/menu.ts";
import "../../ui/menu.ts";
import { at, listAll, send, workspace } from "../app/api.ts";
import { attempt, notify } from "../app/notice.ts";
import { PulseController } from "../app/pulse-controller.ts";
import { can, type Session } from "../app/session.ts";
import { askRemoval } from "../ui/ask-removal.ts";
import { downloadIcon, fileIcon } from "../ui/console-icons.ts";
import { bones, failure, when } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import type { FlowInfo } from "./flow-api.ts";
import { say } from "./words.ts";

const ACCEPT = Object.keys(ATTACHMENT_TYPES)
  .map((ending) => `.${ending}`)
  .join(",");
const KINDS = "PDF, PNG, JPEG, GIF, WebP, TXT, MD, CSV, JSON, YAML, ZIP, DOCX, XLSX, PPTX";

/** Files that members keep with a flow: added by choice or by dropping them here, saved, renamed, removed. */
export class FlowAttachmentsElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      .scroll.over {
        outline: 2px dashed var(--_accent);
        outline-offset: -10px;
      }

      .intro {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: calc(var(--_space) * 3);
      }

      .intro p {
        flex: 1 1 320px;
        color: var(--_muted);
      }

      .naming {
        display: flex;
        flex: 1 1 240px;
        gap: calc(var(--_space) * 2);
      }

      .line > .icon {
        color: var(--_muted);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) info!: FlowInfo;
  @state() private isOver = false;
  /** Names of files that are on their way. */
  @state() private sending: readonly string[] = [];
  @state() private naming: string | undefined;
  @state() private removing: Attachment | undefined;
  @query("input[type=file]") private chooser?: HTMLInputElement;
  readonly #files = new ResourceController<Attachment[]>(this, {
    key: () => [this.info.key],
    load: (signal) => listAll<Attachment>(`flows/${at(this.info.key)}/attachments`, {}, signal),
  });

  constructor() {
    super();
    new PulseController(this, () => this.#files.reload(), { of: ["attachment"] });
  }

  override render(): TemplateResult {
    const { state } = this.#files;
    if (!state.value) return state.status === "failed" ? failure(state.error, () => this.#files.reload()) : bones();
    const mayWrite = can(this.session, "write");
    const add = html`<button class="button compact primary" type="button" @click=${() => this.chooser?.click()}>${plusIcon} ${say("attach")}</button>`;
    const isEmpty = !state.value.length && !this.sending.length;
    return html`<div
      class="scroll ${this.isOver ? "over" : ""}"
      @dragover=${(event: DragEvent) => this.#dragOver(event, mayWrite)}
      @dragleave=${this.#dragLeave}
      @drop=${(event: DragEvent) => this.#drop(event, mayWrite)}
    >
      <input type="file" multiple hidden accept=${ACCEPT} @change=${this.#choose} />
      ${
        isEmpty
          ? empty({ icon: fileIcon, title: say("noFiles"), text: say("noFilesText"), action: mayWrite ? add : nothing })
          : html`<div class="column">
              <div class="intro"><p>${say("filesText", { kinds: KINDS, size: english.number(ATTACHMENT_MAX_BYTES / 1_000_000) })}</p>${mayWrite ? add : nothing}</div>
              <ul class="panel">
                ${this.sending.map((name) => html`<li class="line" aria-busy="true">${fileIcon}<div class="words"><strong>${name}</strong></div>${badge("accent", say("sending"))}</li>`)}
                ${state.value.map((file) => this.#renderFile(file, mayWrite))}
              </ul>
            </div>`
      }
      ${this.removing ? this.#renderRemoval(this.removing) : nothing}
    </div>`;
  }

  #renderFile(file: Attachment, mayWrite: boolean): TemplateResult {
    const { id, name, size, author, createdAt } = file;
    if (this.naming === id) return this.#renderNaming(file);
    const by = author === null ? nothing : html` · ${author}`;
    return html`<li class="line">
      ${fileIcon}
      <div class="words"><strong>${name}</strong><span class="muted small">${sizeOf(size)}${by} · ${when(createdAt)}</span></div>
      <a class="button compact" href=${this.#hrefOf(id)} download=${name}>${downloadIcon} ${say("downloadOne")}</a>
      ${mayWrite ? html`<inlay-menu label=${say("fileActions", { name })} .items=${this.#actions(file)}></inlay-menu>` : nothing}
    </li>`;
  }

  #renderNaming(file: Attachment): TemplateResult {
    const save = (event: SubmitEvent) => {
      event.preventDefault();
      const name = String(new FormData(event.target as HTMLFormElement).get("name") ?? "").trim();
      void this.#rename(file, name);
    };
    const stop = () => {
      this.naming = undefined;
    };
    return html`<li class="line">
      <form class="naming" @submit=${save} @keydown=${(event: KeyboardEvent) => event.key === "Escape" && stop()}>
        <input class="input" name="name" required maxlength="200" aria-label=${say("fileName")} .value=${file.name} />
        <button class="button compact primary">${say("save")}</button>
        <button class="button compact ghost" type="button" @click=${stop}>${say("cancel")}</button>
      </form>
    </li>`;
  }

  #renderRemoval(file: Attachment): TemplateResult {
    const close = () => {
      this.removing = undefined;
    };
    return askRemoval(
      say("removeFile", { name: file.name }),
      say("removeFileText"),
      say("removeNow"),
      close,
      () => void this.#remove(file),
    );
  }

  #actions(file: Attachment): MenuItem[] {
    const rename = () => {
      this.naming = file.id;
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>(".naming input")?.select());
    };
    const remove = () => {
      this.removing = file;
    };
    return [
      { label: say("rename"), run: rename },
      { label: `${say("removeNow")}…`, tone: "danger", divided: true, run: remove },
    ];
  }

  #hrefOf(id: string): string {
    return `/v1/workspace/flows/${at(this.info.key)}/attachments/${at(id)}`;
  }

  #dragOver(event: DragEvent, mayWrite: boolean): void {
    if (!mayWrite || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.isOver = true;
  }

  readonly #dragLeave = (event: DragEvent): void => {
    if (event.relatedTarget instanceof Node && event.currentTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))
      return;
    this.isOver = false;
  };

  #drop(event: DragEvent, mayWrite: boolean): void {
    this.isOver = false;
    if (!mayWrite || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    void this.#send([...event.dataTransfer.files]);
  }

  readonly #choose = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = "";
    void this.#send(files);
  };

  /** Sends files one after the other; one that is refused keeps no other from being sent. */
  async #send(files: readonly File[]): Promise<void> {
    this.sending = [...this.sending, ...files.map(({ name }) => name)];
    for (const file of files) {
      const path = `workspace/flows/${at(this.info.key)}/attachments`;
      if (file.size > ATTACHMENT_MAX_BYTES) notify(this, { text: say("fileTooLarge", { name: file.name }), tone: "failed" });
      else
        await attempt(
          this,
          () => send(path, { method: "POST", query: { name: file.name }, bytes: file }),
          say("attached", { name: file.name }),
        );
      this.sending = this.sending.toSpliced(this.sending.indexOf(file.name), 1);
    }
    await this.#files.reload();
  }

  async #rename({ id, name: before }: Attachment, name: string): Promise<void> {
    const path = `flows/${at(this.info.key)}/attachments/${at(id)}`;
    const change = (to: string) => workspace(path, { method: "PATCH", body: { name: to } }).then(() => this.#files.reload());
    const isDone = await attempt(
      this,
      () => change(name),
      say("renamed", { name }),
      () => change(before),
    );
    if (isDone) this.naming = undefined;
  }

  async #remove({ id, name }: Attachment): Promise<void> {
    const path = `flows/${at(this.info.key)}/attachments/${at(id)}`;
    await attempt(this, () => workspace(path, { method: "DELETE" }), say("fileRemoved", { name }));
    await this.#files.reload();
  }
}

/** "2.4 MB" */
const sizeOf = (bytes: number): string =>
  bytes < 1_000
    ? `${english.number(bytes)} B`
    : bytes < 1_000_000
      ? `${english.number(Math.round(bytes / 100) / 10)} kB`
      : `${english.number(Math.round(bytes / 100_000) / 10)} MB`;

define("inlay-console-flow-attachments", FlowAttachmentsElement);
