import { css } from "lit";

/** For the combobox: the box with its chips, and the list in the top layer. */
export const comboboxStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }

  .box {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_space);
    padding-block: calc(var(--_space) * 1 - 1px);
    padding-inline: calc(var(--_space) * 1 - 1px) calc(var(--_space) * 8);
    position: relative;
    cursor: text;
  }

  .box.disabled {
    cursor: not-allowed;
  }

  .box.clearable {
    padding-inline-end: calc(var(--_space) * 14);
  }

  input {
    flex: 1 1 4em;
    min-inline-size: 0;
    min-block-size: calc(var(--_space) * 7);
    padding: 0 calc(var(--_space) * 1.5);
    border: 0;
    border-radius: var(--_radius-s);
    outline: none;
    background: none;
    text-align: match-parent;
    text-align: -webkit-match-parent;
    text-overflow: ellipsis;
    cursor: inherit;
  }

  input:focus-visible {
    outline: none;
  }

  input::placeholder {
    color: color-mix(in oklab, var(--_muted) 88%, var(--_surface));
    opacity: 1;
  }

  :host([unnamed]) :is(.chip, input:not(:placeholder-shown)) {
    color: var(--_muted);
    font-family: var(--_mono);
  }

  .vanished input {
    color: var(--_muted);
    text-decoration: line-through;
  }

  .tools {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: calc(var(--_space) * 1);
    display: flex;
    align-items: center;
    block-size: min(100%, calc(var(--_space) * 9));
    color: var(--_muted);
  }

  .tools > span {
    display: grid;
    place-items: center;
    inline-size: 24px;
    pointer-events: none;
  }

  .tool {
    display: grid;
    place-items: center;
    inline-size: 24px;
    block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_muted);
    cursor: pointer;
  }

  .tool:hover {
    background: var(--_sunken);
    color: var(--_text);
  }

  .chip {
    display: inline-flex;
    align-items: center;
    min-inline-size: 0;
    max-inline-size: 100%;
    padding-inline-start: calc(var(--_space) * 2);
    border-radius: var(--_radius-s);
    background: var(--_sunken);
    font-size: var(--_size-s);
    line-height: 1.4;
  }

  .chip > span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .chip.vanished > span {
    color: var(--_muted);
    text-decoration: line-through;
  }

  .chip .tool:hover {
    background: var(--_border);
  }

  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    border: 0;
    border-radius: calc(var(--_radius) + var(--_space));
    background: var(--_overlay);
    box-shadow: var(--_shadow-overlay);
    outline: 1px solid transparent; /* seen in forced colours, which take shadows away */
    color: var(--_text);
    font-size: var(--_size-s);
    line-height: 1.4;
    scrollbar-width: thin;
  }

  [popover]:popover-open {
    animation: list-in var(--_duration) ease-out;
  }

  [role="listbox"] {
    padding: var(--_space);
  }

  .group {
    padding: calc(var(--_space) * 2) calc(var(--_space) * 2.5) var(--_space);
    color: var(--_muted);
    font-size: var(--_size-xs);
    font-weight: 500;
  }

  [role="option"] {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    min-block-size: 32px;
    padding: var(--_space) calc(var(--_space) * 2.5);
    border-radius: var(--_radius);
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  [role="option"].active {
    outline: 2px solid transparent;
    outline-offset: -2px;
    background: var(--_sunken);
  }

  [role="option"] > .label {
    flex: 1;
    min-inline-size: 0;
  }

  [role="option"] > .detail {
    max-inline-size: 50%;
    overflow: hidden;
    color: var(--_muted);
    font-size: var(--_size-xs);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  [role="option"] > .icon {
    color: var(--_accent-text);
  }

  [role="option"][aria-selected="true"] {
    font-weight: 500;
  }

  .note {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2.5);
    min-block-size: 40px;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3.5);
    color: var(--_muted);
  }

  @keyframes list-in {
    from {
      opacity: 0;
      translate: 0 -4px;
    }
  }
`;
