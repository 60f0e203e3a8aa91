// For tests: a workspace in which every route has something to work on, another tenant beside it, and everybody who may try.
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair } from "jose";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { binFlow } from "../db/flow-bin.ts";
import { findFlow } from "../db/flow-files.ts";
import { createFolder } from "../db/folders.ts";
import { putSigningKey } from "../db/keys.ts";
import { createSignInLink, ensureMember, openSession, ROLES, type Role } from "../db/members.ts";
import { listSessions } from "../db/sessions.ts";
import { setSecret } from "../db/settings.ts";
import { saveTemplate } from "../db/templates.ts";
import { createApiToken, revokeApiToken, SCOPES, type Scope } from "../db/tokens.ts";
import { sealSecret } from "../security/seal.ts";
import { edgeClient } from "./call-edge.ts";
import { makeWorkspace, mustRead } from "./test-workspace.ts";

const APP = `inlay: 1
key: post
name: Post
baseUrl: https://post.example
auth:
  - { key: key, type: api_key, name: X-Api-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }
test: { query: me }
queries: { me: { request: { path: /me } } }
`;
const CRM = `inlay: 1
key: crm
name: Crm
baseUrl: https://crm.example
auth:
  - { key: oauth, type: oauth2, authorizeUrl: /authorize, tokenUrl: /token, client: { id: CRM_ID } }
`;
const FLOW = `inlay: 1
key: hello
name: Hello
tags: [hello]
accounts:
  post: { app: post, optional: true }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: pick, type: select, label: Pick, options: { query: post.me, value: id, label: id } }
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: say, value: hello }
  - key: answer
    name: Answer
    trigger: { api: {} }
    steps:
      - { key: say, respond: { status: 200, body: hello } }
`;

/** A workspace with a member of each role and API tokens of each scope. */
async function makeTenant() {
  const ws = await makeWorkspace();
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  const publicJwk = (await exportJWK(publicKey)) as JsonWebKey;
  const make = async (scopes: Scope[], expiresAt: number | null = null) => createApiToken(ws.db, ws.id, { name: "t", scopes, expiresAt });
  const apiTokens = Object.fromEntries(await Promise.all(SCOPES.map(async (scope) => [scope, (await make([scope])).token] as const)));
  const sessionOf = async (role: Role) => {
    const member = await ensureMember(ws.db, ws.id, `${role}@example.com`, role);
    return (await openSession(ws.db, await createSignInLink(ws.db, ws.id, member))) ?? "";
  };
  const sessions = Object.fromEntries(await Promise.all(ROLES.map(async (role) => [role, await sessionOf(role)] as const)));
  const revoked = await make(["admin"]);
  await revokeApiToken(ws.db, ws.id, revoked.id);
  const expired = await make(["admin"], Date.now() - 1_000);
  return { ws, publicJwk, apiTokens, sessions, revoked: revoked.token, expired: expired.token };
}
export type Tenant = Awaited<ReturnType<typeof makeTenant>>;

/** Ada's things in one tenant; another tenant, `away`, that may get things of its own; and one, `empty`, that stays without any. */
export async function makeRouteWorld() {
  const [home, away, empty] = [await makeTenant(), await makeTenant(), await makeTenant()];
  const { ws } = home;
  await ws.app(APP);
  await ws.app(CRM);
  await setSecret(ws.db, ws.id, "CRM_ID", await sealSecret(env, ws.id, "secret/CRM_ID", "client"));
  await ws.flow(FLOW);
  const tokens = {
    ada: await ws.token({ sub: "ada", org: "north" }),
    colleague: await ws.token({ sub: "bob", org: "north" }),
    narrow: await ws.token({ sub: "ada", org: "north", tags: "other" }),
    expired: await ws.token({ sub: "ada", org: "north", life: -120 }),
    stranger: await away.ws.token({ sub: "ada", org: "north" }),
  };
  const asAda = edgeClient(tokens.ada);
  const integration: string = (await asAda("POST", "/v1/integrations", { flow: "hello", accounts: {}, values: {} })).body.id;
  const spareIntegration: string = (await asAda("POST", "/v1/integrations", { flow: "hello", accounts: {}, values: {} })).body.id;
  const run: string = (await asAda("POST", `/v1/integrations/${integration}/blocks/go/run`, {})).body.run;
  for (let i = 0; i < 200 && (await asAda("GET", `/v1/runs/${run}`)).body.status !== "succeeded"; i++)
    await new Promise((r) => setTimeout(r, 20));
  const ada = await ws.user("ada", "north");
  const account = await ws.account(ada, "post", { auth: "key" });
  const crm = await ws.account(ada, "crm", { auth: "oauth" });
  const attempt: string = (await asAda("POST", "/v1/accounts/authorize", { app: "crm", account: crm })).body.attempt;
  const workspaceAttempt: string = (await edgeClient(home.apiTokens.admin)("POST", "/v1/workspace/accounts/authorize", { app: "crm" })).body
    .attempt;
  const asAdmin = edgeClient(home.apiTokens.admin);
  const colleague = await ensureMember(ws.db, ws.id, "colleague@example.com", "builder");
  const viewer = await ensureMember(ws.db, ws.id, "viewer@example.com", "viewer");
  await openSession(ws.db, await createSignInLink(ws.db, ws.id, viewer));
  const spareSession = (await listSessions(ws.db, ws.id, viewer))[0]?.id ?? "";
  const invitation: string = (await asAdmin("POST", "/v1/workspace/invitations", { email: "invited@example.com" })).body.id;
  const webhook: string = (await asAdmin("POST", "/v1/workspace/notifications/webhooks", { url: "https://ops.example/inlay" })).body.id;
  const provider: string = (
    await asAdmin("POST", "/v1/workspace/sign-in-providers", { label: "Id", issuer: "https://id.example", clientId: "inlay" })
  ).body.id;
  const spareAccount = await ws.account(ada, "post", { auth: "key" });
  const sparesForMembers = {
    account: await ws.account(ada, "post", { auth: "key" }),
    integration: (await asAda("POST", "/v1/integrations", { flow: "hello", accounts: {}, values: {} })).body.id as string,
  };
  await asAda("PUT", "/v1/flows/hello/draft", { accounts: {}, values: {}, name: "Draft of ada" });
  await putSigningKey(ws.db, ws.id, { kid: "spare", alg: "ES256", publicJwk: home.publicJwk });
  const spareToken = (await createApiToken(ws.db, ws.id, { name: "spare", scopes: ["read"], expiresAt: null })).id;
  for (const key of ["spare", "binned", "purged"]) await ws.flow(FLOW.replace("key: hello", `key: ${key}`));
  for (const key of ["binned", "purged"]) await binFlow(ws.db, ws.id, (await findFlow(ws.db, ws.id, key))?.id ?? "");
  const kept = FLOW.replace("key: hello", "key: kept");
  await saveTemplate(ws.db, ws.id, { source: kept, file: mustRead(kept, FlowFile), author: "t" });
  await ws.flow(FLOW.replace("key: hello", "key: asking").replace("app: post, optional: true", "app: post"));
  const asked = await asAdmin("POST", "/v1/workspace/flows/asking/deploy", { user: { id: "lin" } });
  const link: string = asked.body.link.id;
  await asAdmin("POST", `/v1/workspace/accounts/${crm}/link`);
  const attached = await asAdmin("POST", "/v1/workspace/flows/hello/attachments?name=plan.txt", "A plan", { "content-type": "text/plain" });
  const attachment: string = attached.body.id;
  const folder = (await createFolder(ws.db, ws.id, "A folder")) ?? "";
  const ids = {
    integration,
    spareIntegration,
    run,
    account,
    attempt,
    workspaceAttempt,
    spareAccount,
    ada,
    spareToken,
    draft: "Draft of ada",
    workspace: ws.id,
  };
  return {
    home,
    away,
    empty,
    tokens,
    integration,
    spareIntegration,
    run,
    account,
    crm,
    attempt,
    workspaceAttempt,
    spareAccount,
    sparesForMembers,
    spareToken,
    member: colleague,
    spareSession,
    invitation,
    webhook,
    provider,
    folder,
    attachment,
    link,
    ids,
    publicJwk: home.publicJwk,
    flowFile: FLOW,
    appFile: APP,
  };
}
export type RouteWorld = Awaited<ReturnType<typeof makeRouteWorld>>;
