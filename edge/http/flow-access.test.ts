import { expect, it } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { accessOf, callsWeb, usesOf } from "./flow-access.ts";

function parse<T>(text: string, schema: Parameters<typeof readFile<T>>[1]): T {
  const read = readFile(text, schema);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.value;
}
const crm = parse(
  `inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth: [{ key: k, type: none }]
queries: { contacts: { title: List contacts, request: { path: /c } }, find_tag: { request: { path: /t } } }
actions: { save: { title: Save a contact, request: { method: POST, path: /c } } }
triggers: { changed: { title: A contact changed, webhook: {} } }
`,
  AppFile,
);
const flow = parse(
  `inlay: 1
key: f
name: F
accounts: { crm: { app: crm }, spare: { app: crm, optional: true } }
setup: { pages: [{ key: p, title: P, fields: [{ key: tag, type: select, options: { query: crm.find_tag } }] }] }
blocks:
  - { key: told, name: Told, trigger: { app_event: crm.changed }, steps: [{ key: one, call: inner }] }
  - { key: inner, name: Inner, trigger: { call: {} }, steps: [{ key: all, query: crm.contacts }, { key: each, for: "{{ steps.all }}", do: [{ key: put, action: crm.save }] }] }
  - { key: post, name: Post, trigger: { manual: {} }, steps: [{ key: out, http: { url: "https://x.test" } }] }
`,
  FlowFile,
);

it("tells by account what is read, changed and listened to, in words, through loops and called blocks", () => {
  expect(accessOf(flow, { crm })).toEqual([
    { account: "crm", app: "crm", reads: ["List contacts", "Find tag"], writes: ["Save a contact"], listens: ["A contact changed"] },
    { account: "spare", app: "crm", reads: [], writes: [], listens: [] },
  ]);
});

it("tells what a block calls, and whether the flow calls the web at large", () => {
  const [told, , post] = flow.blocks;
  if (!told || !post) throw new Error("the flow has no such block");
  expect(usesOf(told, flow, { crm })).toEqual([
    { app: "crm", title: "List contacts", kind: "reads" },
    { app: "crm", title: "Save a contact", kind: "writes" },
  ]);
  expect(usesOf(post, flow, { crm })).toEqual([]);
  expect(callsWeb(flow)).toBe(true);
});
