import { html, type SVGTemplateResult, type TemplateResult } from "lit";

/** A line icon on a 16 px grid; `flips`: it points, and turns with the direction of the text. */
export const drawIcon = (paths: SVGTemplateResult, flips = false): TemplateResult =>
  html`<svg class=${flips ? "icon flips" : "icon"} viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;
