// Line icons of the console on a 16 px grid, drawn for this project.
import { svg } from "lit";
import { drawIcon } from "../../ui/draw-icon.ts";

export const homeIcon = drawIcon(svg`<path d="M2.75 7.25 8 2.75l5.25 4.5v6H9.75v-3.5h-3.5v3.5h-3.5v-6Z"/>`);
export const flowIcon = drawIcon(
  svg`<rect x="2.25" y="2.5" width="4.5" height="3.5" rx="1"/><rect x="9.25" y="10" width="4.5" height="3.5" rx="1"/><path d="M6.75 4.25h2a2 2 0 0 1 2 2V10"/>`,
);
export const runsIcon = drawIcon(svg`<path d="M2.25 8h2.5l1.75-4.5 3 9L11.25 8h2.5"/>`);
export const chartIcon = drawIcon(svg`<path d="M2.5 2.75v10.5h11"/><path d="m5 9.75 2.5-3 2 1.75 3.25-4"/>`);
export const usersIcon = drawIcon(
  svg`<circle cx="6" cy="5.5" r="2.25"/><path d="M1.9 13c.3-2.3 2-3.75 4.1-3.75S9.8 10.7 10.1 13"/><path d="M10.5 3.5a2.1 2.1 0 0 1 0 4M12 9.75c1.2.6 1.95 1.7 2.1 3.25"/>`,
);
export const boxIcon = drawIcon(svg`<path d="m8 2 5.25 2.9v6.2L8 14l-5.25-2.9V4.9L8 2Z"/><path d="M2.9 5 8 7.85 13.1 5M8 7.85V14"/>`);
export const cogIcon = drawIcon(
  svg`<circle cx="8" cy="8" r="2"/><path d="M8 1.75v2M8 12.25v2M1.75 8h2M12.25 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4"/>`,
);
export const sunIcon = drawIcon(
  svg`<circle cx="8" cy="8" r="2.75"/><path d="M8 1.75v1.5M8 12.75v1.5M1.75 8h1.5M12.75 8h1.5M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1"/>`,
);
export const moonIcon = drawIcon(svg`<path d="M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75Z"/>`);
export const folderIcon = drawIcon(svg`<path d="M2.25 12.25v-8.5h4l1.5 1.75h6v6.75h-11.5Z"/>`);
export const pinIcon = drawIcon(svg`<path d="M6 2.25h4l-.5 4 2 2.25h-7l2-2.25-.5-4ZM8 8.5v5"/>`);
export const menuIcon = drawIcon(svg`<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>`);
export const commandIcon = drawIcon(
  svg`<path d="M6 6h4v4H6V6ZM6 6H4.25A1.75 1.75 0 1 1 6 4.25V6ZM10 6V4.25A1.75 1.75 0 1 1 11.75 6H10ZM10 10h1.75A1.75 1.75 0 1 1 10 11.75V10ZM6 10v1.75A1.75 1.75 0 1 1 4.25 10H6Z"/>`,
);
export const bellIcon = drawIcon(
  svg`<path d="M3 11.5h10c-1-1-1.5-2.2-1.5-4a3.5 3.5 0 0 0-7 0c0 1.8-.5 3-1.5 4ZM6.75 13.5a1.4 1.4 0 0 0 2.5 0"/>`,
);
export const exitIcon = drawIcon(svg`<path d="M6.5 2.75h-3.75v10.5H6.5M10 5l3 3-3 3M13 8H6"/>`, true);
export const downloadIcon = drawIcon(svg`<path d="M8 2.5v7.25M5 7l3 3 3-3M2.75 12.75h10.5"/>`);
export const forkIcon = drawIcon(
  svg`<circle cx="4" cy="3.5" r="1.5"/><circle cx="12" cy="3.5" r="1.5"/><circle cx="8" cy="12.5" r="1.5"/><path d="M4 5v1.5a1.5 1.5 0 0 0 1.5 1.5h5A1.5 1.5 0 0 0 12 6.5V5M8 8v3"/>`,
);
export const restoreIcon = drawIcon(svg`<path d="M3 8a5 5 0 1 0 1.6-3.65L3 5.75"/><path d="M3 2.75v3h3"/>`);
export const personIcon = drawIcon(svg`<circle cx="8" cy="5.5" r="2.5"/><path d="M3 13.25c.4-2.6 2.5-4.25 5-4.25s4.6 1.65 5 4.25"/>`);
export const codeIcon = drawIcon(svg`<path d="m5.25 4.5-3.5 3.5 3.5 3.5M10.75 4.5l3.5 3.5-3.5 3.5"/>`);
export const imageIcon = drawIcon(
  svg`<rect x="2.25" y="2.75" width="11.5" height="10.5" rx="1.5"/><circle cx="5.75" cy="6.25" r="1.1"/><path d="m2.75 12 3.5-3.25 2 1.75 2.5-2.75 3 3"/>`,
);
export const fileIcon = drawIcon(svg`<path d="M9.25 1.75h-5.5v12.5h8.5V4.75l-3-3Z"/><path d="M9.25 1.75v3h3"/>`);
