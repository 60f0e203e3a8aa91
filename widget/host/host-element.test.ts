import { html, type PropertyValues, type TemplateResult } from "lit";
import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { I18n } from "../i18n/i18n.ts";
import { CONTACTS as CONTACTS_FORM, serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, FLOWS, makeIntegration, tokenFor } from "../testing/fixtures.ts";
import { eventually, hear, place, reads, startEdge } from "../testing/place.ts";
import { HostElement } from "./host-element.ts";

test("nothing is asked of the edge before there is a token", async () => {
  const edge = startEdge();
  const element = place("inlay-marketplace", { token: "" });
  await element.updateComplete;
  await new Promise((done) => setTimeout(done, 50));
  expect(edge.calls).toEqual([]);
  element.token = tokenFor("ada");
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
});

test("loading the script twice defines the elements once and throws nothing", async () => {
  const before = customElements.get("inlay-marketplace");
  const again = new URL("../embed.ts?again", import.meta.url).href;
  await import(/* @vite-ignore */ again);
  expect(customElements.get("inlay-marketplace")).toBe(before);
});

test("T19 getToken is asked for the first token, and again after a refusal, whose request is repeated", async () => {
  const edge = startEdge();
  const tokens = [tokenFor("ada"), tokenFor("ada", 4_102_444_801)];
  edge.on("GET /v1/flows", ({ headers }) =>
    headers.get("authorization") === `Bearer ${tokens[0]}`
      ? { status: 401, body: { type: "", title: "", status: 401, code: "token_expired" } }
      : undefined,
  );
  let asked = 0;
  const element = place("inlay-marketplace", { token: "" });
  element.getToken = async () => tokens[Math.min(asked++, 1)] ?? "";
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
  expect(asked).toBe(2);
});

test("T20 a getToken that fails says so, fires inlay-error, and can be tried again", async () => {
  startEdge();
  const errors = hear("inlay-error");
  let isUp = false;
  const element = place("inlay-marketplace", { token: "" });
  element.getToken = async () => {
    if (!isUp) throw new Error("the host is down");
    return tokenFor("ada");
  };
  await reads(page.getByRole("alert"), /session has ended/);
  expect(errors).toMatchObject([{ code: "unauthenticated" }]);
  isUp = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
});

test("T20 a getToken that never settles is told after 20 s like one that fails; its late answer is used, and what fails late changes nothing", async () => {
  startEdge();
  const errors = hear("inlay-error");
  const answers: PromiseWithResolvers<string>[] = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const element = place("inlay-marketplace", { token: "" });
  element.getToken = () => {
    answers.push(Promise.withResolvers<string>());
    return answers.at(-1)?.promise as Promise<string>;
  };
  await element.updateComplete;
  vi.advanceTimersByTime(19_000);
  expect(errors).toEqual([]);
  vi.advanceTimersByTime(2_000);
  await element.updateComplete;
  expect(errors).toMatchObject([{ code: "unauthenticated", retryable: false }]);
  const retry = element.shadowRoot?.querySelector<HTMLButtonElement>("[role=alert] button");
  retry?.click();
  await element.updateComplete;
  expect(answers).toHaveLength(2);
  vi.useRealTimers();
  answers[0]?.resolve(tokenFor("ada"));
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
  answers[1]?.reject(new Error("late"));
  await new Promise((done) => setTimeout(done, 50));
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
  expect(errors).toHaveLength(1);
});

test("a view whose chunk does not come says so, fires inlay-error, and can be tried again", async () => {
  startEdge();
  const errors = hear("inlay-error");
  let isUp = false;
  const load = async () => {
    if (!isUp) throw new TypeError("Failed to fetch dynamically imported module");
  };
  class LateElement extends HostElement {
    override willUpdate(changed: PropertyValues<this>): void {
      super.willUpdate(changed);
      this.bring(load);
    }

    protected override renderContent(i18n: I18n): TemplateResult {
      return this.brought(load, i18n, () => html`<p>The view</p>`);
    }
  }
  customElements.define("inlay-late-test", LateElement);
  const element = Object.assign(document.createElement("inlay-late-test"), { token: tokenFor("ada") });
  onTestFinished(() => element.remove());
  document.body.append(element);
  await reads(page.getByRole("alert"), /network|reach|connection/i);
  expect(errors).toMatchObject([{ code: "network", retryable: true }]);
  isUp = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.element(page.getByText("The view")).toBeVisible();
  expect(errors).toHaveLength(1);
});

test("another user's token drops what was shown of the first", async () => {
  const edge = startEdge();
  edge.on("GET /v1/flows", ({ headers }) =>
    headers.get("authorization")?.includes(tokenFor("grace")) ? { body: { items: [], nextCursor: null } } : undefined,
  );
  const element = place("inlay-marketplace");
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
  element.token = tokenFor("grace");
  await expect.element(page.getByRole("heading", { name: "No integrations yet" })).toBeVisible();
  expect(page.getByRole("button", { name: "Contacts to newsletter" }).query()).toBeNull();
});

test("the stream is asked for once the first flows are shown, and also where they do not come", async () => {
  const edge = startEdge();
  const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
  edge.on("GET /v1/flows", () => held);
  place("inlay-marketplace");
  await eventually(() => expect(edge.callsOf("GET /v1/flows")).toHaveLength(1));
  await new Promise((done) => setTimeout(done, 300));
  expect(edge.callsOf("GET /v1/stream")).toHaveLength(0);
  await vi.waitFor(() => expect(edge.openStreams).toBe(1), { timeout: 5_000 });
  release(undefined);
  await expect.element(page.getByRole("button", { name: "Contacts to newsletter" })).toBeVisible();
  place("inlay-marketplace", { token: tokenFor("grace") });
  const shown = performance.now();
  await eventually(() => expect(edge.openStreams).toBe(2));
  expect(performance.now() - shown).toBeLessThan(1_500);
});

test("all elements of one user share one stream, which closes with the last of them", async () => {
  const edge = startEdge();
  const one = place("inlay-marketplace");
  const two = place("inlay-integrations");
  const ready = hear("inlay-ready");
  await eventually(() => expect(ready).toHaveLength(2));
  await eventually(() => expect(edge.openStreams).toBe(1));
  one.remove();
  await new Promise((done) => setTimeout(done, 50));
  expect(edge.openStreams).toBe(1);
  two.remove();
  await eventually(() => expect(edge.openStreams).toBe(0));
});

test("words come in the nearest language, may be overridden, and Arabic runs right to left", async () => {
  startEdge();
  const element = place("inlay-marketplace", { lang: "de-AT" });
  element.messages = { de: { "view.marketplace": "Stöbern" } };
  await expect.element(page.getByRole("tab", { name: "Stöbern" })).toBeVisible();
  await expect.element(page.getByRole("tab", { name: "Ihre Integrationen" })).toBeVisible();
  element.setAttribute("lang", "ar");
  await expect.element(page.getByRole("tab", { name: "الحسابات" })).toBeVisible();
  expect(getComputedStyle(element.shadowRoot?.querySelector(".root") as Element).direction).toBe("rtl");
});

test("words follow the page's language, and that of what stands around the element, while it is shown", async () => {
  startEdge();
  const { documentElement } = document;
  const before = documentElement.lang;
  onTestFinished(() => {
    documentElement.lang = before;
  });
  const around = document.createElement("div");
  document.body.append(around);
  onTestFinished(() => around.remove());
  const element = place("inlay-marketplace");
  around.append(element);
  const root = () => element.shadowRoot?.querySelector(".root");
  documentElement.lang = "he";
  await eventually(() => expect(root()?.getAttribute("dir")).toBe("rtl"));
  around.lang = "de";
  await eventually(() => expect(root()?.getAttribute("lang")).toBe("de"));
  element.lang = "fr";
  await eventually(() => expect(root()?.getAttribute("lang")).toBe("fr"));
});

test("the edge is asked in the element's language, and again once that changes", async () => {
  const edge = startEdge();
  const element = place("inlay-marketplace", { lang: "de_AT" });
  await expect.element(page.getByRole("tab", { name: "Konten" })).toBeVisible();
  const languages = () => edge.callsOf("GET /v1/flows").map(({ headers }) => headers.get("accept-language"));
  await eventually(() => expect(languages()).toEqual(["de-AT"]));
  element.setAttribute("lang", "pl");
  await eventually(() => expect(languages()).toEqual(["de-AT", "pl"]));
});

test("text on the accent has at least 4.5:1, whatever the accent", async () => {
  startEdge();
  const element = place("inlay-marketplace", { flow: "contacts-to-newsletter" });
  await expect.element(page.getByRole("button", { name: "Set up" })).toBeVisible();
  const button = page.getByRole("button", { name: "Set up" }).element();
  button.setAttribute("class", "button primary");
  for (let i = 0; i < 50; i++) {
    element.style.setProperty("--inlay-color-accent", `hsl(${(i * 137) % 360} ${20 + ((i * 53) % 80)}% ${10 + ((i * 31) % 80)}%)`);
    for (const animation of document.getAnimations()) animation.finish();
    const { color, backgroundColor } = getComputedStyle(button);
    expect(contrast(color, backgroundColor), `${color} on ${backgroundColor}`).toBeGreaterThanOrEqual(4.5);
  }
});

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("what is on its way takes the colours of another theme while it breathes", async () => {
  const edge = startEdge();
  edge.on("GET /v1/accounts", () => new Promise(() => undefined));
  const element = place("inlay-accounts", { theme: "light" });
  const bone = () => element.shadowRoot?.querySelector("inlay-accounts-view")?.shadowRoot?.querySelector(".bone");
  await eventually(() => expect(bone()).toBeTruthy());
  const colour = () => getComputedStyle(bone() as Element).backgroundColor;
  // At the far end of a breath, where the keyframe alone speaks.
  for (const breath of bone()?.getAnimations() ?? []) {
    breath.pause();
    breath.currentTime = 1_599;
  }
  const light = colour();
  element.theme = "dark";
  await element.updateComplete;
  expect(colour()).not.toBe(light);
});

test.each([
  ["a flow's page", { flow: CONTACTS.key }],
  ["an integration's page", { view: "integrations" }],
  ["a form", {}],
])("nothing of %s sticks out of an element that runs against the page's direction", async (_page, attributes) => {
  const edge = startEdge();
  serveForm(edge);
  edge.flows = FLOWS;
  edge.integrations = [makeIntegration("int_1", CONTACTS)];
  const isForm = Object.keys(attributes).length === 0;
  const element = isForm
    ? place("inlay-setup", { lang: "ar", flow: CONTACTS_FORM.key })
    : place("inlay-marketplace", { lang: "ar", ...attributes });
  if ("view" in attributes) await page.getByRole("button", { name: CONTACTS.name, exact: true }).click();
  await expect.element(page.getByText(CONTACTS.name).first()).toBeVisible();
  await expect.element(page.getByRole("button").first()).toBeVisible();
  await eventually(() => expect(element.scrollWidth).toBe(element.clientWidth));
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth);
});

test.each([
  ["inlay-marketplace", "No integrations yet"],
  ["inlay-integrations", "Nothing set up yet"],
  ["inlay-accounts", "No accounts connected"],
] as const)(
  "what a host puts into the slot “empty” of <%s>, whenever it does, stands in for our words until it takes it away",
  async (tag, ours) => {
    startEdge().flows = [];
    const element = place(tag);
    const words = page.getByRole("heading", { name: ours });
    const isOurs = (expected: boolean) => eventually(() => expect(words.elements().some((one) => one.checkVisibility())).toBe(expected));
    await isOurs(true);
    for (const theirs of ["Ask us for more", "Or call us"]) {
      const own = Object.assign(document.createElement("p"), { slot: "empty", textContent: theirs });
      element.append(own);
      await expect.element(page.getByText(theirs)).toBeVisible();
      await isOurs(false);
      own.remove();
      await isOurs(true);
    }
  },
);
