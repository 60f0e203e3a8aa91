import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView, refusal } from "../testing/place-view.ts";
import "./clone-flow.ts";
import type { CloneFlowElement } from "./clone-flow.ts";
import type { FlowInfo } from "./flow-api.ts";

const FILE = "accounts:\n  crm: { app: pipeline, owner: workspace, label: CRM }\n  mail: { app: postbox, label: Newsletter }\n";

test("a clone asks for a name, and for accounts of the workspace that flow files can name", async () => {
  let isTaken = true;
  const asked = fakeWorkspace({
    "GET flows/hello/file": () => new Response(FILE),
    "GET accounts": {
      items: [
        { id: "acc_1", app: "pipeline", label: "Main CRM", key: "main" },
        { id: "acc_2", app: "pipeline", label: "Without a key" },
        { id: "acc_3", app: "postbox", label: "Post", key: "post" },
      ],
      nextCursor: null,
    },
    "POST flows/hello/clone": () => (isTaken ? refusal(409, "already_exists", "There is a flow of this key") : { key: "hello-2" }),
  });
  const close = vi.fn();
  const element = await placeView<CloneFlowElement>("inlay-console-clone-flow", { info: { key: "hello", name: "Hello" } as FlowInfo });
  element.addEventListener("clone-close", close);
  const account = page.getByLabelText("Account for “CRM”");
  await expect.element(account).toBeVisible();
  expect(
    account
      .getByRole("option")
      .elements()
      .map(({ textContent }) => textContent),
  ).toEqual(["Any account of the app", "Main CRM (main)"]);
  await expect.element(page.getByText(/Users connect their own.*Newsletter/)).toBeVisible();
  await account.selectOptions("main");
  await page.getByRole("button", { name: "Clone" }).click();
  await expect.element(page.getByText("There is a flow of this key")).toBeVisible();
  isTaken = false;
  await page.getByLabelText("Name").fill("Hello again");
  await page.getByRole("button", { name: "Clone" }).click();
  await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  expect(asked.at(-1)?.body).toEqual({ key: "hello-again", name: "Hello again", accounts: { crm: "main" } });
});
