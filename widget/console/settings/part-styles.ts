import { css } from "lit";
import { viewStyles } from "../ui/view-styles.ts";

/** What the parts of the settings adopt. */
export const partStyles = [
  ...viewStyles,
  css`
    .intro {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: calc(var(--_space) * 3);
    }

    .intro p {
      flex: 1 1 320px;
      color: var(--_muted);
    }

    .adding {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      align-items: end;
      gap: calc(var(--_space) * 3);
      padding: calc(var(--_space) * 4);
    }

    .adding .whole {
      grid-column: 1 / -1;
    }

    .adding .ends {
      display: flex;
      gap: calc(var(--_space) * 2);
    }

    .once {
      display: grid;
      gap: calc(var(--_space) * 2);
    }

    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: calc(var(--_space) * 2) calc(var(--_space) * 4);
      margin: 0;
      padding: 0;
      border: 0;
    }

    fieldset label {
      display: flex;
      align-items: center;
      gap: calc(var(--_space) * 1.5);
    }

    legend {
      margin-block-end: var(--_space);
      padding: 0;
      font-size: var(--_size-s);
      font-weight: 500;
    }

    select.input {
      appearance: auto;
    }

    .line select.input {
      inline-size: auto;
    }
  `,
];
