import { beforeAll, describe, expect, it } from "vitest";
import { setPublished } from "../db/flow-files.ts";
import { setIcon } from "../db/settings.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const flow = (key: string, more: string) => `inlay: 1
key: ${key}
name: ${key} flow
${more}
blocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]
`;

let ws: TestWorkspace;
let asAda: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.app(
    "inlay: 1\nkey: postbox\nname: Postbox\nicon: icons/postbox.svg\nauth: [{ key: k, type: api_key, name: X-Key, fields: [{ key: key, type: secret, label: Key, required: true }] }]",
  );
  await ws.flow(
    flow(
      "alpha",
      "tags: [CRM, beta]\ncategory: Sales\nicon: icons/alpha.svg\naccounts: { news: { app: postbox } }\nsetup: { pages: [{ key: p, title: P, fields: [{ key: news, type: account, required: true }, { key: n, type: number, validate: { min: 1, rule: '{{ value < 5 }}' }, default: '{{ 1 + 1 }}' }] }] }",
    ),
  );
  await ws.flow(flow("bravo", "tags: [billing]"));
  await ws.flow(flow("charlie", "tags: [crm, internal]"));
  await ws.flow(flow("delta", "audience: beta"));
  await ws.flow(flow("echo", "audience: nobody"));
  await ws.flow(flow("foxtrot", "tags: [crm]"));
  await setPublished(ws.db, ws.id, "foxtrot", null);
  await ws.flow(flow("golf", "icon: 'https://elsewhere.test/x.svg'"));
  asAda = edgeClient(await ws.token({ sub: "ada" }));
});

const keysOf = (body: { items: { key: string }[] }) => body.items.map(({ key }) => key);

describe("the list of flows", () => {
  it("shows published flows for everyone, by name", async () => {
    const { status, body, headers } = await asAda("GET", "/v1/flows");
    expect(status).toBe(200);
    expect(keysOf(body)).toEqual(["alpha", "bravo", "charlie", "golf"]);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  it("has the contract's shape, with icons of the catalogue alone", async () => {
    const { body } = await asAda("GET", "/v1/flows");
    expect(body.items[0]).toEqual({
      key: "alpha",
      name: "alpha flow",
      description: "",
      icon: `http://edge.test/icons/${ws.id}/icons/alpha.svg`,
      category: "Sales",
      tags: ["crm", "beta"],
      version: 1,
      instances: "many",
      apps: [{ key: "postbox", name: "Postbox", icon: `http://edge.test/icons/${ws.id}/icons/postbox.svg` }],
      accounts: [{ key: "news", app: "postbox", optional: false }],
      installed: 0,
    });
    expect(body.items[3].icon).toBeNull();
  });

  it.each([
    ["tag=crm", ["alpha", "charlie"]],
    ["tag=crm%2Bbeta%20billing%20-internal", ["alpha", "bravo"]],
    ["tag=-internal", ["alpha", "bravo", "golf"]],
    ["category=sales", ["alpha"]],
    ["search=POSTBOX%20alpha", ["alpha"]],
    ["search=nothing", []],
  ])("filters by %s", async (query, keys) => {
    expect(keysOf((await asAda("GET", `/v1/flows?${query}`)).body)).toEqual(keys);
  });

  it("shows beta flows to users whose attributes say so", async () => {
    const call = edgeClient(await ws.token({ sub: "bea", attributes: { beta: true } }));
    expect(keysOf((await call("GET", "/v1/flows")).body)).toContain("delta");
  });

  it("applies the token's own tags to every read", async () => {
    const call = edgeClient(await ws.token({ sub: "ada", tags: "billing" }));
    expect(keysOf((await call("GET", "/v1/flows?tag=crm")).body)).toEqual([]);
    expect(keysOf((await call("GET", "/v1/flows")).body)).toEqual(["bravo"]);
    expect((await call("GET", "/v1/flows/alpha")).status).toBe(404);
    expect((await call("POST", "/v1/integrations", { flow: "charlie" })).body.code).toBe("not_found");
  });

  it("goes on behind a cursor, and refuses the cursor of another list", async () => {
    const first = await asAda("GET", "/v1/flows?limit=2");
    expect(keysOf(first.body)).toEqual(["alpha", "bravo"]);
    const second = await asAda("GET", `/v1/flows?limit=2&cursor=${first.body.nextCursor}`);
    expect(keysOf(second.body)).toEqual(["charlie", "golf"]);
    expect(second.body.nextCursor).toBeNull();
    const foreign = await asAda("GET", `/v1/flows?limit=2&tag=crm&cursor=${first.body.nextCursor}`);
    expect([foreign.status, foreign.body.code]).toEqual([400, "bad_request"]);
    expect((await asAda("GET", "/v1/flows?cursor=%25%00")).status).toBe(400);
  });

  it("shows nothing of another workspace", async () => {
    const other = await makeWorkspace();
    const call = edgeClient(await other.token({ sub: "ada" }));
    expect(keysOf((await call("GET", "/v1/flows")).body)).toEqual([]);
    expect((await call("GET", "/v1/flows/alpha")).status).toBe(404);
  });
});

describe("one flow", () => {
  it("comes with its form, its blocks and how its apps are connected", async () => {
    const { body } = await asAda("GET", "/v1/flows/alpha");
    expect(body.setup.pages[0].fields).toEqual([
      { key: "news", type: "account", required: true, secret: false, app: "postbox" },
      { key: "n", type: "number", required: false, secret: false, validate: { min: 1 } },
    ]);
    expect(body.blocks).toEqual([{ key: "go", name: "Go", trigger: { type: "manual" }, uses: [] }]);
    expect(body.appDetails[0].auth[0]).toMatchObject({ key: "k", type: "api_key", fields: [{ key: "key", secret: true }] });
  });

  it("tells of each trigger which app it listens to and when it runs, where no answer of the user's decides that", async () => {
    await ws.flow(`inlay: 1
key: juliet
name: juliet flow
accounts: { news: { app: postbox } }
blocks:
  - { key: a, name: A, trigger: { schedule: { cron: 0 3 * * *, timezone: "{{ setup.zone }}" } }, steps: [] }
  - { key: b, name: B, trigger: { schedule: { cron: "{{ setup.cron }}" } }, steps: [] }
  - { key: c, name: C, trigger: { poll: news.members, every: 15m, id: "{{ item.id }}" }, steps: [] }
  - { key: d, name: D, trigger: { app_event: news.joined }, steps: [] }
`);
    const { body } = await asAda("GET", "/v1/flows/juliet");
    expect(body.blocks.map(({ trigger }: { trigger: unknown }) => trigger)).toEqual([
      { type: "schedule", cron: "0 3 * * *" },
      { type: "schedule" },
      { type: "poll", app: "postbox", everySeconds: 900 },
      { type: "app_event", app: "postbox" },
    ]);
  });

  it("answers 304 to whoever has it already", async () => {
    const etag = (await asAda("GET", "/v1/flows/bravo")).headers.get("etag") ?? "";
    expect((await asAda("GET", "/v1/flows/bravo", undefined, { "if-none-match": etag })).status).toBe(304);
  });

  it("is gone, in words, once it has been withdrawn", async () => {
    const { status, body } = await asAda("GET", "/v1/flows/foxtrot");
    expect([status, body.code]).toEqual([410, "gone"]);
    expect(body.detail).toMatch(/no longer offered/);
  });

  it("is not there for a key that is none", async () => {
    expect((await asAda("GET", "/v1/flows/constructor")).status).toBe(404);
    expect((await asAda("GET", "/v1/flows/%00")).status).toBe(404);
  });
});

describe("icons", () => {
  it("are served so that they can run nothing", async () => {
    await setIcon(ws.db, ws.id, "icons/alpha.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    const call = edgeClient();
    const { status, headers, body } = await call("GET", `/icons/${ws.id}/icons/alpha.svg`);
    expect([status, headers.get("content-type"), body]).toEqual([200, "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"]);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const again = await call("GET", `/icons/${ws.id}/icons/alpha.svg`, undefined, { "if-none-match": headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
    expect((await call("GET", `/icons/${ws.id}/icons/none.svg`)).body.code).toBe("not_found");
  });
});

describe("every route for users", () => {
  it.each([
    ["GET", "/v1/flows"],
    ["GET", "/v1/flows/alpha/draft"],
    ["POST", "/v1/flows/alpha/options"],
    ["POST", "/v1/integrations"],
    ["GET", "/v1/runs/run_1_2"],
    ["GET", "/v1/stream"],
  ])("%s %s wants a user token", async (method, path) => {
    const { status, body, headers } = await edgeClient()(method, path, method === "POST" ? {} : undefined);
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(body.requestId).toBe(headers.get("x-request-id"));
  });

  it("tells a browser of any origin that it may ask", async () => {
    const { status, headers } = await edgeClient()("OPTIONS", "/v1/integrations", undefined, {
      origin: "https://host.test",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,idempotency-key",
    });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-headers")).toContain("idempotency-key");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect((await edgeClient()("OPTIONS", "/v1/workspace/flows")).headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("a flow with translations", () => {
  beforeAll(async () => {
    await ws.flow(
      flow(
        "hotel",
        "category: Sales\nsetup: { pages: [{ key: p, title: P, fields: [{ key: h, type: heading, value: '{{ 1 + 1 }} rooms' }] }] }\n" +
          "translations: { de: { name: Zimmer, category: Verkauf, pages: { p: { title: Seite } }, fields: { h: { value: '{{ 1 + 1 }} Zimmer' } } } }",
      ),
    );
  });
  const german = { "accept-language": "de-AT,en;q=0.5" };

  it("is listed, found and described in the language asked for", async () => {
    const { body, headers } = await asAda("GET", "/v1/flows?search=zimmer", undefined, german);
    expect(body.items).toMatchObject([{ key: "hotel", name: "Zimmer", category: "Verkauf" }]);
    expect(headers.get("vary")).toMatch(/accept-language/i);
    expect(keysOf((await asAda("GET", "/v1/flows?search=hotel&category=sales", undefined, german)).body)).toEqual(["hotel"]);
    const one = await asAda("GET", "/v1/flows/hotel", undefined, german);
    expect(one.body).toMatchObject({ name: "Zimmer", setup: { pages: [{ title: "Seite" }] } });
    expect(one.body).not.toHaveProperty("translations");
    const draft = await asAda("GET", "/v1/flows/hotel/draft", undefined, german);
    expect(draft.body.form.fields.h.value).toBe("2 Zimmer");
  });

  it("speaks the language of the user's token where the request names none, and else its own", async () => {
    const asLocal = edgeClient(await ws.token({ sub: "grace", locale: "de" }));
    expect((await asLocal("GET", "/v1/flows/hotel")).body.name).toBe("Zimmer");
    expect((await asLocal("GET", "/v1/flows/hotel", undefined, { "accept-language": "fr, de;q=0.9" })).body.name).toBe("hotel flow");
    expect((await asAda("GET", "/v1/flows/hotel")).body.name).toBe("hotel flow");
  });
});
