import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { rewriteFile } from "../../../shared/flow/rewrite-file.ts";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { callout } from "../../ui/callout.ts";
import { checkIcon, warningIcon } from "../../ui/icons.ts";
import { listAll, workspace } from "../app/api.ts";
import { notify } from "../app/notice.ts";
import { can, type Session } from "../app/session.ts";
import "../editor/code-editor.ts";
import type { CodeEditorElement } from "../editor/code-editor.ts";
import { completeFile, type Knowledge, type KnownApp } from "../editor/complete-file.ts";
import type { Schema } from "../editor/walk-schema.ts";
import { faultList, faultListStyles, mendFault } from "../ui/fault-list.ts";
import { bones } from "../ui/parts.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { DraftController } from "./draft-controller.ts";
import type { DraftState } from "./draft-machine.ts";
import { type FileFault, type FlowInfo, readSchema } from "./flow-api.ts";
import "./publish-dialog.ts";
import { say } from "./words.ts";

async function readKnowledge(signal: AbortSignal): Promise<Knowledge> {
  const [schema, apps, variables] = await Promise.all([
    readSchema("flow", signal),
    listAll<KnownApp>("apps", {}, signal),
    workspace<Record<string, string>>("variables", { signal }),
  ]);
  return { schema: schema as Schema, apps, variables: Object.keys(variables) };
}

/**
 * A flow's file as an editor: completed by the schema, saved as it is written, faults where they are, published with a note.
 *
 * @fires flow-changed - the draft or the published version is another
 */
export class FlowDefinitionElement extends LitElement {
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

      .notice-bar {
        padding: calc(var(--_space) * 3) calc(var(--_space) * 5) 0;
      }

      .has-faults {
        color: var(--_danger);
      }

      .no-faults .icon {
        color: var(--_success);
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) info!: FlowInfo;
  @property() flow = "";
  @state() private isPublishing = false;
  @state() private isMerging = false;
  @state() private isPicturing = false;
  @query("inlay-console-editor") private editor?: CodeEditorElement;
  readonly #draft = new DraftController(this, () => this.flow);
  readonly #knowledge = new ResourceController<Knowledge>(this, { key: () => ["knowledge"], load: readKnowledge });
  readonly #complete = completeFile(() => this.#knowledge.value);

  override render(): TemplateResult {
    const { state, failure } = this.#draft;
    if (failure !== undefined) {
      const action = html`<button class="button compact" type="button" @click=${() => this.#draft.open()}>${say("open")}</button>`;
      return html`<div class="column">${callout({ tone: "danger", title: failure, action })}</div>`;
    }
    if (!state) return bones();
    const mayWrite = can(this.session, "write");
    return html`
      <div class="bar">
        ${this.#renderStatus(state, mayWrite)}
        <span class="gap"></span>
        ${this.#renderCount(state.faults)}
        ${mayWrite ? html`<button class="button compact" type="button" @click=${this.#askIcon}>${say("icon")}</button>` : nothing}
        ${
          mayWrite
            ? html`<button class="button primary compact" type="button" ?disabled=${state.faults.length > 0 || state.status === "conflict" || !this.#isChanged(state)} @click=${this.#askPublish}>${say("publish")}</button>`
            : nothing
        }
      </div>
      ${state.refusal ? html`<div class="notice-bar">${callout({ tone: "danger", text: state.refusal })}</div>` : nothing}
      ${
        state.status === "conflict"
          ? html`<div class="notice-bar">${callout({
              tone: "warning",
              title: say("conflict"),
              action: html`<button class="button compact" type="button" @click=${this.#merge}>${say("compare")}</button>`,
            })}</div>`
          : nothing
      }
      <inlay-console-editor
        label=${say("definition")}
        .value=${state.text}
        .faults=${state.faults}
        .complete=${this.#complete}
        ?readonly=${!mayWrite}
        @editor-input=${(event: CustomEvent<string>) => this.#draft.edit(event.detail)}
        @editor-save=${this.#askPublish}
      ></inlay-console-editor>
      ${state.faults.length ? this.#renderFaults(state, mayWrite) : nothing}
      ${
        this.isPublishing
          ? html`<inlay-console-publish .info=${this.info} .etag=${state.base.etag} @publish-close=${this.#published}></inlay-console-publish>`
          : nothing
      }
      ${
        this.isPicturing
          ? html`<inlay-console-icon .key=${this.info.key} .name=${this.info.name} @icon-close=${this.#closeIcon} @icon-done=${this.#setIcon}></inlay-console-icon>`
          : nothing
      }
      ${
        this.isMerging && state.theirs
          ? html`<inlay-console-merge .theirs=${state.theirs.text} .mine=${state.text} @merge-close=${this.#closeMerge} @merge-done=${this.#mergeDone}></inlay-console-merge>`
          : nothing
      }
    `;
  }

  /** Whether there is something to publish: the draft differs from what users get. */
  #isChanged(state: DraftState): boolean {
    return this.info.version === null || this.info.draft.changed || state.status !== "saved";
  }

  #renderStatus(state: DraftState, mayWrite: boolean): TemplateResult {
    const word = !mayWrite
      ? say("readonly")
      : state.merged
        ? say("merged")
        : state.status === "saved" && this.info.version !== null && !this.info.draft.changed
          ? say("unchanged", { number: this.info.version })
          : say(state.status === "conflict" ? "edited" : state.status);
    return html`<span class="status muted small" role="status">${word}</span>`;
  }

  #renderCount(faults: readonly FileFault[]): TemplateResult {
    return faults.length
      ? html`<span class="status small has-faults">${warningIcon} ${say("faults", { count: faults.length })}</span>`
      : html`<span class="status small muted no-faults">${checkIcon} ${say("noFaults")}</span>`;
  }

  #renderFaults(state: DraftState, mayWrite: boolean): TemplateResult {
    return faultList(say("faults", { count: state.faults.length }), state.faults, {
      reveal: ({ line, column }) => this.editor?.reveal(line, column),
      apply: mayWrite ? (fault) => this.#draft.edit(mendFault(state.text, fault)) : undefined,
      use: (word) => say("use", { word }),
    });
  }

  readonly #askPublish = async (): Promise<void> => {
    if (!can(this.session, "write")) return;
    await this.#draft.flush();
    const state = this.#draft.state;
    this.dispatchEvent(new CustomEvent("flow-changed", { bubbles: true, composed: true }));
    const [first] = state?.faults ?? [];
    if (first) {
      this.editor?.reveal(first.line, first.column);
      notify(this, { text: say("faults", { count: state?.faults.length ?? 0 }), tone: "failed" });
    } else if (state?.status === "saved") this.isPublishing = true;
  };

  readonly #published = (event: CustomEvent<{ version?: number }>): void => {
    this.isPublishing = false;
    const { version } = event.detail;
    if (version === undefined) return;
    notify(this, { text: say("published", { number: version }) });
    this.dispatchEvent(new CustomEvent("flow-changed", { bubbles: true, composed: true }));
  };

  readonly #merge = async (): Promise<void> => {
    await import("./merge-dialog.ts");
    this.isMerging = true;
  };

  readonly #askIcon = async (): Promise<void> => {
    await import("../ui/icon-dialog.ts");
    this.isPicturing = true;
  };

  readonly #closeIcon = (): void => {
    this.isPicturing = false;
  };

  readonly #setIcon = (event: CustomEvent<string>): void => {
    this.isPicturing = false;
    const { state } = this.#draft;
    if (state) this.#draft.edit(rewriteFile(state.text, { icon: event.detail }));
  };

  readonly #closeMerge = (): void => {
    this.isMerging = false;
  };

  readonly #mergeDone = (event: CustomEvent<string>): void => {
    this.isMerging = false;
    this.#draft.resolve(event.detail);
  };
}

define("inlay-console-flow-definition", FlowDefinitionElement);
