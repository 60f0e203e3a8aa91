// Text controls are native: `<input class="control">`. `aria-invalid` gives the look of a fault.
import { css, html, nothing, type TemplateResult } from "lit";
import { downIcon } from "./icons.ts";

/** A native `<select class="control">` with our arrow. `looks`: `narrow` in a row. */
export const selectBox = (select: TemplateResult, looks: "" | "narrow" = ""): TemplateResult =>
  html`<span class=${`select ${looks}`}>${select}${downIcon}</span>`;

/** The `dir` of a control that holds what a user writes: by what stands there; while it is empty it runs as the page does, which `auto` would not. */
export const dirOf = (text: string): "auto" | typeof nothing => (text ? "auto" : nothing);

/** Looks of `.control` (input, textarea, select), `.choice` (a native radio or checkbox with its words) and `.control-row`. */
export const controlStyles = css`
  .control {
    display: block;
    inline-size: 100%;
    min-inline-size: 0;
    min-block-size: calc(var(--_space) * 9);
    padding: calc(var(--_space) * 1.5) calc(var(--_space) * 2.5);
    border: 1px solid var(--_border-strong);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow: var(--_shadow-control);
    color: var(--_text);
    font-size: var(--_size);
    line-height: 1.45;
    text-align: start;
    appearance: none;
    transition:
      border-color var(--_duration),
      box-shadow var(--_duration);
  }

  .control::placeholder {
    color: color-mix(in oklab, var(--_muted) 88%, var(--_surface));
    opacity: 1;
  }

  .control:hover:not(:disabled, :focus) {
    border-color: var(--_track);
  }

  .control:focus,
  .control.focused {
    outline: 2px solid transparent;
    border-color: var(--_focus);
    box-shadow: 0 0 0 3px color-mix(in oklab, var(--_focus) 22%, transparent);
  }

  .control[aria-invalid="true"],
  .control.invalid {
    border-color: var(--_danger);
  }

  .control[aria-invalid="true"]:focus,
  .control.invalid.focused {
    box-shadow: 0 0 0 3px color-mix(in oklab, var(--_danger) 20%, transparent);
  }

  .control:disabled,
  .control.disabled {
    background: var(--_sunken);
    box-shadow: none;
    color: var(--_muted);
    cursor: not-allowed;
  }

  textarea.control {
    min-block-size: calc(var(--_space) * 22);
    resize: vertical;
    field-sizing: content;
    max-block-size: 60vb;
  }

  .control.mono {
    font-family: var(--_mono);
    font-size: var(--_size-s);
    tab-size: 2;
  }

  .select {
    position: relative;
    display: block;
    min-inline-size: 0;
  }

  .select > .control {
    padding-inline-end: calc(var(--_space) * 8);
    text-overflow: ellipsis;
  }

  .select > .icon {
    position: absolute;
    inset-block: 0;
    inset-inline-end: calc(var(--_space) * 2);
    margin-block: auto;
    color: var(--_muted);
    pointer-events: none;
  }

  select.control option {
    background: var(--_overlay);
    color: var(--_text);
  }

  .control-row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
  }

  .control-row > :is(.control, .select) {
    flex: 1 1 0;
    inline-size: auto;
  }

  .control-row > :is(.control, .select).narrow {
    flex: 0 1 calc(var(--_space) * 32);
  }

  .choices {
    display: grid;
    gap: calc(var(--_space) * 1);
  }

  .choice {
    display: flex;
    align-items: flex-start;
    gap: calc(var(--_space) * 2.5);
    min-block-size: calc(var(--_space) * 7);
    padding-block: calc(var(--_space) * 1);
    cursor: pointer;
  }

  .choice > input {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    margin-block-start: 0.16em;
    accent-color: var(--_accent);
    cursor: inherit;
  }

  .choice:has(:disabled) {
    color: var(--_muted);
    cursor: not-allowed;
  }

  input[type="date"],
  input[type="time"],
  input[type="datetime-local"] {
    font-variant-numeric: tabular-nums;
  }

  @media (forced-colors: active) {
    .control:focus,
    .control.focused {
      outline-color: Highlight;
    }
  }
`;
