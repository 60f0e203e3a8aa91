import { css } from "lit";

/** Layout of an integration's row. */
export const integrationRowStyles = css`
  .row {
    display: grid;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 4);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
  }

  header {
    --tile-size: 32px;

    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
  }

  .title {
    flex: 1 1 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .name {
    min-block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    font-weight: 600;
    text-align: start;
    cursor: pointer;
  }

  .name:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
    text-decoration-color: var(--_border-strong);
  }

  .blocks {
    display: grid;
    border-block-start: 1px solid var(--_border);
    margin-inline: calc(var(--_space) * -4);
    margin-block-end: calc(var(--_space) * -4);
  }

  .block {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 1) calc(var(--_space) * 2.5);
    min-block-size: 44px;
    padding: calc(var(--_space) * 1.5) calc(var(--_space) * 4);
    font-size: var(--_size-s);
  }

  .block + .block {
    border-block-start: 1px solid var(--_border);
  }

  .block-icon {
    color: var(--_muted);
  }

  .block-name {
    flex: 1 1 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .block-state {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0 calc(var(--_space) * 2.5);
  }

  .last-run {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 calc(var(--_space) * 2.5);
    min-block-size: 24px;
    margin-inline: calc(var(--_space) * -1.5);
    padding: 0 calc(var(--_space) * 1.5);
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_muted);
    cursor: pointer;
    transition: background-color var(--_duration);
  }

  .last-run:hover {
    background: var(--_sunken);
    color: var(--_text);
  }

  @container (width < 560px) {
    header {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto auto;
    }

    header > .badge {
      grid-row: 2;
      grid-column: 2 / -1;
      justify-self: start;
    }

    .tiles .tile + .tile {
      display: none;
    }

    .block {
      flex-wrap: wrap;
      padding-block: calc(var(--_space) * 2.5);
    }

    .block-state {
      order: 1;
      flex: 1 0 calc(100% - 26px);
      justify-content: flex-start;
      margin-inline-start: 26px;
    }
  }
`;
