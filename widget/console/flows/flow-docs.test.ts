import { afterEach, expect, test, vi } from "vitest";
import "./flow-docs.ts";
import type { FlowDocsElement } from "./flow-docs.ts";

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

/** The docs of a flow whose draft is `text`. */
async function show(text: string): Promise<ShadowRoot> {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(text, { headers: { etag: '"1"' } }));
  const element = document.createElement("inlay-console-flow-docs") as FlowDocsElement;
  element.info = { key: "x", draft: { revision: 1, changed: false } } as FlowDocsElement["info"];
  document.body.append(element);
  await vi.waitFor(() => expect(element.shadowRoot?.querySelector(".text")).not.toBeNull());
  return element.shadowRoot as ShadowRoot;
}

test("Markdown is shown as it is meant", async () => {
  const root = await show("docs: |\n  # Owner\n  The *growth* team: `SOURCE`\n");
  expect(root.querySelector("h1")?.textContent).toBe("Owner");
  expect(root.querySelector("em")?.textContent).toBe("growth");
});

test("nothing that is written in it can run", async () => {
  const root = await show(
    'docs: |\n  <img src=x onerror="window.ran = 1"><script>window.ran = 1</script>\n\n  [a](javascript:alert(1)) <iframe srcdoc="x"></iframe>\n',
  );
  expect(root.querySelectorAll(".text img, .text script, .text iframe, .text a")).toHaveLength(0);
  expect(root.textContent).toContain("<script>");
});
