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

/** Scrolls what has the focus out from under `bar`, which is held at the window's end; nothing where it is to be seen. */
export function keepInSight(bar: Element | null): void {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const { bottom = 0, top = 0 } = focused?.getBoundingClientRect() ?? {};
  const edge = bar?.getBoundingClientRect();
  if (edge && bottom > edge.top && top < edge.bottom && !bar?.contains(focused)) focused?.scrollIntoView({ block: "center" });
}
