import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createSignInLink, ensureMember, openSession, type Role } from "../../db/members.ts";
import { listSessions } from "../../db/sessions.ts";
import { createApiToken } from "../../db/tokens.ts";
import { sessionCookie } from "../../http/require-member.ts";
import { edgeClient } from "../../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../../testing/test-workspace.ts";

const FLOW = (key: string) => `
inlay: 1
key: ${key}
name: ${key}
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: say, value: hello }] }]
`;
const COOKIE = sessionCookie(env.PUBLIC_URL);

let ws: TestWorkspace;
let asScript: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  ws = await makeWorkspace();
  for (const key of ["mine", "other"]) await ws.flow(FLOW(key));
  asScript = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
});

/** A browser with a cookie jar of one cookie, signed in or not. */
function browser(cookie = "", agent = "a browser") {
  const jar = { cookie };
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const own = { cookie: jar.cookie, origin: env.PUBLIC_URL, "user-agent": agent, ...headers };
    const answer = await edgeClient()(method, path, body, own);
    const [set = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
    if (set.startsWith(`${COOKIE}=`)) jar.cookie = set;
    return answer;
  };
  const submit = (path: string, token: string) =>
    send("POST", path, `token=${token}`, { "content-type": "application/x-www-form-urlencoded" });
  return { send, submit, jar };
}

/** A member of `role` in a browser of their own. */
async function memberOf(role: Role, name: string = role, workspace = ws) {
  const id = await ensureMember(workspace.db, workspace.id, `${name}@example.com`, role);
  const token = await openSession(workspace.db, await createSignInLink(workspace.db, workspace.id, id));
  return { id, ...browser(`${COOKIE}=${token}`) };
}

describe("members", () => {
  it("are listed with their roles, and changed by whoever is at least as strong", async () => {
    const admin = await memberOf("admin", "root");
    const viewer = await memberOf("viewer", "vera");
    const owner = await memberOf("owner", "olga");
    expect((await viewer.send("GET", "/v1/workspace/members")).body.items).toContainEqual(
      expect.objectContaining({ id: owner.id, email: "olga@example.com", role: "owner", flows: [] }),
    );
    expect(await admin.send("PATCH", `/v1/workspace/members/${viewer.id}`, { role: "builder" })).toMatchObject({
      status: 200,
      body: { role: "builder" },
    });
    // At once: no session of theirs remembers the role that they had.
    expect(await viewer.send("PUT", "/v1/workspace/variables/X", { value: "1" })).toMatchObject({ status: 204 });
    expect(await admin.send("PATCH", `/v1/workspace/members/${viewer.id}`, { role: "owner" })).toMatchObject({ status: 403 });
    expect(await admin.send("PATCH", `/v1/workspace/members/${owner.id}`, { role: "viewer" })).toMatchObject({ status: 403 });
    expect(await admin.send("DELETE", `/v1/workspace/members/${owner.id}`)).toMatchObject({ status: 403 });
    const log = (await asScript("GET", `/v1/workspace/audit?action=member.changed&target=${viewer.id}`)).body.items;
    expect(log).toMatchObject([{ before: { role: "viewer" }, after: { role: "builder" }, actor: { id: admin.id } }]);
  });

  it("always include an owner, whoever tries at the same time", async () => {
    const two = await makeWorkspace();
    const [one, other] = [await memberOf("owner", "one", two), await memberOf("owner", "two", two)];
    const answers = await Promise.all([
      one.send("PATCH", `/v1/workspace/members/${other.id}`, { role: "viewer" }),
      other.send("PATCH", `/v1/workspace/members/${one.id}`, { role: "viewer" }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const script = edgeClient((await createApiToken(two.db, two.id, { name: "t", scopes: ["admin"], expiresAt: null })).token);
    const left = (await script("GET", "/v1/workspace/members")).body.items.filter(({ role }: { role: string }) => role === "owner");
    expect(left).toHaveLength(1);
    expect(await script("DELETE", `/v1/workspace/members/${left[0].id}`)).toMatchObject({ status: 409, body: { code: "conflict" } });
  });

  it("that are removed are signed out at once", async () => {
    const guest = await memberOf("viewer", "gone");
    expect((await guest.send("GET", "/v1/workspace")).status).toBe(200);
    expect(await asScript("DELETE", `/v1/workspace/members/${guest.id}`)).toMatchObject({ status: 204 });
    expect((await guest.send("GET", "/v1/workspace")).status).toBe(401);
  });
});

describe("the API tokens of a member", () => {
  const made = async (send: ReturnType<typeof browser>["send"], scopes = ["admin"]) => {
    const answer = await send("POST", "/v1/workspace/tokens", { name: "theirs", scopes });
    return { id: answer.body.id as string, asToken: edgeClient(answer.body.token) };
  };
  const statusOf = async (client: ReturnType<typeof edgeClient>) => (await client("GET", "/v1/workspace")).status;

  it("end with the member, also those made with another of them; the workspace's own stay", async () => {
    const admin = await memberOf("admin", "leaver");
    const { id, asToken } = await made(admin.send);
    const child = await made(asToken);
    const own = await made(asScript);
    const { items } = (await asScript("GET", "/v1/workspace/tokens")).body;
    expect(items.find((one: { id: string }) => one.id === child.id)).toMatchObject({ name: "theirs", member: "leaver@example.com" });
    expect(items.find((one: { id: string }) => one.id === own.id)).toMatchObject({ member: null });
    const clients = [asToken, child.asToken, own.asToken];
    expect(await Promise.all(clients.map(statusOf))).toEqual([200, 200, 200]);
    expect(await asScript("DELETE", `/v1/workspace/members/${admin.id}`)).toMatchObject({ status: 204 });
    expect(await Promise.all(clients.map(statusOf))).toEqual([401, 401, 200]);
    const [entry] = (await asScript("GET", `/v1/workspace/audit?action=member.removed&target=${admin.id}`)).body.items;
    expect(entry.after.ended).toEqual(expect.arrayContaining([{ id, name: "theirs" }]));
  });

  it("can do no more than the member can by now", async () => {
    const admin = await memberOf("admin", "lowered");
    const { asToken } = await made(admin.send);
    const set = async () => (await asToken("PUT", "/v1/workspace/variables/Y", { value: "1" })).status;
    const list = async () => (await asToken("GET", "/v1/workspace/tokens")).status;
    expect([await set(), await list()]).toEqual([204, 200]);
    await asScript("PATCH", `/v1/workspace/members/${admin.id}`, { role: "builder" });
    expect([await set(), await list()]).toEqual([204, 403]);
    await asScript("PATCH", `/v1/workspace/members/${admin.id}`, { role: "viewer" });
    expect([await set(), await list(), await statusOf(asToken)]).toEqual([403, 403, 200]);
    // Nor more than when it was made: a stronger role later does not make it stronger.
    await asScript("PATCH", `/v1/workspace/members/${admin.id}`, { role: "owner" });
    expect((await asToken("POST", "/v1/workspace/sign-in-links", { email: "x@example.com", role: "owner" })).status).toBe(403);
  });

  it("and what they have invited to: nobody comes in by a removed member's invitation", async () => {
    const admin = await memberOf("admin", "inviter");
    const { asToken } = await made(admin.send);
    const invite = async (send: typeof admin.send | typeof asToken, email: string) =>
      new URL((await send("POST", "/v1/workspace/invitations", { email, role: "admin" })).body.url).searchParams.get("token") ?? "";
    const links = [await invite(admin.send, "one@else.example"), await invite(asToken, "two@else.example")];
    await asScript("DELETE", `/v1/workspace/members/${admin.id}`);
    for (const link of links) {
      const guest = browser();
      await guest.submit("/auth/invitation", link);
      expect((await guest.send("GET", "/v1/workspace")).status).toBe(401);
    }
  });
});

describe("a role on one flow", () => {
  it("lets a viewer build that flow, and no other", async () => {
    const guest = await memberOf("viewer", "finn");
    const may = async (key: string) => (await guest.send("PATCH", `/v1/workspace/flows/${key}`, { published: 1 })).status;
    expect(await may("mine")).toBe(403);
    expect(await asScript("PUT", `/v1/workspace/members/${guest.id}/flows/mine`, { role: "builder" })).toMatchObject({ status: 204 });
    expect([await may("mine"), await may("other")]).toEqual([200, 403]);
    expect((await guest.send("PUT", "/v1/workspace/variables/X", { value: "1" })).status).toBe(403);
    expect((await guest.send("GET", "/v1/workspace")).body.member).toMatchObject({
      role: "viewer",
      flows: [{ flow: "mine", role: "builder" }],
    });
    const { items } = (await guest.send("GET", "/v1/workspace/members")).body;
    expect(items.find(({ id }: { id: string }) => id === guest.id).flows).toEqual([{ flow: "mine", role: "builder" }]);
    expect(await asScript("DELETE", `/v1/workspace/members/${guest.id}/flows/mine`)).toMatchObject({ status: 204 });
    expect(await may("mine")).toBe(403);
    expect(await asScript("DELETE", `/v1/workspace/members/${guest.id}/flows/mine`)).toMatchObject({ status: 404 });
  });

  it("lets a builder of one flow store its file, and neither another's nor a new one", async () => {
    const guest = await memberOf("viewer", "fay");
    await asScript("PUT", `/v1/workspace/members/${guest.id}/flows/mine`, { role: "builder" });
    const store = async (key: string) =>
      (await guest.send("POST", "/v1/workspace/flows", FLOW(key), { "content-type": "application/yaml" })).status;
    expect([await store("mine"), await store("other"), await store("brand-new")]).toEqual([200, 403, 403]);
    for (const how of ["fork", "clone"]) expect((await guest.send("POST", `/v1/workspace/flows/mine/${how}`, {})).status).toBe(403);
  });

  it("counts for its integrations and their runs, found by their ids", async () => {
    const guest = await memberOf("viewer", "opal");
    await asScript("PUT", `/v1/workspace/members/${guest.id}/flows/mine`, { role: "operator" });
    const asAda = edgeClient(await ws.token({ sub: "ada" }));
    const cancelOf = async (flow: string) => {
      const { id } = (await asAda("POST", "/v1/integrations", { flow, accounts: {}, values: {} })).body;
      const { run } = (await asAda("POST", `/v1/integrations/${id}/blocks/go/run`, {})).body;
      return (await guest.send("POST", `/v1/workspace/runs/${run}/cancel`)).status;
    };
    expect([await cancelOf("mine"), await cancelOf("other")]).toEqual([200, 403]);
  });

  it("is never that of an owner or an admin, and never opens what is the workspace's", async () => {
    const guest = await memberOf("viewer", "ivan");
    for (const role of ["owner", "admin", "nobody"])
      expect(await asScript("PUT", `/v1/workspace/members/${guest.id}/flows/mine`, { role })).toMatchObject({ status: 422 });
    expect(await asScript("PUT", `/v1/workspace/members/${guest.id}/flows/none`, { role: "viewer" })).toMatchObject({ status: 404 });
    await asScript("PUT", `/v1/workspace/members/${guest.id}/flows/mine`, { role: "builder" });
    expect((await guest.send("PUT", `/v1/workspace/members/${guest.id}/flows/other`, { role: "builder" })).status).toBe(403);
    expect((await guest.send("GET", "/v1/workspace/tokens")).status).toBe(403);
  });
});

describe("sessions", () => {
  it("are listed with the browser that they are in, and ended one by one or all but this", async () => {
    const member = await memberOf("viewer", "sam");
    const phone = browser("", "a phone");
    await phone.submit("/auth/sign-in", await createSignInLink(ws.db, ws.id, member.id));
    const list = async () =>
      (await member.send("GET", "/v1/workspace/sessions")).body.items as { id: string; agent: string; current: boolean }[];
    expect(await list()).toMatchObject([
      { by: "link", agent: "a phone", current: false },
      { by: "link", current: true },
    ]);
    const [other] = await list();
    expect((await phone.send("GET", "/v1/workspace")).status).toBe(200);
    expect(await member.send("DELETE", `/v1/workspace/sessions/${other?.id}`)).toMatchObject({ status: 204 });
    expect((await phone.send("GET", "/v1/workspace")).status).toBe(401);
    await phone.submit("/auth/sign-in", await createSignInLink(ws.db, ws.id, member.id));
    expect(await member.send("DELETE", "/v1/workspace/sessions")).toMatchObject({ status: 204 });
    expect(await list()).toMatchObject([{ current: true }]);
    expect((await phone.send("GET", "/v1/workspace")).status).toBe(401);
    expect(await asScript("DELETE", `/v1/workspace/members/${member.id}/sessions`)).toMatchObject({ status: 204 });
    expect((await member.send("GET", "/v1/workspace")).status).toBe(401);
  });

  it("of somebody else are not found", async () => {
    const [one, two] = [await memberOf("viewer", "uma"), await memberOf("viewer", "ugo")];
    const [session] = (await one.send("GET", "/v1/workspace/sessions")).body.items;
    expect(await two.send("DELETE", `/v1/workspace/sessions/${session.id}`)).toMatchObject({ status: 404 });
    expect((await one.send("GET", "/v1/workspace")).status).toBe(200);
  });
});

describe("an invitation", () => {
  it("makes a member of whoever has its link, once, and the log says so", async () => {
    const made = await asScript("POST", "/v1/workspace/invitations", { email: "New@Example.com", role: "builder" });
    expect(made).toMatchObject({ status: 201, body: { email: "new@example.com", role: "builder" } });
    const url = new URL(made.body.url);
    const page = await edgeClient()("GET", url.pathname + url.search);
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining("Join") });
    const guest = browser();
    const token = url.searchParams.get("token") ?? "";
    expect((await guest.submit("/auth/invitation", token)).status).toBe(303);
    expect((await guest.send("GET", "/v1/workspace")).body.member).toMatchObject({ email: "new@example.com", role: "builder" });
    expect((await browser().submit("/auth/invitation", token)).status).toBe(410);
    const [entry] = (await asScript("GET", "/v1/workspace/audit?action=member.joined")).body.items;
    expect(entry).toMatchObject({ after: { email: "new@example.com", role: "builder", by: "invitation" } });
    expect(JSON.stringify((await asScript("GET", "/v1/workspace/audit")).body)).not.toContain(token);
  });

  it("is withdrawn, or replaced by a newer one to the same address", async () => {
    const invite = async () => (await asScript("POST", "/v1/workspace/invitations", { email: "late@example.com" })).body;
    const tokenOf = ({ url }: { url: string }) => new URL(url).searchParams.get("token") ?? "";
    const [first, second] = [await invite(), await invite()];
    expect((await browser().submit("/auth/invitation", tokenOf(first))).status).toBe(410);
    const listed = (await asScript("GET", "/v1/workspace/invitations")).body.items as { email: string }[];
    expect(listed.filter(({ email }) => email === "late@example.com")).toMatchObject([{ id: second.id, role: "viewer" }]);
    expect(await asScript("DELETE", `/v1/workspace/invitations/${second.id}`)).toMatchObject({ status: 204 });
    expect((await browser().submit("/auth/invitation", tokenOf(second))).status).toBe(410);
    expect(await asScript("DELETE", `/v1/workspace/invitations/${second.id}`)).toMatchObject({ status: 404 });
  });

  it("is not made for a member, nor for a stronger role than that of who invites", async () => {
    const admin = await memberOf("admin", "adele");
    expect(await admin.send("POST", "/v1/workspace/invitations", { email: "adele@example.com" })).toMatchObject({ status: 409 });
    expect(await admin.send("POST", "/v1/workspace/invitations", { email: "x@example.com", role: "owner" })).toMatchObject({ status: 403 });
  });
});

describe("an API token", () => {
  it("arranges Home for the member whose it is", async () => {
    const builder = await memberOf("admin", "hoda");
    const { token } = (await builder.send("POST", "/v1/workspace/tokens", { name: "mine", scopes: ["read"] })).body;
    const home = { view: "list", order: ["b", "a"], pins: ["a"] };
    expect(await edgeClient(token)("PUT", "/v1/workspace/home", home)).toMatchObject({ status: 204 });
    expect((await builder.send("GET", "/v1/workspace/home")).body).toEqual(home);
  });

  it("is no stronger than the member who made it, nor are those that it makes", async () => {
    const admin = await memberOf("admin", "alma");
    const owner = await ensureMember(ws.db, ws.id, "oona@example.com", "owner");
    const make = async (send: ReturnType<typeof edgeClient>) =>
      (await send("POST", "/v1/workspace/tokens", { name: "ladder", scopes: ["admin"] })).body.token as string;
    const first = edgeClient(await make(admin.send));
    for (const script of [first, edgeClient(await make(first))]) {
      const link = { email: "me-too@example.com", role: "owner" };
      expect(await script("POST", "/v1/workspace/sign-in-links", link)).toMatchObject({ status: 403 });
      expect(await script("POST", "/v1/workspace/sign-in-links", { ...link, email: "oona@example.com" })).toMatchObject({ status: 403 });
      expect(await script("POST", "/v1/workspace/invitations", link)).toMatchObject({ status: 403 });
      expect(await script("PATCH", `/v1/workspace/members/${admin.id}`, { role: "owner" })).toMatchObject({ status: 403 });
      expect(await script("DELETE", `/v1/workspace/members/${owner}`)).toMatchObject({ status: 403 });
      expect(await script("POST", "/v1/workspace/sign-in-links", { email: "peer@example.com", role: "admin" })).toMatchObject({
        status: 201,
      });
    }
  });
});

describe("several workspaces in one browser", () => {
  it("are switched between, each by its own sign-in, with another secret each time", async () => {
    const away = await makeWorkspace();
    const here = await memberOf("viewer", "nora");
    const there = await ensureMember(away.db, away.id, "nora@example.com", "owner");
    expect(await here.send("POST", "/v1/workspace/switch", { workspace: away.id })).toMatchObject({ status: 404 });

    await here.submit("/auth/sign-in", await createSignInLink(away.db, away.id, there));
    const listed = (await here.send("GET", "/v1/workspace/workspaces")).body.items;
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual(expect.objectContaining({ id: away.id, role: "owner", current: true }));
    const before = here.jar.cookie;
    expect(await here.send("POST", "/v1/workspace/switch", { workspace: ws.id })).toMatchObject({ status: 204 });
    expect(here.jar.cookie).not.toBe(before);
    expect((await here.send("GET", "/v1/workspace")).body).toMatchObject({ workspace: { id: ws.id }, member: { role: "viewer" } });
    expect(await here.send("POST", "/v1/workspace/switch", { workspace: away.id })).toMatchObject({ status: 204 });
    expect((await browser(before).send("GET", "/v1/workspace")).status).toBe(401);
    expect((await here.send("POST", "/auth/sign-out")).status).toBe(303);
    for (const [one, member] of [
      [ws, here.id],
      [away, there],
    ] as const)
      expect(await listSessions(one.db, one.id, member)).toEqual([]);
  });

  it("are not reached by an address alone: who may sign an address in here may not there", async () => {
    const away = await makeWorkspace();
    await ensureMember(away.db, away.id, "victim@example.com", "owner");
    const impostor = await memberOf("viewer", "victim");
    expect((await impostor.send("GET", "/v1/workspace/workspaces")).body.items).toMatchObject([{ id: ws.id }]);
    expect(await impostor.send("POST", "/v1/workspace/switch", { workspace: away.id })).toMatchObject({ status: 404 });
  });
});
