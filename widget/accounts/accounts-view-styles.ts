import { css } from "lit";

/** Layout of the accounts. */
export const accountsViewStyles = css`
  .head {
    display: flex;
    justify-content: flex-end;
    min-block-size: var(--_control);
    margin-block-end: calc(var(--_space) * 4);
  }

  .notice {
    margin-block-end: calc(var(--_space) * 4);
  }

  .accounts {
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
  }

  .account {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
    padding: calc(var(--_space) * 3.5) calc(var(--_space) * 4);
  }

  .account + .account {
    border-block-start: 1px solid var(--_border);
  }

  .account > .callout {
    flex: 1 1 100%;
  }

  .words {
    display: grid;
    flex: 1 1 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .words strong {
    font-weight: 500;
  }

  .words .bone {
    margin-block: 3px;
  }

  .apps {
    display: grid;
    gap: calc(var(--_space) * 2);
  }

  .app {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
    inline-size: 100%;
    padding: calc(var(--_space) * 2.5) calc(var(--_space) * 3);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: none;
    font-weight: 500;
    text-align: start;
    cursor: pointer;
    transition: background-color var(--_duration);
  }

  .app:hover {
    background: var(--_sunken);
  }

  @container (width < 480px) {
    .words {
      flex-basis: 50%;
    }

    /* On the next line, under the words; what does not fit beside it takes another. */
    .account > .badge {
      order: 1;
      margin-inline-start: calc(36px + var(--_space) * 3);
    }

    .account > :is(.button, .callout) {
      order: 1;
    }

    .account > .button {
      margin-inline-start: auto;
    }
  }
`;
