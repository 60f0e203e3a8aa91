import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { ReadNotification } from "../../../shared/api/notification.ts";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import "../console.ts";

const ME = {
  workspace: { id: "ws_1", name: "Northlight" },
  member: { id: "mem_1", name: "Ada", email: "ada@example.com", role: "owner", scopes: ["admin"] },
};
const ENDED: ReadNotification = {
  ...{ id: "ntf_1", type: "account.expired", at: new Date().toISOString(), resolvedAt: null, read: false },
  message: "Connect Crm again. <img src=x onerror=alert(1)> The refresh token was withdrawn.",
  subject: { account: "acc_1", app: "crm", label: "<b>North</b>", owner: "user", user: "usr_1" },
};
let items: ReadNotification[] = [];

function answer(path: string, method: string): Response {
  if (path === "/v1/workspace") return Response.json(ME);
  if (path === "/v1/workspace/home") return Response.json({ view: "tiles", order: [], pins: [] });
  if (path === "/v1/workspace/notifications/read" && method === "POST") {
    items = items.map((one) => ({ ...one, read: true }));
    return new Response(null, { status: 204 });
  }
  if (path === "/v1/workspace/notifications")
    return Response.json({ items, nextCursor: null, unread: items.filter(({ read }) => !read).length });
  return Response.json({ items: [], nextCursor: null });
}

beforeEach(() => {
  location.hash = "";
  items = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) =>
    answer(new URL(String(input instanceof Request ? input.url : input), location.origin).pathname, init?.method ?? "GET"),
  );
});
afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

test("an account that ends is counted at the bell while the console is open, told in words, and read", async () => {
  const element = document.createElement("inlay-console");
  document.body.append(element);
  await expect.element(page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
  items = [ENDED];
  document.dispatchEvent(new Event("visibilitychange"));
  await page.getByRole("button", { name: "Notifications: 1 unread" }).click();
  const link = page.getByRole("link", { name: "<b>North</b> must be connected again" });
  await expect.element(link).toHaveAttribute("href", "#/users/usr_1/accounts");
  await expect.element(page.getByText(ENDED.message)).toBeVisible();
  await expectAccessible(element);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect.element(page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
});

test("where there is nothing to tell, the bell says so", async () => {
  document.body.append(document.createElement("inlay-console"));
  await page.getByRole("button", { name: "Notifications", exact: true }).click();
  await expect.element(page.getByText("Nothing to tell")).toBeVisible();
});
