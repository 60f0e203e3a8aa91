import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AuditEntry } from "../../../shared/api/audit.ts";
import { createApiToken } from "../../db/tokens.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";

const APP = `inlay: 1
key: desk
name: Desk
baseUrl: https://desk.example
auth: [{ key: key, type: api_key, name: X-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }]
test: { query: me, id: "{{ body.id }}" }
queries: { me: { request: { path: /me } } }
`;
const FLOW = `inlay: 1
key: copy
name: Copy
setup:
  pages:
    - key: one
      title: One
      fields: [{ key: city, type: text, label: City }, { key: pin, type: secret, label: Pin }]
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }]
`;

let ws: TestWorkspace;
let member: ReturnType<typeof edgeClient>;
let ada: ReturnType<typeof edgeClient>;
let tokenId: string;
beforeAll(async () => {
  vi.stubGlobal("fetch", async () => Response.json({ id: "me" }));
  ws = await makeWorkspace();
  await ws.app(APP);
  await ws.flow(FLOW);
  const made = await createApiToken(ws.db, ws.id, { name: "CI", scopes: ["admin"], expiresAt: null });
  tokenId = made.id;
  member = edgeClient(made.token);
  ada = edgeClient(await ws.token({ sub: "ada" }));
});
afterAll(() => void vi.unstubAllGlobals());

const list = async (query = "") => (await member("GET", `/v1/workspace/audit${query}`)).body.items as AuditEntry[];
const last = async () => (await list("?limit=1"))[0];

describe("the audit log of a workspace", () => {
  it("says who did what to what, old and new, from where, when", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.9", "user-agent": "ci/1.0", "x-forwarded-for": "198.51.100.1" };
    await member("PUT", "/v1/workspace/variables/REGION", { value: "us" });
    const answer = await member("PUT", "/v1/workspace/variables/REGION", { value: "eu" }, headers);
    expect(await last()).toMatchObject({
      ...{ action: "variable.set", target: "REGION", before: "us", after: "eu", at: expect.stringMatching(/^20.*Z$/) },
      actor: { type: "token", id: tokenId, name: "CI" },
      from: { address: "203.0.113.9", agent: "ci/1.0", request: answer.headers.get("x-request-id") },
    });
  });

  it("W26 takes the caller's address from the platform alone, whatever the caller says of it", async () => {
    const forged = {
      "x-forwarded-for": "198.51.100.1",
      "x-real-ip": "198.51.100.1",
      forwarded: "for=198.51.100.1",
      "true-client-ip": "198.51.100.1",
    };
    await member("PUT", "/v1/workspace/variables/REGION", { value: "x" }, forged);
    expect((await last())?.from.address).toBeNull();
    await member("PUT", "/v1/workspace/variables/REGION", { value: "x" }, { ...forged, "cf-connecting-ip": "203.0.113.9" });
    expect((await last())?.from.address).toBe("203.0.113.9");
  });

  it("keeps no secret", async () => {
    await member("PUT", "/v1/workspace/secrets/CRM", { value: "s3cr3t-value" });
    await member("POST", "/v1/workspace/tokens", { name: "deploy", scopes: ["read"] });
    const made = await ada("POST", "/v1/accounts", { app: "desk", auth: "key", fields: { key: "k3y-of-ada" }, label: "Mine" });
    const set = await ada("POST", "/v1/integrations", { flow: "copy", values: { city: "Ulm", pin: "p1n-of-ada" } });
    await ada("PATCH", `/v1/integrations/${set.body.id}`, { values: { pin: "another-p1n" } });
    expect(await last()).toMatchObject({ action: "integration.updated", after: { replaced: ["pin"] } });
    await ada("DELETE", `/v1/accounts/${made.body.id}`);
    const text = JSON.stringify(await list());
    for (const secret of ["s3cr3t-value", "k3y-of-ada", "p1n-of-ada", "another-p1n", "inlay_"]) expect(text).not.toContain(secret);
    const actions = (await list()).map(({ action }) => action);
    for (const action of ["secret.set", "token.created", "account.connected", "integration.created", "account.removed"])
      expect(actions).toContain(action);
  });

  it("tells what users do to their integrations", async () => {
    const { body } = await ada("POST", "/v1/integrations", { flow: "copy", values: { city: "Ulm" } });
    const path = `/v1/integrations/${body.id}`;
    await ada("PATCH", path, { enabled: false });
    expect(await last()).toMatchObject({ action: "integration.disabled", before: { enabled: true }, after: { enabled: false } });
    await ada("PATCH", path, { values: { city: "Bonn" }, name: "Mine" });
    expect(await last()).toMatchObject({
      ...{ action: "integration.updated", actor: { type: "user", name: "ada" }, target: body.id },
      ...{ before: { values: { city: "Ulm" } }, after: { values: { city: "Bonn" }, name: "Mine" } },
    });
    await ws.flow(`${FLOW}description: Newer\n`);
    await ada("POST", `${path}/upgrade`, {});
    expect(await last()).toMatchObject({ action: "integration.upgraded", after: { version: expect.any(Number) } });
    await ada("DELETE", path);
    expect(await last()).toMatchObject({ action: "integration.removed", target: body.id, before: { flow: "copy", name: "Mine" } });
  });

  it("tells of an app's file once, however often the same is sent", async () => {
    const send = (source: string) => member("POST", "/v1/workspace/apps", source, { "content-type": "application/yaml" });
    await send(`${APP}description: Newer\n`);
    expect(await last()).toMatchObject({ action: "app.saved", target: "desk", after: { version: 2 } });
    const before = (await last())?.seq;
    await send(`${APP}description: Newer\n`);
    expect((await last())?.seq).toBe(before);
  });

  it("holds nothing of what was refused, read, or raised as an event", async () => {
    const before = (await last())?.seq;
    await member("PUT", "/v1/workspace/variables/9bad", { value: "x" });
    await member("DELETE", "/v1/workspace/secrets/NONE");
    await member("GET", "/v1/workspace/variables");
    await member("POST", "/v1/workspace/events", { type: "a.b", data: {} });
    await ada("PATCH", "/v1/integrations/int_none", { name: "x" });
    expect((await last())?.seq).toBe(before);
  });

  it("is filtered, and goes on where a page ended", async () => {
    expect((await list("?action=variable.set")).every(({ action }) => action === "variable.set")).toBe(true);
    expect((await list("?action=integration.")).length).toBeGreaterThan(3);
    expect((await list(`?actor=${tokenId}&target=CRM`)).map(({ action }) => action)).toEqual(["secret.set"]);
    expect(await list(`?from=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`)).toEqual([]);
    const first = (await member("GET", "/v1/workspace/audit?limit=2")).body;
    const [next] = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect(next?.seq).toBe(first.items[1].seq - 1);
    expect((await member("GET", `/v1/workspace/audit?action=x&cursor=${first.nextCursor}`)).status).toBe(400);
  });

  it("A11 is saved as CSV in which nothing is a formula", async () => {
    await member("PUT", "/v1/workspace/variables/FORMULA", { value: '=HYPERLINK("https://evil.example","x")' });
    const answer = await member("GET", "/v1/workspace/audit?format=csv&action=variable.set");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = String(answer.body).trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^seq,at,actor/);
    expect(lines).toHaveLength((await list("?action=variable.set&limit=100")).length + 1);
    expect(lines.join("\n")).toContain(`"'=HYPERLINK(""https`);
  });

  it("names the entry that was changed behind its back", async () => {
    expect((await member("GET", "/v1/workspace/audit/verify")).body).toMatchObject({ ok: true, next: null });
    const { seq } = (await list("?target=CRM"))[0] ?? { seq: 0 };
    await runInDurableObject(env.AUDITS.getByName(ws.id), (_, { storage: { sql } }) => {
      sql.exec("DROP TRIGGER entry_stays");
      sql.exec("UPDATE entry SET target = 'OTHER' WHERE seq = ?", seq);
    });
    expect((await member("GET", "/v1/workspace/audit/verify")).body).toMatchObject({
      ok: false,
      broken: { seq, reason: "changed", action: "secret.set", target: "OTHER" },
    });
  });

  it("answers 503 for a change that it could not take, and says that it was made", async () => {
    const spy = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const broken = await makeWorkspace();
    const { token } = await createApiToken(broken.db, broken.id, { name: "CI", scopes: ["admin"], expiresAt: null });
    await runInDurableObject(env.AUDITS.getByName(broken.id), (_, { storage }) => void storage.sql.exec("DROP TABLE entry"));
    const answer = await edgeClient(token)("PUT", "/v1/workspace/variables/A", { value: "1" });
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable", detail: expect.stringMatching(/was done.*audit log/) } });
    const entry = { event: "audit", workspace: broken.id, changes: [{ action: "variable.set" }], error: { message: expect.any(String) } };
    expect(JSON.parse(String(spy.mock.calls[0]?.[0]))).toMatchObject(entry);
    spy.mockRestore();
  });
});
