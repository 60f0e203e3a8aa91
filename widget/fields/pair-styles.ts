import { css } from "lit";

/** Rows of two sides with an arrow between them, stacked where there is no room. Needs `base` and `buttonStyles`. */
export const pairStyles = css`
  :host {
    container-type: inline-size;
  }

  .pairs {
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) + var(--_space));
    background: var(--_surface);
  }

  .head,
  .pair {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 24px minmax(0, 1fr) 28px;
    gap: calc(var(--_space) * 2);
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3);
  }

  .head {
    padding-block: calc(var(--_space) * 2);
    border-block-end: 1px solid var(--_border);
    color: var(--_muted);
    font-size: var(--_size-xs);
    font-weight: 500;
  }

  .head > :nth-child(2) {
    grid-column: 3;
  }

  .head .both {
    display: none;
  }

  .pair {
    align-items: start;
  }

  .pair > :is(.arrow, .button) {
    block-size: calc(var(--_space) * 9);
  }

  .pair + .pair {
    padding-block-start: 0;
  }

  .pair.new {
    animation: pair-in calc(var(--_duration) * 1.3) ease-out;
  }

  .arrow {
    display: grid;
    place-items: center;
    color: var(--_track);
  }

  .pair.open .arrow {
    color: var(--_border-strong);
  }

  .side {
    min-inline-size: 0;
  }

  .fixed {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 calc(var(--_space) * 2);
    min-block-size: calc(var(--_space) * 9);
    align-content: center;
    padding-inline: calc(var(--_space) * 2.5);
    border-radius: var(--_radius);
    background: var(--_sunken);
    overflow-wrap: anywhere;
  }

  .fixed .type,
  .sample,
  .gone {
    color: var(--_muted);
    font-size: var(--_size-xs);
  }

  .sample,
  .gone {
    padding: var(--_space) calc(var(--_space) * 2.5) 0;
    overflow-wrap: anywhere;
  }

  .gone {
    color: var(--_warning);
  }

  .mode {
    margin-inline: calc(var(--_space) * 2.5);
    min-block-size: 24px;
    font-size: var(--_size-xs);
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--_space) * 2);
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3);
    border-block-start: 1px solid var(--_border);
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .waiting {
    display: grid;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 4) calc(var(--_space) * 3);
  }

  .blank {
    padding: calc(var(--_space) * 3);
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  @container (inline-size < 440px) {
    .head {
      grid-template-columns: minmax(0, 1fr);
    }

    .head > :nth-child(n + 2) {
      display: none;
    }

    .head .both {
      display: inline;
    }

    .pair {
      grid-template-columns: minmax(0, 1fr) 28px;
      gap: var(--_space) calc(var(--_space) * 2);
      padding-block: calc(var(--_space) * 3);
    }

    .pair + .pair {
      padding-block-start: calc(var(--_space) * 3);
      border-block-start: 1px solid var(--_border);
    }

    .pair > .side {
      grid-column: 1;
    }

    .arrow {
      grid-row: 2;
      justify-content: start;
      block-size: 16px;
      padding-inline-start: calc(var(--_space) * 2.5);
    }

    .arrow .icon {
      rotate: 90deg;
    }

    .arrow .icon:dir(rtl) {
      rotate: -90deg;
    }

    .pair > .arrow {
      block-size: 16px;
    }

    .pair > .button {
      grid-column: 2;
      grid-row: 3;
    }
  }

  @keyframes pair-in {
    from {
      opacity: 0;
      translate: 0 -4px;
    }
  }
`;
