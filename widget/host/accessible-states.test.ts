// axe in the states that no test beside its element looks at: on the way, nothing there, refused, stale, and each dialog. Light and dark, both directions.
import { expect, onTestFinished, test, vi } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { type FakeAnswer, type FakeEdge, refusal } from "../testing/fake-edge.ts";
import { account, CONTACTS as CONTACTS_FORM, serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, makeAccount, makeIntegration, makeRun, ORDERS, PIPELINE_TWO_WAYS, POSTBOX } from "../testing/fixtures.ts";
import { place, startEdge } from "../testing/place.ts";

type Tag = "inlay-marketplace" | "inlay-integrations" | "inlay-accounts" | "inlay-setup";

interface State {
  tag: Tag;
  attributes?: Record<string, string>;
  /** What the edge has. */
  given?: (edge: FakeEdge) => void;
  /** What the user does. */
  steps?: () => Promise<void>;
  /** What is there then. */
  seen: RegExp | string;
}

const never = () => new Promise<FakeAnswer>(() => undefined);
const down = () => refusal(503, "unavailable", "Down");
const click = (name: RegExp | string) =>
  page
    .getByRole("button", { name, exact: typeof name === "string" })
    .first()
    .click();
const choose = (name: string) => page.getByRole("menuitem", { name }).click();

const broken = makeIntegration("int_1", CONTACTS, {
  status: "needs_attention",
  attention: [{ code: "account_expired", account: "acc_2", message: "Gone", params: { label: "North Ltd", owner: "user" } }],
  blocks: CONTACTS.blocks.map((block) => ({ ...block, lastRun: makeRun("run_1") })),
});
const withIntegrations = (edge: FakeEdge) => {
  edge.accounts = [
    makeAccount("acc_1", "pipeline", { label: "Ada’s Pipeline" }),
    makeAccount("acc_2", "postbox", { label: "North Ltd", status: "expired" }),
    makeAccount("acc_3", "pipeline", { label: "Revoked one", status: "revoked" }),
    makeAccount("acc_4", "pipeline", { label: "Shared one", owner: "workspace", status: "error" }),
  ];
  edge.integrations = [broken, makeIntegration("int_2", ORDERS, { status: "disabled", upgradeTo: 2 })];
  const mine = { integration: "int_1" };
  edge.runs = [
    makeRun("run_1", mine),
    makeRun("run_2", { ...mine, status: "running", endedAt: null }),
    makeRun("run_3", { ...mine, status: "stopped" }),
  ];
};
const withForm = (edge: FakeEdge) => {
  const form = serveForm(edge);
  edge.accounts = [account("acc_crm", "pipeline"), account("acc_news", "postbox")];
  form.draft = { accounts: { crm: "acc_crm", news: "acc_news" }, values: { audience: "aud_1" }, page: "rhythm" };
};
const preview = "POST /v1/flows/contacts-to-newsletter/preview";
const setup = { tag: "inlay-setup", attributes: { flow: CONTACTS_FORM.key } } as const;

const STATES: Record<string, State> = {
  "flows on their way": { tag: "inlay-marketplace", given: (edge) => edge.on("GET /v1/flows", never), seen: "Loading" },
  "flows as rows, with marks": {
    tag: "inlay-marketplace",
    attributes: { layout: "list" },
    given: withIntegrations,
    seen: "Needs attention",
  },
  "nothing found": { tag: "inlay-marketplace", attributes: { search: "zzz" }, seen: "Nothing matches" },
  "filters chosen": {
    tag: "inlay-marketplace",
    steps: async () => {
      await click("Marketing");
      await click("newsletter");
    },
    seen: "Welcome series",
  },
  "a list that is old, because the next did not come": {
    tag: "inlay-marketplace",
    steps: async () => {
      await expect.element(page.getByText("Welcome series")).toBeVisible();
      const edge = current as FakeEdge;
      edge.on("GET /v1/flows", down);
      await page.getByRole("searchbox").fill("welcome");
    },
    seen: /cannot be reached/,
  },
  "a flow on its way": {
    tag: "inlay-marketplace",
    attributes: { flow: CONTACTS.key },
    given: (edge) => edge.on("GET /v1/flows/", never),
    seen: "All integrations",
  },
  "a flow that is gone": { tag: "inlay-marketplace", attributes: { flow: "gone" }, seen: /no longer available/ },
  "a flow that is set up and needs attention": {
    tag: "inlay-marketplace",
    attributes: { flow: CONTACTS.key },
    given: withIntegrations,
    seen: "Set up another",
  },
  "a page that changes nothing": { tag: "inlay-marketplace", attributes: { flow: CONTACTS.key, readonly: "" }, seen: "What it does" },
  "no session": {
    tag: "inlay-marketplace",
    given: (edge) => edge.on("GET /v1/", () => refusal(401, "unauthenticated", "No")),
    seen: /session has ended/,
  },
  "integrations on their way": { tag: "inlay-integrations", given: (edge) => edge.on("GET /v1/integrations", never), seen: "Loading" },
  "no integrations": { tag: "inlay-marketplace", attributes: { view: "integrations" }, seen: "Nothing set up yet" },
  "integrations that did not come": {
    tag: "inlay-integrations",
    given: (edge) => edge.on("GET /v1/integrations", down),
    seen: /cannot be reached/,
  },
  "an integration that needs attention, one that is off and has an upgrade": {
    tag: "inlay-integrations",
    given: withIntegrations,
    seen: /The sign-in “North Ltd” no longer works/,
  },
  "the menu of an integration": {
    tag: "inlay-integrations",
    given: withIntegrations,
    steps: () => click(/More actions/),
    seen: "Duplicate",
  },
  renaming: {
    tag: "inlay-integrations",
    given: withIntegrations,
    steps: async () => {
      await click(/More actions/);
      await choose("Rename");
    },
    seen: "Save",
  },
  "a change that failed": {
    tag: "inlay-integrations",
    given: (edge) => {
      withIntegrations(edge);
      edge.on("PATCH /v1/integrations", down);
    },
    steps: () => page.getByRole("switch").first().click(),
    seen: "That did not work",
  },
  "an integration without runs": {
    tag: "inlay-integrations",
    given: (edge) => {
      withIntegrations(edge);
      edge.runs = [];
    },
    steps: () => click("Orders to any endpoint"),
    seen: /No runs yet/,
  },
  "runs that did not come": {
    tag: "inlay-integrations",
    given: (edge) => {
      withIntegrations(edge);
      edge.on("GET /v1/integrations/int_1/runs", down);
    },
    steps: () => click("Contacts to newsletter"),
    seen: "The runs could not be loaded",
  },
  "runs under way": {
    tag: "inlay-integrations",
    given: withIntegrations,
    steps: () => click("Contacts to newsletter"),
    seen: "Running",
  },
  "accounts on their way": { tag: "inlay-accounts", given: (edge) => edge.on("GET /v1/accounts", never), seen: "Loading" },
  "no accounts": { tag: "inlay-accounts", seen: "No accounts connected" },
  "accounts that did not come": { tag: "inlay-accounts", given: (edge) => edge.on("GET /v1/accounts", down), seen: /cannot be reached/ },
  "accounts in each condition": { tag: "inlay-accounts", given: withIntegrations, seen: "Access withdrawn" },
  "the menu of an account": { tag: "inlay-accounts", given: withIntegrations, steps: () => click(/More actions/), seen: "Check" },
  "which app to connect": { tag: "inlay-accounts", steps: () => click("Connect an account"), seen: "Which app?" },
  "a toast": {
    tag: "inlay-accounts",
    given: withIntegrations,
    steps: async () => {
      await click(/More actions/);
      await choose("Check");
    },
    seen: /works|did not answer/,
  },
  "which way to connect": {
    tag: "inlay-marketplace",
    attributes: { flow: CONTACTS.key },
    given: (edge) => {
      edge.flows = [{ ...CONTACTS, appDetails: [PIPELINE_TWO_WAYS, POSTBOX] }];
    },
    steps: () => click("Connect: Pipeline"),
    seen: "How do you want to connect?",
  },
  "waiting for the app’s window": {
    tag: "inlay-marketplace",
    attributes: { flow: CONTACTS.key },
    steps: () => connectWith({ closed: false, location: { replace: vi.fn() }, close: vi.fn(), focus: vi.fn() }),
    seen: "Finish in the Pipeline window",
  },
  "a window that was blocked": {
    tag: "inlay-marketplace",
    attributes: { flow: CONTACTS.key },
    steps: () => connectWith(null),
    seen: "Your browser blocked the window",
  },
  "access that was declined": {
    tag: "inlay-marketplace",
    attributes: { flow: CONTACTS.key },
    given: (edge) => {
      edge.attempt = { status: "failed", reason: "denied", message: "access_denied" };
    },
    steps: () => connectWith({ closed: false, location: { replace: vi.fn() }, close: vi.fn(), focus: vi.fn() }),
    seen: /declined there/,
  },
  "no flow chosen": { tag: "inlay-setup", seen: "No integration chosen" },
  "the form on its way": { ...setup, given: (edge) => edge.on("GET /v1/flows/", never), seen: "Loading" },
  "what was entered on its way": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on("GET /v1/flows/contacts-to-newsletter/draft", never);
    },
    seen: "Loading the form",
  },
  "a form that did not come": { ...setup, given: (edge) => edge.on("GET /v1/flows/", down), seen: /cannot be reached/ },
  "what was entered did not come": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on("GET /v1/flows/contacts-to-newsletter/draft", down);
    },
    seen: "The form could not be loaded",
  },
  "a form that cannot be saved": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on("PUT /v1/flows/contacts-to-newsletter/draft", () => "offline");
    },
    steps: () => page.getByText("are added at once").click(),
    seen: /Not saved yet/,
  },
  "a choice of apps’ records that did not come": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on("POST /v1/flows/contacts-to-newsletter/options", () => refusal(502, "app_failed", "Postbox does not answer."));
    },
    steps: async () => {
      await click(/Choose what goes where/);
      await page.getByRole("combobox", { name: "Audience" }).click();
    },
    seen: /could not be loaded/,
  },
  "what a form lacks": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on("POST /v1/integrations", () =>
        refusal(422, "invalid", "No", [{ path: "values.confirm", code: "rule", message: "That needs a look" }]),
      );
    },
    steps: () => click("Turn on"),
    seen: "That needs a look",
  },
  "a preview on its way": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on(preview, never);
    },
    steps: () => click("Preview"),
    seen: "Asking your apps…",
  },
  "a preview that did not come": {
    ...setup,
    given: (edge) => {
      withForm(edge);
      edge.on(preview, down);
    },
    steps: () => click("Preview"),
    seen: "The preview could not be made",
  },
};

let current: FakeEdge | undefined;

async function connectWith(opened: object | null): Promise<void> {
  const open = vi.spyOn(window, "open").mockReturnValue(opened as Window | null);
  onTestFinished(() => open.mockRestore());
  await click("Connect: Pipeline");
}

test.each(Object.entries(STATES))("axe finds nothing: %s", async (_name, { tag, attributes = {}, given, steps, seen }) => {
  current = startEdge();
  given?.(current);
  const element = place(tag, attributes);
  await steps?.();
  await expect.element(page.getByText(seen).first()).toBeInTheDocument();
  await expectAccessible(element);
});
