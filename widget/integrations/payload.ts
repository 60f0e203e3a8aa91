import { css, html, nothing, type TemplateResult } from "lit";
import { printPayload } from "./print-payload.ts";

/** An empty object is what a run without input begins with. */
const isNothing = (value: unknown) =>
  value === undefined || value === null || (typeof value === "object" && JSON.stringify(value) === "{}");

/** What went in or out, under its name; nothing where there was nothing. */
export const payload = (name: string, value: unknown): TemplateResult | typeof nothing =>
  isNothing(value)
    ? nothing
    : html`<div class="payload">
        <div class="payload-name">${name}</div>
        <pre dir="ltr" tabindex="0" role="group" aria-label=${name}>${printPayload(value)}</pre>
      </div>`;

/** For {@link payload}; needs `base`. */
export const payloadStyles = css`
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
`;
