import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FormField, FormPage, FormState } from "../../shared/api/flow.ts";
import type { Integration } from "../../shared/api/integration.ts";
import { heldValue, shownPages } from "./form-values.ts";
import { advanceSetup, beginSetup, type SetupEffect, type SetupEvent, type SetupMode, type SetupState } from "./setup-machine.ts";

const field = (key: string, type: FormField["type"], more: Partial<FormField> = {}): FormField => ({
  key,
  type,
  required: false,
  secret: false,
  ...more,
});

const PAGES: FormPage[] = [
  { key: "connect", title: "Connect", fields: [field("crm", "account", { required: true, app: "pipeline" })] },
  {
    key: "what",
    title: "What",
    fields: [field("audience", "text", { required: true }), field("mail", "email"), field("tags", "text", { required: true })],
  },
  { key: "extra", title: "Extra", fields: [field("note", "text")] },
  { key: "rhythm", title: "When", fields: [field("nightly", "toggle")] },
];
const FORM: FormState = { pages: { extra: { shown: false } }, fields: { tags: { shown: false }, nightly: { shown: true, default: true } } };
const INTEGRATION: Integration = {
  ...{ id: "int_1", flow: "f", version: 1, name: "F", status: "enabled" as const, accounts: {}, values: {}, blocks: [] },
  ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: "2026-01-01T00:00:00Z" },
};

function run(events: SetupEvent[], mode: SetupMode = "create"): { state: SetupState; effects: SetupEffect[] } {
  let [state, effects] = beginSetup(PAGES, mode, "Contacts");
  for (const event of events) [state, effects] = advanceSetup(state, event);
  return { state, effects };
}

const loaded: SetupEvent = { type: "loaded", entries: { values: {}, accounts: {} }, name: "Contacts", form: FORM };
const account: SetupEvent = { type: "account", slot: "crm", account: "acc_1" };
const type = (key: string, value: unknown, commit = false): SetupEvent => ({ type: "input", key, value, commit });

describe("loading", () => {
  test("asks the edge first and shows the first page after", () => {
    expect(beginSetup(PAGES, "create", "F")[1]).toEqual([{ type: "load" }]);
    expect(run([loaded]).state).toMatchObject({ phase: "editing", page: "connect", seen: ["connect"] });
  });

  test("resumes at the page of the draft, with the pages before it open", () => {
    expect(run([{ ...loaded, page: "rhythm" }]).state).toMatchObject({ page: "rhythm", seen: ["connect", "what", "extra", "rhythm"] });
  });

  test("a draft's page that is hidden by now gives way to the one before", () => {
    expect(run([{ ...loaded, page: "extra" }]).state.page).toBe("what");
  });

  test("a failure can be tried again", () => {
    const failed: SetupEvent = { type: "load-failed", problem: { code: "unavailable", message: "Try again", retryable: true } };
    expect(run([failed]).state.phase).toBe("failed");
    expect(run([failed, { type: "reload" }])).toMatchObject({ state: { phase: "loading" }, effects: [{ type: "load" }] });
  });

  test("when editing, every page can be reached at once", () => {
    expect(run([loaded, { type: "go", page: "rhythm" }], "edit").state.page).toBe("rhythm");
    expect(run([loaded, { type: "go", page: "rhythm" }], "create").state.page).toBe("connect");
  });
});

describe("going on", () => {
  test("a page with a fault stays, marks it and leads the focus there", () => {
    const { state, effects } = run([loaded, { type: "continue" }]);
    expect(state).toMatchObject({ page: "connect", faults: { crm: { code: "account" } } });
    expect(effects).toEqual([{ type: "focus-field", key: "crm" }]);
  });

  test("hidden pages and hidden fields are passed over", () => {
    const { state } = run([loaded, account, { type: "continue" }, type("audience", "a"), { type: "continue" }]);
    expect(state.page).toBe("rhythm");
  });

  test("faults that only a field can know hold the page back too", () => {
    const unmapped = { audience: { code: "unmapped" as const, message: "E-mail needs a source" } };
    const { state } = run([loaded, account, { type: "continue" }, type("audience", "a"), { type: "continue", extra: unmapped }]);
    expect(state).toMatchObject({ page: "what", faults: unmapped });
  });

  test("going back asks nothing", () => {
    expect(run([loaded, account, { type: "continue" }, { type: "back" }]).state).toMatchObject({ page: "connect", faults: {} });
  });
});

describe("faults", () => {
  const onWhat = [loaded, account, { type: "continue" } as const];

  test("nothing is called wrong while it is typed for the first time", () => {
    expect(run([...onWhat, type("mail", "ada@")]).state.faults).toEqual({});
  });

  test("what a field itself refuses is shown at once, also where it leaves the field empty", () => {
    const fault = { code: "rule" as const, message: "", say: "field.file.tooLarge" as const };
    const { state } = run([...onWhat, { type: "input", key: "mail", value: null, commit: true, fault }]);
    expect(state.faults).toEqual({ mail: fault });
  });

  test("leaving a field shows its fault, mending it takes the fault away at once", () => {
    const wrong = run([...onWhat, type("mail", "ada@"), type("mail", "ada@", true)]);
    expect(wrong.state.faults).toMatchObject({ mail: { code: "type" } });
    expect(run([...onWhat, type("mail", "ada@", true), type("mail", "ada@example.com")]).state.faults).toEqual({});
  });

  test("an empty required field is marked only once its page was tried", () => {
    expect(run([...onWhat, type("audience", "", true)]).state.faults).toEqual({});
    expect(run([...onWhat, { type: "continue" }, type("audience", ""), type("audience", "", true)]).state.faults).toHaveProperty(
      "audience",
    );
  });

  test("a required answer of the edge's expression wins over the file's", () => {
    const form: FormState = { ...FORM, fields: { ...FORM.fields, audience: { shown: true, required: false } } };
    expect(run([loaded, { type: "form", form }, account, { type: "continue" }, { type: "continue" }]).state.page).toBe("rhythm");
  });

  test("a stored secret counts as entered", () => {
    const pages: FormPage[] = [{ key: "p", title: "P", fields: [field("key", "secret", { required: true })] }];
    let [state, effects] = beginSetup(pages, "edit", "F");
    [state] = advanceSetup(state, {
      ...loaded,
      entries: { values: { key: { $secret: true } }, accounts: {} },
      form: { pages: {}, fields: {} },
    });
    [state, effects] = advanceSetup(state, { type: "save" });
    expect(effects).toEqual([{ type: "send" }]);
  });
});

describe("saving", () => {
  const filled = [loaded, account, { type: "continue" } as const, type("audience", "a"), { type: "continue" } as const];

  test("sends once, whatever is clicked meanwhile", () => {
    expect(run([...filled, { type: "save" }])).toMatchObject({ state: { phase: "saving" }, effects: [{ type: "send" }] });
    expect(run([...filled, { type: "save" }, { type: "save" }]).effects).toEqual([]);
  });

  test("a fault on an earlier page leads back to it", () => {
    const { state, effects } = run([...filled, type("audience", ""), { type: "save" }]);
    expect(state).toMatchObject({ phase: "editing", page: "what", faults: { audience: { code: "required" } } });
    expect(effects).toEqual([{ type: "page-changed" }, { type: "focus-field", key: "audience" }]);
  });

  test("the edge's faults land on their fields and on the page of the first", () => {
    const { state } = run([
      ...filled,
      { type: "save" },
      {
        type: "refused",
        problem: { code: "invalid", message: "Two things are not right", retryable: false },
        errors: [
          { path: "values.nightly", code: "rule", message: "Not on Sundays" },
          { path: "accounts.crm", code: "account_expired", message: "Reconnect Pipeline" },
          { path: "values.audience.0.name", code: "required", message: "Fill this in" },
        ],
      },
    ]);
    expect(state).toMatchObject({ phase: "editing", page: "connect" });
    expect(state.faults).toMatchObject({ crm: { code: "account_expired", message: "Reconnect Pipeline" }, audience: { path: "0.name" } });
  });

  test("a fault whose field is not in sight is said with the problem", () => {
    const errors = [
      { path: "values.tags", code: "rule", message: "Tags are wrong" },
      { path: "name", code: "rule", message: "Name taken" },
    ];
    const problem = { code: "invalid", message: "No", retryable: false };
    const { state } = run([...filled, { type: "save" }, { type: "refused", problem, errors }]);
    expect(state).toMatchObject({ page: "rhythm", faults: {}, problem: { details: errors } });
  });

  test("a failure without a field keeps the page and all that was typed", () => {
    const { state } = run([
      ...filled,
      { type: "save" },
      { type: "refused", problem: { code: "gone", message: "Withdrawn", retryable: false } },
    ]);
    expect(state).toMatchObject({ page: "rhythm", problem: { code: "gone" }, values: { audience: "a" }, accounts: { crm: "acc_1" } });
  });

  test("ends with the integration that the edge confirmed", () => {
    expect(run([...filled, { type: "save" }, { type: "saved", integration: INTEGRATION }]).state).toMatchObject({
      phase: "saved",
      integration: { id: "int_1" },
    });
  });
});

test("a field named like a property of every object holds nothing by itself", () => {
  const { state } = run([loaded]);
  expect(heldValue(state, "constructor")).toBeUndefined();
});

const keys = fc.constantFrom("audience", "mail", "tags", "note", "nightly", "toString");
const anyForm = fc.record({
  pages: fc.dictionary(fc.constantFrom("connect", "what", "extra", "rhythm"), fc.record({ shown: fc.boolean() })),
  fields: fc.dictionary(
    fc.constantFrom("crm", "audience", "mail", "tags", "note"),
    fc.record({ shown: fc.boolean(), required: fc.boolean() }),
  ),
});
const problem = fc.constant({ code: "invalid", message: "No", retryable: false });
const anyEvent: fc.Arbitrary<SetupEvent> = fc.oneof(
  fc.constant(loaded),
  fc.record({
    type: fc.constant("input" as const),
    key: keys,
    value: fc.oneof(fc.string(), fc.boolean(), fc.constant(null)),
    commit: fc.boolean(),
  }),
  fc.record({ type: fc.constant("account" as const), slot: fc.constant("crm"), account: fc.option(fc.string(), { nil: undefined }) }),
  fc.record({ type: fc.constant("form" as const), form: anyForm }),
  fc.constantFrom<SetupEvent>({ type: "continue" }, { type: "back" }, { type: "save" }, { type: "dismiss" }, { type: "reload" }),
  fc.record({ type: fc.constant("go" as const), page: fc.constantFrom("connect", "what", "extra", "rhythm", "nowhere") }),
  fc.record({
    type: fc.constant("refused" as const),
    problem,
    errors: fc.array(fc.record({ path: keys.map((key) => `values.${key}`), code: fc.constant("rule"), message: fc.string() }), {
      maxLength: 3,
    }),
  }),
  fc.constant<SetupEvent>({ type: "saved", integration: INTEGRATION }),
);

test("whatever happens: the page shown is one of the shown, what was typed stays, and only a whole form is sent", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let [state, effects] = beginSetup(PAGES, "create", "F");
      const typed = new Map<string, unknown>();
      for (const event of events) {
        const before = state;
        [state, effects] = advanceSetup(state, event);
        if (event.type === "input" && before.phase === "editing") typed.set(event.key, event.value);
        const shown = shownPages(state).map((page) => page.key);
        if (state.phase === "editing" && shown.length > 0) expect(shown).toContain(state.page);
        for (const [key, value] of typed) expect(heldValue(state, key)).toBe(value);
        expect(effects.some((effect) => effect.type === "send")).toBe(before.phase === "editing" && state.phase === "saving");
        if (effects.some((effect) => effect.type === "focus-field")) expect(Object.keys(state.faults).length).toBeGreaterThan(0);
        if (state.phase === "saving") expect(state.faults).toEqual({});
      }
    }),
    { numRuns: 400 },
  );
});
