import { css } from "lit";

/** Layout of the flow page. */
export const flowViewStyles = css`
  .flow,
  .back + .callout {
    margin-block-start: calc(var(--_space) * 4);
  }

  header {
    --tile-size: 44px;

    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 3) calc(var(--_space) * 4);
    padding-block-end: calc(var(--_space) * 6);
    border-block-end: 1px solid var(--_border);
  }

  .title {
    flex: 1 1 220px;
    min-inline-size: 0;
  }

  .title .bone {
    margin-block: 5px;
  }

  h2 {
    font-size: var(--_size-xl);
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }

  .title p {
    max-inline-size: 60ch;
    text-wrap: pretty;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: calc(var(--_space) * 7) calc(var(--_space) * 10);
    margin-block-start: calc(var(--_space) * 6);
  }

  .column {
    display: grid;
    align-content: start;
    gap: calc(var(--_space) * 6);
  }

  h3 {
    margin-block-end: calc(var(--_space) * 2.5);
    color: var(--_muted);
    font-size: var(--_size-s);
    font-weight: 500;
  }

  .lines {
    display: grid;
    gap: calc(var(--_space) * 3.5);
  }

  .line {
    display: flex;
    align-items: flex-start;
    gap: calc(var(--_space) * 3);
  }

  .line-icon {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    flex: none;
    border-radius: var(--_radius);
    background: var(--_sunken);
    color: var(--_muted);
  }

  .line-words {
    display: grid;
    flex: 1;
    justify-items: start;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .line-words strong {
    font-weight: 500;
  }

  .line-words small {
    inline-size: 100%;
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .line-words .badge {
    margin-block-start: 2px;
  }

  .boxed {
    gap: 0;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
  }

  .boxed .line {
    align-items: center;
    padding: calc(var(--_space) * 3);
  }

  .boxed .line + .line {
    border-block-start: 1px solid var(--_border);
  }

  .boxed .tile {
    --tile-size: 32px;
  }

  .done {
    display: grid;
    place-items: center;
    inline-size: 22px;
    block-size: 22px;
    flex: none;
    border-radius: 50%;
    background: var(--_success-soft);
    color: var(--_success);
  }

  .done .icon {
    inline-size: 13px;
    block-size: 13px;
  }

  @container (width < 640px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }

    header > .button {
      flex: 1 1 100%;
    }
  }

  .uses {
    --tile-size: 18px;

    display: flex;
    flex-wrap: wrap;
    gap: var(--_space) calc(var(--_space) * 3);
    margin-block-start: calc(var(--_space) * 1.5);
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .use {
    display: inline-flex;
    align-items: center;
    gap: calc(var(--_space) * 1.5);
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .access strong {
    font-weight: 500;
  }

  .access dl {
    display: grid;
    gap: var(--_space);
    margin-block-start: var(--_space);
    font-size: var(--_size-s);
  }

  .access dl > div {
    display: grid;
    grid-template-columns: minmax(84px, auto) minmax(0, 1fr);
    gap: calc(var(--_space) * 2);
  }

  .access dt {
    color: var(--_muted);
  }

  .access dd {
    overflow-wrap: anywhere;
  }
`;
