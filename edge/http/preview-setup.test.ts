import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AppFile } from "../../shared/flow/app-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace } from "../testing/test-workspace.ts";

const APP = `inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth: [{ key: k, type: api_key, name: X-Key, value: "{{ fields.key }}", fields: [{ key: key, type: secret }] }]
queries:
  contacts: { input: [{ key: since, type: datetime }, { key: tag, type: text }], request: { path: /contacts, query: { since: "{{ input.since }}", tag: "{{ input.tag }}" } }, output: "{{ body.contacts }}" }
triggers:
  changed: { webhook: {}, sample: { email: sample@example.com } }
`;
const FLOW = `inlay: 1
key: copy
name: Copy
accounts: { crm: { app: crm } }
setup: { pages: [{ key: p, title: P, fields: [{ key: crm, type: account }, { key: map, type: mapping, from: [email], to: [EMAIL] }] }] }
blocks:
  - { key: polled, name: Polled, trigger: { poll: crm.contacts, every: 1h, id: "{{ item.id }}" }, steps: [] }
  - { key: told, name: Told, trigger: { app_event: crm.changed }, steps: [] }
  - { key: now, name: Now, trigger: { manual: {} }, steps: [] }
  - { key: nightly, name: Nightly, trigger: { schedule: { cron: "0 3 * * *" } }, steps: [{ key: all, query: crm.contacts, with: { since: "{{ state.since }}", tag: vip } }] }
`;
const OAUTH_APP = `inlay: 1
key: crm
name: CRM
baseUrl: https://crm.test
auth: [{ key: o, type: oauth2, authorizeUrl: https://crm.test/a, tokenUrl: https://crm.test/t, scopes: [contacts.read, contacts.write], client: { id: ID, secret: SECRET } }]
queries:
  contacts: { request: { path: /contacts }, output: "{{ body.contacts }}" }
triggers:
  changed: { webhook: {}, sample: { email: sample@example.com } }
`;
afterEach(() => vi.unstubAllGlobals());

describe("a dry run", () => {
  it("shows the rows that would start each block, as mapped", async () => {
    const ws = await makeWorkspace();
    await ws.app(APP);
    await ws.flow(FLOW);
    const account = await ws.account(await ws.user("ada"), "crm");
    const app = readFile(APP, AppFile);
    if (!app.ok) throw new Error("the app file is broken");
    await env.ACCOUNTS.getByName(account).establish(
      { id: account, workspace: ws.id, app: app.value, env: {} },
      { auth: "k", fields: { key: "x" } },
    );
    vi.stubGlobal("fetch", async () => Response.json({ contacts: Array.from({ length: 9 }, (_, id) => ({ id, email: `${id}@x.test` })) }));
    const call = edgeClient(await ws.token({ sub: "ada" }));
    const values = { map: [{ from: "email", to: "EMAIL" }] };
    const { id } = (await call("POST", "/v1/integrations", { flow: "copy", accounts: { crm: account }, values, enable: false })).body;
    const { body } = await call("POST", `/v1/integrations/${id}/preview`);
    expect(body.blocks.map(({ key, source }: { key: string; source: string }) => [key, source])).toEqual([
      ["polled", "app"],
      ["told", "sample"],
      ["now", "none"],
      ["nightly", "app"],
    ]);
    expect(body.problems).toEqual([]);
    expect(body.blocks[0].rows).toHaveLength(5);
    expect(body.blocks[0].mapped.map[1]).toEqual({ EMAIL: "1@x.test" });
    expect(body.blocks[1].mapped.map).toEqual([{ EMAIL: "sample@example.com" }]);
    vi.stubGlobal("fetch", async () => new Response("no", { status: 500 }));
    const failed = await call("POST", `/v1/integrations/${id}/preview`);
    expect(failed.body.blocks[0]).toMatchObject({ source: "none", rows: [], problem: expect.stringMatching(/CRM/) });
    expect(failed.body.blocks[0].why).toMatchObject({ params: { by: "CRM", status: "500" } });
  });

  it("of a form that is not saved yet names what is missing, asks with what is known, and stores nothing", async () => {
    const ws = await makeWorkspace();
    await ws.app(APP);
    await ws.flow(FLOW.replace("to: [EMAIL] }", "to: [EMAIL], required: true }"));
    const account = await ws.account(await ws.user("ada"), "crm");
    const app = readFile(APP, AppFile);
    if (!app.ok) throw new Error("the app file is broken");
    await env.ACCOUNTS.getByName(account).establish(
      { id: account, workspace: ws.id, app: app.value, env: {} },
      { auth: "k", fields: { key: "x" } },
    );
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
      asked.push(new URL(new Request(input).url).search);
      return Response.json({ contacts: [{ id: 1, email: "a@x.test" }] });
    });
    const call = edgeClient(await ws.token({ sub: "ada" }));
    const { status, body } = await call("POST", "/v1/flows/copy/preview", { accounts: { crm: account }, values: {} });
    expect(status).toBe(200);
    expect(body.problems).toEqual([expect.objectContaining({ path: "values.map", code: "required" })]);
    expect(body.blocks.find(({ key }: { key: string }) => key === "nightly")).toMatchObject({
      account: "crm",
      rows: [{ email: "a@x.test" }],
    });
    expect(asked).toContain("?tag=vip");
    expect((await call("GET", "/v1/integrations")).body.items).toEqual([]);
  });

  it("names the permissions that an account was not given", async () => {
    const ws = await makeWorkspace();
    await ws.app(OAUTH_APP);
    await ws.flow(FLOW);
    const account = await ws.account(await ws.user("ada"), "crm");
    await env.DB.prepare("UPDATE accounts SET auth = 'o', scopes = '[\"contacts.read\"]' WHERE id = ?").bind(account).run();
    const call = edgeClient(await ws.token({ sub: "ada" }));
    const { body } = await call("POST", "/v1/flows/copy/preview", { accounts: { crm: account }, values: {} });
    expect(body.problems).toEqual([
      expect.objectContaining({ path: "accounts.crm", code: "scope", params: { app: "CRM", scopes: "contacts.write" } }),
    ]);
  });
});
