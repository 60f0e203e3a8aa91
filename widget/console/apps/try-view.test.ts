import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./try-view.ts";
import type { TryViewElement } from "./try-view.ts";

const SOURCE = `queries: { orders: { input: [{ key: state, type: text, required: true }], request: { path: /orders } } }
actions: { add: { request: { path: /orders, method: POST } } }`;
const TRIED = {
  ok: true,
  output: [{ id: "o-1" }],
  error: null,
  calls: [{ request: { method: "GET", url: "https://shop.example/orders" } }],
  more: false,
};

test("an operation is tried with an account, and what it answered is kept", async () => {
  const asked = fakeWorkspace({
    "GET accounts": { items: [{ id: "acc_1", label: "Shop of Ada", user: "ada", status: "connected" }], nextCursor: null },
    "POST apps/shop/try": TRIED,
    "PUT apps/shop/samples/query/orders": {},
  });
  await placeView<TryViewElement>("inlay-console-try", { session: sessionOf("write"), app: "shop", source: SOURCE });
  await expect.element(page.getByRole("option", { name: "Shop of Ada (ada)" })).toBeInTheDocument();
  await page.getByRole("button", { name: "Try it" }).click();
  await expect.element(page.getByText("Worked")).toBeVisible();
  expect(asked.at(-1)?.body).toEqual({ kind: "query", operation: "orders", input: { state: "" }, account: "acc_1" });
  await page.getByRole("button", { name: "Keep as the sample" }).click();
  await vi.waitFor(() =>
    expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({ input: { state: "" }, output: [{ id: "o-1" }] }),
  );
});

test("an action says that it is really done; who may only look is not offered to try", async () => {
  fakeWorkspace({});
  const query = new URLSearchParams({ operation: "action.add" });
  const element = await placeView<TryViewElement>("inlay-console-try", { session: sessionOf("write"), app: "shop", source: SOURCE, query });
  await expect.element(page.getByText(/^This really does it/)).toBeVisible();
  element.session = sessionOf("read");
  await expect.element(page.getByText(/^Your role may look/)).toBeVisible();
  expect(page.getByRole("button").elements()).toEqual([]);
});
