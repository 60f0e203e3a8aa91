import { beforeAll, describe, expect, it, vi } from "vitest";
import { edgeClient } from "../../testing/call-edge.ts";
import { makeMember } from "../../testing/member-client.ts";

const APP = `inlay: 1
key: post
name: Post
baseUrl: https://post.example
auth:
  - { key: key, type: api_key, name: X-Api-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }
test: { query: me, id: "{{ body.id }}", label: "{{ body.name }}" }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `inlay: 1
key: hello
name: Hello
tags: [crm]
accounts: { post: { app: post } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: greeting, type: text, label: Greeting, required: true }
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: say, value: "{{ setup.greeting }}" }
`;

let { ws, api, asUser } = {} as Awaited<ReturnType<typeof makeMember>>;
const made: Record<string, string> = {};

beforeAll(async () => {
  ({ ws, api, asUser } = await makeMember());
  await ws.app(APP);
  await ws.flow(FLOW);
  vi.stubGlobal("fetch", async () => Response.json({ id: "p1", name: "Northlight" }));
  return () => void vi.unstubAllGlobals();
});

describe("the host's backend, for a user whom nobody has seen yet", () => {
  it("reads nothing of somebody who is not there", async () => {
    expect(await api("GET", "users/lin/flows")).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await api("POST", "users/usr_unknown/integrations", { flow: "hello", accounts: {}, values: {} })).toMatchObject({ status: 404 });
  });

  it("makes nobody known whom no host could name so, or of whom something is asked that they would have to have", async () => {
    const new_ = { app: "post", auth: "key", fields: { key: "k" } };
    expect(await api("POST", `users/${"x".repeat(257)}/accounts`, new_)).toMatchObject({ status: 404 });
    expect(await api("POST", "users/a%00b/accounts", new_)).toMatchObject({ status: 404 });
    expect(await api("POST", "users/nobody/runs/run_x_1/cancel")).toMatchObject({ status: 404 });
    expect(await api("POST", "users/nobody/accounts/acc_1/test")).toMatchObject({ status: 404 });
    expect(await api("GET", "users/nobody/accounts")).toMatchObject({ status: 404 });
  });

  it("connects their account, sets up a flow, runs it and reads the run", async () => {
    const account = await api("POST", "users/lin/accounts", { app: "post", auth: "key", fields: { key: "k" } });
    expect(account).toMatchObject({ status: 201, body: { owner: "user", label: "Northlight", status: "connected" } });
    expect((await api("GET", "users/lin/flows?tag=crm")).body.items).toMatchObject([{ key: "hello", installed: 0 }]);
    expect(await api("POST", "users/lin/integrations", { flow: "hello", accounts: { post: account.body.id }, values: {} })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "values.greeting" }] },
    });
    const wanted = { flow: "hello", accounts: { post: account.body.id }, values: { greeting: "Hello Lin" } };
    const integration = await api("POST", "users/lin/integrations", wanted);
    expect(integration).toMatchObject({ status: 201, body: { flow: "hello", status: "enabled" } });
    const id: string = integration.body.id;
    const { run } = (await api("POST", `users/lin/integrations/${id}/blocks/go/run`, {})).body;
    await vi.waitFor(
      async () =>
        expect((await api("GET", `users/lin/runs/${run}`)).body).toMatchObject({ status: "succeeded", steps: [{ output: "Hello Lin" }] }),
      5_000,
    );
    expect((await api("GET", `users/lin/integrations/${id}/runs`)).body.items).toMatchObject([{ id: run }]);
    expect((await api("GET", `integrations/${id}/runs?status=succeeded`)).body.items).toMatchObject([{ id: run }]);
    expect((await api("GET", `integrations/${id}/runs?status=failed`)).body.items).toEqual([]);
    Object.assign(made, { id, run, account: account.body.id });
  });

  it("has done it for them: they see it as their own, under either name", async () => {
    const lin = await asUser("lin");
    expect((await lin.call("GET", "/v1/integrations")).body.items).toMatchObject([{ id: made.id }]);
    expect((await api("GET", `users/${lin.user}/integrations`)).body.items).toMatchObject([{ id: made.id }]);
    expect((await api("GET", "users/lin/accounts")).body.items).toMatchObject([{ id: made.account }]);
  });

  it("is who the audit log names", async () => {
    const { items } = (await api("GET", "audit?limit=50")).body;
    const created = items.find(({ action, target }: { action: string; target: string }) => target === made.id && /created/.test(action));
    expect(created).toMatchObject({ actor: { type: "token", name: "Grace" } });
  });
});

describe("what is one user's", () => {
  it("is not there for another", async () => {
    await ws.user("mia");
    for (const [method, path] of [
      ["GET", `integrations/${made.id}`],
      ["PATCH", `integrations/${made.id}`],
      ["DELETE", `integrations/${made.id}`],
      ["GET", `integrations/${made.id}/runs`],
      ["GET", `runs/${made.run}`],
      ["POST", `runs/${made.run}/retry`],
      ["DELETE", `accounts/${made.account}`],
    ] as const)
      expect(await api(method, `users/mia/${path}`, method === "GET" || method === "DELETE" ? undefined : {})).toMatchObject({
        status: 404,
      });
  });

  it("is not there for another workspace's token under the same name, and who may only read changes nothing", async () => {
    const away = await makeMember();
    expect(await away.api("GET", `users/lin/integrations/${made.id}`)).toMatchObject({ status: 404 });
    expect(await away.api("DELETE", `users/lin/integrations/${made.id}`)).toMatchObject({ status: 404 });
    const { createApiToken } = await import("../../db/tokens.ts");
    const { token } = await createApiToken(ws.db, ws.id, { name: "Reader", scopes: ["read"], expiresAt: null });
    const reader = edgeClient(token);
    expect(await reader("GET", `/v1/workspace/users/lin/integrations/${made.id}`)).toMatchObject({ status: 200 });
    expect(await reader("PATCH", `/v1/workspace/users/lin/integrations/${made.id}`, { name: "Mine" })).toMatchObject({ status: 403 });
  });
});

it("takes a filter that is empty for none, and says what is missing", async () => {
  expect((await api("GET", "users/lin/flows?category=&search=&cursor=&tag=crm")).body.items).toMatchObject([{ key: "hello" }]);
  expect((await api("GET", "integrations?status=&user=")).body.items).toHaveLength(1);
  expect(await api("POST", "users/lin/accounts", { app: "post", fields: {} })).toMatchObject({
    status: 422,
    body: { detail: "Check auth. It is missing: give a text.", errors: [{ path: "auth", code: "required" }] },
  });
});

it("is described in the API's document, body and all", async () => {
  const { paths } = (await edgeClient()("GET", "/openapi.json")).body;
  expect(paths["/v1/workspace/users/{user}/integrations"].post).toMatchObject({
    tags: ["Users"],
    security: [{ apiToken: [] }, { session: [] }],
    requestBody: { content: { "application/json": expect.anything() } },
  });
  expect(Object.keys(paths).filter((path) => /users\/\{user\}\/(stream|setup-link)/.test(path))).toEqual([]);
});
