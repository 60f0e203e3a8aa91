import type { LitElement } from "lit";

/** The title of what `view` shows now is read out and its top comes into sight. Never taken from somebody who is busy elsewhere. */
export async function focusTitle(view: LitElement): Promise<void> {
  const isFree = document.activeElement === document.body || hasFocusAround(view);
  await view.updateComplete;
  if (!isFree) return;
  view.renderRoot.querySelector<HTMLElement>("[data-page-title]")?.focus({ preventScroll: true });
  if (view.getBoundingClientRect().top < 0) view.scrollIntoView({ block: "start" });
}

/** Whether the focus is in `element`, or in an element that it is drawn in. */
function hasFocusAround(element: Element): boolean {
  if (element.matches(":focus-within")) return true;
  for (let root = element.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode())
    if (document.activeElement === root.host) return true;
  return false;
}
