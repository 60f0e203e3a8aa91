// Where the user's eyes go: to a field with a fault, to the title of a new page. Never taken from somebody who is busy elsewhere.
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

/** The title of the new page is read out and its top comes into sight. */
export async function focusPage(view: LitElement): Promise<void> {
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
