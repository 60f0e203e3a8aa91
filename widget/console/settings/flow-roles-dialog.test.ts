import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { Member } from "../../../shared/api/member.ts";
import { fakeWorkspace, placeView } from "../testing/place-view.ts";
import "./flow-roles-dialog.ts";
import type { FlowRolesDialogElement } from "./flow-roles-dialog.ts";

test("a role on one flow is given, changed and taken", async () => {
  const flows = [
    { key: "a", name: "Alpha" },
    { key: "b", name: "Beta" },
  ];
  const asked = fakeWorkspace({
    "GET flows": { items: flows, nextCursor: null },
    "PUT members/mem_2/flows/b": null,
    "DELETE members/mem_2/flows/a": null,
  });
  const member = { id: "mem_2", name: "Grace", role: "viewer", flows: [{ flow: "a", role: "operator" }] } as unknown as Member;
  const changed = vi.fn();
  const element = await placeView<FlowRolesDialogElement>("inlay-console-flow-roles", { member });
  element.addEventListener("roles-changed", changed);
  await expect.element(page.getByRole("combobox", { name: "Role on Alpha" })).toHaveValue("operator");
  await expect.element(page.getByRole("combobox", { name: "Flow", exact: true })).toHaveValue("b");
  await page.getByRole("combobox", { name: "Role", exact: true }).selectOptions("builder");
  await page.getByRole("button", { name: "Add" }).click();
  await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ method: "PUT", path: "members/mem_2/flows/b", body: { role: "builder" } }));
  await page.getByRole("button", { name: "Take the role on Alpha" }).click();
  await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ method: "DELETE", path: "members/mem_2/flows/a" }));
  expect(changed).toHaveBeenCalledTimes(2);
});
