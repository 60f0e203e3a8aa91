import { css } from "lit";

/** Shelves of tiles, or of lines. */
export const homeStyles = css`
  .layout {
    display: flex;
    gap: 2px;
  }

  .layout [aria-pressed="true"] {
    background: var(--_sunken);
    color: var(--_text);
  }

  .sums {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    overflow: clip;
  }

  .sum {
    display: grid;
    padding: calc(var(--_space) * 3.5) calc(var(--_space) * 4);
    box-shadow: 1px 1px 0 var(--_border);
    color: var(--_muted);
    font-size: var(--_size-s);
    text-decoration: none;
  }

  .sum:hover {
    background: var(--_sunken);
  }

  .sum strong {
    color: var(--_text);
    font-size: calc(var(--_size) * 1.6);
    font-weight: 600;
    letter-spacing: -0.02em;
  }

  .sum.bad strong {
    color: var(--_danger);
  }

  .sum.warn strong {
    color: var(--_warning);
  }

  .group-title .icon {
    color: var(--_muted);
  }

  .tiles-grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(260px, 1fr));
    gap: calc(var(--_space) * 3);
  }

  .flow-tile {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    grid-template-rows: auto 1fr;
    align-items: center;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 4);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
    transition:
      border-color var(--_duration),
      box-shadow var(--_duration);
  }

  .flow-tile:hover {
    border-color: var(--_border-strong);
    box-shadow: var(--_shadow-raised);
  }

  .flow-tile .facts-line {
    grid-column: 1 / -1;
    align-self: end;
  }

  .facts-line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_space) calc(var(--_space) * 2);
    min-block-size: 22px;
  }

  .flow-tile .changed {
    margin-inline-start: auto;
  }

  .line {
    position: relative;
  }

  .line .facts-line {
    flex: 1 1 240px;
    order: 1;
  }

  .line inlay-menu {
    order: 2;
  }

  .open {
    color: inherit;
    font-weight: 500;
    text-decoration: none;
  }

  .open::after {
    content: "";
    position: absolute;
    inset: 0;
    border-radius: var(--_radius-l);
  }

  .open:focus-visible {
    outline: none;
  }

  .open:focus-visible::after {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  inlay-menu {
    position: relative;
    z-index: 1;
  }

  .dragged {
    opacity: 0.4;
  }

  /* Where it would be put: between two tiles, or two lines. */
  :is(.flow-tile, .line):is(.over, .over-end)::before {
    content: "";
    position: absolute;
    inset-block: 0;
    inset-inline: calc(var(--_space) * -1.5 - 2px) auto;
    inline-size: 2px;
    border-radius: 1px;
    background: var(--_accent);
  }

  .flow-tile.over-end::before {
    inset-inline: auto calc(var(--_space) * -1.5 - 2px);
  }

  .line.over::before {
    inset-block: -1px auto;
    inset-inline: 0;
    inline-size: auto;
    block-size: 2px;
  }

  .line.over-end::before {
    inset-block: auto -1px;
    inset-inline: 0;
    inline-size: auto;
    block-size: 2px;
  }

  .drop-hint.over {
    border-color: var(--_accent);
    background: var(--_accent-soft);
  }

  .drop-hint {
    padding: calc(var(--_space) * 5);
    border: 1px dashed var(--_border-strong);
    border-radius: var(--_radius-l);
  }

  .more {
    margin-block-start: calc(var(--_space) * 3);
  }

  .naming {
    display: flex;
    gap: calc(var(--_space) * 2);
    max-inline-size: 420px;
    margin-block-end: calc(var(--_space) * 2);
  }
`;
