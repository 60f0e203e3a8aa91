import { css } from "lit";

/** For the preview: one card a block, its records in a table that scrolls by itself. */
export const setupPreviewStyles = css`
  :host {
    display: grid;
    gap: calc(var(--_space) * 4);
    min-inline-size: 0;
  }

  .problems {
    display: grid;
    gap: calc(var(--_space) * 2);
    margin-block-start: calc(var(--_space) * 1);
  }

  .problems li {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: var(--_space) calc(var(--_space) * 3);
  }

  .problems .link {
    flex: none;
    min-block-size: 24px;
  }

  .block {
    display: grid;
    gap: calc(var(--_space) * 3);
    min-inline-size: 0;
    padding: calc(var(--_space) * 4);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
  }

  .block > header {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
  }

  .mark {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    flex: none;
    border-radius: var(--_radius);
    background: var(--_sunken);
    color: var(--_muted);
  }

  .words {
    display: grid;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .words h3 {
    font-size: inherit;
  }

  .note,
  .words p,
  caption {
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .scroll {
    margin-inline: calc(var(--_space) * -4);
    margin-block-end: calc(var(--_space) * -4);
    border-block-start: 1px solid var(--_border);
    overflow-x: auto;
    overscroll-behavior-x: contain;
  }

  .scroll:focus-visible {
    outline-offset: -2px;
  }

  .scroll:not(:last-child) {
    margin-block-end: calc(var(--_space) * -3);
  }

  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: var(--_size-s);
  }

  caption {
    padding: calc(var(--_space) * 2.5) calc(var(--_space) * 4) calc(var(--_space) * 1);
    text-align: start;
  }

  caption strong {
    color: var(--_text);
    font-weight: 500;
  }

  th,
  td {
    padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
    max-inline-size: 260px;
    overflow: hidden;
    text-align: match-parent;
    text-align: -webkit-match-parent;
    text-overflow: ellipsis;
    vertical-align: top;
    white-space: nowrap;
  }

  th {
    font-weight: 500;
  }

  th small {
    display: block;
    color: var(--_muted);
    font-size: var(--_size-xs);
    font-weight: 400;
  }

  td {
    border-block-start: 1px solid var(--_border);
    font-variant-numeric: tabular-nums;
  }

  td.blank {
    color: var(--_muted);
    font-style: italic;
  }

  .waiting {
    display: grid;
    gap: calc(var(--_space) * 3);
  }
`;
