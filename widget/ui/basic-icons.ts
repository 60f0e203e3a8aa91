// The icons of the first script; the others are in icons.ts, so that the list of flows does not carry them.
import { svg } from "lit";
import { drawIcon } from "./draw-icon.ts";

export const searchIcon = drawIcon(svg`<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3 3"/>`);
export const closeIcon = drawIcon(svg`<path d="m4 4 8 8M12 4l-8 8"/>`);
export const checkIcon = drawIcon(svg`<path d="m3.25 8.5 3 3 6.5-7"/>`);
export const warningIcon = drawIcon(svg`<path d="M8 2.25 14.25 13H1.75L8 2.25Z"/><path d="M8 6.5v3M8 11.2v.05"/>`);
export const infoIcon = drawIcon(svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.25M8 5.2v.05"/>`);
export const errorIcon = drawIcon(svg`<circle cx="8" cy="8" r="6"/><path d="M8 5v3.5M8 10.8v.05"/>`);
export const gridIcon = drawIcon(
  svg`<rect x="2.5" y="2.5" width="4.25" height="4.25" rx="1"/><rect x="9.25" y="2.5" width="4.25" height="4.25" rx="1"/><rect x="2.5" y="9.25" width="4.25" height="4.25" rx="1"/><rect x="9.25" y="9.25" width="4.25" height="4.25" rx="1"/>`,
);
export const listIcon = drawIcon(svg`<path d="M2.5 4h11M2.5 8h11M2.5 12h11"/>`);
export const plugIcon = drawIcon(svg`<path d="M5.75 2v3M10.25 2v3M4 5h8v2.25a4 4 0 0 1-8 0V5ZM8 11.25V14"/>`);
