import { expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./errors-view.ts";
import type { ErrorsViewElement } from "./errors-view.ts";

const error = (id: string, tags: string[]) => ({
  ...{ id, flow: "hello", block: "go", step: "tell", class: "invalid", code: "http_422", pattern: `refused ${id}`, message: "refused" },
  ...{ open: 2, total: 2, assignee: null, status: "open", integrations: 1, tags },
  ...{ firstAt: "2026-11-01T00:00:00.000Z", lastAt: "2026-11-01T00:00:00.000Z" },
});

test("errors show their tags, and are narrowed to one of them", async () => {
  await page.viewport(1280, 800);
  const asked = fakeWorkspace({ "GET errors": { items: [error("a", ["late"]), error("b", [])], nextCursor: null } });
  const element = await placeView<ErrorsViewElement>("inlay-console-errors", { session: sessionOf("write") });
  await expect.element(page.getByRole("row", { name: /refused a.*late/ })).toBeVisible();
  const tag = element.shadowRoot?.querySelector('[label="Tag"], [aria-label="Tag"]');
  expect(tag).not.toBeNull();
  element.query = new URLSearchParams({ tag: "late" });
  await vi.waitFor(() => expect(asked.at(-1)?.query.get("tag")).toBe("late"));
});
