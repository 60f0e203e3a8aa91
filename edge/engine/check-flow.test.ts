import { describe, expect, test } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { checkFlow } from "./check-flow.ts";

const read = <T>(text: string, schema: Parameters<typeof readFile<T>>[1]): T => {
  const result = readFile(text, schema);
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 1));
  return result.value;
};
const pipeline = `
inlay: 1
key: pipeline
name: Pipeline
queries: { contacts: { request: { path: /contacts } } }
actions: { update: { input: [{ key: id, type: text }], request: { method: PATCH, path: "/contacts/{{ input.id }}" } } }
triggers: { changed: { webhook: { id: "{{ headers.'webhook-id' }}" } } }
`;
const apps = { pipeline: read(pipeline, AppFile) };

const check = (rest: string) =>
  checkFlow(
    read(
      `inlay: 1\nkey: f\nname: F\naccounts: { crm: { app: pipeline } }\n${rest.startsWith("setup:") ? "" : "setup: { pages: [{ key: p, title: P, fields: [{ key: url, type: url }] }] }\n"}${rest}`,
      FlowFile,
    ),
    apps,
  ).map(({ code, path }) => `${code} ${path}`);
const steps = (list: string) => check(`blocks:\n  - key: b\n    name: B\n    trigger: { manual: {} }\n    steps: ${list}`);
const trigger = (text: string) => check(`blocks:\n  - key: b\n    name: B\n    trigger: ${text}\n    steps: []`);

test("a flow that names only what is there can be published", () => {
  const blocks = `
blocks:
  - { key: changed, name: Changed, trigger: { app_event: crm.changed }, order: fifo, partition: "{{ trigger.id }}", steps: [] }
  - { key: hook, name: Hook, trigger: { webhook: { dedupe: "{{ headers.'x-id' }}" } }, steps: [{ key: a, call: map, with: { c: "{{ trigger.body }}" } }] }
  - { key: map, name: Map, trigger: { call: { input: [{ key: c, type: json }] } }, steps: [{ key: u, action: crm.update, with: { id: "{{ setup.url }}" } }] }
  - { key: tick, name: Tick, trigger: { schedule: { cron: "0 3 * * *", timezone: "{{ user.attributes.timezone }}" } }, steps: [{ key: q, query: crm.contacts }] }
`;
  expect(check(blocks)).toEqual([]);
});

describe("publishing refuses", () => {
  test.each([
    ["an operation that the app does not have", "[{ key: a, query: crm.invoices }]", "unknown_operation blocks.0.steps.0.query"],
    ["an account that the flow does not name", "[{ key: a, action: news.send }]", "unknown_account blocks.0.steps.0.action"],
    ["a call of a block that is not there", "[{ key: a, call: nope }]", "unknown_block blocks.0.steps.0.call"],
    ["a call of a block with another trigger", "[{ key: a, call: b }]", "not_callable blocks.0.steps.0.call"],
    [
      "two steps of one key, however deep",
      "[{ key: a, value: 1 }, { key: l, for: [1], do: [{ key: a, value: 2 }] }]",
      "duplicate_key blocks.0.steps.1.do.0.key",
    ],
    ["an expression that does not parse", '[{ key: a, value: { x: "{{ 1 + }}" } }]', "expression_syntax blocks.0.steps.0.value"],
    ["a setup field that is not there", '[{ key: a, http: { url: "{{ setup.uri }}" } }]', "unknown_field blocks.0.steps.0.http.url"],
    ["a condition without an expression", "[{ key: a, if: steps.b }]", "no_expression blocks.0.steps.0.if"],
    [
      "a wait for an event whose type is an expression",
      '[{ key: a, wait: { event: "{{ trigger.type }}" } }]',
      "event_type blocks.0.steps.0.wait.event",
    ],
    [
      "a match that is always true",
      "[{ key: a, wait: { event: order.paid, match: event.data.id } }]",
      "no_expression blocks.0.steps.0.wait.match",
    ],
    ["a retry of a step that is not tried again", "[{ key: a, value: 1, retry: { attempts: 2 } }]", "no_retry blocks.0.steps.0.retry"],
  ])("%s", (_, list, fault) => {
    expect(steps(list)).toEqual([fault]);
  });

  test.each([
    ["{ schedule: {} }", "invalid_schedule blocks.0.trigger.schedule"],
    ['{ schedule: { cron: "every day" } }', "invalid_cron blocks.0.trigger.schedule.cron"],
    ['{ schedule: { cron: "0 3 * * *", timezone: Mars/Olympus } }', "invalid_timezone blocks.0.trigger.schedule.timezone"],
    ["{ schedule: { every: 10ms } }", "too_often blocks.0.trigger.schedule.every"],
    ["{ app_event: crm.deal_won }", "unknown_operation blocks.0.trigger.app_event"],
    ['{ poll: crm.deals, id: "{{ item.id }}" }', "unknown_operation blocks.0.trigger.poll"],
    ['{ webhook: { dedupe: "{{ headers.( }}" } }', "expression_syntax blocks.0.trigger.webhook.dedupe"],
  ])("the trigger %s", (text, fault) => {
    expect(trigger(text)).toEqual([fault]);
  });

  test("an app that the workspace does not have", () => {
    expect(
      checkFlow(
        read(
          "inlay: 1\nkey: f\nname: F\naccounts: { x: { app: gone } }\nblocks: [{ key: b, name: B, trigger: { manual: {} }, steps: [] }]",
          FlowFile,
        ),
        apps,
      ),
    ).toMatchObject([{ code: "unknown_app", path: "accounts.x.app" }]);
  });

  const whole = (text: string) =>
    checkFlow(read(`inlay: 1\nkey: f\nname: F\n${text}`, FlowFile), apps).map(({ code, path }) => `${code} ${path}`);
  const block = (options: string) => `blocks: [{ key: b, name: B, trigger: { manual: {} }, steps: [], ${options} }]`;

  test.each([
    ["{ key: l, type: list, fields: [{ key: k, type: secret }] }", "nested_secret setup.pages.0.fields.0.fields.0.type"],
    ["{ key: o, type: object, fields: [{ key: k, type: text, secret: true }] }", "nested_secret setup.pages.0.fields.0.fields.0.secret"],
  ])("a secret inside another field: %s", (field, fault) => {
    expect(whole(`setup: { pages: [{ key: p, title: P, fields: [${field}] }] }\n${block("")}`)).toEqual([fault]);
  });

  test("a quota whose period is too short", () => {
    expect(whole(block("quota: { runs: 3, per: 1s }"))).toEqual(["quota_period blocks.0.quota.per"]);
    expect(whole(block("quota: { runs: 3, tasks: 100, per: 1h }"))).toEqual([]);
    expect(whole(block("quota: 100"))).toEqual([]);
  });

  test.each([
    ["a(", /Unterminated group/],
    ["(?i:a)", /changes its flags/],
    ["^\\\\p{Lu}(?<=A)$", undefined],
  ])("a field's pattern that the widget or the edge could not check: %s", (pattern, message) => {
    const fields = `[{ key: f, type: text, validate: { pattern: "${pattern}" } }]`;
    const faults = (text: string) => checkFlow(read(`inlay: 1\nkey: f\nname: F\n${text}`, FlowFile), apps);
    const inSetup = faults(
      `setup: { pages: [{ key: p, title: P, fields: ${fields} }] }\nblocks: [{ key: b, name: B, trigger: { manual: {} }, steps: [] }]`,
    );
    const inTrigger = faults(`blocks: [{ key: b, name: B, trigger: { call: { input: ${fields} } }, steps: [] }]`);
    const fault = (path: string) => (message ? [{ code: "invalid_pattern", message: expect.stringMatching(message), path }] : []);
    expect(inSetup).toEqual(fault("setup.pages.0.fields.0.validate.pattern"));
    expect(inTrigger).toEqual(fault("blocks.0.trigger.call.input.0.validate.pattern"));
  });

  const optionsOf = (source: string, blocks: string) =>
    check(
      `blocks:\n  - { key: names, name: N, trigger: { call: {} }, steps: [{ key: q, query: crm.contacts }] }\n${blocks}`.replace(
        "blocks:",
        `setup: { pages: [{ key: p, title: P, fields: [{ key: f, type: select, options: ${source} }] }] }\nblocks:`,
      ),
    );
  test.each([
    ["{ block: names }", "", []],
    ["{ block: gone }", "", ["unknown_block setup.pages.0.fields.0.options.block"]],
    ["{ block: names, query: crm.contacts }", "", ["no_source setup.pages.0.fields.0.options"]],
    [
      "{ block: go }",
      "  - { key: go, name: G, trigger: { manual: {} }, steps: [] }",
      ["not_callable setup.pages.0.fields.0.options.block"],
    ],
    [
      "{ block: outer }",
      "  - { key: outer, name: O, trigger: { call: {} }, steps: [{ key: c, call: inner }] }\n  - { key: inner, name: I, trigger: { call: {} }, steps: [{ key: l, for: [1], do: [{ key: u, action: crm.update }] }] }",
      ["options_act setup.pages.0.fields.0.options.block"],
    ],
  ])("options from a block that is not there, not called, or does more than read: %s", (source, blocks, faults) => {
    expect(optionsOf(source, blocks)).toEqual(faults);
  });
});

test("an account of the workspace is asked of nobody, and only such a one has a key", () => {
  const flowOf = (slot: string, field = "{ key: url, type: url }") =>
    checkFlow(
      read(
        `inlay: 1\nkey: f\nname: F\naccounts: { crm: ${slot} }\nsetup: { pages: [{ key: p, title: P, fields: [${field}] }] }\nblocks: [{ key: b, name: B, trigger: { manual: {} }, steps: [{ key: q, query: crm.contacts }] }]`,
        FlowFile,
      ),
      apps,
    ).map(({ code, path }) => `${code} ${path}`);
  expect(flowOf("{ app: pipeline, owner: workspace, account: house }")).toEqual([]);
  expect(flowOf("{ app: pipeline, owner: workspace }", "{ key: crm, type: account }")).toEqual(["unknown_account setup.pages.0.fields.0"]);
  expect(flowOf("{ app: pipeline, account: house }")).toEqual(["unknown_account accounts.crm.account"]);
});
