import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./home-view.ts";
import type { HomeViewElement } from "./home-view.ts";

const flow = (key: string) => ({
  ...{ key, name: key.toUpperCase(), description: "", icon: null, category: null, tags: [], labels: [], audience: "everyone", apps: [] },
  ...{ folder: null, version: 1, integrations: 0, enabled: 0, attention: 0, openErrors: 0, updatedAt: "2026-11-22T00:00:00.000Z" },
});

test("a tile is dropped before another by its first half, and behind it by its second", async () => {
  await page.viewport(1280, 800);
  const asked = fakeWorkspace({
    "GET flows": { items: [flow("a"), flow("b"), flow("c")], nextCursor: null },
    "GET home": { view: "tiles", order: [], pins: [] },
    "PUT home": null,
  });
  const element = await placeView<HomeViewElement>("inlay-console-home", { session: sessionOf("write") });
  await expect.element(page.getByRole("link", { name: "C", exact: true })).toBeVisible();
  const drag = async (from: number, to: number, part: number) => {
    const tiles = [...(element.shadowRoot?.querySelectorAll(".flow-tile") ?? [])];
    const { left, top, width } = tiles[to]?.getBoundingClientRect() ?? new DOMRect();
    const at = { bubbles: true, composed: true, cancelable: true, clientX: left + width * part, clientY: top + 5 };
    tiles[from]?.dispatchEvent(new DragEvent("dragstart", at));
    tiles[to]?.dispatchEvent(new DragEvent("dragover", at));
    tiles[to]?.dispatchEvent(new DragEvent("drop", at));
    await element.updateComplete;
  };
  const orders = () => asked.filter(({ method }) => method === "PUT").map(({ body }) => (body as { order: string[] }).order.join(""));
  await drag(0, 1, 0.8);
  await vi.waitFor(() => expect(orders()).toEqual(["bac"]));
  await drag(0, 2, 0.8);
  await vi.waitFor(() => expect(orders()).toEqual(["bac", "acb"]));
  await drag(1, 0, 0.2);
  await vi.waitFor(() => expect(orders()).toEqual(["bac", "acb", "cab"]));
});
