import { afterEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { sessionOf } from "../testing/place-view.ts";
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
  element.session = sessionOf("write");
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

test("it is written beside what it looks like, and put into the draft as it is by then", async () => {
  await page.viewport(1280, 800);
  const root = await show("inlay: 1\ndocs: Old\nname: X\n");
  const puts: unknown[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, { method, body } = {}) => {
    if (method !== "PUT") return new Response("inlay: 1\nname: Y # theirs\ndocs: Old\n", { headers: { etag: '"2"' } });
    puts.push(body);
    return Response.json({ faults: [] });
  });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Docs" }).fill("# New\n\n<b onclick=alert(1)>");
  expect(root.querySelector(".both h1")?.textContent).toBe("New");
  expect(root.querySelector(".both b")).toBeNull();
  await page.getByRole("button", { name: "Save" }).click();
  await vi.waitFor(() => expect(root.querySelector(".both")).toBeNull());
  expect(puts).toEqual(["inlay: 1\nname: Y # theirs\ndocs: |-\n  # New\n\n  <b onclick=alert(1)>\n"]);
});
