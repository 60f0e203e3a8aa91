import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./flow-attachments.ts";
import type { FlowInfo } from "./flow-api.ts";
import type { FlowAttachmentsElement } from "./flow-attachments.ts";

const FILE = {
  id: "fil_1",
  name: "plan.pdf",
  type: "application/pdf",
  size: 2_400_000,
  author: "Grace",
  createdAt: "2026-11-22T00:00:00.000Z",
};
const FILES = "flows/hello/attachments";
const info = { key: "hello", name: "Hello" } as FlowInfo;
const place = (...scopes: Parameters<typeof sessionOf>) =>
  placeView<FlowAttachmentsElement>("inlay-console-flow-attachments", { session: sessionOf(...scopes), info });

test("files are listed with a way to save them, renamed with undo, and removed after a question", async () => {
  const asked = fakeWorkspace({
    [`GET ${FILES}`]: { items: [FILE], nextCursor: null },
    [`PATCH ${FILES}/fil_1`]: FILE,
    [`DELETE ${FILES}/fil_1`]: null,
  });
  await place("write");
  await expect.element(page.getByText(/^2.4 MB/)).toBeVisible();
  const link = page.getByRole("link", { name: "Download" });
  expect(link.element().getAttribute("href")).toBe("/v1/workspace/flows/hello/attachments/fil_1");
  await page.getByRole("button", { name: "Actions of plan.pdf" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Name of the file" }).fill("plan 2.pdf");
  await page.getByRole("button", { name: "Save" }).click();
  await vi.waitFor(() => expect(asked.at(-2)).toMatchObject({ method: "PATCH", body: { name: "plan 2.pdf" } }));
  await page.getByRole("button", { name: "Actions of plan.pdf" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await vi.waitFor(() => expect(asked.some(({ method }) => method === "DELETE")).toBe(true));
});

test("dropped files are sent one by one, and one that is refused keeps none from it", async () => {
  const asked = fakeWorkspace({ [`POST ${FILES}`]: FILE });
  const element = await place("write");
  await expect.element(page.getByText("Nothing is attached")).toBeVisible();
  const dataTransfer = new DataTransfer();
  const large = new File(["x"], "large.pdf");
  Object.defineProperty(large, "size", { value: 20_000_000 });
  for (const file of [new File(["%PDF-"], "a.pdf"), new File(["b"], "b.txt")]) dataTransfer.items.add(file);
  const event = new DragEvent("drop", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], files: [large, ...dataTransfer.files] } });
  element.shadowRoot?.querySelector(".scroll")?.dispatchEvent(event);
  await vi.waitFor(() => {
    const sent = asked.filter(({ method }) => method === "POST");
    expect(sent.map(({ query, body }) => [query.get("name"), body instanceof Blob])).toEqual([
      ["a.pdf", true],
      ["b.txt", true],
    ]);
  });
});

test("who may only look is offered to save, and nothing else", async () => {
  fakeWorkspace({ [`GET ${FILES}`]: { items: [FILE], nextCursor: null } });
  await place("read");
  await expect.element(page.getByRole("link", { name: "Download" })).toBeVisible();
  expect(page.getByRole("button").elements()).toEqual([]);
});
