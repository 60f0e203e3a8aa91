import { expect, it, vi } from "vitest";
import { edgeClient } from "../../testing/call-edge.ts";
import { makeMember } from "../../testing/member-client.ts";

const APP = `inlay: 1
key: shop
name: Shop
baseUrl: https://shop.example
auth:
  - { key: key, type: api_key, name: X-Api-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }
test: { query: me }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `inlay: 1
key: hello
name: Hello
audience: nobody
accounts: { shop: { app: shop } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: greeting, type: text, label: Greeting, required: true, validate: { maxLength: 5 } }
        - { key: pin, type: secret, label: PIN }
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: say, value: "{{ setup.greeting }}" }] }
`;
const OTHER = FLOW.replace("key: hello", "key: other").replace("audience: nobody", "audience: everyone");

async function makeDeploying() {
  const member = await makeMember();
  await member.ws.app(APP);
  await member.ws.app(APP.replaceAll("shop", "mail").replace("name: Shop", "name: Mail"));
  await member.ws.flow(FLOW);
  await member.ws.flow(OTHER);
  const deploy = (body: object) => member.api("POST", "flows/hello/deploy", body);
  const byLink = (url: string) => edgeClient(url.split("#")[1]);
  return { ...member, deploy, byLink };
}

it("what a user has to give is asked for by a link, which finishes that setup and does nothing else", async () => {
  const { api, ws, deploy, byLink } = await makeDeploying();
  const asked = await deploy({ user: { id: "ada", org: "north", name: "Ada" }, name: "Ada’s", values: { greeting: "Hi", pin: "1234" } });
  expect(asked).toMatchObject({
    status: 201,
    body: {
      integration: null,
      missing: [{ path: "accounts.shop", message: "Connect Shop" }],
      link: {
        user: { externalId: "ada", org: "north", name: "Ada" },
        author: "Grace",
        url: expect.stringMatching(/^http:\/\/edge\.test\/setup#setup_/),
      },
    },
  });
  const ada = byLink(asked.body.link.url);
  expect((await ada("GET", "/v1/setup-link")).body).toMatchObject({ flow: "hello", author: "Grace", user: "Ada", integration: null });
  expect((await ada("GET", "/v1/flows/hello/draft")).body).toMatchObject({
    name: "Ada’s",
    values: { greeting: "Hi", pin: { $secret: true } },
  });
  await ws.account(asked.body.link.user.id, "mail");
  const account = await ws.account(asked.body.link.user.id, "shop", { auth: "key" });
  expect((await ada("GET", "/v1/accounts")).body.items.map(({ app }: { app: string }) => app)).toEqual(["shop"]);
  const filled = { flow: "hello", accounts: { shop: account }, values: { greeting: "Hi", pin: { $secret: true } } };
  const refused: [string, string, object?][] = [
    ["GET", "/v1/flows"],
    ["GET", "/v1/flows/other"],
    ["GET", "/v1/integrations"],
    ["DELETE", `/v1/accounts/${account}`],
    ["POST", "/v1/accounts", { app: "mail", auth: "key", fields: { key: "k" } }],
    ["POST", "/v1/integrations", { ...filled, flow: "other" }],
    ["GET", "/v1/workspace"],
  ];
  for (const [method, path, body] of refused)
    expect([401, 403, 404], `${method} ${path}`).toContain((await ada(method, path, body)).status);
  const made = await ada("POST", "/v1/integrations", filled);
  expect(made).toMatchObject({ status: 201, body: { status: "enabled" } });
  expect(await ada("GET", `/v1/integrations/${made.body.id}`)).toMatchObject({ status: 200 });
  expect(await ada("POST", "/v1/integrations", filled)).toMatchObject({ status: 410 });
  expect((await ada("GET", "/v1/setup-link")).body.integration).toBe(made.body.id);
  expect((await api("GET", "flows/hello/links")).body.items).toEqual([]);
});

it("where nothing is missing it is set up at once, with the one account that fits", async () => {
  const { ws, api, deploy } = await makeDeploying();
  const user = await ws.user("lin", "south");
  const account = await ws.account(user, "shop", { auth: "key" });
  const made = await deploy({ user: { id: user }, values: { greeting: "Hi" } });
  expect(made).toMatchObject({ status: 201, body: { link: null, missing: [] } });
  expect((await api("GET", `integrations/${made.body.integration}`)).body).toMatchObject({
    accounts: { shop: account },
    user: { externalId: "lin" },
  });
});

it("what a member has written wrong is theirs to mend; a link is withdrawn, replaced, and ends after a week", async () => {
  const { api, ws, deploy, byLink } = await makeDeploying();
  expect(await deploy({ user: { id: "ada" }, values: { greeting: "Much too long" } })).toMatchObject({
    status: 422,
    body: { errors: [{ path: "values.greeting" }] },
  });
  expect(await deploy({ user: { id: "usr_unknown" } })).toMatchObject({ status: 404 });
  const [first, second] = [await deploy({ user: { id: "ada" } }), await deploy({ user: { id: "ada" } })];
  expect(await byLink(first.body.link.url)("GET", "/v1/setup-link")).toMatchObject({ status: 401 });
  const live = byLink(second.body.link.url);
  expect(await live("GET", "/v1/setup-link")).toMatchObject({ status: 200 });
  expect((await api("GET", "flows/hello/links")).body.items).toHaveLength(1);
  vi.setSystemTime(Date.now() + 8 * 86_400_000);
  expect(await live("GET", "/v1/setup-link")).toMatchObject({ status: 401 });
  vi.useRealTimers();
  expect(await api("DELETE", `flows/hello/links/${second.body.link.id}`)).toMatchObject({ status: 204 });
  expect(await live("GET", "/v1/setup-link")).toMatchObject({ status: 401 });
  await ws.flow(FLOW.replace("key: hello", "key: third"));
  await api("PATCH", "flows/third", { published: null });
  expect(await api("POST", "flows/third/deploy", { user: { id: "ada" } })).toMatchObject({ status: 422 });
});
