import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { WorkspaceAccount } from "../../../shared/api/account.ts";
import { fakeWorkspace, placeView, refusal, sessionOf } from "../testing/place-view.ts";
import "./connections-view.ts";
import type { ConnectionsViewElement } from "./connections-view.ts";

const account = (id: string, more: Partial<WorkspaceAccount> = {}): WorkspaceAccount => ({
  ...{ id, app: "maps", auth: "key", label: id.toUpperCase(), externalId: null, owner: "user", status: "connected", scopes: [] },
  ...{ usedBy: [], createdAt: "2026-11-01T00:00:00.000Z", lastUsedAt: null, user: "ada", asked: null, ...more },
});
const list = (...items: unknown[]) => ({ items, nextCursor: null });
const APPS = list({ key: "maps", name: "Maps", icon: null });
const USED = [
  { integration: "int_1", flow: "geocode", name: "North" },
  { integration: "int_2", flow: "geocode", name: "South" },
];
const place = (...scopes: Parameters<typeof sessionOf>) =>
  placeView<ConnectionsViewElement>("inlay-console-connections", { session: sessionOf(...scopes) });

beforeAll(() => page.viewport(1280, 800));

test("an account of the workspace is connected by a key, under the name and key that it was given", async () => {
  const asked = fakeWorkspace({
    "GET apps": APPS,
    "GET apps/maps": {
      ...{ key: "maps", name: "Maps", icon: null, description: "" },
      auth: [
        {
          key: "key",
          type: "api_key",
          label: "API key",
          fields: [{ key: "key", type: "secret", label: "Key", required: true, secret: true }],
        },
      ],
    },
    "POST accounts": account("acc_9", { owner: "workspace", user: null, label: "Ours" }),
  });
  await place("write");
  await page.getByRole("button", { name: "Connect an account" }).click();
  await page.getByLabelText("Name").fill("Ours");
  await page.getByLabelText("Key", { exact: true }).fill("main");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByLabelText("Key", { exact: true }).fill("k-1");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await vi.waitFor(() =>
    expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
      ...{ app: "maps", auth: "key", fields: { key: "k-1" }, label: "Ours", key: "main" },
    }),
  );
  await vi.waitFor(() => expect(page.getByRole("dialog").elements()).toEqual([]));
});

test("chosen integrations are moved to another account of the same app and owner, and one that is refused is named", async () => {
  const asked = fakeWorkspace({
    "GET apps": APPS,
    "GET accounts": ({ query }: { query: URLSearchParams }) =>
      query.get("app") ? list(account("acc_1"), account("acc_2")) : list(account("acc_1", { usedBy: USED })),
    "POST accounts/acc_1/move": {
      to: "acc_2",
      moved: [],
      refused: [{ integration: "int_2", flow: "geocode", name: "South", code: "account", message: "Connected in another way" }],
    },
  });
  await place("write");
  await page.getByRole("button", { name: "Actions of ACC_1" }).click();
  await page.getByRole("menuitem", { name: "Move integrations…" }).click();
  await page.getByRole("checkbox", { name: /North/ }).click();
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect.element(page.getByText("“South” was not moved")).toBeVisible();
  expect(asked.find(({ query }) => query.get("app") !== null)?.query.get("user")).toBe("ada");
  expect(page.getByRole("option", { name: "ACC_1" }).elements()).toEqual([]);
  expect(asked.at(-1)?.body).toEqual({ to: "acc_2", integrations: ["int_2"] });
});

test("a user is asked by a link, shown once with words to send, and the link is withdrawn", async () => {
  const link = { id: "lnk_1", author: "Grace", createdAt: "2026-11-02T10:00:00.000Z", expiresAt: "2026-11-09T10:00:00.000Z" };
  let waiting: typeof link | null = null;
  const asked = fakeWorkspace({
    "GET apps": APPS,
    "GET apps/maps": { key: "maps", name: "Maps", icon: null, description: "", auth: [] },
    "GET accounts": () => list(account("acc_1", { status: "expired", asked: waiting })),
    "POST accounts/acc_1/link": () => {
      waiting = link;
      return { ...link, account: "acc_1", url: "https://edge.example/reconnect#renew_x" };
    },
    "DELETE accounts/acc_1/link": () => {
      waiting = null;
      return {};
    },
  });
  const copied = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  await place("write");
  await page.getByRole("button", { name: "Actions of ACC_1" }).click();
  await page.getByRole("menuitem", { name: "Ask to reconnect…" }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  await expect.element(page.getByLabelText("Link", { exact: true })).toHaveValue("https://edge.example/reconnect#renew_x");
  await page.getByRole("button", { name: "Copy with a request" }).click();
  expect(copied).toHaveBeenCalledWith("Please reconnect Maps (ACC_1): https://edge.example/reconnect#renew_x");
  await page.getByRole("button", { name: "Done" }).click();
  await expect.element(page.getByText("Asked", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Actions of ACC_1" }).click();
  await page.getByRole("menuitem", { name: "Withdraw the link" }).click();
  await vi.waitFor(() => expect(page.getByText("Asked", { exact: true }).elements()).toEqual([]));
  expect(asked.some(({ method }) => method === "DELETE")).toBe(true);
});

test("who may only watch is offered neither", async () => {
  fakeWorkspace({ "GET apps": APPS, "GET accounts": list(account("acc_1", { usedBy: USED })) });
  await place("read", "events");
  await expect.element(page.getByRole("button", { name: "Test" })).toBeVisible();
  expect(page.getByRole("button", { name: "Actions of ACC_1" }).elements()).toEqual([]);
  expect(page.getByRole("button", { name: "Connect an account" }).elements()).toEqual([]);
});

test("an app that cannot be read says why, and can be chosen again", async () => {
  fakeWorkspace({ "GET apps": APPS, "GET apps/maps": () => refusal(404, "not_found", "There is no app with this key") });
  await place("write");
  await page.getByRole("button", { name: "Connect an account" }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect.element(page.getByText("There is no app with this key")).toBeVisible();
});

test("on a phone, an account's menu tests it and asks its user to connect it anew", async () => {
  await page.viewport(390, 800);
  onTestFinished(() => page.viewport(1280, 800));
  const asked = fakeWorkspace({
    "GET apps": APPS,
    "GET accounts": list(account("acc_1", { status: "expired" })),
    "POST accounts/acc_1/test": { ok: true, message: null, account: { id: "acc_1", status: "connected" } },
  });
  const element = await place("write");
  element.style.inlineSize = "390px";
  await page.getByRole("button", { name: "Actions of ACC_1" }).click();
  await expect.element(page.getByRole("menuitem", { name: /^Ask to reconnect/ })).toBeVisible();
  await page.getByRole("menuitem", { name: "Test" }).click();
  await expect.element(page.getByRole("table").getByText("Connected", { exact: true })).toBeVisible();
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
});
