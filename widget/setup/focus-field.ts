import type { LitElement } from "lit";
import type { AnyFieldElement } from "../fields/field.ts";

/** Brings the field with `key` into sight and gives it the focus, once `view` has drawn it. */
export async function focusField(view: LitElement, key: string): Promise<void> {
  await view.updateComplete;
  const field = [...view.renderRoot.querySelectorAll<AnyFieldElement>("inlay-field")].find((one) => one.dataset.key === key);
  await field?.updateComplete;
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  field?.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  field?.focus({ preventScroll: true });
}

/** Scrolls what has the focus in `view` out from under the parts of its footer that are held at the window's end. */
export function keepInSight(view: LitElement): void {
  const bar = view.renderRoot.querySelector("footer");
  let focused: Element | null = view;
  while (focused?.shadowRoot) focused = focused.shadowRoot.activeElement;
  if (!focused || !bar || bar.contains(focused)) return;
  const { bottom, top } = focused.getBoundingClientRect();
  const isUnder = [...bar.children].some((part) => {
    const edge = part.getBoundingClientRect();
    return bottom > edge.top && top < edge.bottom;
  });
  if (isUnder) focused.scrollIntoView({ block: "center" });
}
