import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { setPublished } from "../db/flow-files.ts";
import { accounts, eventSubscriptions, integrationAccounts, integrations } from "../db/schema.ts";
import { openSecret } from "../security/seal.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const COPY = (version: string, fields = "") => `inlay: 1
key: copy
name: Copy orders
tags: [orders]
accounts: { news: { app: postbox } }
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: news, type: account, required: true }
        - { key: url, type: url, label: Endpoint, required: true }
        - { key: minimum, type: number, default: 0, validate: { min: 0 } }
        - { key: api_key, type: secret }
        - { key: extra, type: text, when: "{{ setup.minimum > 10 }}", required: true }
        ${fields}
blocks:
  - { key: received, name: "Received ${version}", trigger: { webhook: {} }, steps: [{ key: a, value: "{{ trigger.body }}" }] }
  - { key: paid, name: Paid, trigger: { event: order.paid }, steps: [{ key: a, value: 1 }] }
  - { key: now, name: Now, trigger: { manual: { label: Do it } }, steps: [{ key: a, value: 1 }] }
`;
const SINGLE = `inlay: 1
key: single
name: Single
instances: one
blocks: [{ key: now, name: Now, trigger: { manual: {} }, steps: [{ key: a, value: 1 }] }]
`;

let ws: TestWorkspace;
let ada: string;
let account: string;
let asAda: ReturnType<typeof edgeClient>;
let asGrace: ReturnType<typeof edgeClient>;
const filled = () => ({ flow: "copy", accounts: { news: account }, values: { url: "https://target.test/in", api_key: "s3cret-of-ada" } });

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app("inlay: 1\nkey: postbox\nname: Postbox\nauth: [{ key: api_key, type: api_key, name: X-Key }]");
  await ws.flow(COPY("1"));
  await ws.flow(SINGLE);
  ada = await ws.user("ada", "north");
  account = await ws.account(ada, "postbox");
  asAda = edgeClient(await ws.token({ sub: "ada", org: "north" }));
  asGrace = edgeClient(await ws.token({ sub: "grace", org: "south" }));
});

const create = async (more: object = {}) => {
  const made = await asAda("POST", "/v1/integrations", { ...filled(), ...more });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};

describe("setting up an integration", () => {
  it("stores what was entered, with defaults, and answers the integration", async () => {
    const made = await create();
    expect(made).toMatchObject({
      flow: "copy",
      version: 1,
      status: "enabled",
      accounts: { news: account },
      values: { url: "https://target.test/in", minimum: 0, api_key: { $secret: true } },
    });
    expect(made.id).toMatch(/^int_[0-9A-Za-z]{22}$/);
    expect(made.blocks.map((block: { key: string }) => block.key)).toEqual(["received", "paid", "now"]);
    expect(made.blocks[0].url).toMatch(new RegExp(`^http://edge.test/hooks/${made.id}/received/.{32,}$`));
    expect((await asAda("GET", `/v1/integrations/${made.id}`)).body).toEqual(made);
  });

  it("seals secrets, and gives them back to nobody", async () => {
    const { id } = await create();
    const [row] = await ws.db.select().from(integrations).where(eq(integrations.id, id));
    expect(JSON.stringify(row)).not.toContain("s3cret");
    expect(row?.secretFields).toEqual(["api_key"]);
    expect(await openSecret(env, ws.id, "setup/api_key", String(row?.values.api_key))).toBe("s3cret-of-ada");
  });

  it("notes the accounts in use and the events waited for", async () => {
    const { id } = await create();
    const used = await ws.db.select().from(integrationAccounts).where(eq(integrationAccounts.integration, id));
    expect(used).toEqual([{ integration: id, account, slot: "news", workspace: ws.id }]);
    const waiting = await ws.db.select().from(eventSubscriptions).where(eq(eventSubscriptions.integration, id));
    expect(waiting).toEqual([{ workspace: ws.id, type: "order.paid", integration: id, block: "paid", user: "ada", org: "north" }]);
  });

  it("names every fault by its path, and stores nothing", async () => {
    const before = (await asAda("GET", "/v1/integrations?limit=100")).body.items.length;
    const { status, body } = await asAda("POST", "/v1/integrations", { flow: "copy", values: { url: "nonsense", minimum: 11 } });
    expect([status, body.code]).toEqual([422, "invalid"]);
    expect(body.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)).toEqual([
      "accounts.news required",
      "values.url type",
      "values.extra required",
    ]);
    expect(body.errors[0].message).toBe("Connect Postbox");
    expect((await asAda("GET", "/v1/integrations?limit=100")).body.items.length).toBe(before);
  });

  it("refuses accounts of somebody else", async () => {
    const theirs = await ws.account(await ws.user("grace"), "postbox");
    const { body } = await asAda("POST", "/v1/integrations", { ...filled(), accounts: { news: theirs } });
    expect(body.errors[0]).toMatchObject({ path: "accounts.news", code: "account" });
  });

  it("refuses a second one where there can be one only, also when two come at once", async () => {
    const both = await Promise.all([1, 2, 3].map(() => asAda("POST", "/v1/integrations", { flow: "single" })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const again = await asAda("POST", "/v1/integrations", { flow: "single" });
    expect([again.status, again.body.code]).toEqual([409, "already_exists"]);
    expect((await asAda("GET", "/v1/integrations?flow=single")).body.items).toHaveLength(1);
    expect((await asAda("GET", "/v1/flows/single")).body.installed).toBe(1);
  });

  it("takes the secret of the draft for its mark, and forgets the draft after", async () => {
    await asAda("PUT", "/v1/flows/copy/draft", { accounts: {}, values: { api_key: "typed-before" } });
    const { id } = await create({ values: { url: "https://target.test/in", api_key: { $secret: true } } });
    const [row] = await ws.db.select().from(integrations).where(eq(integrations.id, id));
    expect(await openSecret(env, ws.id, "setup/api_key", String(row?.values.api_key))).toBe("typed-before");
    expect((await asAda("GET", "/v1/flows/copy/draft")).body.savedAt).toBeNull();
  });

  it("does the same write twice once, with an Idempotency-Key", async () => {
    const key = { "idempotency-key": crypto.randomUUID() };
    const first = await asAda("POST", "/v1/integrations", { ...filled(), name: "Once" }, key);
    const second = await asAda("POST", "/v1/integrations", { ...filled(), name: "Once" }, key);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    const other = await asAda("POST", "/v1/integrations", { ...filled(), name: "Twice" }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_mismatch"]);
    const items = (await asAda("GET", "/v1/integrations?limit=100")).body.items as { name: string }[];
    expect(items.filter(({ name }) => name === "Once" || name === "Twice")).toHaveLength(1);
    expect((await asGrace("POST", "/v1/integrations", { flow: "single" }, key)).status).toBe(201);
  });

  it("tries again under the same key where the first try was refused", async () => {
    const key = { "idempotency-key": crypto.randomUUID() };
    const renewed = await ws.account(ada, "postbox", { status: "expired" });
    const wanted = { ...filled(), accounts: { news: renewed } };
    expect((await asAda("POST", "/v1/integrations", wanted, key)).status).toBe(422);
    await ws.db.update(accounts).set({ status: "connected" }).where(eq(accounts.id, renewed));
    expect((await asAda("POST", "/v1/integrations", wanted, key)).status).toBe(201);
  });
});

describe("an integration of somebody else", () => {
  it("is not there, whatever is asked", async () => {
    const { id } = await create();
    const run = `run_${id.slice(4)}_1`;
    const asked = await Promise.all([
      asGrace("GET", `/v1/integrations/${id}`),
      asGrace("PATCH", `/v1/integrations/${id}`, { name: "Mine now" }),
      asGrace("DELETE", `/v1/integrations/${id}`),
      asGrace("POST", `/v1/integrations/${id}/upgrade`, {}),
      asGrace("POST", `/v1/integrations/${id}/blocks/now/run`, {}),
      asGrace("GET", `/v1/integrations/${id}/runs`),
      asGrace("GET", `/v1/runs/${run}`),
      asGrace("POST", `/v1/runs/${run}/retry`, {}),
      asGrace("POST", `/v1/runs/${run}/cancel`),
      asGrace("GET", `/v1/flows/copy/draft?integration=${id}`),
      asGrace("POST", `/v1/flows/copy/options`, { field: "url", integration: id }),
      asGrace("POST", `/api/${id}/now`, {}),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 404));
    expect((await asAda("GET", `/v1/integrations/${id}`)).body.name).not.toBe("Mine now");
    const listed = (await asGrace("GET", "/v1/integrations?limit=100")).body.items as { id: string }[];
    expect(listed.map((one) => one.id)).not.toContain(id);
  });
});

describe("changing an integration", () => {
  it("renames and leaves the rest", async () => {
    const { id } = await create();
    const { body } = await asAda("PATCH", `/v1/integrations/${id}`, { name: "Renamed" });
    expect(body).toMatchObject({ name: "Renamed", status: "enabled", values: { url: "https://target.test/in" } });
  });

  it("merges values, keeps the secret for its mark, and checks the whole form", async () => {
    const { id } = await create();
    const refused = await asAda("PATCH", `/v1/integrations/${id}`, { values: { minimum: 20 } });
    expect(refused.body.errors).toMatchObject([{ path: "values.extra", code: "required" }]);
    const changed = await asAda("PATCH", `/v1/integrations/${id}`, { values: { minimum: 20, extra: "x", api_key: { $secret: true } } });
    expect(changed.body.values).toEqual({ url: "https://target.test/in", minimum: 20, extra: "x", api_key: { $secret: true } });
    const back = await asAda("PATCH", `/v1/integrations/${id}`, { values: { minimum: 1 } });
    expect(back.body.values).not.toHaveProperty("extra");
    const [row] = await ws.db.select().from(integrations).where(eq(integrations.id, id));
    expect(await openSecret(env, ws.id, "setup/api_key", String(row?.values.api_key))).toBe("s3cret-of-ada");
    const cleared = await asAda("PATCH", `/v1/integrations/${id}`, { values: { api_key: null } });
    expect(cleared.body.values).not.toHaveProperty("api_key");
  });

  it("waits for no event while it is switched off", async () => {
    const { id } = await create();
    const off = await asAda("PATCH", `/v1/integrations/${id}`, { enabled: false });
    expect(off.body.status).toBe("disabled");
    expect(await ws.db.select().from(eventSubscriptions).where(eq(eventSubscriptions.integration, id))).toEqual([]);
    const on = await asAda("PATCH", `/v1/integrations/${id}`, { enabled: true });
    expect(on.body.status).toBe("enabled");
    expect(await ws.db.select().from(eventSubscriptions).where(eq(eventSubscriptions.integration, id))).toHaveLength(1);
  });

  it("refuses what was made on an older state, for those who send If-Match", async () => {
    const { id } = await create();
    const etag = (await asAda("GET", `/v1/integrations/${id}`)).headers.get("etag") ?? "";
    expect((await asAda("PATCH", `/v1/integrations/${id}`, { name: "First" }, { "if-match": etag })).status).toBe(200);
    const late = await asAda("PATCH", `/v1/integrations/${id}`, { name: "Second" }, { "if-match": etag });
    expect([late.status, late.body.code]).toEqual([412, "precondition_failed"]);
    const upgrade = await asAda("POST", `/v1/integrations/${id}/upgrade`, {}, { "if-match": etag });
    expect([upgrade.status, upgrade.body.code]).toEqual([412, "precondition_failed"]);
  });

  it("takes the time of the last change for an ETag, as a list tells it", async () => {
    const { id } = await create();
    const listed = (await asAda("GET", "/v1/integrations?limit=100")).body.items as { id: string; updatedAt: string }[];
    const known = { "if-match": `"${listed.find((one) => one.id === id)?.updatedAt}"` };
    expect((await asAda("PATCH", `/v1/integrations/${id}`, { name: "First" }, known)).status).toBe(200);
    expect((await asAda("PATCH", `/v1/integrations/${id}`, { name: "Second" }, known)).status).toBe(412);
  });

  it("lets one of several win that come at once on the same state, whole", async () => {
    const { id } = await create();
    const etag = (await asAda("GET", `/v1/integrations/${id}`)).headers.get("etag") ?? "";
    const names = ["a", "b", "c", "d"];
    const all = await Promise.all(
      names.map((name) =>
        asAda("PATCH", `/v1/integrations/${id}`, { name, values: { url: `https://target.test/${name}` } }, { "if-match": etag }),
      ),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(all.filter(({ status }) => status === 409 || status === 412)).toHaveLength(3);
    const won = all.find(({ status }) => status === 200)?.body;
    const { body } = await asAda("GET", `/v1/integrations/${id}`);
    expect([body.name, body.values.url]).toEqual([won.name, `https://target.test/${won.name}`]);
  });

  it("says which account no longer works, and can still be switched off", async () => {
    const mine = await ws.account(ada, "postbox", { label: "Ada's Postbox" });
    const { id } = await create({ accounts: { news: mine } });
    await ws.db.update(accounts).set({ status: "expired" }).where(eq(accounts.id, mine));
    const { body } = await asAda("GET", `/v1/integrations/${id}`);
    expect(body.status).toBe("needs_attention");
    expect(body.attention).toContainEqual(expect.objectContaining({ code: "account_expired", account: mine }));
    await ws.db.delete(accounts).where(eq(accounts.id, mine));
    expect((await asAda("GET", `/v1/integrations/${id}`)).body.status).toBe("needs_attention");
    expect((await asAda("PATCH", `/v1/integrations/${id}`, { enabled: false })).body.status).toBe("disabled");
  });

  it("is gone after it was removed", async () => {
    const { id } = await create();
    expect((await asAda("DELETE", `/v1/integrations/${id}`)).status).toBe(204);
    expect((await asAda("GET", `/v1/integrations/${id}`)).status).toBe(404);
    expect(await ws.db.select().from(integrationAccounts).where(eq(integrationAccounts.integration, id))).toEqual([]);
    expect((await asAda("DELETE", `/v1/integrations/${id}`)).status).toBe(404);
  });
});

describe("the list of integrations", () => {
  it("pages newest first without gap or repeat while others are made", async () => {
    const own = await makeWorkspace();
    await own.flow(SINGLE.replace("instances: one", "instances: many"));
    const call = edgeClient(await own.token({ sub: "ada" }));
    for (let i = 0; i < 5; i++) await call("POST", "/v1/integrations", { flow: "single", name: `n${i}` });
    const seen: string[] = [];
    let cursor: string | null = "";
    do {
      const page: { items: { name: string }[]; nextCursor: string | null } = (
        await call("GET", `/v1/integrations?limit=2${cursor ? `&cursor=${cursor}` : ""}`)
      ).body;
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
      if (seen.length === 2) await call("POST", "/v1/integrations", { flow: "single", name: "late" });
    } while (cursor);
    expect(seen).toEqual(["n4", "n3", "n2", "n1", "n0"]);
    expect((await call("GET", "/v1/integrations?tag=nothing")).body.items).toEqual([]);
  });
});

describe("runs by hand", () => {
  it("start, and are read by their id", async () => {
    const { id } = await create();
    const { status, body } = await asAda("POST", `/v1/integrations/${id}/blocks/now/run`);
    expect(status).toBe(202);
    expect(body.run).toMatch(new RegExp(`^run_${id.slice(4)}_`));
    await expect.poll(async () => (await asAda("GET", `/v1/runs/${body.run}`)).body.status).toBe("succeeded");
    const listed = await asAda("GET", `/v1/integrations/${id}/runs?block=now`);
    expect(listed.body.items[0]).toMatchObject({ id: body.run, integration: id, flow: "copy", block: "now", status: "succeeded" });
    expect((await asAda("GET", `/v1/integrations/${id}/runs?status=nonsense`)).status).toBe(400);
    expect((await asAda("POST", `/v1/integrations/${id}/blocks/none/run`)).status).toBe(404);
    expect((await asAda("GET", "/v1/runs/nonsense")).status).toBe(404);
  });
});

describe("a newer version", () => {
  it("is offered, refused while it asks for more, and pinned once that is there", async () => {
    const own = await makeWorkspace();
    await own.app("inlay: 1\nkey: postbox\nname: Postbox\nauth: [{ key: api_key, type: api_key, name: X-Key }]");
    await own.flow(COPY("1"));
    const news = await own.account(await own.user("ada"), "postbox");
    const call = edgeClient(await own.token({ sub: "ada" }));
    const { id } = (await call("POST", "/v1/integrations", { ...filled(), accounts: { news } })).body;
    expect((await call("POST", `/v1/integrations/${id}/upgrade`, {})).body.code).toBe("conflict");
    await own.flow(COPY("2", "- { key: region, type: select, options: [eu, us], required: true }"));
    expect((await call("GET", `/v1/integrations/${id}`)).body).toMatchObject({ version: 1, upgradeTo: 2 });
    const refused = await call("POST", `/v1/integrations/${id}/upgrade`, {});
    expect(refused.body.errors).toMatchObject([{ path: "values.region", code: "required" }]);
    const done = await call("POST", `/v1/integrations/${id}/upgrade`, { values: { region: "eu" } });
    expect(done.body).toMatchObject({ version: 2, values: { region: "eu", url: "https://target.test/in" } });
    expect(done.body).not.toHaveProperty("upgradeTo");
    expect(done.body.blocks[0].name).toBe("Received 2");
    await setPublished(own.db, own.id, "copy", null);
    expect((await call("POST", `/v1/integrations/${id}/upgrade`, {})).body.code).toBe("gone");
    expect((await call("POST", "/v1/integrations", { ...filled(), accounts: { news } })).body.code).toBe("gone");
    expect((await call("PATCH", `/v1/integrations/${id}`, { values: { minimum: 2 } })).status).toBe(200);
  });
});

describe("a webhook", () => {
  it("is answered with its run, and only at its own address", async () => {
    const { id, blocks } = await create();
    const address = new URL(blocks[0].url).pathname;
    const call = edgeClient();
    const { status, body } = await call("POST", address, "a=1&b=2", { "content-type": "application/x-www-form-urlencoded" });
    expect([status, typeof body.run]).toEqual([202, "string"]);
    await expect.poll(async () => (await asAda("GET", `/v1/runs/${body.run}`)).body.status).toBe("succeeded");
    expect((await call("POST", `${address}x`, {})).status).toBe(404);
    expect((await call("POST", `/hooks/${id}/received`, {})).status).toBe(404);
    expect((await call("POST", "/hooks/int_x/received/k", {})).body.code).toBe("not_found");
    expect((await call("GET", address)).status).toBe(405);
    expect((await call("POST", address, "x".repeat(1_000_001), { "content-type": "text/plain" })).body.code).toBe("too_large");
  });
});
