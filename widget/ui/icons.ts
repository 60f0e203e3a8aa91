// Line icons on a 16 px grid, drawn for this project. Each is a template of its own, so that a bundle holds what it uses.
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

const draw = (paths: SVGTemplateResult, flips = false): TemplateResult =>
  html`<svg class=${flips ? "icon flips" : "icon"} viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const searchIcon = draw(svg`<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3 3"/>`);
export const closeIcon = draw(svg`<path d="m4 4 8 8M12 4l-8 8"/>`);
export const checkIcon = draw(svg`<path d="m3.25 8.5 3 3 6.5-7"/>`);
export const plusIcon = draw(svg`<path d="M8 3.25v9.5M3.25 8h9.5"/>`);
export const backIcon = draw(svg`<path d="M9.75 3.5 5.25 8l4.5 4.5"/>`, true);
export const forwardIcon = draw(svg`<path d="M6.25 3.5 10.75 8l-4.5 4.5"/>`, true);
export const downIcon = draw(svg`<path d="M3.75 6.25 8 10.5l4.25-4.25"/>`);
export const moreIcon = draw(
  svg`<g fill="currentColor" stroke="none"><circle cx="3.25" cy="8" r="1.25"/><circle cx="8" cy="8" r="1.25"/><circle cx="12.75" cy="8" r="1.25"/></g>`,
);
export const warningIcon = draw(svg`<path d="M8 2.25 14.25 13H1.75L8 2.25Z"/><path d="M8 6.5v3M8 11.2v.05"/>`);
export const infoIcon = draw(svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.25M8 5.2v.05"/>`);
export const errorIcon = draw(svg`<circle cx="8" cy="8" r="6"/><path d="M8 5v3.5M8 10.8v.05"/>`);
export const gridIcon = draw(
  svg`<rect x="2.5" y="2.5" width="4.25" height="4.25" rx="1"/><rect x="9.25" y="2.5" width="4.25" height="4.25" rx="1"/><rect x="2.5" y="9.25" width="4.25" height="4.25" rx="1"/><rect x="9.25" y="9.25" width="4.25" height="4.25" rx="1"/>`,
);
export const listIcon = draw(svg`<path d="M2.5 4h11M2.5 8h11M2.5 12h11"/>`);
export const refreshIcon = draw(svg`<path d="M13 8a5 5 0 1 1-1.6-3.65L13 5.75"/><path d="M13 2.75v3h-3"/>`);
export const copyIcon = draw(
  svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M3.5 10.5h-.25a.75.75 0 0 1-.75-.75v-6.5a.75.75 0 0 1 .75-.75h6.5a.75.75 0 0 1 .75.75v.25"/>`,
);
export const playIcon = draw(svg`<path d="M5 3.5v9l7-4.5-7-4.5Z"/>`, true);
export const editIcon = draw(svg`<path d="m10.75 2.75 2.5 2.5-7.5 7.5-3 .5.5-3 7.5-7.5Z"/>`);
export const trashIcon = draw(svg`<path d="M2.75 4.5h10.5M6.25 4.25v-1.5h3.5v1.5M4 4.5l.6 8.25h6.8L12 4.5"/>`);
export const clockIcon = draw(svg`<circle cx="8" cy="8" r="5.75"/><path d="M8 4.75V8l2.25 1.5"/>`);
export const boltIcon = draw(svg`<path d="M8.75 1.75 3.5 9h3.75l-.5 5.25L12.5 7H8.25l.5-5.25Z"/>`);
export const handIcon = draw(
  svg`<path d="M6 8.5V3.25a1 1 0 0 1 2 0V7.5l3.6.75a1.6 1.6 0 0 1 1.25 1.8l-.35 2.2a2 2 0 0 1-2 1.75H8a2.5 2.5 0 0 1-2-1L3.25 9.4a1 1 0 0 1 1.5-1.3L6 9.3"/>`,
);
export const webhookIcon = draw(
  svg`<circle cx="8" cy="4.25" r="2"/><circle cx="3.9" cy="11.5" r="2"/><circle cx="12.1" cy="11.5" r="2"/><path d="m7 6-2.1 3.75M9 6l2.1 3.75M5.9 11.5h4.2"/>`,
);
export const linkIcon = draw(
  svg`<path d="M6.75 9.25a2.75 2.75 0 0 0 3.9 0l2-2a2.75 2.75 0 0 0-3.9-3.9l-.75.75"/><path d="M9.25 6.75a2.75 2.75 0 0 0-3.9 0l-2 2a2.75 2.75 0 0 0 3.9 3.9l.75-.75"/>`,
);
export const openIcon = draw(
  svg`<path d="M9.25 2.75h4v4M13 3 7.75 8.25M11.75 9.5v3a.75.75 0 0 1-.75.75H3.5a.75.75 0 0 1-.75-.75V5a.75.75 0 0 1 .75-.75h3"/>`,
  true,
);
export const keyIcon = draw(svg`<circle cx="5.25" cy="10.75" r="2.75"/><path d="m7.25 8.75 6-6M11 5l1.75 1.75M9 7l1 1"/>`);
export const plugIcon = draw(svg`<path d="M5.75 2v3M10.25 2v3M4 5h8v2.25a4 4 0 0 1-8 0V5ZM8 11.25V14"/>`);
