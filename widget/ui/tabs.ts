import { css, html, nothing, type TemplateResult } from "lit";

export interface Tab<Key extends string> {
  key: Key;
  label: string;
  /** Read out after the label; shown as a dot. */
  mark?: string | undefined;
}

export interface Tabs<Key extends string> {
  label: string;
  tabs: Tab<Key>[];
  selected: Key;
  onSelect: (key: Key) => void;
}

/** A row of tabs: one is selected and in the tab order, arrows, Home and End move. The panel has the id `panel`. */
export function tabs<Key extends string>({ label, tabs, selected, onSelect }: Tabs<Key>): TemplateResult {
  const move = (event: KeyboardEvent) => {
    const isRtl = getComputedStyle(event.currentTarget as Element).direction === "rtl";
    const at = tabs.findIndex(({ key }) => key === selected);
    const step = { ArrowRight: isRtl ? -1 : 1, ArrowLeft: isRtl ? 1 : -1 }[event.key];
    const to = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step && (at + step + tabs.length) % tabs.length;
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    onSelect(next.key);
    (event.currentTarget as Element).querySelectorAll<HTMLElement>("[role=tab]")[to ?? 0]?.focus();
  };
  return html`<div class="tabs" part="tabs" role="tablist" aria-label=${label} @keydown=${move}>
    ${tabs.map(({ key, label: text, mark }) => {
      const isSelected = key === selected;
      return html`<button
        class="tab"
        part="tab"
        type="button"
        role="tab"
        id="tab-${key}"
        aria-controls="panel"
        aria-selected=${isSelected ? "true" : "false"}
        tabindex=${isSelected ? 0 : -1}
        @click=${() => onSelect(key)}
      >
        ${text}${mark ? html`<span class="tab-mark"><span class="visually-hidden">${mark}</span></span>` : nothing}
      </button>`;
    })}
  </div>`;
}

/** For {@link tabs}; needs `base`. */
export const tabsStyles = css`
  .tabs {
    display: flex;
    gap: calc(var(--_space) * 3);
    border-block-end: 1px solid var(--_border);
    overflow-x: auto;
    scrollbar-width: none;
  }

  .tab {
    position: relative;
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 1.5);
    padding: calc(var(--_space) * 2.5) var(--_space);
    border: 0;
    background: none;
    color: var(--_muted);
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
    transition: color var(--_duration);
  }

  .tab::after {
    content: "";
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    block-size: 2px;
    border-radius: 2px 2px 0 0;
    background: transparent;
    transition: background-color var(--_duration);
  }

  .tab:hover,
  .tab[aria-selected="true"] {
    color: var(--_text);
  }

  .tab[aria-selected="true"]::after {
    background: var(--_accent);
  }

  .tab:focus-visible {
    outline-offset: -2px;
    border-radius: var(--_radius-s);
  }

  .tab-mark {
    border: 3.5px solid var(--_warning);
    border-radius: 50%;
  }

  @media (forced-colors: active) {
    .tab[aria-selected="true"]::after {
      background: Highlight;
    }
  }
`;
