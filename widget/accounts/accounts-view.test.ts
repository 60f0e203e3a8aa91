import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { refusal } from "../testing/fake-edge.ts";
import { makeAccount, summaryOf } from "../testing/fixtures.ts";
import { eventually, hasFocus, hear, place, prevent, reads, startEdge } from "../testing/place.ts";

const usedBy = [{ integration: "int_1", flow: "contacts-to-newsletter", name: "Contacts to newsletter" }];

function startWithAccounts() {
  const edge = startEdge();
  edge.accounts = [
    makeAccount("acc_1", "pipeline", { label: "Ada’s Pipeline", usedBy }),
    makeAccount("acc_2", "postbox", { label: "North Ltd", status: "expired" }),
  ];
  return edge;
}
const more = (label: string) => page.getByRole("button", { name: new RegExp(`More actions: ${label}`) });

test("each account says what uses it and whether it works", async () => {
  startWithAccounts();
  const ready = hear("inlay-ready");
  place("inlay-accounts");
  await expect.element(page.getByText("Pipeline · Used by Contacts to newsletter")).toBeVisible();
  await expect.element(page.getByText("Postbox · Not used by an integration")).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Reconnect: North Ltd, Postbox" })).toBeVisible();
  expect(ready).toEqual([{ view: "accounts" }]);
});

test("accounts beyond the first page are there", async () => {
  const edge = startEdge();
  edge.on("GET /v1/accounts", ({ query }) =>
    query.get("cursor")
      ? { body: { items: [makeAccount("acc_101", "postbox", { label: "The last" })], nextCursor: null } }
      : { body: { items: [makeAccount("acc_1", "pipeline", { label: "The first" })], nextCursor: "second" } },
  );
  place("inlay-accounts");
  await expect.element(page.getByText("The first")).toBeVisible();
  await expect.element(page.getByText("The last")).toBeVisible();
});

test("apps of the first page of flows have names and can be connected while more flows are on their way", async () => {
  const edge = startWithAccounts();
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  edge.on("GET /v1/flows", ({ path, query }) => {
    if (path !== "/v1/flows") return undefined;
    if (query.get("cursor")) return held.then(() => ({ body: { items: [], nextCursor: null } }));
    return { body: { items: edge.flows.map(summaryOf), nextCursor: "second" } };
  });
  place("inlay-accounts");
  await expect.element(page.getByText("Pipeline · Used by Contacts to newsletter")).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Reconnect: North Ltd, Postbox" })).toBeEnabled();
  await page.getByRole("button", { name: "Connect an account" }).click();
  await expect.element(page.getByRole("button", { name: "Pipeline", exact: true })).toBeVisible();
  answer();
  await expect.element(page.getByRole("button", { name: "Postbox", exact: true })).toBeVisible();
});

test("apps that cannot be read are told, and can be read again", async () => {
  const edge = startWithAccounts();
  let isBroken = true;
  edge.on("GET /v1/flows", () => (isBroken ? refusal(503, "unavailable", "Down.") : undefined));
  place("inlay-accounts");
  await expect.element(page.getByText("Ada’s Pipeline")).toBeVisible();
  await expect.element(page.getByRole("button", { name: /Reconnect: North Ltd/ })).toBeDisabled();
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.element(page.getByRole("button", { name: "Connect an account" })).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Try again" })).not.toBeInTheDocument();
});

test("disconnecting names what stops, asks the host, and tells it afterwards", async () => {
  const edge = startWithAccounts();
  const [before, gone] = [hear("inlay-before-disconnect"), hear("inlay-account-disconnected")];
  place("inlay-accounts");
  await more("Ada’s Pipeline").click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Disconnect Ada’s Pipeline?" });
  await expect.element(dialog).toBeVisible();
  await expect.element(page.getByText("Contacts to newsletter will stop until another account is chosen.")).toBeVisible();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect.element(page.getByText("Pipeline · Used by Contacts to newsletter")).not.toBeInTheDocument();
  expect(edge.accounts.map(({ id }) => id)).toEqual(["acc_2"]);
  expect([before, gone]).toEqual([[{ account: "acc_1" }], [{ account: "acc_1", app: "pipeline" }]]);
});

test("a dialog whose element is moved in the page stays one, with what was typed and the focus", async () => {
  startWithAccounts();
  const element = place("inlay-accounts");
  await more("North Ltd").click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const name = page.getByLabelText("Name", { exact: true });
  await name.fill("Typed");
  document.body.append(element);
  await eventually(() => {
    const dialog = element.shadowRoot
      ?.querySelector("inlay-accounts-view")
      ?.shadowRoot?.querySelector("inlay-dialog[open], inlay-rename-dialog");
    const own = dialog?.shadowRoot?.querySelector("inlay-dialog") ?? dialog;
    expect(own?.shadowRoot?.querySelector("dialog")?.matches(":modal")).toBe(true);
  });
  await expect.element(name).toHaveValue("Typed");
  await hasFocus(name);
});

test("an account gets another name, and a refusal is told in the dialog", async () => {
  const edge = startWithAccounts();
  const element = place("inlay-accounts");
  edge.on("PATCH /v1/accounts/acc_2", () => refusal(429, "rate_limited", "Too many requests. Try again in 3 s."));
  await more("North Ltd").click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const name = page.getByLabelText("Name", { exact: true });
  await expect.element(name).toHaveValue("North Ltd");
  await expectAccessible(element);
  await name.fill("  Newsletter  ");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await reads(page.getByRole("alert"), /Too much at once/);
  edge.on("PATCH /v1/accounts/acc_2", () => ({ body: makeAccount("acc_2", "postbox", { label: "Newsletter" }) }));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect.element(page.getByText("Renamed")).toBeVisible();
  await expect.element(page.getByText("Newsletter", { exact: true })).toBeVisible();
  expect(edge.callsOf("PATCH /v1/accounts/acc_2").at(-1)?.body).toEqual({ label: "Newsletter" });
});

test("what uses an account moves to another of the same app, which is said", async () => {
  const edge = startWithAccounts();
  edge.accounts = [...edge.accounts, makeAccount("acc_3", "pipeline", { label: "Team Pipeline" })];
  const element = place("inlay-accounts");
  await more("Ada’s Pipeline").click();
  await page.getByRole("menuitem", { name: "Move to another account…" }).click();
  await expect.element(page.getByRole("option").first()).toHaveAttribute("dir", "auto");
  await expect.element(page.getByRole("dialog", { name: "Move from Ada’s Pipeline" })).toBeVisible();
  await expect.element(page.getByText("Contacts to newsletter will use the account that you choose.", { exact: false })).toBeVisible();
  await expectAccessible(element);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect.element(page.getByText("They use Team Pipeline now")).toBeVisible();
  expect(edge.callsOf("POST /v1/accounts/acc_1/move").at(-1)?.body).toEqual({ to: "acc_3" });
  await expect.element(page.getByText("Pipeline · Used by Contacts to newsletter")).toBeVisible();
});

test("a move that is refused is told in the dialog, and is not offered where there is nowhere to move", async () => {
  const edge = startWithAccounts();
  const element = place("inlay-accounts");
  await more("Ada’s Pipeline").click();
  expect(page.getByRole("menuitem", { name: "Move to another account…" }).elements()).toEqual([]);
  element.remove();
  edge.accounts = [...edge.accounts, makeAccount("acc_3", "pipeline", { label: "Team Pipeline" })];
  const reason = { code: "account", message: "It asks for another kind of sign-in." };
  edge.on("POST /v1/accounts/acc_1/move", () => ({ body: { to: "acc_3", moved: [], refused: [{ ...usedBy[0], ...reason }] } }));
  const shown = place("inlay-accounts");
  await more("Ada’s Pipeline").click();
  await page.getByRole("menuitem", { name: "Move to another account…" }).click();
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await reads(page.getByRole("alert"), /Contacts to newsletter could not be moved: It asks for another kind/);
  shown.lang = "de";
  await reads(page.getByRole("alert"), /konnte nicht umziehen: Es braucht ein Konto, das auf andere Weise verbunden wurde/);
});

test("controls of accounts with the same label are told apart, by their app and then by number", async () => {
  const edge = startWithAccounts();
  const label = "Ada";
  edge.accounts = [
    makeAccount("acc_1", "pipeline", { label }),
    makeAccount("acc_2", "postbox", { label, status: "expired" }),
    makeAccount("acc_3", "pipeline", { label }),
  ];
  place("inlay-accounts");
  for (const name of [
    "More actions: Ada, Pipeline",
    "More actions: Ada, Postbox",
    "Reconnect: Ada, Postbox",
    "More actions: Ada, Pipeline (2)",
  ])
    await expect.element(page.getByRole("button", { name, exact: true })).toBeVisible();
});

test("why an account does not work is told in the user's language", async () => {
  const edge = startWithAccounts();
  const why = { code: "unavailable", params: { app: "Pipeline", by: "Pipeline", status: "503", said: "Closed" } };
  edge.on("POST /v1/accounts/acc_1/test", () => ({ body: { ok: false, account: edge.accounts[0], message: "In English", why } }));
  place("inlay-accounts", { lang: "de" });
  await page.getByRole("button", { name: /Ada’s Pipeline/ }).click();
  await page.getByRole("menuitem", { name: "Prüfen" }).click();
  await expect.element(page.getByText(/Pipeline kann das gerade nicht prüfen.*Pipeline antwortete mit 503: Closed/)).toBeVisible();
});

test("a host that prevents disconnecting keeps the account, and the focus is back where it was asked for", async () => {
  const edge = startWithAccounts();
  prevent("inlay-before-disconnect");
  place("inlay-accounts");
  await more("North Ltd").click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await expect.element(page.getByRole("alertdialog")).not.toBeInTheDocument();
  await hasFocus(more("North Ltd"));
  expect(edge.callsOf("DELETE /v1/accounts")).toEqual([]);
});

test("a host that prevents connecting leaves everything as it was: no window, no dialog, no event, and nothing busy", async () => {
  const edge = startWithAccounts();
  prevent("inlay-before-connect");
  const [failed, errors] = [hear("inlay-account-failed"), hear("inlay-error")];
  const open = vi.spyOn(window, "open");
  onTestFinished(() => open.mockRestore());
  const element = place("inlay-accounts");
  const start = page.getByRole("button", { name: "Connect an account" });
  await start.click();
  await page.getByRole("button", { name: "Pipeline", exact: true }).click();
  await hasFocus(start);
  await expect(element.connect("pipeline")).rejects.toMatchObject({ name: "ConnectError", reason: "error" });
  expect(page.getByRole("dialog").elements()).toEqual([]);
  expect(document.querySelector("inlay-accounts")?.shadowRoot?.querySelectorAll("[aria-busy=true]")).toHaveLength(0);
  expect(open).not.toHaveBeenCalled();
  expect([edge.callsOf("POST"), failed, errors]).toEqual([[], [], []]);
});

test("a refusal of a removal is gone when it is asked for again", async () => {
  const edge = startWithAccounts();
  edge.on("DELETE /v1/accounts", () => refusal(409, "in_use", "A run is using this account. Try again when it has ended."));
  place("inlay-accounts");
  const ask = async () => {
    await more("North Ltd").click();
    await page.getByRole("menuitem", { name: "Disconnect" }).click();
  };
  await ask();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await reads(page.getByRole("alert"), /A run is using this account/);
  await page.getByRole("button", { name: "Cancel" }).click();
  await ask();
  await expect.element(page.getByRole("alertdialog")).toBeVisible();
  expect(page.getByRole("alert").elements()).toEqual([]);
});

test("a refused removal is told in the dialog, and nothing disappears", async () => {
  const edge = startWithAccounts();
  const [gone, errors] = [hear("inlay-account-disconnected"), hear("inlay-error")];
  edge.on("DELETE /v1/accounts", () => refusal(409, "in_use", "A run is using this account. Try again when it has ended."));
  place("inlay-accounts");
  await more("North Ltd").click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await reads(page.getByRole("alert"), /A run is using this account/);
  expect(gone).toEqual([]);
  expect(errors).toMatchObject([{ code: "in_use" }]);
});

test("checking says in the provider's words why an account does not work", async () => {
  const edge = startWithAccounts();
  edge.on("POST /v1/accounts/acc_1/test", () => ({
    body: { ok: false, account: { ...edge.accounts[0], status: "error" }, message: "Pipeline answered 503." },
  }));
  place("inlay-accounts");
  await more("Ada’s Pipeline").click();
  await page.getByRole("menuitem", { name: "Check" }).click();
  await reads(page.getByRole("alert"), /Pipeline answered 503/);
  await expect.element(page.getByText("Not working")).toBeVisible();
});

test("connecting begins with the app; with the app attribute it begins at once", async () => {
  startEdge();
  const element = place("inlay-accounts");
  await page.getByRole("button", { name: "Connect an account" }).click();
  await page.getByRole("button", { name: "Postbox" }).click();
  await expect.element(page.getByRole("dialog", { name: "Connect Postbox" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  element.app = "postbox";
  await page.getByRole("button", { name: "Connect Postbox" }).click();
  await expect.element(page.getByLabelText("API key", { exact: true })).toBeVisible();
});

test("axe finds nothing with accounts and in the dialog", async () => {
  startWithAccounts();
  const element = place("inlay-accounts");
  await expect.element(page.getByRole("button", { name: /Reconnect: North Ltd/ })).toBeEnabled();
  const reconnect = page.getByRole("button", { name: /Reconnect: North Ltd/ }).element();
  await eventually(() => expect(reconnect.getAnimations()).toEqual([]));
  await expectAccessible(element);
  await more("Ada’s Pipeline").click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await expectAccessible(element);
});
