import { expect, test } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { checkFlow } from "../engine/check-flow.ts";
import { checkForm } from "./check-form.ts";
import { describeForm } from "./describe-form.ts";

test("options from a block depend on the accounts that it calls apps through, and on the fields that it reads, also in blocks that it calls", () => {
  const source = `inlay: 1
key: f
name: F
accounts: { crm: { app: pipeline }, other: { app: pipeline } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: audience, type: text }
        - { key: region, type: text }
        - { key: unread, type: text }
        - { key: tags, type: multiselect, options: { block: tags, with: { search: "{{ search }}", in: "{{ setup.audience }}" } } }
blocks:
  - { key: tags, name: T, trigger: { call: {} }, steps: [{ key: c, call: filtered }] }
  - key: filtered
    name: F
    trigger: { call: {} }
    steps:
      - { key: q, query: crm.tags }
      - { key: keep, code: "export default ({ steps, setup }) => steps.q.filter((tag) => tag.region === setup.region)" }
`;
  const result = readFile(source, FlowFile);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  expect(describeForm(result.value)[0]?.fields[3]?.options).toEqual({ reads: ["crm", "audience", "region"] });
});

test("options that cannot be asked for without a field name it, though the form may leave it empty", () => {
  const options = (key: string, more: string) => `        - { key: ${key}, type: select, options: ${more} }\n`;
  const source = `inlay: 1
key: f
name: F
accounts: { news: { app: postbox } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: audience, type: text }
${options("alone", '{ query: news.members, with: { audience: "{{ setup.audience.id }}", status: "{{ setup.alone }}" } }')}${options("or", `{ query: news.members, with: { audience: "{{ setup.audience ? setup.audience : 'all' }}" } }`)}${options("preset", '{ query: news.recent, with: { audience: "{{ setup.audience }}" } }')}${options("block", '{ block: tags, with: { in: "{{ setup.audience }}" } }')}blocks:
  - { key: tags, name: T, trigger: { call: { input: [{ key: in, type: text, required: true }] } }, steps: [] }
`;
  const app = `inlay: 1
key: postbox
name: Postbox
baseUrl: https://postbox.example
auth: [{ key: none, type: none }]
queries:
  members:
    input: [{ key: audience, type: text, required: true }, { key: status, type: text }]
    request: { method: GET, path: /members }
  recent:
    input: [{ key: audience, type: text, required: true, default: all }]
    request: { method: GET, path: /recent }
`;
  const [flow, postbox] = [readFile(source, FlowFile), readFile(app, AppFile)];
  if (!flow.ok || !postbox.ok) throw new Error(JSON.stringify([flow, postbox]));
  const needs = describeForm(flow.value, { postbox: postbox.value })[0]?.fields.map(({ options }) => options?.needs);
  expect(needs).toEqual([undefined, ["audience"], undefined, undefined, ["audience"]]);
});

test("the fields of what the host page offers are named, not asked for, and expressions may stand on a mapping's left side", async () => {
  const source = `inlay: 1
key: f
name: F
setup: { pages: [{ key: p, title: P, fields: [{ key: fields, type: mapping, from: { data: order }, to: [id, total] }, { key: fixed, type: mapping, from: [a], to: [b] }] }] }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]
`;
  const result = readFile(source, FlowFile);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const flow = result.value;
  expect(checkFlow(flow, {})).toEqual([]);
  expect(describeForm(flow)[0]?.fields[0]?.from).toEqual({ data: "order" });
  const user = { id: "ada", org: null, name: null, email: null, locale: null, attributes: {} };
  const faultsOf = async (values: Record<string, unknown>) => {
    const input = { values, accounts: {}, user, settings: {}, env: {}, hooks: {} };
    const { problems } = await checkForm(flow, input, { known: {}, appNames: {}, kept: new Set(), targets: async () => undefined });
    return problems.map(({ path, code }) => `${path} ${code}`);
  };
  const pairs = (from: string, to: string) => [{ from, to }];
  expect(await faultsOf({ fields: pairs("customer.id", "id"), fixed: pairs("{{ item.a & '!' }}", "b") })).toEqual([]);
  expect(await faultsOf({ fixed: pairs("c", "b") })).toEqual(["values.fixed option"]);
  expect(await faultsOf({ fixed: pairs("{{ item.a & }}", "b") })).toEqual(["values.fixed rule"]);
});
