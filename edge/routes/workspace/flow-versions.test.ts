import { beforeAll, describe, expect, it } from "vitest";
import { makeMember } from "../../testing/member-client.ts";

let { ws, api, asUser } = {} as Awaited<ReturnType<typeof makeMember>>;
beforeAll(async () => {
  ({ ws, api, asUser } = await makeMember());
});

const flow = (key: string, more = "") => `# ${key}
inlay: 1
key: ${key}
name: Hello
labels: [Growth]
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: greeting, type: text, label: Greeting }
${more}blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: say, value: hello }
`;

describe("the draft", () => {
  it("is not published where no row can hold it as text and as JSON: in words, and not as a fault of the database", async () => {
    const quotes = '"'.repeat(90_000);
    const steps = Array.from(
      { length: 8 },
      (_, i) => `      - key: c${i}\n        code: |\n          // ${quotes}\n          export default () => 1\n`,
    );
    await api("POST", "flows", flow("huge") + steps.join(""));
    const refused = await api("POST", "flows/huge/versions", {});
    expect([refused.status, refused.body.code]).toEqual([413, "too_large"]);
    expect(refused.body.detail).toContain("as text and as JSON");
  });

  it("Y08 is changed where it was read, and comes back with 412 where somebody else was first, so that nothing is lost", async () => {
    await api("POST", "flows", flow("shared"));
    const read = await api("GET", "flows/shared/file");
    const etag = read.headers.get("etag") ?? "";
    const mine = flow("shared").replace("hello }", "mine }");
    const saved = await api("PUT", "flows/shared/file", mine, { "if-match": etag });
    expect(saved).toMatchObject({ status: 200, body: { changed: true, revision: 1, faults: [] } });
    const refused = await api("PUT", "flows/shared/file", flow("shared"), { "if-match": etag });
    expect(refused).toMatchObject({ status: 412, body: { code: "precondition_failed", current: mine, revision: 1 } });
    expect(refused.headers.get("etag")).toBe(saved.headers.get("etag"));
    expect((await api("GET", "flows/shared/file")).body).toBe(mine);
    expect(await api("POST", "flows", flow("shared"), { "if-match": etag })).toMatchObject({ status: 412 });
    expect(await api("POST", "flows", flow("shared"), { "if-none-match": "*" })).toMatchObject({ status: 409 });
    expect(await api("PUT", "flows/shared/file", flow("shared"), { "if-match": refused.body.etag })).toMatchObject({ status: 200 });
  });

  it("is one of two that were sent at once, never a mixture", async () => {
    await api("POST", "flows", flow("raced"));
    const etag = (await api("GET", "flows/raced/file")).headers.get("etag") ?? "";
    const answers = await Promise.all(
      ["a", "b", "c"].map((text) => api("PUT", "flows/raced/file", flow("raced").replace("hello }", `${text} }`), { "if-match": etag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it("keeps faulty text, says each fault with its place, and is not published until they are gone", async () => {
    await api("POST", "flows", flow("wip"));
    const broken = flow("wip").replace("trigger:", "triger:");
    const saved = await api("PUT", "flows/wip/file", broken);
    expect(saved.status).toBe(200);
    expect(saved.body.faults).toEqual(expect.arrayContaining([expect.objectContaining({ line: 15, suggestion: "trigger" })]));
    expect((await api("GET", "flows/wip/file")).body).toBe(broken);
    expect(await api("POST", "flows/wip/versions", {})).toMatchObject({ status: 422, body: { code: "invalid" } });
    expect(await api("PUT", "flows/wip/file", flow("other"))).toMatchObject({ status: 422 });
    const unknown = await api("POST", "validate", flow("wip", "accounts: { crm: { app: nowhere } }\n"));
    expect(unknown.body.faults).toMatchObject([{ code: "unknown_app", line: 12 }]);
  });
});

it("a credential in a file is told at its place, and is never published", async () => {
  const secret = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
  await api("POST", "flows", flow("leaky", `settings: { k: ${secret} }\n`));
  const refused = await api("POST", "flows/leaky/versions", {});
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ code: "secret", params: { line: 12 } }] } });
  expect(JSON.stringify(refused.body)).not.toContain(secret);
  expect((await api("GET", "flows/leaky/versions")).body.items).toEqual([]);
});

describe("versions", () => {
  it("are numbered, noted, labelled in lower case, and never change", async () => {
    await api("POST", "flows", flow("numbered"));
    expect(await api("POST", "flows/numbered/versions", { note: "First" })).toMatchObject({ status: 201, body: { version: 1 } });
    await api("POST", "flows", flow("numbered").replace("hello }", "hello again }"));
    await api("POST", "flows/numbered/versions", { labels: ["Beta ", "beta"] });
    const { items } = (await api("GET", "flows/numbered/versions")).body;
    expect(items).toMatchObject([
      { version: 2, note: null, labels: ["beta"], author: "Grace", available: true, published: true },
      { version: 1, note: "First", labels: ["growth"], published: false },
    ]);
    const patched = await api("PATCH", "flows/numbered/versions/1", { labels: ["STABLE"], note: "The first", available: false });
    expect(patched.body).toMatchObject({ labels: ["stable"], note: "The first", available: false });
    expect((await api("GET", "flows/numbered/versions/1")).body.source).toBe(flow("numbered"));
    expect((await api("GET", "flows/numbered/versions/1/file")).body).toBe(flow("numbered"));
    expect(await api("PATCH", "flows/numbered/versions/2", { available: false })).toMatchObject({ status: 409 });
    expect(await api("PATCH", "flows/numbered", { published: 1 })).toMatchObject({ status: 422 });
    expect(await api("GET", "flows/numbered/versions/9")).toMatchObject({ status: 404 });
    expect(await api("GET", "flows/numbered/versions/draft")).toMatchObject({ status: 404 });
  });

  it("are compared with each other and with the draft, unified and side by side", async () => {
    await api("POST", "flows", flow("compared"));
    await api("POST", "flows/compared/versions", {});
    await api("PUT", "flows/compared/file", flow("compared").replace("name: Hello", "name: Hello again"));
    const unified = (await api("GET", "flows/compared/compare?from=1&to=draft")).body;
    expect(unified).toMatchObject({ from: "1", to: "draft", added: 1, removed: 1, hunks: [{ oldStart: 1, newStart: 1 }] });
    const side = (await api("GET", "flows/compared/compare?view=side")).body;
    expect(side.rows.filter((row: { changed: boolean }) => row.changed)).toEqual([
      { left: { line: 4, text: "name: Hello" }, right: { line: 4, text: "name: Hello again" }, changed: true },
    ]);
    expect((await api("GET", "flows/compared/compare?from=1&to=published")).body.hunks).toEqual([]);
    expect((await api("GET", "flows/compared")).body.draft).toEqual({ revision: 1, changed: true });
    const restored = await api("POST", "flows/compared/versions/1/restore");
    expect(restored.body).toMatchObject({ changed: true, revision: 2 });
    expect((await api("GET", "flows/compared/file")).body).toBe(flow("compared"));
    expect((await api("GET", "flows/compared")).body.draft.changed).toBe(false);
  });
});

describe("an upgrade", () => {
  it("is worked out before, done for whom it asks nothing, and leaves the others as they are", async () => {
    await api("POST", "flows", flow("moved"));
    await api("POST", "flows/moved/versions", {});
    const ada = await asUser("ada");
    const make = async (values: object) => (await ada.call("POST", "/v1/integrations", { flow: "moved", values })).body.id as string;
    const [short, filled] = [await make({}), await make({ greeting: "Hi" })];
    await api("POST", "flows", flow("moved").replace("label: Greeting }", "label: Greeting, required: true }"));
    await api("POST", "flows/moved/versions", {});
    const plan = await api("GET", "flows/moved/upgrade");
    expect(plan.body).toMatchObject({
      to: 2,
      groups: [
        { version: 1, integrations: 2, ready: false, fields: [{ page: "one", key: "greeting", label: "Greeting" }], removedFields: [] },
      ],
    });
    const done = (await api("POST", "flows/moved/upgrade", { limit: 1 })).body;
    expect(done.items).toHaveLength(1);
    const rest = (await api("POST", "flows/moved/upgrade", { cursor: done.nextCursor })).body;
    const all = [...done.items, ...rest.items];
    expect(all.find(({ integration }) => integration === filled)).toEqual({ integration: filled, upgraded: true });
    expect(all.find(({ integration }) => integration === short)).toMatchObject({ upgraded: false, code: "invalid" });
    expect((await ada.call("GET", `/v1/integrations/${filled}`)).body.version).toBe(2);
    expect((await ada.call("GET", `/v1/integrations/${short}`)).body).toMatchObject({ version: 1, upgradeTo: 2 });
    expect((await api("GET", "flows/moved/versions")).body.items).toMatchObject([{ integrations: 1 }, { integrations: 1 }]);
    const back = await api("POST", "flows/moved/upgrade", { to: 1, integrations: [filled, "int_none"] });
    expect(back.body.items).toMatchObject([{ upgraded: true }, { upgraded: false, code: "not_found" }]);
    expect(ws.id).toMatch(/^ws_/);
  });
});

describe("folders and Home", () => {
  it("sort flows; Standalone is always there and stays", async () => {
    await api("POST", "flows", flow("sorted"));
    const { id } = (await api("POST", "folders", { name: "Growth" })).body;
    expect(await api("POST", "folders", { name: "Growth" })).toMatchObject({ status: 409 });
    expect(await api("POST", "folders", { name: "standalone" })).toMatchObject({ status: 409 });
    await api("PATCH", "flows/sorted", { folder: id });
    expect((await api("GET", "folders")).body.items).toMatchObject([{ id: "standalone" }, { id, name: "Growth", flows: 1 }]);
    expect((await api("GET", `flows?folder=${id}`)).body.items.map((one: { key: string }) => one.key)).toEqual(["sorted"]);
    expect(await api("DELETE", "folders/standalone")).toMatchObject({ status: 409 });
    await api("DELETE", `folders/${id}`);
    expect((await api("GET", "flows/sorted")).body.folder).toBeNull();
    expect(await api("PATCH", "flows/sorted", { folder: id })).toMatchObject({ status: 422 });
  });

  it("are arranged by each member for themselves", async () => {
    await api("PUT", "home", { view: "list", order: ["b", "a", "b"], pins: ["a"] });
    expect((await api("GET", "home")).body).toEqual({ view: "list", order: ["b", "a"], pins: ["a"] });
    const other = await makeMember();
    expect((await other.api("GET", "home")).body).toEqual({ view: "tiles", order: [], pins: [] });
  });
});

describe("the list of flows", () => {
  it("is narrowed by words, category, label, tag, app, availability and health, and goes on by cursor", async () => {
    const own = await makeMember();
    await own.ws.app("inlay: 1\nkey: crm\nname: The CRM\nauth: [{ key: k, type: bearer }]\n");
    const make = async (key: string, more: string) => {
      await own.api("POST", "flows", flow(key, more).replace("labels: [Growth]\n", ""));
      await own.api("POST", `flows/${key}/versions`, {});
    };
    await make("alpha", "category: Sales\ntags: [crm, beta]\nlabels: [Mine]\naccounts: { crm: { app: crm } }\n");
    await make("omega", "description: Nothing to Find here\ntags: [crm]\n");
    await own.api("POST", "flows", flow("zeta"));
    const keys = async (query: string) => (await own.api("GET", `flows?${query}`)).body.items.map((one: { key: string }) => one.key);
    expect(await keys("")).toEqual(["alpha", "omega", "zeta"]);
    expect(await keys("search=find")).toEqual(["omega"]);
    expect(await keys("category=Sales")).toEqual(["alpha"]);
    expect(await keys("label=MINE")).toEqual(["alpha"]);
    expect(await keys(`tag=${encodeURIComponent("crm -beta")}`)).toEqual(["omega"]);
    expect(await keys(`tag=${encodeURIComponent("crm+beta")}`)).toEqual(["alpha"]);
    expect(await keys("app=crm")).toEqual(["alpha"]);
    expect(await keys("availability=unpublished")).toEqual(["zeta"]);
    expect(await keys("health=ok")).toEqual(["alpha", "omega", "zeta"]);
    expect(await keys("health=errors")).toEqual([]);
    const first = (await own.api("GET", "flows?limit=2")).body;
    expect((await own.api("GET", `flows?limit=2&cursor=${first.nextCursor}`)).body.items).toMatchObject([{ key: "zeta", version: null }]);
    expect(first.items[0].apps).toEqual([{ key: "crm", name: "The CRM", icon: null }]);
  });
});
