import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./flow-view.ts";
import type { FlowViewElement } from "./flow-view.ts";

const INFO = {
  key: "hello",
  name: "Hello",
  version: 1,
  versions: 1,
  integrations: 0,
  audience: "everyone",
  icon: null,
  apps: [],
  openErrors: 0,
};

test("a flow that is being deleted is not read again, though the stream tells that it has changed", async () => {
  const asked = fakeWorkspace({
    "GET flows/hello": INFO,
    "GET flows/hello/fallout": { integrations: 0, users: 0, versions: 1 },
    "DELETE flows/hello": async () => {
      // The beat that the stream gives before the answer comes.
      document.dispatchEvent(new Event("visibilitychange"));
      await new Promise((done) => setTimeout(done, 50));
      return null;
    },
  });
  const address = location.href;
  await placeView<FlowViewElement>("inlay-console-flow", { session: sessionOf("write"), flow: "hello", tab: "versions" });
  await page.getByRole("button", { name: "Actions of Hello" }).click();
  await page.getByRole("menuitem", { name: /^Delete/ }).click();
  await page.getByRole("textbox", { name: /Hello/ }).fill("Hello");
  await page
    .getByRole("button", { name: /^Delete/ })
    .last()
    .click();
  await vi.waitFor(() => expect(asked.some(({ method }) => method === "DELETE")).toBe(true));
  await vi.waitFor(() => expect(location.href).not.toBe(address));
  const deletedAt = asked.findIndex(({ method }) => method === "DELETE");
  expect(asked.slice(deletedAt + 1).filter(({ path }) => path === "flows/hello")).toEqual([]);
  history.replaceState(null, "", address);
});
