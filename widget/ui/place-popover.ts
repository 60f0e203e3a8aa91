const GAP = 4;
const EDGE = 8;

/**
 * Puts an open popover below `anchor`, at least as wide, above it where there is more room, and never past the window's edge.
 * Sets custom properties only, so a strict style policy holds.
 */
export function placePopover(popover: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const isAbove = below < Math.min(popover.scrollHeight, 240) && above > below;
  const isRtl = getComputedStyle(anchor).direction === "rtl";
  const width = Math.min(Math.max(box.width, 200), innerWidth - 2 * EDGE);
  const start = isRtl ? box.right - width : box.left;
  const { style } = popover;
  style.setProperty("width", `${width}px`);
  style.setProperty("left", `${Math.max(EDGE, Math.min(start, innerWidth - width - EDGE))}px`);
  style.setProperty("max-height", `${Math.max(120, Math.min(320, isAbove ? above : below))}px`);
  style.setProperty("top", isAbove ? "auto" : `${box.bottom + GAP}px`);
  style.setProperty("bottom", isAbove ? `${innerHeight - box.top + GAP}px` : "auto");
}
