import { expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { refusal } from "../testing/fake-edge.ts";
import { CONTACTS as FORM, field, serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, makeAccount, makeIntegration, makeRun, ORDERS } from "../testing/fixtures.ts";
import { hasFocus, place, startEdge } from "../testing/place.ts";

const press = (name: string | RegExp) => {
  (page.getByRole("button", { name }).element() as HTMLElement).focus();
  return userEvent.keyboard("{Enter}");
};

function startWithIntegrations() {
  const edge = startEdge();
  edge.runs = [makeRun("run_1")];
  edge.integrations = [makeIntegration("int_contacts", CONTACTS), makeIntegration("int_orders", ORDERS, { name: "Orders to accounting" })];
  return edge;
}

test("connecting an account leads on to the next one that is needed", async () => {
  startEdge();
  place("inlay-marketplace", { flow: "contacts-to-newsletter" });
  await expect.element(page.getByRole("button", { name: "Connect: Postbox" })).toBeVisible();
  await press("Connect: Postbox");
  await hasFocus(page.getByLabelText("API key", { exact: true }));
  await userEvent.keyboard("key{Enter}");
  await hasFocus(page.getByRole("button", { name: "Connect: Pipeline" }));
});

test("an account that was just connected in the form has the focus", async () => {
  startEdge();
  place("inlay-setup", { flow: "contacts-to-newsletter" });
  await expect.element(page.getByRole("button", { name: "Connect Postbox" })).toBeVisible();
  await press("Connect Postbox");
  await hasFocus(page.getByLabelText("API key", { exact: true }));
  await userEvent.keyboard("key{Enter}");
  await hasFocus(page.getByRole("radio"));
});

test("an integration that is opened has the focus on its name, and gives it back to the list", async () => {
  startWithIntegrations();
  place("inlay-marketplace", { view: "integrations" });
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter", exact: true })).toBeVisible();
  await press(/^Contacts to newsletter$/);
  await hasFocus(page.getByRole("heading", { name: "Contacts to newsletter" }));
  await press("Your integrations");
  await hasFocus(page.getByRole("button", { name: "Contacts to newsletter", exact: true }));
});

test("a run that is opened has the focus on its title, and gives it back to its line", async () => {
  startWithIntegrations();
  place("inlay-integrations");
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter", exact: true })).toBeVisible();
  await press(/^Contacts to newsletter$/);
  const line = page.getByRole("button", { name: /^Succeeded A contact changed/ });
  await expect.element(line).toBeVisible();
  await press(/^Succeeded A contact changed/);
  await hasFocus(page.getByRole("heading", { name: "A contact changed" }));
  await press("Runs");
  await hasFocus(line);
});

test("what is removed leaves the focus to what follows it; what is not, to where it was asked", async () => {
  startWithIntegrations();
  place("inlay-integrations");
  const more = page.getByRole("button", { name: "More actions: Contacts to newsletter" });
  await expect.element(more).toBeVisible();
  const askToRemove = async () => {
    await userEvent.keyboard("{Enter}");
    await hasFocus(page.getByRole("menuitem").first());
    await userEvent.keyboard("{End}{Enter}");
  };
  (more.element() as HTMLElement).focus();
  await askToRemove();
  await hasFocus(page.getByRole("button", { name: "Cancel" }));
  await userEvent.keyboard("{Escape}");
  await hasFocus(more);
  await askToRemove();
  await hasFocus(page.getByRole("button", { name: "Cancel" }));
  await userEvent.keyboard("{Tab}{Enter}");
  await hasFocus(page.getByRole("button", { name: "Orders to accounting", exact: true }));
});

test("an account that is reconnected has the focus", async () => {
  const edge = startEdge();
  edge.accounts = [makeAccount("acc_2", "postbox", { label: "South Ltd", status: "expired" })];
  place("inlay-accounts");
  await expect.element(page.getByRole("button", { name: "Reconnect: South Ltd, Postbox" })).toBeEnabled();
  await press("Reconnect: South Ltd, Postbox");
  await hasFocus(page.getByLabelText("API key", { exact: true }));
  await userEvent.keyboard("new{Enter}");
  await hasFocus(page.getByRole("button", { name: "More actions: South Ltd, Postbox" }));
});

test("a button that is gone with its click leaves the focus near it, by mouse as by key", async () => {
  const edge = startEdge();
  const flow = {
    ...FORM,
    accounts: [],
    setup: { pages: [{ key: "p", title: "Page", fields: [field("name", "text", { label: "Word" })] }] },
  };
  serveForm(edge, flow, () => ({ pages: {}, fields: {} }));
  let isAsked = false;
  edge.on(`POST /v1/flows/${flow.key}/preview`, async () => {
    if (isAsked) await new Promise(() => undefined);
    isAsked = true;
    return refusal(502, "app_failed", "Pipeline answered 500.");
  });
  place("inlay-setup", { flow: flow.key });
  await page.getByRole("textbox", { name: "Word" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await hasFocus(page.getByRole("heading", { name: "What it will do" }));
  await page.getByRole("button", { name: "Try again" }).click();
  await hasFocus(page.getByRole("button", { name: "Back to the form" }));
});
