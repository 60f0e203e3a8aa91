import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../define.ts";
import { base } from "../styles/base.ts";
import { buttonStyles } from "./button.ts";
import { moreIcon } from "./icons.ts";

/** A thing that a menu offers. `divided` puts a line above it. */
export interface MenuItem {
  label: string;
  icon?: TemplateResult;
  tone?: "danger";
  divided?: boolean;
  disabled?: boolean;
  run: () => void;
}

const GAP = 4;

/** A button with three dots that opens a list of actions: arrows, Home, End, first letters and Esc work as in any menu. */
export class MenuElement extends LitElement {
  static override styles = [
    base,
    buttonStyles,
    css`
      :host {
        display: inline-block;
      }

      [popover] {
        position: fixed;
        inset: auto;
        min-inline-size: 184px;
        max-inline-size: min(320px, calc(100vi - 16px));
        margin: 0;
        padding: var(--_space);
        border: 0;
        border-radius: calc(var(--_radius) + var(--_space));
        background: var(--_overlay);
        box-shadow: var(--_shadow-overlay);
        outline: 1px solid transparent; /* seen in forced colours, which take shadows away */
        color: var(--_text);
        font-size: var(--_size-s);
      }

      [role="menuitem"] {
        display: flex;
        align-items: center;
        gap: calc(var(--_space) * 2.5);
        inline-size: 100%;
        min-block-size: 32px;
        padding: var(--_space) calc(var(--_space) * 2.5);
        border: 0;
        border-radius: var(--_radius);
        background: none;
        text-align: start;
        cursor: pointer;
      }

      [role="menuitem"]:hover,
      [role="menuitem"]:focus {
        outline: 2px solid transparent;
        outline-offset: -2px;
        background: var(--_sunken);
      }

      [role="menuitem"]:disabled {
        background: none;
        opacity: 0.5;
        cursor: default;
      }

      [role="menuitem"] .icon {
        color: var(--_muted);
      }

      .danger,
      .danger .icon {
        color: var(--_danger);
      }

      hr {
        margin: var(--_space) calc(var(--_space) * -1);
        border: solid var(--_border);
        border-width: 1px 0 0;
      }
    `,
  ];

  /** Read out for the button. */
  @property() label = "";
  @property({ attribute: false }) items: MenuItem[] = [];

  @query("[popover]") private list?: HTMLElement;
  @query("button") private button?: HTMLElement;

  override render(): TemplateResult {
    return html`
      <button
        class="button ghost square compact"
        part="menu-button"
        type="button"
        aria-haspopup="menu"
        aria-expanded="false"
        aria-label=${this.label}
        @click=${this.#toggle}
        @keydown=${this.#openByKey}
      >
        ${moreIcon}
      </button>
      <div popover role="menu" part="menu" aria-label=${this.label} @toggle=${this.#toggled} @keydown=${this.#move}>
        ${this.items.map((item) => this.#renderItem(item))}
      </div>
    `;
  }

  #renderItem(item: MenuItem): TemplateResult {
    return html`${item.divided ? html`<hr />` : nothing}
      <button role="menuitem" tabindex="-1" type="button" class=${item.tone ?? ""} ?disabled=${item.disabled ?? false} @click=${() => this.#choose(item)}>
        ${item.icon ?? nothing} ${item.label}
      </button>`;
  }

  #toggle = () => this.list?.togglePopover();

  #openByKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.list?.showPopover();
  };

  #toggled = (event: ToggleEvent) => {
    const isOpen = event.newState === "open";
    this.button?.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    this.#place();
    this.#options[0]?.focus();
  };

  get #options(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)")];
  }

  /** Below the button and flush with its end; above or shifted where the window ends. */
  #place(): void {
    const { button, list } = this;
    if (!button || !list) return;
    const anchor = button.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const isRtl = getComputedStyle(this).direction === "rtl";
    const left = isRtl ? anchor.left : anchor.right - width;
    const top =
      anchor.bottom + GAP + height > innerHeight && anchor.top - GAP - height > 0 ? anchor.top - GAP - height : anchor.bottom + GAP;
    list.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    list.style.top = `${top}px`;
  }

  #move = (event: KeyboardEvent) => {
    const options = this.#options;
    const at = options.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const next = {
      ArrowDown: (at + 1) % options.length,
      ArrowUp: (at - 1 + options.length) % options.length,
      Home: 0,
      End: options.length - 1,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      options[next]?.focus();
    } else if (event.key === "Tab") {
      this.list?.hidePopover();
    } else if (event.key.length === 1) {
      const letter = event.key.toLocaleLowerCase();
      const following = [...options.slice(at + 1), ...options.slice(0, at + 1)];
      following.find((option) => option.textContent?.trim().toLocaleLowerCase().startsWith(letter))?.focus();
    }
  };

  #choose(item: MenuItem): void {
    this.list?.hidePopover();
    this.button?.focus();
    item.run();
  }
}

define("inlay-menu", MenuElement);
