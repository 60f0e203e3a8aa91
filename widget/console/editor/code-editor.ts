import { autocompletion, type CompletionSource, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../../define.ts";
import { editorHighlight, editorTheme } from "./editor-theme.ts";

/** A fault of a file at its place; lines and columns count from 1. */
export interface EditorFault {
  line: number;
  column: number;
  message: string;
  severity?: "error" | "warning";
}

const External = Annotation.define<boolean>();

/**
 * A text editor on CodeMirror 6 for YAML and JSON: completion by `complete`, faults where they are.
 *
 * @fires editor-input - the text after each change of the member's
 * @fires editor-save - Ctrl or Cmd-S
 */
export class CodeEditorElement extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-block-size: 0;
      overflow: clip;
    }

    .holder,
    .cm-editor {
      block-size: 100%;
    }
  `;

  @property() value = "";
  @property() language: "yaml" | "json" = "yaml";
  @property() label = "";
  @property() hint = "";
  @property({ type: Boolean }) readonly = false;
  @property({ attribute: false }) faults: readonly EditorFault[] = [];
  @property({ attribute: false }) complete: CompletionSource | undefined;
  @query(".holder") private holder?: HTMLElement;
  readonly #readonly = new Compartment();
  #view: EditorView | undefined;

  override render(): TemplateResult {
    return html`<div class="holder"></div>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override updated(changed: PropertyValues<this>): void {
    const view = this.#view ?? this.#open();
    if (!view) return;
    if (changed.has("value") && this.value !== view.state.doc.toString()) {
      const { anchor } = view.state.selection.main;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: this.value },
        selection: { anchor: Math.min(anchor, this.value.length) },
        annotations: External.of(true),
      });
    }
    if (changed.has("readonly")) view.dispatch({ effects: this.#readonly.reconfigure(lock(this.readonly)) });
    if (changed.has("faults") || changed.has("value")) this.#showFaults();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = undefined;
  }

  #open(): EditorView | undefined {
    const { holder } = this;
    if (!holder || !this.isConnected) return undefined;
    const state = EditorState.create({ doc: this.value, extensions: this.#extensions() });
    this.#view = new EditorView({ parent: holder, root: this.renderRoot as ShadowRoot, state });
    this.#showFaults();
    return this.#view;
  }

  /** Puts the cursor at a place and scrolls it into view; counts from 1. */
  reveal(line: number, column = 1): void {
    const view = this.#view;
    if (!view) return;
    const at = offsetOf(view.state, line, column);
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
  }

  #extensions(): Extension[] {
    const save = () => {
      this.dispatchEvent(new CustomEvent("editor-save"));
      return true;
    };
    return [
      keymap.of([{ key: "Mod-s", run: save, preventDefault: true }]),
      lineNumbers(),
      lintGutter(),
      foldGutter(),
      history(),
      drawSelection(),
      typeOver,
      indentUnit.of("  "),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      search({ top: true }),
      autocompletion({ override: [(context) => this.complete?.(context) ?? null], icons: false, activateOnTyping: true }),
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, indentWithTab]),
      this.language === "json" ? json() : yaml(),
      syntaxHighlighting(editorHighlight),
      editorTheme,
      placeholder(this.hint),
      EditorView.contentAttributes.of({ "aria-label": this.label, spellcheck: "false", tabindex: "0" }),
      this.#readonly.of(lock(this.readonly)),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged || update.transactions.some((one) => one.annotation(External))) return;
        this.value = update.state.doc.toString();
        this.dispatchEvent(new CustomEvent("editor-input", { detail: this.value }));
      }),
    ];
  }

  #showFaults(): void {
    const view = this.#view;
    if (!view) return;
    const diagnostics = this.faults.map(({ line, column, message, severity = "error" }): Diagnostic => {
      const from = offsetOf(view.state, line, column);
      const rest = view.state.sliceDoc(from, view.state.doc.lineAt(from).to);
      const word = /^[^\s:,{}[\]#]+/.exec(rest)?.[0].length ?? 1;
      return { from, to: Math.min(from + word, view.state.doc.length), severity, message };
    });
    diagnostics.sort((a, b) => a.from - b.from);
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }
}

/**
 * Puts what is typed in place of a selection. Left to the browser, it keeps the look of what was there in `style` attributes, which a page's
 * content security policy forbids, before the editor takes them out again.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    const { main, ranges } = view.state.selection;
    const isTyped = inputType === "insertText" && data !== null && !view.composing && !view.state.readOnly;
    if (!isTyped || ranges.every(({ empty }) => empty)) return false;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((take) => take(view, main.from, main.to, data, insert))) view.dispatch(insert());
    return true;
  },
});

const lock = (isLocked: boolean): Extension => [EditorState.readOnly.of(isLocked), EditorView.editable.of(!isLocked)];

function offsetOf(state: EditorState, line: number, column: number): number {
  const { from, to } = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  return Math.min(from + Math.max(0, column - 1), to);
}

define("inlay-console-editor", CodeEditorElement);
