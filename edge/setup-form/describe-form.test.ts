import { expect, test } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
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
