import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ResourceController } from "../../api/resource.ts";
import { define } from "../../define.ts";
import { searchIcon } from "../../ui/icons.ts";
import { viewStyles } from "../ui/view-styles.ts";
import { say } from "../words.ts";
import { type Command, rankCommands } from "./commands.ts";
import { go } from "./place.ts";
import { commandsAtOnce, readCommands } from "./read-commands.ts";
import type { Session } from "./session.ts";

const SHOWN = 30;

/** Finds anything in the workspace by its name, and does what can be done from anywhere. On `palette-close` it wants to go. */
export class PaletteElement extends LitElement {
  static override styles = [
    ...viewStyles,
    css`
      :host {
        display: contents;
      }

      dialog {
        inline-size: min(600px, calc(100vi - 24px));
        max-block-size: min(480px, 80dvb);
        margin-block-start: 12dvb;
        padding: 0;
        border: 0;
        border-radius: var(--_radius-l);
        background: var(--_overlay);
        box-shadow: var(--_shadow-overlay);
        color: var(--_text);
        overflow: hidden;
      }

      dialog[open] {
        display: flex;
        flex-direction: column;
      }

      dialog::backdrop {
        background: var(--_scrim);
      }

      .ask {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2.5);
        padding-inline: calc(var(--_space) * 4);
        border-block-end: 1px solid var(--_border);
        color: var(--_muted);
      }

      input {
        flex: 1;
        min-inline-size: 0;
        block-size: 52px;
        border: 0;
        outline: none;
        background: none;
        color: var(--_text);
        font-size: var(--_size-l);
      }

      input:focus-visible {
        outline: none;
      }

      ul {
        flex: 0 1 auto; /* a basis of 0 is nothing in WebKit, where the height comes from the content */
        padding: calc(var(--_space) * 1.5);
        overflow: auto;
      }

      li {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2.5);
        min-block-size: 40px;
        padding-inline: calc(var(--_space) * 2.5);
        border-radius: var(--_radius);
        cursor: pointer;
      }

      li[aria-selected="true"] {
        background: var(--_accent-soft);
      }

      li .icon {
        color: var(--_muted);
      }

      li .name {
        flex: 1;
        min-inline-size: 0;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .hint {
        padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
        border-block-start: 1px solid var(--_border);
        color: var(--_muted);
        font-size: var(--_size-xs);
      }

      .none {
        padding: calc(var(--_space) * 6);
        color: var(--_muted);
        text-align: center;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  /** What was typed before it was there. */
  @property({ attribute: false }) takeEarly: () => string = () => "";
  @state() private text = "";
  @state() private at = 0;
  @query("dialog") private dialog?: HTMLDialogElement;
  readonly #commands = new ResourceController<Command[]>(this, {
    key: () => ["commands"],
    load: (signal) => readCommands(this.session, signal),
  });

  override firstUpdated(): void {
    this.dialog?.showModal();
    this.text = this.takeEarly();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("at" as never)) this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult {
    const found = rankCommands(this.#commands.value ?? commandsAtOnce(this.session), this.text).slice(0, SHOWN);
    const current = found[this.at];
    return html`<dialog aria-label=${say("commands")} @close=${this.#close} @click=${this.#clickBackdrop}>
      <div class="ask">
        ${searchIcon}
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="found"
          aria-activedescendant=${current ? `command-${this.at}` : nothing}
          aria-label=${say("commands")}
          autocomplete="off"
          spellcheck="false"
          autofocus
          placeholder=${say("palettePlaceholder")}
          .value=${this.text}
          @input=${this.#type}
          @keydown=${(event: KeyboardEvent) => this.#press(event, found)}
        />
      </div>
      <ul id="found" role="listbox" aria-label=${say("commands")}>
        ${repeat(
          found,
          ({ id }) => id,
          (
            command,
            index,
          ) => html`<li id=${`command-${index}`} role="option" aria-selected=${index === this.at ? "true" : "false"} @click=${() => this.#run(command)} @pointermove=${() => this.#point(index)}>
            ${command.icon}<span class="name">${command.name}</span><span class="muted small">${command.kind}</span>
          </li>`,
        )}
      </ul>
      ${found.length ? nothing : html`<p class="none" role="status">${say("paletteNone", { text: this.text })}</p>`}
      <p class="hint">${say("paletteHint")}</p>
    </dialog>`;
  }

  readonly #type = (event: InputEvent): void => {
    this.text = (event.target as HTMLInputElement).value;
    this.at = 0;
  };

  #point(index: number): void {
    this.at = index;
  }

  #press(event: KeyboardEvent, found: Command[]): void {
    const last = Math.max(0, found.length - 1);
    if (event.key === "ArrowDown") this.at = this.at >= last ? 0 : this.at + 1;
    else if (event.key === "ArrowUp") this.at = this.at <= 0 ? last : this.at - 1;
    else if (event.key === "Enter") {
      const command = found[this.at];
      if (command) this.#run(command);
    } else return;
    event.preventDefault();
  }

  #run({ href, run }: Command): void {
    this.dialog?.close();
    if (href) go(href);
    run?.(this);
  }

  readonly #clickBackdrop = (event: MouseEvent): void => {
    if (event.target === this.dialog) this.dialog?.close();
  };

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent("palette-close"));
  };
}

define("inlay-console-palette", PaletteElement);
