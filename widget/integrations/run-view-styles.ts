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
    display: inline-flex;
    align-items: center;
    gap: var(--_space);
    justify-self: start;
    margin-inline-start: calc(var(--_space) * -1);
    color: var(--_muted);
    font-size: var(--_size-s);
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

  header .button {
    margin-inline-start: auto;
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

  summary {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_space) calc(var(--_space) * 3);
    min-block-size: 40px;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3.5);
    list-style: none;
    cursor: pointer;
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

  li > .step-error {
    padding-block: 0 calc(var(--_space) * 3);
    padding-inline: calc(var(--_space) * 10.5) calc(var(--_space) * 3.5);
  }

  details[open] + .step-error {
    display: none;
  }

  .payload {
    display: grid;
    gap: var(--_space);
    min-inline-size: 0;
  }

  .payload-name {
    color: var(--_muted);
    font-size: var(--_size-xs);
    font-weight: 500;
  }

  pre {
    max-block-size: 320px;
    padding: calc(var(--_space) * 2.5) calc(var(--_space) * 3);
    border-radius: var(--_radius);
    background: var(--_sunken);
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .more {
    margin-block-start: calc(var(--_space) * 3);
  }
`;
