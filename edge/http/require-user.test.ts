import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { revokeSigningKey } from "../db/keys.ts";
import { users } from "../db/schema.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
});
const ask = (token?: string, headers = {}) => edgeClient(token)("GET", "/v1/accounts", undefined, headers);

describe("a route for users", () => {
  it("knows the user from the first token on, and what the last one said", async () => {
    expect((await ask(await ws.token({ sub: "lin", org: "east", name: "Lin" }))).status).toBe(200);
    expect((await ask(await ws.token({ sub: "lin", org: "west", name: "Lin" }))).status).toBe(200);
    const rows = await ws.db.select().from(users).where(eq(users.workspace, ws.id));
    expect(rows.filter(({ externalId }) => externalId === "lin")).toMatchObject([{ org: "west", name: "Lin" }]);
  });

  it("asks for a token where there is none, in words and with a challenge", async () => {
    const answer = await ask();
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "unauthenticated", detail: expect.stringContaining("Authorization: Bearer") },
    });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it("tells an expired token from a bad one", async () => {
    expect(await ask(await ws.token({ sub: "ada", life: -100 }))).toMatchObject({ status: 401, body: { code: "token_expired" } });
    expect(await ask("not.a.token")).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  });

  it("T14 takes the token from the Authorization header with Bearer alone", async () => {
    const token = await ws.token({ sub: "ada" });
    for (const authorization of [`Basic ${token}`, token, `Bearer  ${token} x`, `Token ${token}`])
      expect(await ask(undefined, { authorization })).toMatchObject({ status: 401 });
    expect(await edgeClient()("GET", `/v1/accounts?token=${token}`)).toMatchObject({ status: 401 });
    expect(await ask("inlay_0123456789")).toMatchObject({ status: 401, body: { detail: expect.stringContaining("API token") } });
  });

  it("refuses tokens of a workspace that is not there, and of a key that was revoked", async () => {
    const other = await makeWorkspace();
    const token = await other.token({ sub: "ada" });
    expect((await ask(token)).status).toBe(200);
    await revokeSigningKey(other.db, other.id, "k1");
    expect(await ask(token)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
  });
});
