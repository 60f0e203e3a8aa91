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
