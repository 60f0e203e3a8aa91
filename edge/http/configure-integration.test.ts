import { beforeAll, expect, it } from "vitest";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace } from "../testing/test-workspace.ts";

const app = (key: string) => `inlay: 1
key: ${key}
name: ${key}
auth: [{ key: none, type: none }]
queries: { q: { request: { path: /q }, sample: "${"x".repeat(700_000)}" } }
`;
const flow = (docs: number) => `inlay: 1
key: large
name: Large
accounts: { a: { app: one, optional: true }, b: { app: two, optional: true } }
docs: ${"y".repeat(docs)}
setup: { pages: [{ key: p, title: P, fields: [{ key: t, type: textarea }] }] }
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]
`;

let call: ReturnType<typeof edgeClient>;
let publish: (docs: number) => Promise<number>;

beforeAll(async () => {
  const ws = await makeWorkspace();
  await ws.app(app("one"));
  await ws.app(app("two"));
  publish = (docs) => ws.flow(flow(docs));
  call = edgeClient(await ws.token({ sub: "ada" }));
});

it("refuses what an integration cannot hold, names the largest part, and leaves nothing behind", async () => {
  await publish(600_000);
  const refused = await call("POST", "/v1/integrations", { flow: "large", accounts: {}, values: {} });
  expect([refused.status, refused.body.code]).toEqual([413, "too_large"]);
  expect(refused.body.detail).toMatch(/at most 1900000 bytes.*the files of its apps, with 140\d{4}/);
  expect((await call("GET", "/v1/integrations")).body.items).toEqual([]);
});

it("refuses a change that outgrows it, and keeps what was there", async () => {
  await publish(400_000);
  const made = await call("POST", "/v1/integrations", { flow: "large", accounts: {}, values: { t: "small" } });
  expect(made.status).toBe(201);
  const path = `/v1/integrations/${made.body.id}`;
  const refused = await call("PATCH", path, { values: { t: "ä".repeat(99_000) } });
  expect([refused.status, refused.body.code]).toEqual([413, "too_large"]);
  expect((await call("GET", path)).body.values).toEqual({ t: "small" });
});
