import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readJson } from "../testing/read-json.ts";
import { type PipelineFixture, pipelineFixture } from "./testing/pipeline-fixture.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

let pipeline: PipelineFixture;
let received: { path: string; headers: Record<string, string>; body: string }[];
let statuses: number[];
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({
      path: request.url ?? "",
      headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)])),
      body,
    });
    response.writeHead(statuses.shift() ?? 204).end();
  });
});
const hookUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
const subscribe = (changes: object = {}) =>
  pipeline.api("/webhooks", {
    method: "POST",
    body: JSON.stringify({ url: hookUrl(), event: "contact.changed", secret: SECRET, ...changes }),
  });
const rename = (name: string) => pipeline.api("/contacts/c_1", { method: "PATCH", body: JSON.stringify({ name }) });

beforeEach(async () => {
  received = [];
  statuses = [];
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", () => resolve()));
  pipeline = await pipelineFixture({ retryDelays: [20, 40] });
});
afterEach(async () => {
  await pipeline.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

test("a change is sent at once, with a signature that the Standard Webhooks library accepts", async () => {
  expect((await subscribe()).status).toBe(201);
  const before = Date.now();
  await rename("Ada Byron");
  await vi.waitFor(() => expect(received).toHaveLength(1));
  expect(Date.now() - before).toBeLessThan(1000);
  const [message] = received;
  const payload = new Webhook(SECRET).verify(message!.body, message!.headers);
  expect(payload).toMatchObject({ type: "contact.changed", contact: { id: "c_1", name: "Ada Byron" } });
  expect(() => new Webhook(SECRET).verify(`${message!.body} `, message!.headers)).toThrow();
});

test("a change on the page is sent, one that changes nothing is not", async () => {
  await subscribe();
  const browser = await pipeline.signIn();
  await browser.post("/contacts/c_1", { name: "Ada King", tags: "vip, partner" });
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await browser.post("/contacts/c_1", { name: "Ada King", tags: "vip,partner" });
  await rename("Ada King");
  await browser.post("/contacts", { name: "New Person", email: "new@example.com" });
  await vi.waitFor(() => expect(received).toHaveLength(2));
  expect(JSON.parse(received[1]!.body).contact).toMatchObject({ name: "New Person", email: "new@example.com", phone: null, tags: [] });
});

test("a failure is tried again under the same id until it is taken, and the log tells how often", async () => {
  statuses = [500, 503];
  await subscribe();
  await rename("Ada Byron");
  await vi.waitFor(() => expect(received).toHaveLength(3));
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  const browser = await pipeline.signIn();
  await vi.waitFor(async () => expect(await (await browser.get("/webhooks")).text()).toMatch(/Delivered<\/span><\/td>\s*<td>3<\/td>/));
});

test("a message counts as failed after the last delay, or at once where the receiver is gone", async () => {
  statuses = [500, 500, 500, 410];
  await subscribe();
  await rename("One");
  const browser = await pipeline.signIn();
  const failures = async () => [...(await (await browser.get("/webhooks")).text()).matchAll(/state failed/g)].length;
  await vi.waitFor(async () => expect(await failures()).toBe(1));
  expect(received).toHaveLength(3);
  await rename("Two");
  await vi.waitFor(async () => expect(await failures()).toBe(2));
  expect(received).toHaveLength(4);
});

test("nothing more is sent after the subscription is removed; subscribing again keeps one subscription", async () => {
  const { id } = await readJson<{ id: string }>(subscribe());
  expect((await readJson<{ id: string }>(subscribe())).id).toBe(id);
  expect((await pipeline.api(`/webhooks/${id}`, { method: "DELETE" })).status).toBe(204);
  expect((await pipeline.api(`/webhooks/${id}`, { method: "DELETE" })).status).toBe(404);
  await rename("Unheard");
  await subscribe({ url: `${hookUrl()}/other` });
  await rename("Heard");
  await vi.waitFor(() => expect(received).toHaveLength(1));
  expect(received[0]!.path).toBe("/hook/other");
});

test.each([
  [{ url: "ftp://example.com" }, "invalid_url"],
  [{ event: "contact.deleted" }, "invalid_event"],
  [{ secret: "short" }, "invalid_secret"],
])("refuses a subscription with %o", async (changes, error) => {
  const answer = await subscribe(changes);
  expect(answer.status).toBe(400);
  expect((await readJson<{ error: string }>(answer)).error).toBe(error);
});
