import { css } from "lit";

/** Layout of a run and its steps. */
export const runViewStyles = css`
  :host {
    display: grid;
    gap: calc(var(--_space) * 4);
    justify-items: stretch;
    margin-block-start: calc(var(--_space) * 3);
  }

  .back {
    justify-self: start;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 3);
  }

  h3 {
    font-size: var(--_size-l);
  }

  /* What follows stands at the end of the line, or at the beginning of one of its own. */
  header .badge {
    margin-inline-end: auto;
  }

  dl {
    display: flex;
    flex-wrap: wrap;
    gap: calc(var(--_space) * 3) calc(var(--_space) * 8);
    font-size: var(--_size-s);
  }

  dt {
    color: var(--_muted);
  }

  section > h4 {
    margin-block-end: calc(var(--_space) * 2);
    color: var(--_muted);
    font-size: var(--_size-s);
    font-weight: 500;
  }

  .more {
    margin-block-start: calc(var(--_space) * 3);
  }
`;
