import { afterEach, expect, it, vi } from "vitest";
import { makeMember } from "../../testing/member-client.ts";

afterEach(() => void vi.unstubAllGlobals());

const APP = `inlay: 1
key: shop
name: Shop
baseUrl: https://shop.example
auth: [{ key: none, type: none }]
queries:
  orders:
    input: [{ key: state, type: text, required: true }]
    request: { path: /orders, query: { state: "{{ input.state }}" } }
    page: { number: query.page, first: 1, size: 1, items: "{{ body }}" }
actions:
  add: { request: { method: POST, path: /orders, body: { a: 1 } } }
`;

it("an operation is tried: what went out, what came back, and what was refused", async () => {
  const { api, ws } = await makeMember();
  await api("POST", "apps", APP);
  vi.stubGlobal("fetch", async (url: string | URL, init: { method?: string } = {}) =>
    init.method === "POST"
      ? Response.json({ message: "Too small" }, { status: 422 })
      : Response.json([{ id: String(new URL(url).searchParams.get("state")) }]),
  );
  const tried = await api("POST", "apps/shop/try", { operation: "orders", input: { state: "open" } });
  expect(tried).toMatchObject({
    status: 200,
    body: {
      ok: true,
      output: [{ id: "open" }],
      more: true,
      calls: [{ request: { method: "GET", url: "https://shop.example/orders?state=open&page=1" }, response: { status: 200 } }],
    },
  });
  expect((await api("POST", "apps/shop/try", { kind: "action", operation: "add" })).body).toMatchObject({
    ok: false,
    error: { code: "http_422", message: "Shop answered 422: Too small" },
  });
  expect((await api("POST", "apps/shop/try", { operation: "orders" })).body).toMatchObject({ ok: false, error: { field: "input.state" } });
  expect(await api("POST", "apps/shop/try", { operation: "nothing" })).toMatchObject({ status: 404 });
  expect(await api("POST", "apps/none/try", { operation: "orders" })).toMatchObject({ status: 404 });
  const other = await makeMember();
  const account = await other.ws.account(await other.ws.user("ada"), "shop");
  expect(await api("POST", "apps/shop/try", { operation: "orders", account, input: { state: "x" } })).toMatchObject({ status: 404 });
  expect(ws.id).not.toBe(other.ws.id);
});

it("an answer is kept as the operation's sample, replaced, and forgotten", async () => {
  const { api } = await makeMember();
  await api("POST", "apps", APP);
  const place = "apps/shop/samples/query/orders";
  expect(await api("PUT", place, { input: { state: "open" }, output: [{ id: "1" }] })).toMatchObject({
    status: 200,
    body: { author: "Grace" },
  });
  await api("PUT", place, { input: { state: "paid" }, output: [{ id: "2" }] });
  expect((await api("GET", "apps/shop/samples")).body.items).toMatchObject([
    { kind: "query", operation: "orders", input: { state: "paid" }, output: [{ id: "2" }] },
  ]);
  expect(await api("PUT", "apps/shop/samples/query/nothing", { output: 1 })).toMatchObject({ status: 404 });
  expect(await api("PUT", place, { output: "x".repeat(200_001) })).toMatchObject({ status: 413 });
  expect(await api("DELETE", place)).toMatchObject({ status: 204 });
  expect(await api("DELETE", place)).toMatchObject({ status: 404 });
});
