import { css } from "lit";
import { base } from "../../styles/base.ts";
import { appIconStyles } from "../../ui/app-icon.ts";
import { badgeStyles } from "../../ui/badge.ts";
import { buttonStyles } from "../../ui/button.ts";
import { calloutStyles } from "../../ui/callout.ts";
import { emptyStyles } from "../../ui/empty.ts";
import { skeletonStyles } from "../../ui/skeleton.ts";

const view = css`
  :host {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
    container-type: inline-size;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
    min-block-size: 58px;
    box-sizing: border-box;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 5);
    border-block-end: 1px solid var(--_border);
  }

  .head {
    --tile-size: 24px;
  }

  .head h1 {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    min-inline-size: 0;
    font-size: var(--_size);
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .head .name {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    min-inline-size: 0;
    overflow: hidden;
  }

  .head .way {
    color: var(--_muted);
    font-weight: 500;
    text-decoration: none;
    white-space: nowrap;
  }

  .head .way:hover {
    color: var(--_text);
  }

  .head .way::after {
    content: "/";
    margin-inline-start: calc(var(--_space) * 2);
    color: var(--_border-strong);
  }

  .gap {
    flex: 1;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
    padding: calc(var(--_space) * 2) calc(var(--_space) * 5);
    border-block-end: 1px solid var(--_border);
  }

  .tabs {
    display: flex;
    gap: calc(var(--_space) * 5);
    padding-inline: calc(var(--_space) * 5);
    border-block-end: 1px solid var(--_border);
    overflow-x: auto;
    scrollbar-width: none;
  }

  .tabs a {
    flex: none;
    padding-block: calc(var(--_space) * 2.25);
    border-block-end: 2px solid transparent;
    color: var(--_muted);
    font-weight: 500;
    text-decoration: none;
  }

  .tabs a:hover {
    color: var(--_text);
  }

  .tabs a[aria-current] {
    border-color: var(--_accent);
    color: var(--_text);
  }

  .tabs .count {
    margin-inline-start: var(--_space);
    color: var(--_muted);
    font-size: var(--_size-xs);
    font-variant-numeric: tabular-nums;
  }

  /* Positioned, so that labels that are there to be read out do not stand below the page. */
  .scroll {
    position: relative;
    flex: 1;
    min-block-size: 0;
    overflow: auto;
  }

  .column {
    display: grid;
    align-content: start;
    gap: calc(var(--_space) * 6);
    max-inline-size: 860px;
    margin-inline: auto;
    padding: calc(var(--_space) * 6) calc(var(--_space) * 5) calc(var(--_space) * 12);
  }

  .column > * {
    min-inline-size: 0;
  }

  .wide {
    max-inline-size: 1120px;
  }

  section > h2,
  .group-title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
    margin-block-end: calc(var(--_space) * 2);
    font-size: var(--_size);
    font-weight: 600;
  }

  .panel {
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
  }

  .line {
    --tile-size: 28px;

    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
    min-block-size: 48px;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 4);
  }

  .line + .line {
    border-block-start: 1px solid var(--_border);
  }

  a.line {
    color: inherit;
    text-decoration: none;
  }

  a.line:hover {
    background: var(--_sunken);
  }

  .words {
    display: grid;
    flex: 1 1 160px;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .words strong {
    font-weight: 500;
  }

  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(170px, 1fr));
    gap: calc(var(--_space) * 4) calc(var(--_space) * 5);
  }

  .facts dt {
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .facts dd {
    overflow-wrap: anywhere;
  }

  .facts a.mono {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  .mono {
    font-family: var(--_mono);
    font-size: var(--_size-xs);
    overflow-wrap: anywhere;
  }

  .input {
    box-sizing: border-box;
    inline-size: 100%;
    min-block-size: var(--_control);
    padding: calc(var(--_space) * 1) calc(var(--_space) * 2.5);
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
  }

  .input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .input:focus-visible {
    outline-offset: 0;
  }

  textarea.input {
    min-block-size: calc(var(--_control) * 2.4);
    resize: vertical;
  }

  .input.code {
    font-family: var(--_mono);
    font-size: var(--_size-s);
  }

  .search {
    position: relative;
    flex: 1 1 150px;
    max-inline-size: 240px;
  }

  .search .icon {
    position: absolute;
    inset-block-start: 50%;
    inset-inline-start: 9px;
    translate: 0 -50%;
    color: var(--_muted);
    pointer-events: none;
  }

  .search .input {
    padding-inline-start: 32px;
  }

  .field {
    display: grid;
    gap: calc(var(--_space) * 1.5);
  }

  .field > label,
  .field > .label {
    font-size: var(--_size-s);
    font-weight: 500;
  }

  .field .help {
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .field .fault {
    color: var(--_danger);
    font-size: var(--_size-s);
  }

  .check {
    display: grid;
    place-items: center;
    inline-size: 24px;
    block-size: 24px;
    flex: none;
    border-radius: var(--_radius-s);
    appearance: none;
    cursor: pointer;
  }

  .check::before,
  .check::after {
    content: "";
    grid-area: 1 / 1;
  }

  .check::before {
    inline-size: 16px;
    block-size: 16px;
    border: 1.5px solid var(--_track);
    border-radius: 4px;
    background: var(--_surface);
  }

  .check:checked::before {
    border-color: var(--_accent);
    background: var(--_accent);
  }

  .check:checked::after {
    inline-size: 9px;
    block-size: 5px;
    border: solid var(--_on-accent);
    border-width: 0 0 2px 2px;
    rotate: -45deg;
    translate: 0 -1px;
  }

  @media (forced-colors: active) {
    .check {
      appearance: auto;
    }
  }

  .form {
    display: grid;
    gap: calc(var(--_space) * 4);
  }

  .tag {
    display: inline-block;
    max-inline-size: 16ch;
    padding: 1px calc(var(--_space) * 1.75);
    border: 1px solid var(--_border);
    border-radius: 99px;
    color: var(--_muted);
    font-size: var(--_size-xs);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    vertical-align: middle;
  }

  kbd {
    min-inline-size: 20px;
    padding: 1px 5px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_sunken);
    color: var(--_muted);
    font-family: inherit;
    font-size: var(--_size-xs);
    text-align: center;
  }

  .bones {
    display: grid;
    gap: calc(var(--_space) * 5);
    padding: calc(var(--_space) * 6) calc(var(--_space) * 5);
  }

  wa-select.choice {
    flex: 1 1 118px;
    min-inline-size: 0;
    max-inline-size: 148px;
    font-size: var(--_size-s);
  }

  inlay-combobox.choice {
    flex: 1 1 118px;
    max-inline-size: 220px;
    font-size: var(--_size-s);
  }

  wa-select.choice::part(combobox) {
    padding-inline: calc(var(--_space) * 2);
  }

  wa-select.choice::part(form-control-label) {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @container (max-width: 560px) {
    /* Where they do not all fit beside the title, all actions stand below it. */
    .head .gap.breaks {
      flex-basis: 100%;
    }

    .line {
      gap: calc(var(--_space) * 2);
      padding-inline: calc(var(--_space) * 3);
    }

    .words {
      flex-basis: 120px;
    }

    .stacked > .words {
      flex-basis: 100%;
    }

    /* A long name gives way to what can be done. */
    .head h1:has(.name) {
      flex: 1 1 55%;
    }

    .head h1:has(.name) ~ .gap {
      display: none;
    }

    .facts {
      grid-template-columns: repeat(auto-fill, minmax(130px, 1fr));
      gap: calc(var(--_space) * 3);
    }

    .head,
    .bar {
      padding-inline: calc(var(--_space) * 4);
    }

    .column {
      padding-inline: calc(var(--_space) * 4);
    }

    .tabs {
      padding-inline: calc(var(--_space) * 4);
    }

    .bar .search {
      flex-basis: 100%;
      max-inline-size: none;
    }

    .bar .choice {
      flex-basis: 40%;
      max-inline-size: none;
    }
  }
`;

/** What every view of the console adopts: the ground, the widget's small parts, and the console's own layout. */
export const viewStyles = [base, buttonStyles, badgeStyles, calloutStyles, emptyStyles, skeletonStyles, appIconStyles, view];
