import { css, html, LitElement, type TemplateResult } from "lit";
import { define } from "../../define.ts";
import "../../ui/dialog.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "../words.ts";

const KEYS: [string[], Parameters<typeof say>[0]][] = [
  [["Ctrl / ⌘", "K"], "keyPalette"],
  [["g", "h f r e c u a p s"], "keyGo"],
  [["/"], "keySearch"],
  [["j", "k"], "keyNext"],
  [["Enter"], "keyOpen"],
  [["x"], "keySelect"],
  [["Ctrl / ⌘", "S"], "keySave"],
  [["?"], "keyHelp"],
];

/** The list of keys. On `shortcuts-close` it wants to go. */
export class ShortcutsDialogElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: calc(var(--_space) * 3);
      }

      dd {
        display: flex;
        gap: var(--_space);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<inlay-dialog open no-footer heading=${say("shortcuts")} close-label=${say("close")} @dialog-close=${this.#close}>
      <dl>
        ${KEYS.map(([keys, word]) => html`<dt>${say(word)}</dt><dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd>`)}
      </dl>
    </inlay-dialog>`;
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("shortcuts-close"));
  };
}

define("inlay-console-shortcuts", ShortcutsDialogElement);
