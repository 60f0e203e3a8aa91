// What the log tells of those who were not let in (ASVS 16.3.1 to 16.3.3): each refusal, with its reason and where it came from, no secret.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../app.ts";
import { edgeClient } from "./call-edge.ts";
import { faultyDatabase } from "./faulty-database.ts";
import { makeMember } from "./member-client.ts";

type Line = Record<string, unknown>;
let lines: Line[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
});
afterEach(() => void vi.restoreAllMocks());

const from = { "user-agent": "a\tscanner" };
const told = () => lines.filter(({ event }) => event === "refused");

describe("the log tells", () => {
  it("of tokens of either kind that are refused, without them", async () => {
    for (const [token, path] of [
      ["inlay_wrong-and-secret", "/v1/workspace"],
      ["not.a.token-and-secret", "/v1/flows"],
      [undefined, "/v1/workspace/audit"],
    ] as const) {
      const answer = await edgeClient(token)("GET", `${path}?q=also-secret`, undefined, from);
      expect(told().at(-1)).toEqual({
        ...{ at: expect.any(String), event: "refused", code: "unauthenticated", status: 401, method: "GET", path },
        ...{ request: answer.headers.get("x-request-id"), agent: "a\tscanner" },
      });
    }
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("of what a member may not do, with who it was", async () => {
    const { ws, api } = await makeMember(["read"]);
    await api("POST", "tokens", { name: "x", scopes: ["admin"] });
    expect(told()).toMatchObject([{ code: "forbidden", workspace: ws.id, caller: expect.stringMatching(/^tok_/) }]);
  });

  it("of sign-ins that come to nothing", async () => {
    const send = (path: string, body?: string) =>
      edgeClient()(body ? "POST" : "GET", path, body, { origin: env.PUBLIC_URL, "content-type": "application/x-www-form-urlencoded" });
    await send("/auth/sign-in", "token=secret-one");
    await send("/auth/invitation", "token=secret-two");
    await send("/auth/callback?state=secret-three&code=secret-four");
    await send("/oauth/callback?state=secret-five&code=secret-six");
    expect(told().map(({ path, status }) => [path, status])).toEqual([
      ["/auth/sign-in", 410],
      ["/auth/invitation", 410],
      ["/auth/callback", 400],
      ["/oauth/callback", 400],
    ]);
    for (const { reason } of told()) expect(reason).toMatch(/\w/);
    expect(JSON.stringify(lines)).not.toContain("secret-");
  });

  it("of faults, by the request that the answer names (ASVS 16.3.4)", async () => {
    const faults: Line[] = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void faults.push(JSON.parse(line)));
    const { database } = faultyDatabase(env.DB, () => "before", "no such table: a\nforged");
    const request = { headers: { authorization: "Bearer inlay_secret-token" } };
    const answer = await app.request("http://edge.test/v1/workspace", request, { ...env, DB: database }, createExecutionContext());
    expect(answer.status).toBe(500);
    expect(faults).toMatchObject([
      { event: "fault", path: "/v1/workspace", request: answer.headers.get("x-request-id"), error: { message: expect.any(String) } },
    ]);
    expect(JSON.stringify(faults)).not.toContain("secret-token");
  });

  it("of webhooks with a wrong key or too large, without the key", async () => {
    const key = "k".repeat(43);
    const hook = `/hooks/int_${"0".repeat(22)}/go/${key}`;
    await edgeClient()("POST", hook, "x".repeat(2_000_000), { "content-type": "text/plain" });
    await edgeClient()("POST", hook, "{}", { "content-type": 'application/json; charset="' });
    expect(told()[0]).toMatchObject({ code: "too_large", path: `/hooks/int_${"0".repeat(22)}/go/…` });
    expect(JSON.stringify(lines)).not.toContain(key);
  });
});
