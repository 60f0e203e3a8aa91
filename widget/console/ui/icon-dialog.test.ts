import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView } from "../testing/place-view.ts";
import "./icon-dialog.ts";
import type { IconDialogElement } from "./icon-dialog.ts";

test("an image is stored under a name of its content; what is none, or too large, is not sent", async () => {
  const asked = fakeWorkspace({});
  const done = vi.fn();
  const element = await placeView<IconDialogElement>("inlay-console-icon", { key: "Hello", name: "Hello" });
  element.addEventListener("icon-done", (event) => done((event as CustomEvent<string>).detail));
  const input = element.shadowRoot?.querySelector<HTMLInputElement>("input[type=file]");
  const choose = (file: File) => {
    const files = new DataTransfer();
    files.items.add(file);
    if (input) input.files = files.files;
    input?.dispatchEvent(new Event("change"));
  };
  const use = page.getByRole("button", { name: "Use this icon" });
  choose(new File(["<html>"], "a.html", { type: "text/html" }));
  await expect.element(page.getByText("That is no SVG, PNG or WebP image.")).toBeVisible();
  choose(new File([new Uint8Array(70_000)], "a.png", { type: "image/png" }));
  await expect.element(page.getByText(/This one has 70 kB/)).toBeVisible();
  await expect.element(use).toBeDisabled();
  choose(new File(["<svg xmlns='http://www.w3.org/2000/svg'/>"], "a.svg", { type: "image/svg+xml" }));
  await expect.element(page.getByAltText("Preview")).toBeVisible();
  await use.click();
  await vi.waitFor(() => expect(done).toHaveBeenCalledWith(expect.stringMatching(/^icons\/hello-[0-9a-f]{8}\.svg$/)));
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([`PUT icons/${done.mock.calls[0]?.[0]}`]);
});
