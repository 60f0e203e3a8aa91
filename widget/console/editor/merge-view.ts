import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../../define.ts";
import { editorHighlight, editorTheme } from "./editor-theme.ts";

/** Two texts and what differs: side by side, or one above the other where there is little room. `editable`: the right one can be changed. */
export class MergeViewElement extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-block-size: 0;
      overflow: auto;
    }

    .cm-mergeView,
    .cm-mergeViewEditors {
      min-block-size: 100%;
    }
  `;

  @property() left = "";
  @property() right = "";
  @property() layout: "side" | "unified" = "side";
  @property({ type: Boolean }) editable = false;
  @property({ attribute: "left-label" }) leftLabel = "";
  @property({ attribute: "right-label" }) rightLabel = "";
  @query(".holder") private holder?: HTMLElement;
  #view: { destroy: () => void; text: () => string } | undefined;

  /** The right text as it is now. */
  get text(): string {
    return this.#view?.text() ?? this.right;
  }

  override render(): TemplateResult {
    return html`<div class="holder"></div>`;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.#view?.destroy();
    const parent = this.holder;
    if (!parent) return;
    const root = this.renderRoot as ShadowRoot;
    const folded = { collapseUnchanged: { margin: 4, minSize: 8 } };
    if (this.layout === "unified") {
      const extensions = [
        ...extensionsOf(this.rightLabel, !this.editable),
        unifiedMergeView({ original: this.left, mergeControls: false, ...folded }),
      ];
      const view = new EditorView({ parent, root, state: EditorState.create({ doc: this.right, extensions }) });
      this.#view = { destroy: () => view.destroy(), text: () => view.state.doc.toString() };
      return;
    }
    const view = new MergeView({
      parent,
      root,
      a: { doc: this.left, extensions: extensionsOf(this.leftLabel, true) },
      b: { doc: this.right, extensions: extensionsOf(this.rightLabel, !this.editable) },
      ...(this.editable ? { revertControls: "a-to-b" as const } : folded),
    });
    this.#view = { destroy: () => view.destroy(), text: () => view.b.state.doc.toString() };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = undefined;
  }
}

const extensionsOf = (label: string, isLocked: boolean): Extension[] => [
  lineNumbers(),
  yaml(),
  syntaxHighlighting(editorHighlight),
  editorTheme,
  EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
  EditorState.readOnly.of(isLocked),
  EditorView.editable.of(!isLocked),
];

define("inlay-console-merge-view", MergeViewElement);
