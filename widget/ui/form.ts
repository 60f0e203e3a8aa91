import { css } from "lit";

/** Looks of a plain native input (`.input`). */
export const inputStyles = css`
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

  .input::-webkit-search-cancel-button {
    display: none;
  }
`;
