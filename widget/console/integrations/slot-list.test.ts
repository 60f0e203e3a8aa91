import { beforeAll, expect, test } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView } from "../testing/place-view.ts";
import type { MemberIntegration } from "./integration-api.ts";
import "./slot-list.ts";
import type { SlotListElement } from "./slot-list.ts";

const one = (...types: string[]) =>
  ({
    id: "int_1",
    blocks: types.map((type, at) => ({ key: `b${at}`, name: `Block ${at}`, trigger: { type } })),
  }) as unknown as MemberIntegration;

beforeAll(() => page.viewport(1280, 800));

test("each due time says how it ended and why, with a way to its run", async () => {
  const asked = fakeWorkspace({
    "GET integrations/int_1/slots": {
      items: [
        { block: "b0", dueAt: "2026-11-20T03:00:00Z", outcome: "skipped", lateness: null, reason: "The run before was still going" },
        { block: "b0", dueAt: "2026-11-19T03:00:00Z", outcome: "late", lateness: 180_000, run: "run_1" },
        { block: "b1", dueAt: "2026-11-18T03:00:00Z", outcome: "ran", lateness: 200, run: "run_2" },
      ],
      nextCursor: null,
    },
  });
  await placeView<SlotListElement>("inlay-console-slots", {
    integration: one("schedule", "poll", "webhook"),
    query: new URLSearchParams("block=b0"),
  });
  await expect.element(page.getByText("The run before was still going")).toBeVisible();
  await expect.element(page.getByText("3 min late")).toBeVisible();
  expect(
    page
      .getByRole("link", { name: /Nov 1\d, 2026, \d+:\d\d:\d\d/ })
      .elements()
      .map((link) => link.getAttribute("href")?.replace(/^#/, "")),
  ).toEqual(["/runs/run_1", "/runs/run_2"]);
  expect(asked[0]?.query.get("block")).toBe("b0");
});

test("an integration without a clock says so", async () => {
  fakeWorkspace({});
  await placeView<SlotListElement>("inlay-console-slots", { integration: one("webhook") });
  await expect.element(page.getByText("No block of this integration starts by the clock.")).toBeVisible();
});
