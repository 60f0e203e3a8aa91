// Every screen in a language of marked and longer words: what is not marked was not translated, what does not fit is cut off.
import { expect, onTestFinished, test } from "vitest";
import { page } from "vitest/browser";
import { FIELD_TYPES } from "../../shared/flow/field.ts";
import { type FakeEdge, refusal } from "../testing/fake-edge.ts";
import { account, field, serveForm } from "../testing/fake-setup.ts";
import { CONTACTS, FLOWS, makeAccount, makeFlow, makeIntegration, makeRun, ORDERS, PIPELINE, POSTBOX } from "../testing/fixtures.ts";
import { eventually, place, startEdge } from "../testing/place.ts";
import { findCutOff, findUntranslated, inGreek, PSEUDO } from "../testing/pseudo-locale.ts";

/** The message of ours with these English words, as the page shows it. */
function said(key: keyof typeof PSEUDO, form: Intl.LDMLPluralRule = "other"): RegExp {
  const message = PSEUDO[key];
  const text = typeof message === "string" ? message : (message?.[form] ?? "");
  return new RegExp(text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".*"));
}

const button = (key: keyof typeof PSEUDO) => page.getByRole("button", { name: said(key) }).first();
const item = (key: keyof typeof PSEUDO) => page.getByRole("menuitem", { name: said(key) }).first();

type Tag = "inlay-marketplace" | "inlay-integrations" | "inlay-accounts" | "inlay-setup";

function show<Shown extends Tag>(tag: Shown, attributes: Record<string, string> = {}) {
  const element = place(tag, { lang: "el", ...attributes });
  element.messages = { el: PSEUDO };
  element.style.setProperty("--inlay-duration", "0s");
  return element;
}

/** Judges what is shown at widths of a phone and of a desktop. */
async function judge(element: HTMLElement): Promise<void> {
  for (const width of ["304px", "900px"]) {
    element.style.inlineSize = width;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    expect(findUntranslated(element), width).toEqual([]);
    expect(findCutOff(element), width).toEqual([]);
  }
}

const now = "2026-11-20T08:00:00.000Z";
const failed = inGreek(
  makeRun("run_2", {
    integration: "int_1",
    status: "failed",
    error: { code: "app_failed", message: "Postbox answered", class: "intermittent", retryable: true, step: "βημα" },
    steps: [
      {
        ...{
          key: "βημα",
          path: "βημα",
          type: "action",
          status: "failed" as const,
          attempts: 6,
          tasks: 1,
          startedAt: now,
          endedAt: now,
        },
        error: { code: "app_failed", message: "Postbox answered", class: "intermittent", retryable: true },
      },
    ],
  }),
);

function startGreek(): FakeEdge {
  const edge = startEdge();
  edge.flows = inGreek(FLOWS).map((flow) => ({ ...flow, tags: [] }));
  edge.accounts = inGreek([
    makeAccount("acc_1", "pipeline", { label: "Ada", usedBy: [{ integration: "int_1", flow: CONTACTS.key, name: "Contacts" }] }),
    makeAccount("acc_2", "postbox", { label: "North", status: "expired" }),
  ]);
  edge.integrations = inGreek([
    makeIntegration("int_1", CONTACTS, {
      status: "needs_attention",
      attention: [{ code: "account_expired", account: "acc_2", message: "Gone" }],
    }),
    makeIntegration("int_2", ORDERS, { status: "disabled", upgradeTo: 2 }),
  ]);
  edge.runs = [
    failed,
    makeRun("run_1", { integration: "int_1", status: "running", endedAt: null }),
    makeRun("run_3", { integration: "int_1", status: "waiting", endedAt: null }),
  ];
  return edge;
}

test("the list of flows, as cards and as rows, with nothing found and with nothing there", async () => {
  const edge = startGreek();
  const element = show("inlay-marketplace");
  await expect.element(page.getByText(said("browse.attention")).first()).toBeVisible();
  await judge(element);
  element.layout = "list";
  await judge(element);
  element.search = "ζζζ";
  await expect.element(page.getByText(said("browse.noMatchTitle"))).toBeVisible();
  await judge(element);
  edge.flows = [];
  element.search = "";
  await expect.element(page.getByText(said("browse.noneTitle"))).toBeVisible();
  await judge(element);
});

test.each([
  ["network", "offline" as const],
  ["internal", refusal(500, "internal", "Κάτι")],
  ["rate_limited", refusal(429, "rate_limited", "Κάτι")],
])("what goes wrong: %s", async (_code, answer) => {
  const edge = startGreek();
  edge.on("GET /v1/", () => answer);
  for (const tag of ["inlay-marketplace", "inlay-integrations", "inlay-accounts"] as const) {
    const element = show(tag);
    await expect.element(page.getByRole("alert").first()).toBeVisible();
    await judge(element);
    element.remove();
  }
});

test("a flow's page, and connecting from it", async () => {
  const edge = startGreek();
  edge.accounts = [];
  edge.integrations = [];
  edge.flows = edge.flows.map((flow) =>
    flow.key === CONTACTS.key ? inGreek({ ...CONTACTS, tags: [], appDetails: [PIPELINE, POSTBOX] }) : flow,
  );
  const element = show("inlay-marketplace", { flow: CONTACTS.key });
  await expect.element(button("flow.connect")).toBeVisible();
  await judge(element);
  await page.getByRole("button", { name: `${PSEUDO["flow.connect"]}: ${inGreek(POSTBOX).name}` }).click();
  await expect.element(button("flow.connect")).toBeVisible();
  await page.getByRole("button", { name: String(PSEUDO["flow.connect"]), exact: true }).click();
  await judge(element);
});

test("the setup form page by page, and its end", async () => {
  const edge = startEdge();
  serveForm(edge);
  edge.flows = inGreek(edge.flows).map((flow) => ({ ...flow, tags: [] }));
  edge.accounts = inGreek([account("acc_crm", "pipeline"), account("acc_news", "postbox")]);
  const element = show("inlay-setup", { flow: CONTACTS.key });
  await expect.element(button("setup.continue")).toBeVisible();
  await judge(element);
  await button("setup.continue").click();
  await expect.element(page.getByRole("combobox").first()).toBeVisible();
  await button("setup.continue").click();
  await expect.element(page.getByText(said("field.fault.choose")).first()).toBeVisible();
  expect(findCutOff(element)).toEqual([]);
});

test("each type of field", async () => {
  const edge = startEdge();
  const holding = FIELD_TYPES.filter((type) => type !== "account");
  const fields = holding.map((type) => ({
    ...field(`f_${type}`, type, { label: type, help: "Some help", required: true }),
    ...(type === "list" || type === "object" ? { fields: [field("inner", "text", { label: "Inner" })] } : {}),
    ...(/select|radio|checkboxes|value_map|mapping/.test(type)
      ? {
          options: { items: [] },
          from: { items: [{ value: "a", label: "A a" }] },
          to: { items: [{ value: "b", label: "B b", required: true }] },
        }
      : {}),
  }));
  const flow = inGreek(makeFlow("types", "Types", { setup: { pages: [{ key: "p", title: "All", fields }] } }));
  serveForm(edge, flow, () => ({ pages: {}, fields: Object.fromEntries(fields.map(({ key }) => [key, { shown: true }])) }));
  const element = show("inlay-setup", { flow: "types" });
  await expect.element(button("setup.finish")).toBeVisible();
  await eventually(() => expect(findUntranslated(element)).toEqual([]));
  await judge(element);
  await button("setup.finish").click();
  await expect.element(page.getByText(said("field.fault.required")).first()).toBeVisible();
  await judge(element);
});

test("your integrations: the list, a menu, renaming and removing", async () => {
  startGreek();
  const element = show("inlay-integrations");
  await expect.element(page.getByText(said("status.disabled")).first()).toBeVisible();
  await judge(element);
  await button("action.more").click();
  await expect.element(item("integrations.remove")).toBeVisible();
  expect(findUntranslated(element)).toEqual([]);
  await item("integrations.remove").click();
  await expect.element(page.getByRole("alertdialog")).toBeVisible();
  await judge(element);
});

test("the runs of an integration, and one run with its steps", async () => {
  startGreek();
  const element = show("inlay-integrations");
  await page
    .getByRole("button", { name: inGreek(CONTACTS).name, exact: true })
    .first()
    .click();
  await expect.element(page.getByText(said("run.failed")).first()).toBeVisible();
  await judge(element);
  await page
    .getByRole("button", { name: new RegExp(inGreek({ name: "A contact changed" }).name) })
    .first()
    .click();
  await expect.element(page.getByText(said("runs.steps")).first()).toBeVisible();
  await judge(element);
});

test("accounts: the list, what one is used by, and disconnecting", async () => {
  startGreek();
  const element = show("inlay-accounts");
  await expect.element(button("accounts.connect")).toBeVisible();
  await judge(element);
  await button("accounts.connect").click();
  await expect.element(page.getByText(said("accounts.pick"))).toBeVisible();
  await judge(element);
});

test("the judges see what they are there for", () => {
  const host = document.createElement("div");
  onTestFinished(() => host.remove());
  host.innerHTML = `<p>⟦Fïñë⟧ ελλ 12 ms</p><p>Left in English</p><button aria-label="Close"></button>
    <div style="overflow:hidden;inline-size:40px;white-space:nowrap"><span>⟦Töö löñg för ït⟧</span></div>`;
  document.body.append(host);
  expect(findUntranslated(host)).toEqual(["p: Left in English", "button[aria-label]: Close"]);
  expect(findCutOff(host)).toHaveLength(1);
});
