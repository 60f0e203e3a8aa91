import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { FlowInfo } from "../flows/flow-api.ts";
import { fakeWorkspace, placeView, refusal } from "../testing/place-view.ts";
import "./deploy-dialog.ts";
import type { DeployDialogElement } from "./deploy-dialog.ts";

const flow = { key: "hello", name: "Hello", version: 2, apps: [{ key: "shop", name: "Shop", icon: null }] } as unknown as FlowInfo;
const SOURCE = `setup: { pages: [{ key: a, fields: [{ key: greeting, type: text, label: Greeting }, { key: list, type: mapping, label: Pairs }] }] }`;
const USERS = { items: [{ id: "usr_1", externalId: "ada", name: "Ada", org: "north" }], nextCursor: null };
const LINK = {
  id: "lnk_1",
  url: "https://edge.example/setup#setup_x",
  user: { id: "usr_1", externalId: "ada", name: "Ada", org: null },
  author: "Grace",
};

test("what can be filled in is, and the user is asked for the rest by a link", async () => {
  let isRefused = true;
  const asked = fakeWorkspace({
    "GET users": USERS,
    "GET flows/hello/versions/2/file": () => new Response(SOURCE),
    "POST flows/hello/deploy": () => {
      if (isRefused) return refusal(422, "invalid", "Too long", [{ path: "values.greeting", code: "max", message: "At most 5 letters" }]);
      return {
        integration: null,
        link: LINK,
        missing: [
          { path: "accounts.shop", message: "Connect Shop" },
          { path: "values.list", message: "Fill this in" },
        ],
      };
    },
  });
  const done = vi.fn();
  const element = await placeView<DeployDialogElement>("inlay-console-deploy", { flow });
  element.addEventListener("deploy-done", done);
  await page.getByRole("button", { name: /Ada/ }).click();
  await expect.element(page.getByText("an account of Shop")).toBeVisible();
  await expect.element(page.getByText("Pairs")).toBeVisible();
  await page.getByLabelText("Greeting").fill("Good morning");
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await expect.element(page.getByText("At most 5 letters")).toBeVisible();
  isRefused = false;
  await page.getByLabelText("Greeting").fill("Hi");
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await expect.element(page.getByText("Send this link to Ada")).toBeVisible();
  await expect.element(page.getByText("Connect Shop")).toBeVisible();
  await expect.element(page.getByRole("listitem").filter({ hasText: "Pairs" })).toBeVisible();
  expect(asked.at(-1)?.body).toEqual({ user: { id: "usr_1" }, values: { greeting: "Hi" } });
  expect(done).toHaveBeenCalledOnce();
});

test("somebody who has not come yet is named by the host's own id", async () => {
  const asked = fakeWorkspace({
    "GET users": USERS,
    "GET flows/hello/versions/2/file": () => new Response("setup: {}"),
    "POST flows/hello/deploy": { integration: "int_1", link: null, missing: [] },
  });
  await placeView<DeployDialogElement>("inlay-console-deploy", { flow });
  await page.getByRole("button", { name: /Somebody else/ }).click();
  await page.getByLabelText("Your id of the user").fill("lin");
  await page.getByLabelText("Org").fill("south");
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await expect.element(page.getByRole("link", { name: "Open the integration" })).toBeVisible();
  expect(asked.at(-1)?.body).toEqual({ user: { id: "lin", org: "south" }, values: {} });
});
