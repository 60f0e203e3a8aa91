import { css } from "lit";

/** Layout of the steps of a run, one inside the other. */
export const stepListStyles = css`
  .steps {
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
    font-size: var(--_size-s);
    overflow: clip;
  }

  .steps > li + li {
    border-block-start: 1px solid var(--_border);
  }

  .summary {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_space) calc(var(--_space) * 3);
    min-block-size: 40px;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3.5);
    list-style: none;
  }

  summary {
    cursor: pointer;
  }

  /* There is nothing to open. */
  .bare .turn {
    visibility: hidden;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary:hover {
    background: var(--_sunken);
  }

  summary:focus-visible {
    outline-offset: -2px;
  }

  .turn {
    color: var(--_muted);
  }

  .turn .icon {
    transition: rotate var(--_duration);
  }

  details[open] .turn .icon {
    rotate: 90deg;
  }

  details[open] .turn .icon:dir(rtl) {
    rotate: -90deg;
  }

  .step-name {
    flex: 1 1 120px;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  /* At the end also on a line of their own. */
  .facts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 calc(var(--_space) * 3);
    margin-inline-start: auto;
  }

  .step-name strong {
    font-weight: 500;
  }

  .step-body {
    display: grid;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 1) calc(var(--_space) * 3.5) calc(var(--_space) * 4);
  }

  .step-error {
    color: var(--_danger);
    overflow-wrap: anywhere;
  }

  .step-detail {
    color: var(--_muted);
    font-family: var(--_mono);
    font-size: var(--_size-xs);
    overflow-wrap: anywhere;
  }

  li > .step-error {
    padding-block: 0 calc(var(--_space) * 3);
    padding-inline: calc(var(--_space) * 10.5) calc(var(--_space) * 3.5);
  }

  details[open] + .step-error {
    display: none;
  }

  details .steps {
    margin-inline: calc(var(--_space) * 6) calc(var(--_space) * 3.5);
    margin-block-end: calc(var(--_space) * 3.5);
    border-radius: var(--_radius);
  }

  .failed {
    color: var(--_danger);
  }

  .rest {
    padding: calc(var(--_space) * 2.5) calc(var(--_space) * 3.5);
  }

  @container (width < 560px) {
    details .steps {
      margin-inline: calc(var(--_space) * 3);
    }
  }
`;
