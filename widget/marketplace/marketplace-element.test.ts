import { expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { refusal } from "../testing/fake-edge.ts";
import { serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, makeAccount, makeFlow, makeIntegration, summaryOf } from "../testing/fixtures.ts";
import { eventually, hasFocus, hear, place, prevent, reads, startEdge } from "../testing/place.ts";

const card = (name: string) => page.getByRole("button", { name, exact: true });
const contacts = () => card("Contacts to newsletter");
const orders = () => card("Orders to any endpoint");

test("flows stand by category, and inlay-ready and inlay-flows-loaded tell the host once each", async () => {
  const edge = startEdge();
  edge.flows.push(makeFlow("birthdays", "Birthdays", { category: "Marketing" }));
  const [ready, loaded] = [hear("inlay-ready"), hear("inlay-flows-loaded")];
  place("inlay-marketplace");
  await expect.element(contacts()).toBeVisible();
  expect(
    page
      .getByRole("heading", { level: 3 })
      .elements()
      .map(({ textContent }) => textContent),
  ).toEqual(["Marketing", "Sales", "Automation"]);
  expect(loaded).toEqual([{ count: 5, tag: "", search: "" }]);
  await eventually(() => expect(ready).toEqual([{ view: "marketplace" }]));
});

test("a list of more than a handful can be sorted, and then stands in one grid", async () => {
  const edge = startEdge();
  edge.flows = Array.from({ length: 8 }, (_, at) => makeFlow(`f${at}`, `Flow ${8 - at}`, { category: at % 2 ? "Sales" : "Marketing" }));
  place("inlay-marketplace");
  await page.getByRole("combobox", { name: "Sort by" }).selectOptions("Name");
  const names = () => page.getByRole("button", { name: /^Flow/ }).elements();
  await eventually(() => expect(names().map((one) => one.textContent)).toEqual(Array.from({ length: 8 }, (_, at) => `Flow ${at + 1}`)));
  expect(page.getByRole("heading", { name: "Sales" }).elements()).toEqual([]);
});

test("a list that goes on is not said to be whole", async () => {
  const edge = startEdge();
  let nextCursor: string | null = "more";
  edge.on("GET /v1/flows", () => ({ body: { items: edge.flows.map(summaryOf), nextCursor } }));
  const element = place("inlay-marketplace");
  await expect.element(page.getByText("≥ 4 integrations")).toBeInTheDocument();
  nextCursor = null;
  element.search = "o";
  await expect.element(page.getByText("4 integrations", { exact: true })).toBeInTheDocument();
});

test("the cards come where their bones stood, and the toolbar keeps to one line on a phone", async () => {
  const edge = startEdge();
  edge.flows = Array.from({ length: 8 }, (_, at) => makeFlow(`f${at}`, `Flow ${at}`, { tags: [`t${at}`] }));
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  edge.on("GET /v1/flows", () => held.then(() => undefined));
  const element = place("inlay-marketplace");
  element.style.inlineSize = "343px";
  const find = (selector: string) => element.shadowRoot?.querySelector("inlay-browse-view")?.shadowRoot?.querySelector(selector);
  const topOf = (selector: string) => find(selector)?.getBoundingClientRect().top ?? Number.NaN;
  await eventually(() => expect(find(".card.waiting")).toBeTruthy());
  const bones = topOf(".card");
  answer();
  await expect.element(page.getByRole("combobox", { name: "Sort by" })).toBeVisible();
  expect(topOf(".card:not(.waiting)")).toBeCloseTo(bones, 0);
  const [toolbar, search] = [find(".toolbar"), find(".search")].map((one) => one?.getBoundingClientRect().height);
  expect(toolbar).toBe(search);
  expect(find(".search")?.clientWidth).toBeGreaterThan(110);
});

test("a few flows stand in one grid, each saying its category", async () => {
  startEdge();
  place("inlay-marketplace");
  await expect.element(contacts()).toBeVisible();
  expect(page.getByRole("heading", { level: 3 }).elements()).toEqual([]);
  await reads(page.getByRole("listitem").filter({ has: orders() }), /Automation/);
});

test("arrow keys move among the cards, as they stand", async () => {
  startEdge();
  const element = place("inlay-marketplace");
  element.style.inlineSize = "600px";
  await expect.element(contacts()).toBeVisible();
  (contacts().element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowRight}");
  await hasFocus(card("Welcome series"));
  await userEvent.keyboard("{ArrowDown}");
  await hasFocus(orders());
  await userEvent.keyboard("{ArrowUp}{Home}");
  await hasFocus(contacts());
  await userEvent.keyboard("{ArrowUp}");
  await hasFocus(contacts());
});

test("an integration that needs attention marks its flow's card and the tab that leads to it", async () => {
  const edge = startEdge();
  edge.integrations = [makeIntegration("int_1", CONTACTS, { status: "needs_attention" })];
  place("inlay-marketplace");
  await expect.element(page.getByRole("tab", { name: "Your integrations Needs attention" })).toBeVisible();
  edge.integrations = [makeIntegration("int_1", CONTACTS)];
  edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "enabled" } });
  await expect.element(page.getByRole("tab", { name: "Your integrations", exact: true })).toBeVisible();
  edge.integrations = [makeIntegration("int_1", CONTACTS, { status: "needs_attention" })];
  edge.emit({ type: "account", account: { id: "acc_1", app: "pipeline", status: "expired" } });
  await expect.element(page.getByRole("tab", { name: "Your integrations Needs attention" })).toBeVisible();
});

test.each([{ flow: CONTACTS.key }, { view: "integrations" }, { view: "accounts" }])(
  "%o opened directly marks that tab as well",
  async (attributes) => {
    const edge = startEdge();
    edge.integrations = [makeIntegration("int_1", CONTACTS, { status: "needs_attention" })];
    place("inlay-marketplace", attributes);
    const tab = page.getByRole("tab", { name: "Your integrations Needs attention" });
    await expect.element(tab).toBeVisible();
    edge.integrations = [makeIntegration("int_1", CONTACTS)];
    await eventually(() => {
      edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "enabled" } });
      expect(tab.elements()).toEqual([]);
    });
  },
);

test("typing searches in the edge, keeps what is typed, and reflects", async () => {
  const edge = startEdge();
  const loaded = hear("inlay-flows-loaded");
  const element = place("inlay-marketplace");
  await expect.element(contacts()).toBeVisible();
  const search = page.getByRole("searchbox", { name: "Search integrations" });
  await search.fill("endpoint ");
  await expect.element(contacts()).not.toBeInTheDocument();
  await expect.element(orders()).toBeVisible();
  expect(element.getAttribute("search")).toBe("endpoint ");
  await expect.element(search).toHaveValue("endpoint ");
  expect(edge.callsOf("GET /v1/flows").at(-1)?.query.get("search")).toBe("endpoint");
  expect(loaded.at(-1)).toEqual({ count: 1, tag: "", search: "endpoint" });
  await page.getByRole("button", { name: "Clear search" }).click();
  await expect.element(contacts()).toBeVisible();
});

test("a tag that the user chooses narrows the host's expression, and leaves with the second click", async () => {
  const edge = startEdge();
  const element = place("inlay-marketplace", { tag: "crm orders" });
  await expect.element(orders()).toBeVisible();
  await page.getByRole("button", { name: "newsletter", exact: true }).click();
  await expect.element(orders()).not.toBeInTheDocument();
  await expect.element(contacts()).toBeVisible();
  expect(element.getAttribute("tag")).toBe("crm+newsletter orders+newsletter");
  expect(edge.callsOf("GET /v1/flows").at(-1)?.query.get("tag")).toBe("crm+newsletter orders+newsletter");
  await page.getByRole("button", { name: "newsletter", exact: true }).click();
  await expect.element(orders()).toBeVisible();
  expect(element.tag).toBe("crm orders");
});

test("a tag set by the host later replaces what the user had narrowed", async () => {
  startEdge();
  const element = place("inlay-marketplace");
  await expect.element(orders()).toBeVisible();
  element.setAttribute("tag", "webhook");
  await expect.element(contacts()).not.toBeInTheDocument();
  await expect.element(orders()).toBeVisible();
  element.setAttribute("tag", "");
  await expect.element(contacts()).toBeVisible();
});

test("categories and the layout are chosen and reflect", async () => {
  startEdge();
  const element = place("inlay-marketplace");
  await page.getByRole("button", { name: "Automation", exact: true }).click();
  await expect.element(contacts()).not.toBeInTheDocument();
  await page.getByRole("button", { name: "List", exact: true }).click();
  expect(element.getAttribute("category")).toBe("Automation");
  expect(element.getAttribute("layout")).toBe("list");
});

test.each(["", "ar"])("in a list, names stand in one column and what is cut keeps its ellipsis (%s)", async (lang) => {
  const edge = startEdge();
  edge.flows = ["One", "Two", "Three"].map((name, at) =>
    makeFlow(name, name, { apps: Array.from({ length: at + 1 }, (_, app) => ({ key: `app${app}`, name: `App ${app}`, icon: null })) }),
  );
  place("inlay-marketplace", { layout: "list", lang }).style.inlineSize = "800px";
  const ends = ["One", "Two", "Three"].map((name) => async () => {
    await expect.element(card(name)).toBeVisible();
    const { left, right } = card(name).element().getBoundingClientRect();
    return Math.round(lang ? right : left);
  });
  const [first, ...others] = await Promise.all(ends.map((end) => end()));
  expect(others).toEqual([first, first]);
  // Words that run against the page have their ellipsis beside their box.
  const words = card("One").element().closest(".card")?.querySelector(".card-text");
  expect(words && getComputedStyle(words).overflowX).toBe("visible");
});

test("where nothing matches, one click shows everything again", async () => {
  startEdge();
  place("inlay-marketplace", { search: "zzz" });
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.element(contacts()).toBeVisible();
});

test("a failed load says what to do, fires inlay-error, and Try again loads", async () => {
  const edge = startEdge();
  const errors = hear("inlay-error");
  let isUp = false;
  edge.on("GET /v1/flows", () => (isUp ? undefined : "offline"));
  place("inlay-marketplace");
  await reads(page.getByRole("alert"), /Check that you are online/);
  expect(errors).toMatchObject([{ code: "network", retryable: true }]);
  isUp = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.element(contacts()).toBeVisible();
});

test("a late answer to an earlier search is dropped", async () => {
  const edge = startEdge();
  const { promise: slow, resolve } = Promise.withResolvers<void>();
  edge.on("GET /v1/flows", async ({ query }) => {
    if (query.get("search") === "endpoint") await slow;
    return undefined as never;
  });
  const element = place("inlay-marketplace");
  await expect.element(contacts()).toBeVisible();
  element.search = "endpoint";
  await element.updateComplete;
  element.search = "newsletter";
  await expect.element(orders()).not.toBeInTheDocument();
  resolve();
  await new Promise((done) => setTimeout(done, 50));
  await expect.element(contacts()).toBeVisible();
  expect(orders().query()).toBeNull();
});

test("a further page comes with Show more", async () => {
  const edge = startEdge();
  edge.on("GET /v1/flows", ({ query }) => {
    const [first, second] = [{ ...CONTACTS }, { ...CONTACTS, key: "second", name: "Second page" }];
    return query.get("cursor") ? { body: { items: [second], nextCursor: null } } : { body: { items: [first], nextCursor: "c1" } };
  });
  place("inlay-marketplace");
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.element(card("Second page")).toBeVisible();
  await expect.element(contacts()).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Show more" })).not.toBeInTheDocument();
});

/** Sixty flows, of which the edge tells twenty at a time. */
function startWithPages() {
  const edge = startEdge();
  edge.flows = Array.from({ length: 60 }, (_, at) =>
    makeFlow(`f${at}`, `Flow ${String(at).padStart(2, "0")}`, { category: at % 2 ? "Odd" : "Even" }),
  );
  edge.on("GET /v1/flows", ({ path, query }) => {
    if (path !== "/v1/flows") return undefined;
    const at = Number(query.get("cursor") ?? 0);
    const items = edge.flows.filter(({ category }) => !query.get("category") || category === query.get("category"));
    return { body: { items: items.slice(at, at + 20).map(summaryOf), nextCursor: at + 20 < items.length ? String(at + 20) : null } };
  });
  return edge;
}
const shownCards = () => page.getByRole("button", { name: /^Flow \d/ }).elements();

test("what changes elsewhere takes away none of the pages that are shown, nor the focus", async () => {
  const edge = startWithPages();
  place("inlay-marketplace");
  await page.getByRole("button", { name: "Show more" }).click();
  await eventually(() => expect(shownCards()).toHaveLength(40));
  (card("Flow 33").element() as HTMLElement).focus();
  edge.flows = edge.flows.map((flow) => ({ ...flow, ...(flow.key === "f2" && { name: "Flow 02 anew" }) }));
  edge.emit({ type: "integration", integration: { id: "int_1", flow: "f2", status: "enabled" } });
  await expect.element(card("Flow 02 anew")).toBeVisible();
  expect(shownCards()).toHaveLength(40);
  await hasFocus(card("Flow 33"));
});

test("a list that is narrowed while it is sorted is sorted whole", async () => {
  const edge = startWithPages();
  edge.flows = edge.flows.map((flow) => ({ ...flow, installed: flow.key === "f58" ? 3 : 0 }));
  place("inlay-marketplace");
  await page.getByRole("combobox", { name: "Sort by" }).selectOptions("Installed first");
  await eventually(() => expect(shownCards()[0]?.textContent).toBe("Flow 58"));
  expect(shownCards()).toHaveLength(60);
  await page.getByRole("button", { name: "Even", exact: true }).click();
  await eventually(() => expect(shownCards()).toHaveLength(30));
  expect(shownCards()[0]?.textContent).toBe("Flow 58");
});

test("the way back from a setup form leads to the card, on whatever page it stood", async () => {
  startWithPages();
  place("inlay-marketplace");
  await page.getByRole("button", { name: "Show more" }).click();
  await card("Flow 33").click();
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("button", { name: "All integrations" }).click();
  await hasFocus(card("Flow 33"));
});

test("a card opens its flow, which reflects; back returns the focus to the card", async () => {
  startEdge();
  const [before, opened] = [hear("inlay-before-open"), hear("inlay-flow-opened")];
  const element = place("inlay-marketplace");
  await contacts().click();
  await hasFocus(page.getByRole("heading", { name: "Contacts to newsletter" }));
  expect(element.getAttribute("flow")).toBe("contacts-to-newsletter");
  expect([before, opened]).toEqual([[{ flow: "contacts-to-newsletter" }], [{ flow: "contacts-to-newsletter" }]]);
  expect(page.getByText("As soon as it happens").query()).not.toBeNull();
  expect(page.getByText("Map one contact").query()).toBeNull();
  await page.getByRole("button", { name: "All integrations" }).click();
  await hasFocus(contacts());
  expect(element.hasAttribute("flow") && element.getAttribute("flow") !== "").toBe(false);
  await contacts().click();
  await hasFocus(page.getByRole("heading", { name: "Contacts to newsletter" }));
  element.removeAttribute("flow");
  await hasFocus(contacts());
});

test("inlay-before-open prevents opening", async () => {
  startEdge();
  prevent("inlay-before-open");
  const element = place("inlay-marketplace");
  await contacts().click();
  expect(element.flow).toBe("");
  await expect.element(contacts()).toBeVisible();
});

test("the flow attribute leads straight to the flow, and a flow that is gone says so", async () => {
  startEdge();
  const element = place("inlay-marketplace", { flow: "orders-to-anywhere" });
  await expect.element(page.getByRole("heading", { name: "Orders to any endpoint" })).toBeVisible();
  element.flow = "withdrawn";
  await expect.element(page.getByRole("status").filter({ hasText: "no longer available" })).toBeVisible();
});

test("the host page is told that the form's flow is gone in the words that stand there", async () => {
  startEdge();
  const errors = hear("inlay-error");
  place("inlay-setup", { flow: "withdrawn" });
  await expect.element(page.getByRole("status").filter({ hasText: "no longer available" })).toBeVisible();
  expect(errors).toMatchObject([{ code: "not_found", message: expect.stringContaining("no longer available") }]);
});

test("the flow page names the accounts that are connected, and those that want reconnecting", async () => {
  const edge = startEdge();
  edge.accounts = [makeAccount("acc_1", "pipeline", { label: "Ada’s Pipeline" }), makeAccount("acc_2", "postbox", { status: "expired" })];
  place("inlay-marketplace", { flow: "contacts-to-newsletter" });
  await expect.element(page.getByText("Ada’s Pipeline")).toBeVisible();
  await expect.element(page.getByRole("button", { name: "Reconnect: Postbox" })).toBeVisible();
});

test("a flow of which there can be one offers to edit the one that there is", async () => {
  const edge = startEdge();
  edge.flows = [{ ...CONTACTS, instances: "one" }];
  edge.integrations = [makeIntegration("int_1", CONTACTS)];
  place("inlay-marketplace", { flow: CONTACTS.key });
  await expect.element(page.getByRole("button", { name: "Edit", exact: true })).toBeVisible();
});

test("the flow page shows all integrations of its flow, and the tab knows of all, however many pages they take", async () => {
  const edge = startEdge();
  const all = Array.from({ length: 60 }, (_, at) =>
    makeIntegration(`int_${at}`, CONTACTS, { name: `Number ${at}`, status: at === 59 ? "needs_attention" : "enabled" }),
  );
  edge.on("GET /v1/integrations", ({ query }) => {
    const from = Number(query.get("cursor") ?? 0);
    return { body: { items: all.slice(from, from + 25), nextCursor: from + 25 < all.length ? String(from + 25) : null } };
  });
  place("inlay-marketplace", { flow: CONTACTS.key });
  await expect.element(page.getByText("Number 0", { exact: true })).toBeVisible();
  await expect.element(page.getByText("Number 59", { exact: true })).toBeVisible();
  expect(page.getByRole("button", { name: /^Manage: / }).elements()).toHaveLength(60);
  await expect.element(page.getByRole("tab", { name: "Your integrations Needs attention" })).toBeVisible();
});

test("readonly offers nothing that changes", async () => {
  startEdge();
  place("inlay-marketplace", { flow: CONTACTS.key, readonly: "" });
  await expect.element(page.getByText("Not connected").first()).toBeVisible();
  expect(page.getByRole("button", { name: /Set up|Connect/ }).elements()).toEqual([]);
});

test("tabs move by arrow keys, by reading direction, and reflect as view", async () => {
  startEdge();
  const element = place("inlay-marketplace", { lang: "ar" });
  await page.getByRole("tab", { name: "استكشاف" }).click();
  await userEvent.keyboard("{ArrowLeft}");
  await hasFocus(page.getByRole("tab", { name: "تكاملاتك" }));
  expect(element.getAttribute("view")).toBe("integrations");
});

test("a host's own words at the end stand there also where they come while the form is open", async () => {
  const form = serveForm(startEdge());
  const accounts = { crm: "acc_crm", news: "acc_news" };
  const values = { audience: "aud_1", fields: [{ from: "email", to: "EMAIL" }] };
  form.integration = makeIntegration("int_1", CONTACTS, { accounts, values });
  const element = place("inlay-marketplace");
  await expect.element(contacts()).toBeVisible();
  element.open(CONTACTS.key, { integration: "int_1" });
  await expect.element(page.getByRole("button", { name: "Save changes" })).toBeVisible();
  element.insertAdjacentHTML("beforeend", '<p slot="done">What comes next</p>');
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect.element(page.getByText("What comes next")).toBeVisible();
});

test("the list shows by itself what has changed elsewhere", async () => {
  const edge = startEdge();
  place("inlay-marketplace");
  await expect.element(contacts()).toBeVisible();
  edge.integrations = [makeIntegration("int_1", CONTACTS, { status: "needs_attention" })];
  edge.emit({ type: "integration", integration: { id: "int_1", flow: CONTACTS.key, status: "needs_attention" } });
  await expect.element(page.getByRole("listitem").getByText("Needs attention")).toBeVisible();
});

test.each(["cards", "flow", "none", "failed"])("axe finds nothing: %s", async (state) => {
  const edge = startEdge();
  edge.accounts = [makeAccount("acc_1", "pipeline", { label: "Ada’s Pipeline" })];
  if (state === "none") edge.flows = [];
  if (state === "failed") edge.on("GET /v1/flows", () => refusal(503, "unavailable", "Down"));
  const element = place("inlay-marketplace", state === "flow" ? { flow: CONTACTS.key } : {});
  const sight = {
    cards: contacts(),
    flow: page.getByText("Ada’s Pipeline"),
    none: page.getByText("No integrations yet"),
    failed: page.getByRole("alert"),
  };
  await expect.element(sight[state as keyof typeof sight]).toBeVisible();
  await expectAccessible(element);
});
