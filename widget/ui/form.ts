import { css } from "lit";

/** Looks of plain native inputs (`.input`) with `.field`, `.label`, `.help` and `.fault`, for the small forms in dialogs. */
export const formStyles = css`
  .fields {
    display: grid;
    gap: calc(var(--_space) * 4);
  }

  .field {
    display: grid;
    gap: calc(var(--_space) * 1.5);
  }

  .label {
    font-size: var(--_size-s);
    font-weight: 500;
  }

  .help {
    color: var(--_muted);
    font-size: var(--_size-s);
    text-wrap: pretty;
  }

  .fault {
    display: flex;
    gap: calc(var(--_space) * 1.5);
    color: var(--_danger);
    font-size: var(--_size-s);
  }

  .fault .icon {
    margin-block-start: 0.15em;
  }

  .input {
    inline-size: 100%;
    min-block-size: var(--_control);
    padding: calc(var(--_space) * 1.25) calc(var(--_space) * 2.5);
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    line-height: 1.4;
    transition: border-color var(--_duration);
  }

  .input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .input:hover {
    border-color: var(--_track);
  }

  .input:focus {
    border-color: var(--_focus);
    outline: 2px solid var(--_focus);
    outline-offset: -1px;
  }

  .input[aria-invalid="true"] {
    border-color: var(--_danger);
  }

  .input::-webkit-search-cancel-button {
    display: none;
  }

  .with-button {
    display: flex;
    gap: calc(var(--_space) * 2);
  }
`;
