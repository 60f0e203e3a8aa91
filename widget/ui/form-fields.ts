import { css } from "lit";
import { inputStyles } from "./form.ts";

/** Looks of plain native inputs (`.input`) with `.field`, `.label`, `.help` and `.fault`, for the small forms in dialogs. */
export const formStyles = css`
  ${inputStyles}

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

  .input[aria-invalid="true"] {
    border-color: var(--_danger);
  }

  .with-button {
    display: flex;
    gap: calc(var(--_space) * 2);
  }
`;
