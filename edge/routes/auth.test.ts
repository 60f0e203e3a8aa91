import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createSignInLink, ensureMember } from "../db/members.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

let ws: TestWorkspace;
let member: string;
beforeAll(async () => {
  ws = await makeWorkspace();
  member = await ensureMember(ws.db, ws.id, "owner@example.com", "owner");
});
const link = () => createSignInLink(ws.db, ws.id, member);
const send = (path: string, token: string, headers: Record<string, string> = {}) =>
  edgeClient()("POST", path, `token=${token}`, { "content-type": "application/x-www-form-urlencoded", ...headers });

describe("a sign-in link", () => {
  it("opens a session once, in a cookie that scripts do not see", async () => {
    const token = await link();
    const answer = await send("/auth/sign-in", token, { origin: env.PUBLIC_URL });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("set-cookie")).toMatch(/^inlay-session=\w{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await send("/auth/sign-in", token)).toMatchObject({ status: 410, body: expect.stringContaining("no longer works") });
  });

  it("is not used up by a form on another site, which signs nobody in or out", async () => {
    const token = await link();
    for (const origin of ["https://evil.example", "null"]) {
      expect(await send("/auth/sign-in", token, { origin })).toMatchObject({ status: 403, body: { code: "forbidden" } });
      expect(await send("/auth/sign-out", "", { origin })).toMatchObject({ status: 403 });
    }
    expect((await send("/auth/sign-in", token)).status).toBe(303);
  });

  it("that is none, or comes in no form, is refused in words", async () => {
    for (const type of ["multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain"])
      expect(await send("/auth/sign-in", "nonsense", { "content-type": type })).toMatchObject({ status: 410 });
    expect(await send("/auth/sign-in", "x".repeat(20_000))).toMatchObject({ status: 413, body: { code: "too_large" } });
  });
});
