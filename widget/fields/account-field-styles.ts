import { css } from "lit";

/** For the account field: one card with a row an account. */
export const accountFieldStyles = css`
  .accounts {
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) + var(--_space));
    background: var(--_surface);
  }

  .account,
  .none,
  .waiting,
  .blank {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
    padding: calc(var(--_space) * 2.5) calc(var(--_space) * 3.5);
  }

  .account + *,
  .blank + * {
    border-block-start: 1px solid var(--_border);
  }

  .account.chosen {
    background: var(--_accent-soft);
  }

  .account > label {
    display: flex;
    flex: 1 1 200px;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 3);
    min-inline-size: 0;
    cursor: pointer;
  }

  .account input {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    accent-color: var(--_accent);
  }

  /* Under the words, past radio and icon. */
  @container (width < 420px) {
    .account .badge {
      margin-inline-start: calc(48px + var(--_space) * 6);
    }
  }

  .words {
    display: grid;
    flex: 1 1 8em;
    min-inline-size: 8em;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .name {
    font-weight: 500;
  }

  .meta,
  .none .words {
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .tile {
    --tile-size: 32px;
  }

  .waiting > div {
    display: grid;
    flex: 1;
    gap: calc(var(--_space) * 2);
  }

  .blank {
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .failed {
    color: var(--_warning);
  }

  .another {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    inline-size: 100%;
    min-block-size: calc(var(--_space) * 10);
    padding: 0 calc(var(--_space) * 3.5);
    border: 0;
    background: none;
    color: var(--_accent-text);
    font-size: var(--_size-s);
    font-weight: 500;
    text-align: start;
    cursor: pointer;
  }

  .another:hover {
    background: var(--_sunken);
  }

  .another:focus-visible {
    outline-offset: -2px;
  }
`;
