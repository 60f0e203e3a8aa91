import axe from "axe-core";
import { expect } from "vitest";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Fails with what axe finds at `element`, in light and in dark, left to right and right to left. */
export async function expectAccessible(element: HTMLElement & { updateComplete?: Promise<unknown> }): Promise<void> {
  const root = document.documentElement;
  element.style.setProperty("--inlay-duration", "0s");
  for (const theme of ["light", "dark"])
    for (const dir of ["ltr", "rtl"]) {
      element.setAttribute("theme", theme);
      root.dir = dir;
      await element.updateComplete;
      await settleTransitions();
      const { violations } = await axe.run(element, { runOnly: WCAG });
      const found = violations.map(
        ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join("\n")}`,
      );
      expect(found, `${theme} ${dir}`).toEqual([]);
    }
  root.dir = "ltr";
}

/** Colours that are on their way would be measured as they pass. */
async function settleTransitions(): Promise<void> {
  await new Promise((done) => requestAnimationFrame(done));
  await Promise.allSettled(
    rootsIn(document)
      .flatMap((root) => root.getAnimations())
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
      .map(({ finished }) => finished),
  );
}

/** `root` and the shadow roots inside it: each knows its own animations alone. */
function rootsIn(root: Document | ShadowRoot): (Document | ShadowRoot)[] {
  return [root, ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot }) => (shadowRoot ? rootsIn(shadowRoot) : []))];
}
