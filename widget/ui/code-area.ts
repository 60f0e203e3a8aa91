import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { define } from "../define.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "./button.ts";
import { breakLine, type CodeEdit, indentLines, tokenize } from "./code-tokens.ts";
import { controlStyles } from "./control.ts";
import { type FieldShell, fieldShell, fieldShellStyles } from "./field-shell.ts";

/**
 * Code as text: a native text area over its own coloured copy, with line numbers. Tab indents; Escape, then Tab, leaves.
 *
 * @fires code-input - `{text, commit}`
 */
export class CodeAreaElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    controlStyles,
    fieldShellStyles,
    css`
      .code {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        padding: 0;
        overflow: hidden;
        direction: ltr;
        line-height: 1.6;
        text-align: start;
      }

      .code:focus-within {
        border-color: var(--_focus);
        box-shadow: 0 0 0 3px color-mix(in oklab, var(--_focus) 22%, transparent);
      }

      .code.invalid {
        border-color: var(--_danger);
      }

      .lines {
        padding: calc(var(--_space) * 2);
        border-inline-end: 1px solid var(--_border);
        background: var(--_sunken);
        color: var(--_muted);
        font: inherit;
        text-align: end;
        user-select: none;
        white-space: pre;
      }

      .sheet {
        display: grid;
        max-block-size: 60vb;
        overflow: auto;
      }

      .sheet > * {
        grid-area: 1 / 1;
        min-block-size: calc(8lh + var(--_space) * 4);
        inline-size: max-content;
        min-inline-size: 100%;
        margin: 0;
        padding: calc(var(--_space) * 2) calc(var(--_space) * 2.5);
        border: 0;
        font: inherit;
        letter-spacing: inherit;
        line-height: inherit;
        tab-size: 2;
        white-space: pre;
      }

      .sheet > textarea {
        inline-size: 100%;
        block-size: 100%;
        background: transparent;
        color: transparent;
        caret-color: var(--_text);
        max-block-size: none;
        field-sizing: fixed;
        overflow: hidden;
        resize: none;
      }

      textarea::placeholder {
        color: var(--_muted);
      }

      textarea:focus-visible {
        outline: none;
      }

      .ink {
        color: var(--_text);
        pointer-events: none;
      }

      .comment {
        color: var(--_muted);
        font-style: italic;
      }

      .string {
        color: var(--_success);
      }

      .number {
        color: var(--_warning);
      }

      .word,
      .key {
        color: var(--_accent-text);
      }

      .hint {
        color: var(--_muted);
        font-size: var(--_size-xs);
      }


      @media (forced-colors: active) {
        textarea {
          color: FieldText;
        }

        .ink {
          visibility: hidden;
        }

        .code:focus-within {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) shell: FieldShell = {};
  @property({ attribute: false }) text = "";
  @property() language = "";
  @property() placeholder = "";
  /**
   * How to leave by keyboard: read out, and shown from the first focus on. It stays then, because what lies below must not move away from under
   * a press that takes the focus.
   */
  @property() hint = "";
  @property({ type: Boolean }) required = false;
  @property({ type: Boolean }) disabled = false;
  @query("textarea") private area?: HTMLTextAreaElement;
  @state() private isUsed = false;
  #isLeaving = false;

  override render(): TemplateResult {
    const { shell, text, disabled } = this;
    const count = text.split("\n").length;
    const looks = ["control", "mono", "code", shell.fault && "invalid", disabled && "disabled"].filter(Boolean).join(" ");
    return fieldShell(
      shell,
      html`<div
        class=${looks}
        part="control"
        @focusin=${() => {
          this.isUsed = true;
        }}
      >
        <pre class="lines" aria-hidden="true">${Array.from({ length: Math.max(count, 1) }, (_, index) => index + 1).join("\n")}</pre>
        <div class="sheet">
          <pre class="ink" aria-hidden="true">${tokenize(text, this.language).map(({ kind, text: piece }) => (kind === "plain" ? piece : html`<span class=${kind}>${piece}</span>`))}\u200b</pre>
          <textarea
            id="control"
            autocapitalize="off"
            autocomplete="off"
            spellcheck="false"
            wrap="off"
            placeholder=${this.placeholder}
            aria-describedby=${["hint", shell.help && "help", shell.fault && "fault"].filter(Boolean).join(" ")}
            aria-invalid=${shell.fault ? "true" : "false"}
            aria-required=${this.required ? "true" : nothing}
            ?disabled=${disabled}
            .value=${live(text)}
            @keydown=${this.#key}
            @input=${() => this.#tell(false)}
            @change=${() => this.#tell(true)}
          ></textarea>
        </div>
      </div>
      <p class=${this.isUsed ? "hint" : "visually-hidden"} id="hint">${this.hint}</p>`,
    );
  }

  override focus(options?: FocusOptions): void {
    this.area?.focus(options);
  }

  #key = (event: KeyboardEvent) => {
    const area = this.area;
    if (!area || event.isComposing) return;
    const { value, selectionStart: start, selectionEnd: end } = area;
    if (event.key === "Escape") {
      this.#isLeaving = true;
      return;
    }
    const isLeaving = this.#isLeaving;
    if (event.key !== "Shift") this.#isLeaving = false;
    const edit =
      event.key === "Tab" && !isLeaving
        ? indentLines(value, start, end, event.shiftKey ? -1 : 1)
        : event.key === "Enter" && !event.metaKey && !event.ctrlKey
          ? breakLine(value, start, end)
          : undefined;
    if (!edit) return;
    event.preventDefault();
    this.#apply(area, edit);
  };

  /** As if typed, where the browser can, so that it can be undone. */
  #apply(area: HTMLTextAreaElement, { from, to, text, select }: CodeEdit): void {
    area.setSelectionRange(from, to);
    const isTyped = document.execCommand(text === "" ? "delete" : "insertText", false, text);
    if (!isTyped) area.setRangeText(text, from, to, "end");
    area.setSelectionRange(...select);
    this.#tell(false);
  }

  #tell(commit: boolean): void {
    const text = this.area?.value ?? "";
    this.dispatchEvent(new CustomEvent("code-input", { detail: { text, commit } }));
  }
}

define("inlay-code-area", CodeAreaElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-code-area": CodeAreaElement;
  }
}
