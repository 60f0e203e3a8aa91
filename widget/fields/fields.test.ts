// One suite for every field type: what every control owes to whoever uses it, whatever its kind.
import { ContextProvider } from "@lit/context";
import { css, html, LitElement } from "lit";
import { describe, expect, onTestFinished, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { FormField, Option } from "../../shared/api/flow.ts";
import type { List } from "../../shared/api/list.ts";
import { checkField } from "../../shared/flow/field-rules.ts";
import { define } from "../define.ts";
import { loadI18n } from "../i18n/i18n.ts";
import { frame } from "../styles/base.ts";
import { tokens } from "../styles/tokens.ts";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { AUDIENCES, account, field } from "../testing/fake-setup.ts";
import { eventually, hasFocus } from "../testing/place.ts";
import type { ComboboxElement } from "../ui/combobox.ts";
import type { AnyFieldElement } from "./field.ts";
import "./field.ts";
import type { FieldInput } from "./field-element.ts";
import { type FieldScope, fieldScopeContext } from "./field-scope.ts";
import { FIELD_KINDS } from "./registry.ts";

class FieldStageElement extends LitElement {
  static override styles = [
    tokens,
    frame,
    css`
      .root {
        background: var(--_background);
      }
    `,
  ];
  readonly scope = new ContextProvider(this, { context: fieldScopeContext });
  override render() {
    return html`<div class="root"><slot></slot></div>`;
  }
}
define("test-field-stage", FieldStageElement);

const page1 = (items: Option[], nextCursor: string | null = null): List<Option> => ({ items, nextCursor });

/** The form around the field: one connected account, three audiences, nothing entered. */
const scopeOf = (more: Partial<FieldScope> = {}): FieldScope => ({
  ...{ values: {}, accounts: { crm: "a" }, cache: new Map(), knownAccounts: new Map(), accountsRevision: 0, goTo: () => undefined },
  appOf: (key) => ({ key, name: "Pipeline", icon: null }),
  neighbour: (key) => (key === "crm" ? { label: "Pipeline", kind: "account", isRequired: true, isFilled: true } : undefined),
  askOptions: async () => page1(AUDIENCES),
  listAccounts: async () => [account("a", "pipeline", { label: "One" }), account("b", "pipeline", { label: "Two" })],
  connect: async () => account("c", "pipeline", { label: "Three" }),
  ...more,
});

interface Stage {
  element: AnyFieldElement;
  stage: FieldStageElement;
  inputs: FieldInput[];
  /** The form has changed. */
  setScope: (more: Partial<FieldScope>) => void;
}

/** Shows a field that holds what is entered, as the form does. */
async function show(shown: FormField, given: Partial<AnyFieldElement> = {}, scope: Partial<FieldScope> = {}): Promise<Stage> {
  const stage = document.createElement("test-field-stage") as FieldStageElement;
  const element = document.createElement("inlay-field");
  const inputs: FieldInput[] = [];
  Object.assign(element, { field: shown, required: shown.required, ...given });
  element.addEventListener("field-input", (event) => {
    const { detail } = event as CustomEvent<FieldInput>;
    inputs.push(detail);
    element.value = detail.value;
  });
  stage.scope.setValue(scopeOf(scope));
  stage.append(element);
  document.body.append(stage);
  onTestFinished(() => stage.remove());
  await eventually(() => expect(element.shadowRoot?.querySelector(FIELD_KINDS[shown.type].tag)).toBeTruthy());
  await element.updateComplete;
  return { element, stage, inputs, setScope: (more) => stage.scope.setValue(scopeOf({ ...scope, ...more })) };
}

const options = { items: AUDIENCES };
const sides = { from: { items: AUDIENCES }, to: { items: AUDIENCES } };
const nested = { fields: [field("street", "text", { label: "Street" })] };

/** Each type that takes a value: how it is found, and what it may need and hold. */
const CONTROLS: [
  FormField["type"],
  role: "textbox" | "spinbutton" | "switch" | "combobox" | "radiogroup" | "group" | "tree" | "label",
  more: Partial<FormField>,
  value: unknown,
][] = [
  ["text", "textbox", {}, "Ada"],
  ["email", "textbox", {}, "ada@example.com"],
  ["url", "textbox", {}, "https://example.com"],
  ["textarea", "textbox", {}, "Hello"],
  ["code", "textbox", {}, "x = 1"],
  ["json", "textbox", {}, { a: 1 }],
  ["number", "spinbutton", {}, 4],
  ["toggle", "switch", {}, true],
  ["select", "combobox", { options }, "aud_1"],
  ["multiselect", "combobox", { options }, ["aud_1", "aud_2"]],
  ["timezone", "combobox", {}, "Europe/Vienna"],
  ["radio", "radiogroup", { options }, "aud_1"],
  ["checkboxes", "group", { options }, ["aud_1"]],
  ["date", "label", {}, "2026-01-31"],
  ["time", "label", {}, "09:30"],
  ["datetime", "label", {}, "2026-01-31T09:30:00Z"],
  ["duration", "textbox", {}, "90m"],
  ["schedule", "combobox", {}, "0 9 * * 1,3"],
  ["secret", "label", { secret: true }, "s3cret"],
  ["file", "label", {}, undefined],
  ["list", "group", nested, [{ street: "Main" }]],
  ["object", "group", nested, { street: "Main" }],
  ["mapping", "group", sides, [{ from: "aud_1", to: "aud_2" }]],
  ["value_map", "group", sides, [{ from: "aud_1", to: "aud_2" }]],
  ["account", "radiogroup", { app: "pipeline" }, "a"],
  ["tree", "tree", { options }, "aud_1"],
  ["folder", "tree", { options }, "aud_1"],
];

const find = (role: (typeof CONTROLS)[number][1], name: string) =>
  role === "label" ? page.getByLabelText(new RegExp(`^${name}`)).first() : page.getByRole(role, { name: new RegExp(`^${name}`) }).first();

describe.each(CONTROLS)("%s", (type, role, more, value) => {
  const shown = field("thing", type, { label: "The thing", help: "What it is for.", ...more });

  test("has its label, and its help and fault as its description", async () => {
    const { element } = await show(shown, { value, fault: { code: "rule", message: "Not this one" } });
    const control = find(role, "The thing");
    await expect.element(control).toBeInTheDocument();
    await expect.element(control).toHaveAccessibleDescription(/What it is for\./);
    await expect.element(control).toHaveAccessibleDescription(/Not this one/);
    element.fault = undefined;
    await expect.element(control).toHaveAccessibleDescription(/What it is for\.(?!.*Not this one)/);
  });

  test("nothing in it can be used while it is disabled", async () => {
    const { element, inputs } = await show(shown, { value, disabled: true });
    await expect.element(find(role, "The thing")).toBeInTheDocument();
    await element.updateComplete;
    const open = deepControls(element).filter((control) => !control.matches(":disabled, .turn"));
    expect(open.map((control) => control.outerHTML)).toEqual([]);
    expect(inputs).toEqual([]);
  });

  test("takes the focus that the form gives it", async () => {
    const { element } = await show(shown, { value });
    await eventually(() => {
      element.focus();
      expect(element.matches(":focus-within") || document.activeElement === element).toBe(true);
    });
  });

  test("axe finds nothing, empty and filled, with a fault, in light, dark, and both directions", async () => {
    const { element, stage } = await show({ ...shown, required: true }, {});
    await expectAccessible(stage);
    element.value = value;
    element.fault = { code: "rule", message: "Not this one" };
    await element.updateComplete;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expectAccessible(stage);
  });
});

/** What has the focus, inside whatever shadow root it is. */
function focused(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

/** The controls in an element and in the shadow roots inside it, but those that only take the focus out of the order. */
function deepControls(root: Element): HTMLElement[] {
  const found: HTMLElement[] = [];
  const walk = (node: ParentNode) => {
    for (const element of node.querySelectorAll<HTMLElement>("*")) {
      if (element.matches("input, select, textarea, button")) found.push(element);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  if (root.shadowRoot) walk(root.shadowRoot);
  return found;
}

describe("a list of objects", () => {
  const rules = field("rules", "list", {
    label: "Rules",
    fields: [field("op", "text", { label: "Condition" }), field("value", "text", { label: "Value", required: true, conditional: true })],
  });

  test("shows in each item what its own conditions say, and nothing conditional before they are known", async () => {
    const { element } = await show(rules, { value: [{ op: "is" }, { op: "any" }] });
    await expect.element(page.getByRole("textbox", { name: "Condition" }).nth(1)).toBeVisible();
    await expect.element(page.getByRole("textbox", { name: "Value" })).not.toBeInTheDocument();
    expect(element.findFault()).toBeUndefined();
    element.items = [
      { op: { shown: true }, value: { shown: true, required: true } },
      { op: { shown: true }, value: { shown: false } },
    ];
    await expect.element(page.getByRole("group", { name: "Item 1" }).getByRole("textbox", { name: "Value" })).toBeVisible();
    await expect.element(page.getByRole("group", { name: "Item 2" }).getByRole("textbox", { name: "Value" })).not.toBeInTheDocument();
    expect(element.findFault()).toMatchObject({ code: "required", path: "0.value" });
  });

  test("closes and moves items by keyboard, and a fault opens its item", async () => {
    const value = ["a", "b", "c"].map((op) => ({ op }));
    const { element, inputs } = await show(rules, { value });
    await expect.element(page.getByRole("button", { name: "Item 1 a" })).toHaveAttribute("aria-expanded", "false");
    await page.getByRole("button", { name: "Move Item 1 down" }).click();
    expect(inputs.at(-1)?.value).toEqual([{ op: "b" }, { op: "a" }, { op: "c" }]);
    await eventually(() => expect(focused()?.getAttribute("aria-label")).toBe("Move Item 2 down"));
    element.fault = { code: "required", message: "Fill this in", path: "2.op" };
    await expect.element(page.getByRole("group", { name: "Item 3" }).getByRole("textbox", { name: "Condition" })).toBeVisible();
  });
});

test("the source of a mapping may be an expression where the flow computes it", async () => {
  const from = { items: [{ value: "first", label: "First name" }] };
  const to = { items: [{ value: "NAME", label: "Name", required: true }] };
  const mapping = field("map", "mapping", { label: "Fields", from, to });
  const { element, inputs } = await show(mapping, { value: [{ from: "first", to: "NAME" }] });
  await expect.element(page.getByRole("combobox", { name: "Source for Name" })).toBeVisible();
  expect(page.getByRole("button", { name: /Use an expression/ }).elements()).toEqual([]);
  element.field = { ...mapping, expressions: true };
  await page.getByRole("button", { name: "Use an expression: Name" }).click();
  expect(inputs.at(-1)?.value).toEqual([{ from: "{{ item.first }}", to: "NAME" }]);
  await page.getByRole("textbox", { name: "Source for Name" }).fill("$uppercase(item.first)");
  await userEvent.keyboard("{Tab}");
  expect(inputs.at(-1)?.value).toEqual([{ from: "{{ $uppercase(item.first) }}", to: "NAME" }]);
  expect(page.getByText("No longer offered").elements()).toEqual([]);
  await page.getByRole("button", { name: "Choose a field: Name" }).click();
  await expect.element(page.getByRole("combobox", { name: "Source for Name" })).toBeVisible();
});

test("the part for a fault is there with one alone: a host that gives it a border draws no empty boxes", async () => {
  const { element } = await show(field("a", "text", { label: "A" }));
  const faultOf = () => element.shadowRoot?.querySelector("inlay-text-field")?.shadowRoot?.querySelector("#fault");
  expect(faultOf()?.part.length).toBe(0);
  element.fault = { code: "required", message: "" };
  await eventually(() => expect(faultOf()?.part.value).toBe("field-fault"));
});

test("what users write runs by what stands there, and by the page while nothing does", async () => {
  const sides = { from: undefined, to: undefined };
  for (const [shown, role] of [
    [field("a", "text", { label: "A", placeholder: "x" }), "textbox"],
    [field("b", "textarea", { label: "B", placeholder: "x" }), "textbox"],
    [field("c", "value_map", { label: "C", ...sides }), "textbox"],
  ] as const) {
    const isMap = shown.type === "value_map";
    const held = (text: string) => (isMap ? [{ from: text, to: "x" }] : text);
    const { element, stage } = await show(shown, { value: held("") });
    stage.dir = "rtl";
    const control = () => page.getByRole(role, isMap ? { name: /^From/ } : { name: shown.label ?? "" }).element();
    const ways: string[] = [];
    for (const text of ["", "abc", "سلام"]) {
      element.value = held(text);
      await element.updateComplete;
      ways.push(getComputedStyle(control()).direction);
    }
    expect(ways, shown.type).toEqual(["rtl", "ltr", "rtl"]);
    stage.remove();
  }
});

test("a tree with many places is searched, and says where the chosen one is", async () => {
  const places = Array.from({ length: 12 }, (_, index) => ({ value: `p${index}`, label: `Place ${index}` }));
  const items = [...places, { value: "deep", label: "Invoices", group: "p3" }];
  const { inputs } = await show(field("where", "folder", { label: "Folder", options: { items } }));
  await page.getByRole("searchbox", { name: "Search" }).fill("invoi");
  await page.getByRole("treeitem", { name: "Invoices" }).click();
  expect(inputs.at(-1)?.value).toBe("deep");
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  await expect.element(page.getByText("Place 3").last()).toBeVisible();
  await page.getByRole("searchbox", { name: "Search" }).fill("nowhere");
  await expect.element(page.getByText("Nothing found")).toBeVisible();
});

test("a schedule is said in words with its time zone, and when it is next", async () => {
  await show(field("when", "schedule", { label: "When" }), { value: "0 9 * * 1-5", zone: "Europe/Berlin" });
  await expect.element(page.getByText(/Runs every weekday at 9:00\sAM, Berlin time/)).toBeVisible();
  await expect.element(page.getByText(/^Next: (Mon|Tue|Wed|Thu|Fri)/)).toBeVisible();
});

test("code is indented by Tab, and left by Escape and Tab", async () => {
  const { inputs } = await show(field("code", "code", { label: "Filter" }), { value: "" });
  const area = page.getByRole("textbox", { name: "Filter" });
  await area.click();
  await userEvent.keyboard("if (a) {{{Enter}b{Tab}");
  expect(inputs.at(-1)?.value).toBe("if (a) {\n  b  ");
  expect(focused()?.tagName).toBe("TEXTAREA");
  await userEvent.keyboard("{Escape}{Tab}");
  expect(focused()?.tagName).not.toBe("TEXTAREA");
});

test("a dropped file is taken, and one of another kind is refused in words", async () => {
  const { element, inputs } = await show(field("logo", "file", { label: "Logo", accept: "image/*,.pdf" }));
  const inner = element.shadowRoot?.querySelector("inlay-file-field")?.shadowRoot;
  const drop = (file: File) => {
    const data = new DataTransfer();
    data.items.add(file);
    inner?.querySelector(".drop")?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  };
  drop(new File(["x"], "notes.txt", { type: "text/plain" }));
  element.fault = inputs.at(-1)?.fault;
  await expect.element(page.getByText("Choose a file of this kind: image/*,.pdf")).toBeVisible();
  Object.assign(inner?.host ?? {}, { i18n: await loadI18n("de") });
  await expect.element(page.getByText("Wählen Sie eine Datei dieser Art: image/*,.pdf")).toBeVisible();
  Object.assign(inner?.host ?? {}, { i18n: await loadI18n("en") });
  drop(new File(["x"], "Offer.PDF", { type: "application/pdf" }));
  await expect.element(page.getByRole("button", { name: "Remove Offer.PDF" })).toBeVisible();
  expect(inputs.at(-1)?.value).toMatchObject({ name: "Offer.PDF", size: 1 });
});

test("every type of the flow file has an element", async () => {
  for (const [type, { tag, load }] of Object.entries(FIELD_KINDS)) {
    await load();
    expect(customElements.get(tag), type).toBeDefined();
  }
});

describe("what is typed", () => {
  test.each([
    ["4", 4],
    ["1,5", 1.5],
    ["-2", -2],
    ["1e3", 1000],
  ])("a number field reads %s", async (text, value) => {
    const { inputs } = await show(field("n", "number", { label: "Amount" }));
    await page.getByRole("spinbutton", { name: "Amount" }).fill(text);
    expect(inputs.at(-1)?.value).toBe(value);
  });

  test.each([
    ["email", "\u200bada@example.com\ufeff", "ada@example.com"],
    ["url", "\ufeffhttps://example.com/\u2060", "https://example.com/"],
    ["text", "\u00a0a\u200bb\u200b ", "a\u200bb"],
  ] as const)("blanks without width at the ends of pasted text are taken away: %s", async (type, pasted, value) => {
    const { inputs } = await show(field("f", type, { label: "Field" }));
    await page.getByRole("textbox", { name: "Field" }).fill(pasted);
    await userEvent.tab();
    expect(inputs.at(-1)?.value).toBe(value);
    await expect.element(page.getByRole("textbox", { name: "Field" })).toHaveValue(value);
  });

  test("a number is read among blanks without width", async () => {
    const { element, inputs } = await show(field("n", "number", { label: "Amount" }));
    await page.getByRole("spinbutton", { name: "Amount" }).fill("\u200b\ufeff1\u00a0200\u2060");
    expect(inputs.at(-1)).toMatchObject({ value: 1200 });
    expect(element.findFault()).toBeUndefined();
  });

  test("what is no number stays as typed and is a fault", async () => {
    const { element, inputs } = await show(field("n", "number", { label: "Amount" }));
    await page.getByRole("spinbutton", { name: "Amount" }).fill("12x");
    expect(inputs.at(-1)).toMatchObject({ value: null, fault: { code: "type" } });
    expect(element.findFault()).toMatchObject({ code: "type" });
    await expect.element(page.getByRole("spinbutton", { name: "Amount" })).toHaveValue("12x");
  });

  test("a duration is held to its bounds by its length, and the bound is told in words", async () => {
    const wait = field("w", "duration", { label: "Wait", validate: { min: "5m", max: "2d" } });
    expect(checkField(wait, "30m")).toBeUndefined();
    await show(wait, { value: "3w", fault: checkField(wait, "3w") });
    await expect.element(page.getByText("Enter 2 days or less")).toBeVisible();
  });

  test("JSON that is not whole yet is kept as text and is a fault", async () => {
    const { element, inputs } = await show(field("j", "json", { label: "Extra" }));
    await page.getByRole("textbox", { name: "Extra" }).fill('{"a": ');
    expect(inputs.at(-1)).toMatchObject({ value: '{"a": ', fault: { code: "json", params: { line: 1, column: 7 } } });
    await page.getByRole("textbox", { name: "Extra" }).fill('{"a": [1]}');
    expect(inputs.at(-1)).toMatchObject({ value: { a: [1] }, fault: undefined });
    expect(element.findFault()).toBeUndefined();
  });

  test("a stored secret is never shown, is replaced on demand, and can be kept after all", async () => {
    const { inputs } = await show(field("k", "secret", { label: "Key", secret: true }), { value: { $secret: true } });
    await expect.element(page.getByText("Stored securely")).toBeVisible();
    await page.getByRole("button", { name: "Replace" }).click();
    await page.getByLabelText("Key").fill("new");
    expect(inputs.at(-1)?.value).toBe("new");
    await page.getByRole("button", { name: "Keep stored: Key" }).click();
    expect(inputs.at(-1)).toMatchObject({ value: { $secret: true }, commit: true });
    await expect.element(page.getByText("Stored securely")).toBeVisible();
  });

  test("the buttons of a secret say which one they are of", async () => {
    await show(field("k", "secret", { label: "Key", secret: true }), { value: { $secret: true } });
    await page.getByRole("button", { name: "Replace" }).click();
    await page.getByRole("button", { name: "Show: Key", exact: true }).click();
    await expect.element(page.getByRole("button", { name: "Hide: Key", exact: true })).toHaveAttribute("aria-pressed", "true");
    await expect.element(page.getByRole("button", { name: "Keep stored: Key", exact: true })).toBeVisible();
  });

  test("a schedule is chosen in words and held as cron", async () => {
    const { inputs } = await show(field("s", "schedule", { label: "How often" }));
    await page.getByRole("combobox", { name: "How often" }).selectOptions("Every weekday");
    expect(inputs.at(-1)?.value).toBe("0 9 * * 1-5");
    await expect.element(page.getByText("Runs every weekday at 9:00 AM")).toBeVisible();
  });

  test("a duration keeps its unit", async () => {
    const { inputs } = await show(field("d", "duration", { label: "Wait" }), { value: "2h" });
    await page.getByRole("textbox", { name: "Wait" }).fill("3");
    expect(inputs.at(-1)?.value).toBe("3h");
  });

  test("a duration without an amount names its units in the plural, not as two of them", async () => {
    const { element } = await show(field("d", "duration", { label: "Wait" }));
    const inner = element.shadowRoot?.querySelector("inlay-duration-field");
    Object.assign(inner ?? {}, { i18n: await loadI18n("ar") });
    await eventually(() => expect(page.getByRole("combobox").element().textContent).toContain("دقائق"));
  });
});

describe("options", () => {
  const audience = field("audience", "select", { label: "Audience", options: { reads: ["crm"], account: "crm" } });
  const combobox = () => page.getByRole("combobox", { name: "Audience" });

  test("are chosen by keyboard alone", async () => {
    const { inputs } = await show(audience);
    await expect.element(combobox()).toBeEnabled();
    combobox().element().focus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(inputs.map(({ value }) => value)).toEqual(["aud_2"]);
    await expect.element(combobox()).toHaveAttribute("aria-expanded", "false");
  });

  test("that come after what was typed are taken by Enter as well", async () => {
    const answer = Promise.withResolvers<List<Option>>();
    const { inputs } = await show(audience, {}, { askOptions: () => answer.promise });
    combobox().element().focus();
    await userEvent.keyboard("Beta{Enter}");
    await expect.element(combobox()).toHaveAttribute("aria-expanded", "true");
    answer.resolve(page1(AUDIENCES));
    await expect.element(page.getByRole("option")).toHaveTextContent("Beta testers");
    await userEvent.keyboard("{Enter}");
    expect(inputs.map(({ value }) => value)).toEqual([AUDIENCES.find(({ label }) => label === "Beta testers")?.value]);
  });

  test("Esc closes the list and changes nothing", async () => {
    const { inputs } = await show(audience, { value: "aud_1" });
    await combobox().click();
    await userEvent.keyboard("part{Escape}");
    await expect.element(combobox()).toHaveValue("Product news");
    expect(inputs).toEqual([]);
  });

  test("that one page holds are searched here, and nothing found is said", async () => {
    let asked = 0;
    await show(
      audience,
      {},
      {
        askOptions: async () => {
          asked += 1;
          return page1(AUDIENCES);
        },
      },
    );
    await combobox().click();
    await userEvent.keyboard("beta");
    await expect.element(page.getByRole("option")).toHaveTextContent("Beta testers");
    await userEvent.keyboard("zzz");
    await expect.element(page.getByText("Nothing found")).toBeVisible();
    expect(asked).toBe(1);
  });

  test("that no page holds are searched by the edge, after a pause in typing", async () => {
    const searches: (string | undefined)[] = [];
    await show(
      audience,
      {},
      {
        askOptions: async ({ search }) => {
          searches.push(search);
          return search ? page1([{ value: "far", label: "Far away" }]) : page1(AUDIENCES, "next");
        },
      },
    );
    await combobox().click();
    await userEvent.keyboard("far");
    await page.getByRole("option", { name: "Far away" }).click();
    expect(searches).toEqual([undefined, "far"]);
    await expect.element(combobox()).toHaveValue("Far away");
  });

  test("more pages come as the list is scrolled", async () => {
    const many = (from: number) => Array.from({ length: 50 }, (_, index) => ({ value: from + index, label: `No. ${from + index}` }));
    await show(audience, {}, { askOptions: async ({ cursor }) => (cursor ? page1(many(50)) : page1(many(0), "next")) });
    await combobox().click();
    await eventually(() => expect(page.getByRole("option").elements().length).toBe(50));
    const list = page.getByRole("listbox").element().parentElement;
    list?.scrollTo(0, list.scrollHeight);
    await eventually(() => expect(page.getByRole("option").elements().length).toBe(100));
  });

  test("a failure stands beside the field in the provider's words, and can be tried again", async () => {
    let isDown = true;
    await show(
      audience,
      {},
      {
        askOptions: async () => {
          if (isDown) throw new Error("Postbox answered: no such key");
          return page1(AUDIENCES);
        },
      },
    );
    await expect.element(page.getByText("The list could not be loaded. Postbox answered: no such key")).toBeVisible();
    isDown = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await combobox().click();
    await expect.element(page.getByRole("option", { name: "Partners" })).toBeVisible();
  });

  test("what was chosen shows no identifier while its name is on its way, and shows as one where the name does not come", async () => {
    let answer: (page: List<Option> | Error) => void = () => undefined;
    const askOptions = async () => {
      const page = await new Promise<List<Option> | Error>((resolve) => {
        answer = resolve;
      });
      if (page instanceof Error) throw page;
      return page;
    };
    const { element } = await show(audience, { value: "aud_1" }, { askOptions });
    const box = () => element.shadowRoot?.querySelector("inlay-select-field")?.shadowRoot?.querySelector("inlay-combobox");
    const unnamed = () => box()?.hasAttribute("unnamed");
    await expect.element(combobox()).toHaveValue("…");
    answer(new Error("Postbox is down"));
    await expect.element(combobox()).toHaveValue("aud_1");
    expect(unnamed()).toBe(true);
    await page.getByRole("button", { name: "Try again" }).click();
    answer(page1(AUDIENCES));
    await expect.element(combobox()).toHaveValue("Product news");
    expect(unnamed()).toBe(false);
  });

  test("that need an account say so and lead there", async () => {
    let gone = "";
    await show(
      audience,
      {},
      {
        neighbour: () => ({ label: "Pipeline", kind: "account", isRequired: true, isFilled: false }),
        goTo: (key) => {
          gone = key;
        },
      },
    );
    await page.getByRole("button", { name: "Connect Pipeline first" }).click();
    expect(gone).toBe("crm");
  });

  test("that cannot be asked for without a field that may stay empty say so, and others are asked for without it", async () => {
    const asked: string[] = [];
    const askOptions = async ({ field }: { field: string }) => {
      asked.push(field);
      return page1(AUDIENCES);
    };
    const neighbour = () => ({ label: "Audience", kind: "field" as const, isRequired: false, isFilled: false });
    const shown = (key: string, needs?: string[]) =>
      show(field(key, "select", { label: key, options: { reads: ["audience"], ...(needs && { needs }) } }), {}, { askOptions, neighbour });
    await shown("tag", ["audience"]);
    await shown("member");
    await expect.element(page.getByRole("button", { name: "Choose Audience first" })).toBeVisible();
    await eventually(() => expect(asked).toEqual(["member"]));
  });

  test("are asked for again when something changes that they read, and not before", async () => {
    const asked: unknown[] = [];
    const askOptions = async () => {
      asked.push(1);
      return page1(AUDIENCES);
    };
    const { setScope } = await show(audience, {}, { askOptions });
    await eventually(() => expect(asked).toHaveLength(1));
    setScope({ askOptions, values: { other: 1 } });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked).toHaveLength(1);
    setScope({ askOptions, accounts: { crm: "b" } });
    await eventually(() => expect(asked).toHaveLength(2));
  });

  test("a late answer to an older question is dropped", async () => {
    const answers: ((list: List<Option>) => void)[] = [];
    const askOptions = () => new Promise<List<Option>>((resolve) => answers.push(resolve));
    const { setScope } = await show(audience, {}, { askOptions });
    await eventually(() => expect(answers).toHaveLength(1));
    setScope({ askOptions, accounts: { crm: "b" } });
    await eventually(() => expect(answers).toHaveLength(2));
    answers[1]?.(page1([{ value: "new", label: "New" }]));
    answers[0]?.(page1([{ value: "old", label: "Old" }]));
    await combobox().click();
    await expect.element(page.getByRole("option")).toHaveTextContent("New");
  });

  test("a chosen value that is offered no longer is kept and marked", async () => {
    const { inputs } = await show(audience, { value: "aud_gone" });
    await expect.element(page.getByText("No longer available: aud_gone")).toBeVisible();
    expect(inputs).toEqual([]);
  });

  test("several are taken and taken back, the last one by Backspace", async () => {
    const { inputs } = await show(field("tags", "multiselect", { label: "Tags", options }));
    await page.getByRole("combobox", { name: "Tags" }).click();
    await page.getByRole("option", { name: "Partners" }).click();
    await page.getByRole("option", { name: "Product news" }).click();
    expect(inputs.at(-1)?.value).toEqual(["aud_2", "aud_1"]);
    await userEvent.keyboard("{Backspace}");
    expect(inputs.at(-1)?.value).toEqual(["aud_2"]);
    await page.getByRole("button", { name: "Remove Partners" }).click();
    expect(inputs.at(-1)?.value).toEqual([]);
  });
});

test("a refusal that another version of the script tells leads to the account as well", async () => {
  const refused = Object.assign(new Error("Sign in again"), {
    name: "FieldCallError",
    code: "account_expired",
    say: () => "Melden Sie sich an",
  });
  const options = { account: "crm", reads: ["crm"] };
  await show(field("audience", "select", { label: "Audience", options }), {}, { askOptions: () => Promise.reject(refused) });
  await expect.element(page.getByText("Reconnect this account, or choose another.")).toBeVisible();
});

describe("mapping", () => {
  const FROM: Option[] = [
    { value: "email", label: "E-mail", sample: "ada@example.com" },
    { value: "name", label: "Name" },
    { value: "phone", label: "Phone" },
  ];
  const TO: Option[] = [
    { value: "EMAIL", label: "E-mail address", required: true },
    { value: "PHONE", label: "Phone number" },
    { value: "NOTES", label: "Notes" },
  ];
  const mapping = (to: FormField["to"] = { items: TO }) => field("fields", "mapping", { label: "Fields", from: { items: FROM }, to });

  test("shows required targets at once and names those without a source", async () => {
    const { element } = await show(mapping());
    await expect.element(page.getByText("E-mail address still needs a source")).toBeVisible();
    expect(element.findFault()).toMatchObject({ code: "unmapped", params: { label: "E-mail address" } });
    await page.getByRole("combobox", { name: "Source for E-mail address" }).click();
    await page.getByRole("option", { name: /E-mail/ }).click();
    expect(element.value).toEqual([{ from: "email", to: "EMAIL" }]);
    expect(element.findFault()).toBeUndefined();
  });

  test("matches by name in one click, and leaves what is mapped", async () => {
    const { element } = await show(mapping(), { value: [{ from: "name", to: "EMAIL" }] });
    await page.getByRole("button", { name: "Match 1 by name" }).click();
    expect(element.value).toEqual([
      { from: "name", to: "EMAIL" },
      { from: "phone", to: "PHONE" },
    ]);
    await expect.element(page.getByRole("button", { name: /Match/ })).not.toBeInTheDocument();
  });

  test("the button that adds is named with its mapping, as there may be several", async () => {
    await show(mapping());
    await expect.element(page.getByRole("button", { name: "Add field Fields", exact: true })).toBeVisible();
    await expect.element(page.getByRole("button", { name: /^Match/ })).toHaveAccessibleDescription("Fields");
  });

  test("a row is added and filled from either side by keyboard, and offers no target twice", async () => {
    const { element } = await show(mapping(), { value: [{ from: "email", to: "EMAIL" }] });
    await page.getByRole("button", { name: "Add field Fields" }).click();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(element.value).toEqual([
      { from: "email", to: "EMAIL" },
      { from: "name", to: "" },
    ]);
    await userEvent.keyboard("{Tab}{ArrowDown}");
    await expect.element(page.getByRole("option", { name: "E-mail address" })).not.toBeInTheDocument();
    await userEvent.keyboard("{ArrowDown}{Enter}");
    expect(element.value).toEqual([
      { from: "email", to: "EMAIL" },
      { from: "name", to: "NOTES" },
    ]);
  });

  test("clearing a required target empties it, clearing another takes its row away", async () => {
    const { element } = await show(mapping(), {
      value: [
        { from: "email", to: "EMAIL" },
        { from: "phone", to: "PHONE" },
      ],
    });
    await page.getByRole("button", { name: "Clear Phone number" }).click();
    await page.getByRole("button", { name: "Clear E-mail address" }).click();
    expect(element.value).toEqual([]);
    expect(page.getByRole("listitem").elements()).toHaveLength(1);
  });

  test("a row that lacks its target stands in the way of going on, until it is cleared", async () => {
    const { element, inputs } = await show(mapping(), { value: [{ from: "email", to: "EMAIL" }] }, { askOptions: async () => page1(TO) });
    await page.getByRole("button", { name: "Add field Fields" }).click();
    expect(element.findFault()).toBeUndefined();
    await page.getByRole("combobox").nth(1).click();
    await page.getByRole("option").first().click();
    expect(element.findFault()).toMatchObject({ code: "required" });
    element.fault = element.findFault();
    await expect.element(page.getByText("Fill this in")).toBeVisible();
    await page
      .getByRole("button", { name: /^Clear/ })
      .last()
      .click();
    expect(inputs.at(-1)).toMatchObject({ value: [{ from: "email", to: "EMAIL" }], fault: undefined });
    expect(element.findFault()).toBeUndefined();
  });

  test("what is begun is kept as it is typed, in its order, and is there again when the form is", async () => {
    const shown = { ...mapping(), expressions: true };
    const { element, inputs } = await show(shown, { value: [{ from: "email", to: "EMAIL" }] });
    await page.getByRole("button", { name: "Add field Fields" }).click();
    expect(inputs).toEqual([]);
    await page.getByRole("combobox", { name: /^Target field/ }).click();
    await page.getByRole("option", { name: "Notes" }).click();
    await page.getByRole("button", { name: "Use an expression: Notes" }).click();
    await page.getByRole("textbox", { name: "Source for Notes" }).click();
    await userEvent.keyboard("item.name &");
    expect(inputs.at(-1)).toMatchObject({ commit: false });
    await page.getByRole("button", { name: "Add field Fields" }).click();
    await page
      .getByRole("combobox", { name: /^Source for/ })
      .last()
      .click();
    await page.getByRole("option", { name: "Phone" }).click();
    await page.getByRole("button", { name: "Add field Fields" }).click();
    const kept = [
      { from: "email", to: "EMAIL" },
      { from: "{{ item.name & }}", to: "NOTES" },
      { from: "phone", to: "" },
    ];
    expect(inputs.at(-1)?.value).toEqual(kept);
    element.remove();
    const again = await show(shown, { value: kept });
    expect(page.getByRole("listitem").elements()).toHaveLength(3);
    await expect.element(page.getByRole("textbox", { name: "Source for Notes" })).toHaveValue("{{ item.name & }}");
    expect(again.element.findFault()).toMatchObject({ code: "required" });
    again.element.fault = again.element.findFault();
    await expect.element(page.getByRole("combobox", { name: /^Target field/ }).last()).toHaveAccessibleDescription("Choose one");
    again.element.focus();
    await hasFocus(page.getByRole("combobox", { name: /^Target field/ }).last());
    await page.getByRole("button", { name: "Choose a field: Notes" }).click();
    expect(again.inputs.at(-1)?.value).toContainEqual({ from: "", to: "NOTES" });
  });

  test.each(["mapping", "value_map"] as const)(
    "rows of a %s that lack their target are told apart by what they are called",
    async (type) => {
      const [from, to] = [{ items: FROM }, { items: TO.map(({ value, label }) => ({ value, label })) }];
      const value = [
        { from: "name", to: "" },
        { from: "phone", to: "" },
      ];
      await show(field("pairs", type, { label: "Pairs", from, to }), { value });
      await expect.element(page.getByRole("combobox", { name: /Item 2/ }).first()).toBeVisible();
      const names = page
        .getByRole("listitem")
        .elements()
        .flatMap((row) => [...row.querySelectorAll("inlay-combobox, button")])
        .map((one) => one.getAttribute("aria-label") ?? (one as ComboboxElement).shell.label);
      expect(names).toHaveLength(6);
      expect(new Set(names).size).toBe(6);
    },
  );

  test("pairs whose target the other audience lacks are kept, marked, and dropped on demand", async () => {
    const value = [
      { from: "email", to: "EMAIL" },
      { from: "phone", to: "PHONE" },
    ];
    const askOptions = async (): Promise<List<Option>> => page1(current);
    let current = TO;
    const shown = mapping({ reads: ["audience"] });
    const { element, setScope } = await show(shown, { value }, { askOptions, values: { audience: "a" } });
    await eventually(() => expect(page.getByRole("listitem").elements()).toHaveLength(2));
    current = TO.filter((target) => target.value !== "PHONE");
    setScope({ askOptions, values: { audience: "b" } });
    await expect.element(page.getByText("No longer offered", { exact: true })).toBeVisible();
    expect(element.value).toEqual(value);
    await page.getByRole("button", { name: "Remove what is no longer offered (1)" }).click();
    expect(element.value).toEqual([{ from: "email", to: "EMAIL" }]);
  });
});

test.each(["code", "json"] as const)("what lies below a %s field stays where it is while a press takes the focus from it", async (type) => {
  const { element } = await show(field("thing", type, { label: "Thing" }));
  const height = () => element.getBoundingClientRect().height;
  const area = page.getByRole("textbox", { name: "Thing" });
  await expect.element(area).toBeVisible();
  await area.click();
  await expect.element(page.getByText(/Tab indents/)).toBeVisible();
  const before = height();
  (area.element() as HTMLElement).blur();
  await element.updateComplete;
  expect(height()).toBe(before);
});

test("code whose language is JSON is judged as JSON, line and column, and other code is not", async () => {
  const { element, inputs } = await show(field("thing", "code", { label: "Thing", language: "JSON" }));
  const area = page.getByRole("textbox", { name: "Thing" });
  await area.fill('{\n  "a": 1,\n}');
  expect(inputs.at(-1)).toMatchObject({ value: '{\n  "a": 1,\n}', fault: { code: "json", params: { line: 3, column: 1 } } });
  element.fault = element.findFault();
  await expect.element(page.getByText("This is not valid JSON: line 3, column 1")).toBeVisible();
  for (const text of ["", "  ", "3", '"text"', '{"a":1}']) {
    await area.fill(text);
    expect(inputs.at(-1)?.fault, text).toBeUndefined();
  }
  element.field = field("thing", "code", { label: "Thing", language: "javascript" });
  await area.fill("{");
  expect(inputs.at(-1)?.fault).toBeUndefined();
});

test("text of the other direction stands where all other text does, also in a control", async () => {
  const { element } = await show(field("thing", "text", { label: "Thing" }), { value: "Latin" });
  const control = page.getByRole("textbox", { name: "Thing" });
  element.dir = "rtl";
  await expect.element(control).toHaveStyle({ direction: "ltr", textAlign: "right" });
});

test.each(["number", "url"] as const)("what is typed from left to right in a %s stands where all other text does", async (type) => {
  const { element } = await show(field("thing", type, { label: "Thing" }));
  element.dir = "rtl";
  await expect.element(find(type === "number" ? "label" : "textbox", "Thing")).toHaveStyle({ direction: "ltr", textAlign: "right" });
});

test("what tidies a JSON field up looks like a link", async () => {
  await show(field("thing", "json", { label: "Thing" }), { value: { a: 1 } });
  await page.getByRole("textbox", { name: "Thing" }).fill('{"a":1}');
  await expect.element(page.getByRole("button", { name: "Tidy up" })).toHaveStyle({ borderStyle: "none" });
});

test("fields that grow say which of them their button adds to", async () => {
  await show(field("rules", "list", { label: "Rules", required: true, fields: [field("tag", "text")] }), { value: [] });
  await expect.element(page.getByRole("button", { name: "Add Rules", exact: true })).toBeVisible();
  await show(field("stages", "value_map", { label: "Stages" }), { value: [] });
  await expect.element(page.getByRole("button", { name: "Add Stages", exact: true })).toBeVisible();
});

describe("values of one app for values of another", () => {
  test("a row that lacks a side is kept as it is, and stands in the way of saving", async () => {
    const { element, inputs } = await show(field("stages", "value_map", { label: "Stages" }), { value: [{ from: "won", to: "" }] });
    await expect.element(page.getByRole("textbox", { name: "From: Item 1" })).toHaveValue("won");
    element.fault = element.findFault();
    await expect.element(page.getByRole("group", { name: "Stages" }).first()).toHaveAccessibleDescription(/Fill this in/);
    element.focus();
    await hasFocus(page.getByRole("textbox", { name: "To: Item 1" }));
    await page.getByRole("textbox", { name: "To: Item 1" }).fill("closed");
    expect(inputs.at(-1)).toMatchObject({ value: [{ from: "won", to: "closed" }], fault: undefined });
    expect(element.findFault()).toBeUndefined();
    await page.getByRole("textbox", { name: "From: Item 1" }).fill("");
    expect(inputs.at(-1)).toMatchObject({ value: [{ from: "", to: "closed" }] });
  });
});

describe("lists", () => {
  const rules = field("rules", "list", { label: "Rules", fields: [field("tag", "text", { label: "Tag", required: true })] });

  test("items are added, filled and removed without moving the others", async () => {
    const { element } = await show(rules, { value: [{ tag: "a" }] });
    await page.getByRole("button", { name: "Add Rules" }).click();
    await page.getByRole("group", { name: "Item 2" }).getByRole("textbox", { name: "Tag" }).fill("b");
    await page.getByRole("button", { name: "Remove Item 1" }).click();
    expect(element.value).toEqual([{ tag: "b" }]);
    await expect.element(page.getByRole("textbox", { name: "Tag" })).toHaveValue("b");
  });

  test("right to left, items are added, moved and removed by keyboard, and the focus stays with them", async () => {
    const { element, stage } = await show(rules, { value: [{ tag: "a" }, { tag: "b" }] });
    stage.dir = "rtl";
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    (button("Add Rules").element() as HTMLElement).focus();
    await userEvent.keyboard("{Enter}");
    await hasFocus(page.getByRole("group", { name: "Item 3" }).getByRole("textbox", { name: "Tag" }));
    await userEvent.keyboard("c{Shift>}{Tab}{Tab}{/Shift}");
    await hasFocus(button("Move Item 3 up"));
    await userEvent.keyboard("{Enter}");
    await hasFocus(button("Move Item 2 up"));
    await userEvent.keyboard(" ");
    await hasFocus(button("Move Item 1 down"));
    expect(element.value).toEqual([{ tag: "c" }, { tag: "a" }, { tag: "b" }]);
    await userEvent.keyboard("{Tab}");
    await hasFocus(button("Remove Item 1"));
    await userEvent.keyboard("{Enter}");
    await hasFocus(button("Item 1 a"));
    (button("Remove Item 2").element() as HTMLElement).focus();
    await userEvent.keyboard("{Enter}");
    await hasFocus(button("Item 1 a"));
    await userEvent.keyboard("{Tab}{Enter}");
    await hasFocus(button("Add Rules"));
    expect(element.value).toEqual([]);
  });

  test("a fault inside an item is found, and shown at its place", async () => {
    const { element } = await show(rules, { value: [{ tag: "a" }, {}] });
    expect(element.findFault()).toMatchObject({ code: "required", path: "1.tag" });
    element.fault = element.findFault();
    await expect
      .element(page.getByRole("group", { name: "Item 2" }).getByRole("textbox", { name: "Tag" }))
      .toHaveAccessibleDescription("Fill this in");
  });
});

describe("account", () => {
  test("connecting another chooses it", async () => {
    const { inputs } = await show(field("crm", "account", { app: "pipeline" }));
    await page.getByRole("button", { name: "Connect another account" }).click();
    await eventually(() => expect(inputs.at(-1)).toMatchObject({ value: "c", commit: true }));
    await expect.element(page.getByRole("radio", { name: /Three/ })).toBeChecked();
  });

  test("an app whose icon is gone shows its first letter", async () => {
    const gone = (key: string) => ({ key, name: "Pipeline", icon: "/no-such-icon.svg" });
    const { element } = await show(field("crm", "account", { app: "pipeline" }), {}, { appOf: gone });
    const first = () => element.shadowRoot?.querySelector(FIELD_KINDS.account.tag)?.shadowRoot?.querySelector("label img");
    await eventually(() => expect(first()).toBeTruthy());
    await eventually(() => expect(first()?.checkVisibility()).toBe(false));
    const { content, display } = getComputedStyle(first()?.parentElement as Element, "::before");
    expect([content, display]).toEqual(['"P"', "block"]);
  });

  test("a failed connection changes nothing and can be tried again", async () => {
    let tries = 0;
    const connect = async () => {
      tries += 1;
      throw new Error("declined");
    };
    const { inputs } = await show(field("crm", "account", { app: "pipeline" }), {}, { connect, listAccounts: async () => [] });
    await page.getByRole("button", { name: "Connect Pipeline" }).click();
    await page.getByRole("button", { name: "Connect Pipeline" }).click();
    expect(tries).toBe(2);
    expect(inputs).toEqual([]);
  });

  test("an account that is gone or no longer works is a fault of its own", async () => {
    const accounts = [account("old", "pipeline", { label: "Old", status: "expired" }), account("good", "pipeline")];
    const { element } = await show(field("crm", "account", { app: "pipeline" }), { value: "old" }, { listAccounts: async () => accounts });
    await expect.element(page.getByRole("radio", { name: /Old/ })).toBeChecked();
    expect(element.findFault()?.code).toBe("account");
    Object.assign(element, { fault: element.findFault() });
    await expect.element(page.getByText("Reconnect this account, or choose another.")).toBeVisible();
    Object.assign(element, { value: "nobody" });
    await expect.element(page.getByText("Connect or choose an account")).toBeVisible();
    Object.assign(element, { value: "good" });
    await eventually(() => expect(element.findFault()).toBeUndefined());
  });

  test("the only healthy account is taken", async () => {
    const accounts = [account("old", "pipeline", { status: "expired" }), account("good", "pipeline")];
    const { inputs } = await show(field("crm", "account", { app: "pipeline" }), {}, { listAccounts: async () => accounts });
    await eventually(() => expect(inputs).toMatchObject([{ value: "good" }]));
  });
});
