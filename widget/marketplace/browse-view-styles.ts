import { css } from "lit";

/** Layout of the list of flows with its search and filters. */
export const browseViewStyles = css`
  .toolbar {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
  }

  .search {
    position: relative;
    flex: 1 0 120px;
    max-inline-size: 360px;
  }

  .search > .icon {
    position: absolute;
    inset-block-start: calc(50% - 8px);
    inset-inline-start: calc(var(--_space) * 2.5);
    color: var(--_muted);
    pointer-events: none;
  }

  .search .input {
    padding-inline: calc(var(--_space) * 8.5);
  }

  .search .button {
    position: absolute;
    inset-block-start: calc(50% - var(--_space) * 3.5);
    inset-inline-end: 3px;
  }

  .search + * {
    margin-inline-start: auto;
  }

  .sort {
    position: relative;
    min-inline-size: 0;
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .sort select {
    max-inline-size: 100%;
    min-block-size: var(--_control);
    padding-inline: var(--_space) calc(var(--_space) * 5);
    border: 0;
    border-radius: var(--_radius);
    background: transparent;
    appearance: none;
    cursor: pointer;
  }

  .sort option {
    background: var(--_overlay);
    color: var(--_text);
  }

  .sort::after {
    content: "";
    position: absolute;
    inset-block-start: calc(50% - 4px);
    inset-inline-end: calc(var(--_space) * 1.5);
    inline-size: 5px;
    block-size: 5px;
    border: solid currentColor;
    border-width: 0 1.5px 1.5px 0;
    rotate: 45deg;
    pointer-events: none;
  }

  .layouts {
    display: flex;
    padding: 2px;
    border-radius: var(--_radius);
    background: var(--_sunken);
  }

  .layouts .button[aria-pressed="true"] {
    background: var(--_surface);
    box-shadow: var(--_shadow-control);
    color: var(--_text);
  }

  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--_space) * 1.5);
    min-block-size: 28px;
    margin-block-start: calc(var(--_space) * 3);
  }

  .filters .divider {
    flex: none;
    margin: var(--_space);
    border-inline-start: 1px solid var(--_border);
  }

  .results {
    display: grid;
    gap: calc(var(--_space) * 6);
    margin-block-start: calc(var(--_space) * 5);
    transition: opacity var(--_duration);
  }

  /* An answer that comes at once changes nothing but the cards. */
  .results[aria-busy="true"] {
    opacity: 0.6;
    transition-delay: 250ms;
  }

  .group > h3 {
    margin-block-end: calc(var(--_space) * 2.5);
    color: var(--_muted);
    font-size: var(--_size-s);
    font-weight: 500;
  }

  .more {
    justify-self: center;
  }

  @container (width < 560px) {
    .filters {
      flex-wrap: nowrap;
      overflow-x: auto;
      scrollbar-width: none;
    }

    .chip {
      flex: none;
      outline-offset: -2px;
    }
  }
`;
