import { beforeAll, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { SignInProvider } from "../../../shared/api/member.ts";
import { fakeWorkspace, placeView, sessionOf } from "../testing/place-view.ts";
import "./bin-part.ts";
import type { BinPartElement } from "./bin-part.ts";
import "./icons-part.ts";
import type { IconsPartElement } from "./icons-part.ts";
import "./sign-in-part.ts";
import "./variables-part.ts";
import type { VariablesPartElement } from "./variables-part.ts";

const list = (...items: unknown[]) => ({ items, nextCursor: null });
const told = (element: HTMLElement) => {
  const notice = vi.fn();
  element.addEventListener("console-notice", (event) => notice((event as CustomEvent).detail));
  return notice;
};

beforeAll(() => page.viewport(1280, 800));

test("a variable is removed, and put back by undo", async () => {
  const variables: Record<string, string> = { REGION: "eu" };
  fakeWorkspace({
    "GET variables": () => variables,
    "DELETE variables/REGION": () => {
      delete variables.REGION;
      return new Response(null, { status: 204 });
    },
    "PUT variables/REGION": ({ body }: { body: unknown }) => {
      variables.REGION = (body as { value: string }).value;
      return new Response(null, { status: 204 });
    },
  });
  const element = await placeView<VariablesPartElement>("inlay-console-variables", { session: sessionOf("write") });
  const notice = told(element);
  await page.getByRole("button", { name: "Remove" }).click();
  await expect.element(page.getByText("No variables yet", { exact: false })).toBeVisible();
  await notice.mock.calls[0]?.[0].undo();
  await expect.element(page.getByText("eu", { exact: true })).toBeVisible();
});

test("a provider is changed in the form that it was added by; its secret stays where none is typed", async () => {
  const provider: SignInProvider = {
    ...{ id: "sip_1", label: "Corp", issuer: "https://id.example", clientId: "inlay", hasSecret: true, domains: ["example.com"] },
    ...{ role: "viewer", redirectUri: "https://edge/auth/callback", startUrl: "https://edge/auth/start/sip_1", createdAt: "2026-11-01" },
  };
  const asked = fakeWorkspace({ "GET sign-in-providers": list(provider), "PUT sign-in-providers/sip_1": provider });
  await placeView("inlay-console-sign-in", {});
  await page.getByRole("button", { name: "Edit" }).click();
  await expect.element(page.getByLabelText("Domains of addresses")).toHaveValue("example.com");
  await page.getByLabelText("Name on the button").fill("Staff");
  await page.getByLabelText("Whoever comes from there").selectOptions("builder");
  await page.getByRole("button", { name: "Save" }).click();
  await vi.waitFor(() =>
    expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({
      ...{ label: "Staff", issuer: "https://id.example", clientId: "inlay", domains: ["example.com"], role: "builder" },
    }),
  );
});

test("an icon is removed, and stored again by undo", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const icon = { path: "icons/a.svg", type: "image/svg+xml", updatedAt: "2026-11-01T00:00:00.000Z" };
  const asked = fakeWorkspace({
    "GET icons": list(icon),
    "GET /icons/ws_1/icons/a.svg": () => new Response(svg),
    "DELETE icons/icons/a.svg": () => new Response(null, { status: 204 }),
    "PUT icons/icons/a.svg": () => new Response(null, { status: 204 }),
  });
  const element = await placeView<IconsPartElement>("inlay-console-icons", { session: sessionOf("write") });
  const notice = told(element);
  await page.getByRole("button", { name: "Remove" }).click();
  await vi.waitFor(() => expect(asked.some(({ method }) => method === "DELETE")).toBe(true));
  await vi.waitFor(() => expect(notice).toHaveBeenCalled());
  await notice.mock.calls[0]?.[0].undo();
  const stored = asked.find(({ method }) => method === "PUT")?.body as Blob;
  expect(await stored.text()).toBe(svg);
});

test("a flow is removed for good once its name is typed, by admins alone", async () => {
  const flow = {
    key: "old",
    name: "Old flow",
    deletedAt: "2026-11-01T00:00:00.000Z",
    purgedAt: "2026-12-01T00:00:00.000Z",
    integrations: 2,
  };
  const asked = fakeWorkspace({ "GET bin": list(flow), "DELETE bin/old": () => new Response(null, { status: 204 }) });
  await placeView<BinPartElement>("inlay-console-bin", { session: sessionOf("write") });
  await expect.element(page.getByRole("button", { name: "Restore" })).toBeVisible();
  expect(page.getByRole("button", { name: "Actions of Old flow" }).elements()).toEqual([]);
  await placeView<BinPartElement>("inlay-console-bin", { session: sessionOf("admin") });
  await page.getByRole("button", { name: "Actions of Old flow" }).click();
  await page.getByRole("menuitem", { name: "Remove for good…" }).click();
  const go = page.getByRole("button", { name: "Remove for good", exact: true });
  await expect.element(go).toBeDisabled();
  await page.getByLabelText("Type “Old flow” to go on").fill("Old flow");
  await go.click();
  await vi.waitFor(() => expect(asked.find(({ method }) => method === "DELETE")?.query.get("confirm")).toBe("Old flow"));
});
