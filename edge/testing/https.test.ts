// What is different where the edge is reached by https, as it is deployed.
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../app.ts";
import { createSignInLink, ensureMember } from "../db/members.ts";
import { setSecret } from "../db/settings.ts";
import { sealSecret } from "../security/seal.ts";
import { makeWorkspace, type TestWorkspace } from "./test-workspace.ts";

const ORIGIN = "https://inlay.example";
const APP = `inlay: 1
key: crm
name: Crm
baseUrl: https://crm.example
auth: [{ key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: CRM_ID } }]
`;

let ws: TestWorkspace;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(APP);
  await setSecret(ws.db, ws.id, "CRM_ID", await sealSecret(env, ws.id, "secret/CRM_ID", "client"));
});

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await app.fetch(new Request(ORIGIN + path, { redirect: "manual", ...init }), { ...env, PUBLIC_URL: ORIGIN }, context);
  await waitOnExecutionContext(context);
  return response;
}

describe("under https", () => {
  it("a session's cookie is bound to the host, and kept from scripts and plain http", async () => {
    const token = await createSignInLink(ws.db, ws.id, await ensureMember(ws.db, ws.id, "owner@example.com", "owner"));
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: ORIGIN };
    const answer = await ask("/auth/sign-in", { method: "POST", body: `token=${token}`, headers });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("set-cookie")).toMatch(/^__Host-inlay-session=\w{43};.*Path=\/;/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax"]) expect(answer.headers.get("set-cookie")).toContain(attribute);
    expect(answer.headers.get("set-cookie")).not.toContain("Domain");
  });

  it("so is that of a sign-in at an app", async () => {
    const authorization = `Bearer ${await ws.token({ sub: "ada" })}`;
    const begun = await ask("/v1/accounts/authorize", {
      method: "POST",
      body: '{"app":"crm"}',
      headers: { authorization, "content-type": "application/json" },
    });
    const { authorizeUrl } = (await begun.json()) as { authorizeUrl: string };
    const { headers } = await ask(new URL(authorizeUrl).pathname);
    expect(headers.get("set-cookie")).toMatch(/^__Host-inlay-oauth-\w+=\w{43};/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(headers.get("set-cookie")).toContain(attribute);
  });

  it("every answer asks browsers to stay with https for a year", async () => {
    for (const path of ["/health", "/v1/flows", "/openapi.json", "/docs", "/console", "/auth/sign-in", "/nothing", "/oauth/callback"])
      expect((await ask(path)).headers.get("strict-transport-security"), path).toBe("max-age=31536000");
  });
});
