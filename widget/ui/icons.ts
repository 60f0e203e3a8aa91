// Line icons on a 16 px grid, drawn for this project.
import { svg } from "lit";
import { drawIcon } from "./draw-icon.ts";

export { checkIcon, closeIcon, errorIcon, gridIcon, infoIcon, listIcon, plugIcon, searchIcon, warningIcon } from "./basic-icons.ts";

export const folderIcon = drawIcon(
  svg`<path d="M2.25 12.25v-8a.75.75 0 0 1 .75-.75h3.1l1.4 1.75h5.5a.75.75 0 0 1 .75.75v6.25a.75.75 0 0 1-.75.75H3a.75.75 0 0 1-.75-.75Z"/>`,
);
export const plusIcon = drawIcon(svg`<path d="M8 3.25v9.5M3.25 8h9.5"/>`);
export const backIcon = drawIcon(svg`<path d="M9.75 3.5 5.25 8l4.5 4.5"/>`, true);
export const forwardIcon = drawIcon(svg`<path d="M6.25 3.5 10.75 8l-4.5 4.5"/>`, true);
export const downIcon = drawIcon(svg`<path d="M3.75 6.25 8 10.5l4.25-4.25"/>`);
export const moreIcon = drawIcon(
  svg`<g fill="currentColor" stroke="none"><circle cx="3.25" cy="8" r="1.25"/><circle cx="8" cy="8" r="1.25"/><circle cx="12.75" cy="8" r="1.25"/></g>`,
);
export const refreshIcon = drawIcon(svg`<path d="M13 8a5 5 0 1 1-1.6-3.65L13 5.75"/><path d="M13 2.75v3h-3"/>`);
export const copyIcon = drawIcon(
  svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M3.5 10.5h-.25a.75.75 0 0 1-.75-.75v-6.5a.75.75 0 0 1 .75-.75h6.5a.75.75 0 0 1 .75.75v.25"/>`,
);
export const playIcon = drawIcon(svg`<path d="M5 3.5v9l7-4.5-7-4.5Z"/>`);
export const editIcon = drawIcon(svg`<path d="m10.75 2.75 2.5 2.5-7.5 7.5-3 .5.5-3 7.5-7.5Z"/>`);
export const trashIcon = drawIcon(svg`<path d="M2.75 4.5h10.5M6.25 4.25v-1.5h3.5v1.5M4 4.5l.6 8.25h6.8L12 4.5"/>`);
export const clockIcon = drawIcon(svg`<circle cx="8" cy="8" r="5.75"/><path d="M8 4.75V8l2.25 1.5"/>`);
export const boltIcon = drawIcon(svg`<path d="M8.75 1.75 3.5 9h3.75l-.5 5.25L12.5 7H8.25l.5-5.25Z"/>`);
export const handIcon = drawIcon(
  svg`<path d="M6 8.5V3.25a1 1 0 0 1 2 0V7.5l3.6.75a1.6 1.6 0 0 1 1.25 1.8l-.35 2.2a2 2 0 0 1-2 1.75H8a2.5 2.5 0 0 1-2-1L3.25 9.4a1 1 0 0 1 1.5-1.3L6 9.3"/>`,
);
export const webhookIcon = drawIcon(
  svg`<circle cx="8" cy="4.25" r="2"/><circle cx="3.9" cy="11.5" r="2"/><circle cx="12.1" cy="11.5" r="2"/><path d="m7 6-2.1 3.75M9 6l2.1 3.75M5.9 11.5h4.2"/>`,
);
export const linkIcon = drawIcon(
  svg`<path d="M6.75 9.25a2.75 2.75 0 0 0 3.9 0l2-2a2.75 2.75 0 0 0-3.9-3.9l-.75.75"/><path d="M9.25 6.75a2.75 2.75 0 0 0-3.9 0l-2 2a2.75 2.75 0 0 0 3.9 3.9l.75-.75"/>`,
);
export const openIcon = drawIcon(
  svg`<path d="M9.25 2.75h4v4M13 3 7.75 8.25M11.75 9.5v3a.75.75 0 0 1-.75.75H3.5a.75.75 0 0 1-.75-.75V5a.75.75 0 0 1 .75-.75h3"/>`,
  true,
);
export const keyIcon = drawIcon(svg`<circle cx="5.25" cy="10.75" r="2.75"/><path d="m7.25 8.75 6-6M11 5l1.75 1.75M9 7l1 1"/>`);
