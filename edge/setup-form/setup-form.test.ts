import { describe, expect, it } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { checkForm, type FormCheck } from "./check-form.ts";
import { describeForm } from "./describe-form.ts";
import { evaluateForm, settleForm } from "./evaluate-form.ts";
import type { FormInput } from "./form-scope.ts";

const read = (fields: string, accounts = "{}", more = ""): FlowFile => {
  const source = `inlay: 1
key: f
name: F
accounts: ${accounts}
settings: { plan: pro }
setup:
  pages:
    - key: one
      title: One
      fields: [${fields}]
${more}
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]`;
  const result = readFile(source, FlowFile);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.value;
};
const input = (values: Record<string, unknown> = {}, more: Partial<FormInput> = {}): FormInput => ({
  ...{ values, accounts: {}, settings: { plan: "pro" }, env: {}, hooks: {} },
  user: { id: "ada", org: "north", name: null, email: null, locale: null, attributes: { timezone: "Europe/Vienna" } },
  ...more,
});
const check = (more: Partial<FormCheck> = {}): FormCheck => ({
  ...{ known: {}, appNames: {}, kept: new Set<string>(), targets: async () => undefined },
  ...more,
});
const faults = async (flow: FlowFile, given: FormInput, more: Partial<FormCheck> = {}) =>
  (await checkForm(flow, given, check(more))).problems.map(({ path, code }) => `${path} ${code}`);

describe("the form as the widget gets it", () => {
  it("says what options depend on, and holds no expression", () => {
    const flow = read(
      `{ key: a, type: select, options: { query: crm.x, with: { q: "{{ search }}", b: "{{ setup.b }}", c: "{{ setup.c & user.id }}" }, value: id } },
       { key: m, type: mapping, from: [x, { value: y, label: Why }], to: { query: crm.y } },
       { key: t, type: text, required: "{{ true }}", when: "{{ false }}", default: "{{ 1 }}", validate: { max: 3, rule: "{{ true }}" } }`,
      "{ crm: { app: pipeline } }",
    );
    const fields = describeForm(flow)[0]?.fields;
    expect(fields?.[0]?.options).toEqual({ reads: ["crm", "b", "c"], account: "crm" });
    expect(fields?.[1]?.from).toEqual({
      items: [
        { value: "x", label: "x" },
        { value: "y", label: "Why" },
      ],
    });
    expect(fields?.[2]).toEqual({ key: "t", type: "text", required: false, secret: false, validate: { max: 3 } });
    expect(JSON.stringify(fields)).not.toContain("{{");
  });
});

describe("the form's state", () => {
  it("shows fields by what was entered, whichever comes first", async () => {
    const flow = read(`{ key: late, type: text, when: "{{ setup.on }}" }, { key: on, type: toggle, default: false }`);
    expect((await evaluateForm(flow, input())).fields).toMatchObject({ late: { shown: false }, on: { shown: true, default: false } });
    expect((await evaluateForm(flow, input({ on: true }))).fields.late).toMatchObject({ shown: true });
  });

  it("lets what is hidden count for nothing, through several fields", async () => {
    const flow = read(
      `{ key: a, type: toggle }, { key: b, type: toggle, when: "{{ setup.a }}" }, { key: c, type: text, when: "{{ setup.b }}" }`,
    );
    const settled = await settleForm(flow, input({ a: false, b: true, c: "x" }));
    expect([...settled.fields]).toEqual(["a"]);
    expect(settled.setup).toEqual({ a: false });
  });

  it("hides a page with all its fields", async () => {
    const flow = read(
      `{ key: a, type: toggle }`,
      "{}",
      `    - { key: two, title: Two, when: "{{ setup.a }}", fields: [{ key: b, type: text, default: x }] }`,
    );
    const state = await evaluateForm(flow, input());
    expect(state.pages).toEqual({ one: { shown: true }, two: { shown: false } });
    expect(state.fields.b).toEqual({ shown: false });
  });

  it("gives defaults, required and texts that expressions yield", async () => {
    const flow = read(
      `{ key: zone, type: timezone, default: "{{ user.attributes.timezone }}" }, { key: n, type: number, default: "{{ 2 * 21 }}" },
       { key: r, type: text, required: "{{ settings.plan = 'pro' }}" }, { key: h, type: heading, value: "For {{ user.id }}" },
       { key: hook, type: copy, value: "{{ hooks.got.url }}" }`,
    );
    const { fields } = await evaluateForm(flow, input());
    expect(fields).toEqual({
      zone: { shown: true, required: false, default: "Europe/Vienna" },
      n: { shown: true, required: false, default: 42 },
      r: { shown: true, required: true },
      h: { shown: true, value: "For ada" },
      hook: { shown: true },
    });
    const later = await evaluateForm(flow, input({}, { hooks: { got: { url: "https://edge.test/h" } } }));
    expect(later.fields.hook?.value).toBe("https://edge.test/h");
  });

  it("says of each item of a list which of its fields are shown and required", async () => {
    const rules = [
      `{ key: op, type: radio, options: [is, any] }`,
      `{ key: value, type: text, when: "{{ item.op = 'is' }}", required: "{{ setup.strict }}" }`,
    ];
    const sender = [`{ key: name, type: text }`, `{ key: mail, type: email, when: "{{ item.name }}" }`];
    const flow = read(
      [
        `{ key: rules, type: list, fields: [${rules.join(", ")}] }`,
        `{ key: strict, type: toggle, default: true }`,
        `{ key: sender, type: object, fields: [${sender.join(", ")}] }`,
      ].join(", "),
    );
    const { fields } = await evaluateForm(flow, input({ rules: [{ op: "is" }, { op: "any" }] }));
    expect(fields.rules?.items).toEqual([
      { op: { shown: true, required: false }, value: { shown: true, required: true } },
      { op: { shown: true, required: false }, value: { shown: false } },
    ]);
    expect(fields.sender?.items).toEqual([{ name: { shown: true, required: false }, mail: { shown: false } }]);
    expect((await evaluateForm(flow, input({ sender: { name: "Ada" } }))).fields.sender?.items?.[0]?.mail).toMatchObject({ shown: true });
  });

  it("offers expressions in a mapping where the flow applies it with $mapFields", () => {
    const flow = read("{ key: map, type: mapping, from: [a], to: [b] }, { key: other, type: mapping, from: [a], to: [b] }");
    const [block] = flow.blocks;
    if (!block) throw new Error("the flow has no block");
    const applied = { ...flow, blocks: [{ ...block, steps: [{ key: "out", value: "{{ $mapFields(setup.map, trigger) }}" }] }] };
    const told = (file: FlowFile) => describeForm(file).flatMap(({ fields }) => fields.map((field) => field.expressions));
    expect(told(flow)).toEqual([undefined, undefined]);
    expect(told(applied)).toEqual([true, undefined]);
  });

  it("says in which time zone a schedule counts: the block's, the user's, or UTC", async () => {
    const fields = "{ key: when, type: schedule }, { key: zone, type: timezone }, { key: other, type: schedule }";
    const flow = read(fields);
    const [block] = flow.blocks;
    if (!block) throw new Error("the flow has no block");
    const scheduled = (timezone?: string): FlowFile => ({
      ...flow,
      blocks: [{ ...block, trigger: { schedule: { cron: "{{ setup.when }}", ...(timezone === undefined ? {} : { timezone }) } } }],
    });
    const zoneIn = async (file: FlowFile, given: FormInput) => (await evaluateForm(file, given)).fields.when?.zone;
    expect(await zoneIn(scheduled("{{ setup.zone }}"), input({ zone: "Asia/Tokyo" }))).toBe("Asia/Tokyo");
    expect(await zoneIn(scheduled(), input())).toBe("Europe/Vienna");
    const nobody = input();
    expect(await zoneIn(scheduled(), { ...nobody, user: { ...nobody.user, attributes: {} } })).toBe("UTC");
    expect((await evaluateForm(scheduled(), input())).fields.other).not.toHaveProperty("zone");
  });

  it("takes what was entered inside HTML for text", async () => {
    const flow = read(`{ key: a, type: text }, { key: h, type: html, value: "<b>{{ setup.a }}</b>" }`);
    const { fields } = await evaluateForm(flow, input({ a: "<img onerror=alert(1)>" }));
    expect(fields.h?.value).toBe("<b>&lt;img onerror=alert(1)&gt;</b>");
  });

  it("goes on where an expression cannot be computed", async () => {
    const flow = read(`{ key: a, type: text, when: "{{ 1 + setup.b.c.d + 'x' }}", default: "{{ $error('no') }}" }`);
    expect((await evaluateForm(flow, input())).fields.a).toEqual({ shown: true, required: false });
  });
});

describe("a filled-in form", () => {
  it("names every fault by its path", async () => {
    const flow = read(
      `{ key: a, type: text, required: true }, { key: n, type: number, validate: { min: 3, rule: "{{ value != 5 }}", message: not five } },
       { key: s, type: select, options: [x, y] }, { key: ms, type: multiselect, options: [1, 2] }, { key: z, type: timezone }, { key: d, type: duration }`,
    );
    expect(await faults(flow, input({ n: 1, s: "q", ms: [1, 3], z: "Mars/Base", d: "soon" }))).toEqual([
      ...["values.a required", "values.n min", "values.s option", "values.ms option", "values.z type", "values.d type"],
    ]);
    expect(await faults(flow, input({ a: "x", n: 5 }))).toEqual(["values.n rule"]);
    expect(await faults(flow, input({ a: "x", n: 4, s: "y", ms: [2], z: "Europe/Vienna", d: "2h" }))).toEqual([]);
  });

  it("stores shown fields and defaults alone", async () => {
    const flow = read(
      `{ key: a, type: toggle, default: true }, { key: b, type: text, when: "{{ $not(setup.a) }}", required: true }, { key: h, type: heading }`,
    );
    const { problems, values } = await checkForm(flow, input({ b: "hidden", stranger: 1, constructor: 2, h: "x" }), check());
    expect([problems, values]).toEqual([[], { a: true }]);
  });

  it("takes no value from a prototype", async () => {
    const flow = read("{ key: constructor, type: text, required: true }");
    expect(await faults(flow, input({}))).toEqual(["values.constructor required"]);
  });

  it("looks into lists and objects", async () => {
    const flow = read(
      `{ key: l, type: list, fields: [{ key: q, type: number, required: true }, { key: r, type: text, required: true, when: "{{ item.q > 1 }}" }] },
       { key: o, type: object, fields: [{ key: e, type: email }] }`,
    );
    expect(await faults(flow, input({ l: [{ q: 1 }, { q: 2 }, "no", {}], o: { e: "no" } }))).toEqual([
      ...["values.l.1.r required", "values.l.2 type", "values.l.3.q required", "values.o.e type"],
    ]);
  });

  it("wants required targets of a mapping paired, where they can be asked", async () => {
    const flow = read("{ key: m, type: mapping, from: [a], to: { query: crm.fields } }", "{ crm: { app: pipeline, optional: true } }");
    const targets = async () => [
      { value: "EMAIL", label: "Email", required: true },
      { value: "NAME", label: "Name" },
    ];
    expect(await faults(flow, input({ m: [{ from: "a", to: "NAME" }] }), { targets })).toEqual(["values.m unmapped"]);
    expect(await faults(flow, input({ m: [{ from: "a", to: "EMAIL" }] }), { targets })).toEqual([]);
    expect(await faults(flow, input({ m: [{ from: "zzz", to: "EMAIL" }] }), { targets })).toEqual(["values.m option"]);
    expect(await faults(flow, input({}), {})).toEqual([]);
  });

  it.each(["mapping", "value_map"])("takes whole pairs of a %s alone", async (type) => {
    const flow = read(`{ key: m, type: ${type} }, { key: l, type: list, fields: [{ key: m, type: ${type} }] }`);
    for (const half of [
      { from: "a", to: "" },
      { from: "", to: "b" },
      { from: "", to: "" },
      { from: null, to: "b" },
    ]) {
      const m = [{ from: "a", to: "b" }, half];
      expect(await faults(flow, input({ m, l: [{ m }] }))).toEqual(["values.m required", "values.l.0.m required"]);
    }
    expect(await faults(flow, input({ m: [{ from: "a", to: false }] }))).toEqual([]);
  });

  it("judges code as JSON where that is its language, and says where it breaks", async () => {
    const flow = read("{ key: c, type: code, language: json, required: true }, { key: j, type: code }");
    const of = async (c: unknown) => (await checkForm(flow, input({ c, j: "{" }), check({}))).problems;
    expect(await of('{\n  "a": 1\n  "b": 2 }')).toEqual([
      { path: "values.c", code: "json", message: "This is not valid JSON: line 3, column 3", params: { line: 3, column: 3 } },
    ]);
    for (const fine of ["{}", "[1]", "3", '"text"', "null", ` {"a":"${"x".repeat(99_000)}"} `]) expect(await of(fine)).toEqual([]);
    expect(await of(" ")).toMatchObject([{ code: "required" }]);
    expect(await of({ a: 1 })).toMatchObject([{ code: "type" }]);
    expect(await of("[".repeat(200_000))).toMatchObject([{ code: "maxLength" }]);
  });

  it("wants accounts that are there, of the right app, and connected", async () => {
    const flow = read(
      "{ key: crm, type: account, required: true }",
      "{ crm: { app: pipeline }, news: { app: postbox, optional: true, auth: [key] } }",
    );
    const known = {
      acc_1: { app: "pipeline", auth: "key", status: "connected" as const },
      acc_2: { app: "postbox", auth: "oauth", status: "connected" as const },
      acc_3: { app: "pipeline", auth: "key", status: "expired" as const },
    };
    const of = (accounts: Record<string, string>) => faults(flow, input({}, { accounts }), { known });
    expect(await of({})).toEqual(["accounts.crm required"]);
    expect(await of({ crm: "acc_2" })).toEqual(["accounts.crm account"]);
    expect(await of({ crm: "acc_3" })).toEqual(["accounts.crm account"]);
    expect(await of({ crm: "acc_of_somebody_else" })).toEqual(["accounts.crm account"]);
    expect(await of({ crm: "acc_1", news: "acc_2" })).toEqual(["accounts.news account"]);
    expect(await of({ crm: "acc_1" })).toEqual([]);
  });

  it("keeps a stored secret that comes back as its mark, and takes a mark without one for nothing", async () => {
    const flow = read("{ key: s, type: secret, required: true }");
    const kept = await checkForm(flow, input({ s: { $secret: true } }), check({ kept: new Set(["s"]) }));
    expect([kept.problems, kept.values]).toEqual([[], { s: { $secret: true } }]);
    expect(await faults(flow, input({ s: { $secret: true } }))).toEqual(["values.s required"]);
  });
});
