import { beforeAll, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./error-view.ts";
import type { ErrorViewElement } from "./error-view.ts";

const GROUP = {
  ...{ id: "err_1", flow: "hello", block: "go", step: "tell", class: "invalid", code: "http_422", pattern: "refused", message: "refused" },
  ...{ open: 2, total: 2, assignee: null, status: "open", integrations: 1, tags: [] as string[] },
  ...{ firstAt: "2026-11-01T00:00:00.000Z", lastAt: "2026-11-01T00:00:00.000Z" },
};

beforeAll(() => page.viewport(1280, 800));

test("tags are sent once, by Enter as by leaving the field, and stand there as they were stored", async () => {
  let tags: string[] = [];
  const asked = fakeWorkspace({
    "GET errors/err_1": () => ({ ...GROUP, tags }),
    "GET errors/err_1/runs": { items: [], nextCursor: null },
    "GET members": { items: [], nextCursor: null },
    "PATCH errors/err_1": ({ body }: { body: { tags: string[] } }) => {
      tags = body.tags.map((tag) => tag.trim().toLowerCase());
      return { ...GROUP, tags };
    },
  });
  await placeView<ErrorViewElement>("inlay-console-error", { session: sessionOf("write", "events"), error: "err_1" });
  const field = page.getByRole("textbox", { name: "Tags" });
  await field.fill("Forms, Customer");
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(field.element()).toHaveProperty("value", "forms, customer"));
  await field.fill("FORMS, Customer");
  await userEvent.tab();
  await vi.waitFor(() => expect(field.element()).toHaveProperty("value", "forms, customer"));
  expect(asked.filter(({ method }) => method === "PATCH")).toHaveLength(2);
});
