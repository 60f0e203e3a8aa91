// Alone in its file: the page must not have the field yet.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { CONTACTS, field, serveForm } from "../testing/fake-setup.ts";
import { place, startEdge } from "../testing/place.ts";

test("a field that another version of the script has defined is taken, and finds its form", async () => {
  class OtherCopy extends HTMLElement {
    findFault = () => undefined;
    updateComplete = Promise.resolve(true);
    connectedCallback() {
      const context = Symbol.for("inlay-field-scope");
      const callback = (scope: object) => (this.textContent = scope && "knows its form");
      this.dispatchEvent(Object.assign(new Event("context-request", { bubbles: true, composed: true }), { context, callback }));
    }
  }
  customElements.define("inlay-copy-field", OtherCopy);
  const edge = startEdge();
  const pages = [{ key: "p", title: "Page", fields: [field("hook", "copy", { label: "Address" })] }];
  const flow = { ...CONTACTS, accounts: [], setup: { pages } };
  serveForm(edge, flow, () => ({ pages: {}, fields: {} }));
  place("inlay-setup", { flow: flow.key });
  await expect.element(page.getByText("knows its form")).toBeVisible();
});
