import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { handle } from "../app.ts";
import { createSignInLink, ensureMember, openSession } from "../db/members.ts";
import { createApiToken } from "../db/tokens.ts";
import type { Env } from "../env.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";
import { networkOf } from "./limit-requests.ts";

let ws: TestWorkspace;
let address = 0;
beforeEach(async () => {
  ws = await makeWorkspace();
  address++;
  // No time passes, however slow the machine is: nothing is let in meanwhile.
  vi.spyOn(Date, "now").mockReturnValue(Date.now());
});
afterEach(() => {
  vi.restoreAllMocks();
});

const context = { waitUntil: () => undefined, passThroughOnException: () => undefined } as unknown as ExecutionContext;

/** Sends requests to an edge with such limits, from an address of this test's own. */
function edgeWith(INLAY_LIMITS: string) {
  const limited: Env = { ...(env as unknown as Env), INLAY_LIMITS };
  return async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) => {
    const own = { "cf-connecting-ip": `198.51.100.${address}`, ...headers };
    const answer = await handle(new Request(`http://edge.test${path}`, { ...init, headers: own }), limited, context);
    const body = await answer.clone().text();
    return { status: answer.status, headers: answer.headers, body };
  };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statuses = async (count: number, ask: () => Promise<{ status: number }>) => {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await ask()).status);
  return found;
};

describe("a user's requests", () => {
  it("are told how many are left, and refused in words where none is", async () => {
    const ask = edgeWith("user=3");
    const ada = bearer(await ws.token({ sub: "ada" }));
    const first = await ask("/v1/flows", ada);
    expect(first.status).toBe(200);
    expect(first.headers.get("ratelimit-policy")).toBe('"user";q=3;w=60');
    expect(first.headers.get("ratelimit")).toBe('"user";r=2;t=20');
    expect(first.headers.get("access-control-expose-headers")?.toLowerCase()).toContain("ratelimit-policy");
    await statuses(2, () => ask("/v1/flows", ada));
    const refused = await ask("/v1/flows", ada);
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body)).toMatchObject({ code: "rate_limited", detail: "Too many requests. Try again in 20 s." });
    expect(refused.headers.get("retry-after")).toBe("20");
    expect(refused.headers.get("ratelimit")).toBe('"user";r=0;t=60');
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("are counted over all tokens and routes of that user, and for no other", async () => {
    const ask = edgeWith("user=2");
    const as = async (sub: string) => bearer(await ws.token({ sub }));
    await ask("/v1/flows", await as("ada"));
    await ask("/v1/accounts", await as("ada"));
    expect((await ask("/v1/integrations", await as("ada"))).status).toBe(429);
    expect((await ask("/v1/integrations", await as("grace"))).status).toBe(200);
    const other = await makeWorkspace();
    expect((await ask("/v1/integrations", bearer(await other.token({ sub: "ada" })))).status).toBe(200);
  });
});

describe("a workspace", () => {
  it("has a limit for all of its callers together, which another workspace does not feel", async () => {
    const ask = edgeWith("workspace=3");
    const { token } = await createApiToken(ws.db, ws.id, { name: "t", scopes: ["read"], expiresAt: null });
    for (const sub of ["a", "b"]) expect((await ask("/v1/flows", bearer(await ws.token({ sub })))).status).toBe(200);
    const member = await ask("/v1/workspace", bearer(token));
    expect(member.headers.get("ratelimit-policy")).toBe('"token";q=6000;w=60, "workspace";q=3;w=60');
    expect(member.headers.get("ratelimit")).toMatch(/^"token";r=5999;t=1, "workspace";r=0;t=60$/);
    const refused = await ask("/v1/flows", bearer(await ws.token({ sub: "c" })));
    expect(refused.status).toBe(429);
    expect(refused.headers.get("ratelimit-policy")).toContain('"workspace";q=3');
    const other = await makeWorkspace();
    expect((await ask("/v1/flows", bearer(await other.token({ sub: "a" })))).status).toBe(200);
  });

  it("counts each API token and each session by itself", async () => {
    const ask = edgeWith("token=1, session=1");
    const make = () => createApiToken(ws.db, ws.id, { name: "t", scopes: ["read"], expiresAt: null });
    const [one, two] = [await make(), await make()];
    expect(await statuses(2, () => ask("/v1/workspace", bearer(one.token)))).toEqual([200, 429]);
    expect((await ask("/v1/workspace", bearer(two.token))).status).toBe(200);
    const member = await ensureMember(ws.db, ws.id, "m@example.com", "viewer");
    const cookie = `inlay-session=${await openSession(ws.db, await createSignInLink(ws.db, ws.id, member))}`;
    expect(await statuses(2, () => ask("/v1/workspace", { cookie }))).toEqual([200, 429]);
  });
});

describe("an address", () => {
  it("that does not prove who it is is refused before anything is checked", async () => {
    const ask = edgeWith("address=3");
    expect(await statuses(4, () => ask("/v1/workspace", bearer("inlay_guess")))).toEqual([401, 401, 401, 429]);
    const refused = await ask("/v1/workspace", bearer("inlay_guess"));
    expect(refused.headers.get("ratelimit-policy")).toBe('"address";q=3;w=60');
    expect(refused.headers.get("retry-after")).toBe("20");
    address++;
    expect((await ask("/v1/workspace", bearer("inlay_guess"))).status).toBe(401);
  });

  it("that does is not limited as one: an office may share it", async () => {
    const ask = edgeWith("address=2");
    const ada = bearer(await ws.token({ sub: "ada" }));
    expect(await statuses(5, () => ask("/v1/flows", ada))).toEqual([200, 200, 200, 200, 200]);
  });

  it("is limited on the pages of sign-in and consent", async () => {
    const ask = edgeWith("address=2");
    expect(await statuses(3, () => ask("/oauth/callback?state=guess"))).toEqual([400, 400, 429]);
    address++;
    expect(await statuses(3, () => ask("/auth/sign-in?token=guess"))).not.toContain(500);
    expect((await ask("/auth/sign-in?token=guess")).status).toBe(429);
  });

  it("is not the one that a caller claims in other headers (W26)", async () => {
    const ask = edgeWith("address=1");
    let claimed = 0;
    const forged = () => ask("/v1/flows", { "x-forwarded-for": `203.0.113.${claimed++}`, forwarded: `for=203.0.113.${claimed}` });
    expect(await statuses(3, forged)).toEqual([401, 429, 429]);
  });

  it("of a sender of webhooks shuts nobody out", async () => {
    const ask = edgeWith("address=1");
    const path = "/hooks/apps/none/wrong";
    expect(await statuses(3, () => ask(path, {}, { method: "POST", body: "{}" }))).toEqual([404, 404, 404]);
  });

  it("counts by the first half of an IPv6 address", () => {
    expect(networkOf("2001:db8:0:1::1")).toBe(networkOf("2001:0DB8:0000:0001:ffff:ffff:ffff:ffff"));
    expect(networkOf("2001:db8:0:2::1")).not.toBe(networkOf("2001:db8:0:1::1"));
    expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0");
    expect(networkOf("::1")).toBe("0:0:0:0");
    expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
    expect([networkOf(undefined), networkOf("")]).toEqual([undefined, undefined]);
  });
});

it("calls of an app's one webhook are limited by their address", async () => {
  const ask = edgeWith("hook=2");
  const call = (key: string) => ask(`/hooks/apps/crm/${key}`, {}, { method: "POST", body: "{}" });
  expect(await statuses(3, () => call("one"))).toEqual([404, 404, 429]);
  expect((await call("two")).status).toBe(404);
});

it("answers nothing where the setting cannot be understood", async () => {
  const answer = await edgeWith("users=5")("/v1/flows");
  expect(answer.status).toBe(503);
  expect(answer.body).toContain("INLAY_LIMITS");
});
