import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { setPublished } from "../db/flow-files.ts";
import { drafts, integrations } from "../db/schema.ts";
import { openSecret } from "../security/seal.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const FLOW = (version: number) => `inlay: 1
key: copy
name: Copy
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: on, type: toggle, default: false }
        - { key: text, type: text, when: "{{ setup.on }}", required: true }
        - { key: token, type: secret }
        - { key: hook, type: copy, value: "{{ hooks.received.url }}" }
        - { key: v${version}, type: text }
blocks: [{ key: received, name: Received, trigger: { webhook: {} }, steps: [] }]
`;

let ws: TestWorkspace;
let call: ReturnType<typeof edgeClient>;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW(1));
  call = edgeClient(await ws.token({ sub: "ada" }));
});

describe("a draft", () => {
  it("is empty at first, with the form's state", async () => {
    const { status, body } = await call("GET", "/v1/flows/copy/draft");
    expect(status).toBe(200);
    expect(body).toMatchObject({ savedAt: null, accounts: {}, values: {}, form: { pages: { one: { shown: true } } } });
    expect(body.form.fields).toMatchObject({ on: { default: false }, text: { shown: false }, hook: { shown: true } });
  });

  it("keeps what was entered, and answers what it makes of the form", async () => {
    const saved = await call("PUT", "/v1/flows/copy/draft", { name: "Mine", page: "one", values: { on: true, text: "half", stranger: 1 } });
    expect(saved.body).toMatchObject({ name: "Mine", page: "one", values: { on: true, text: "half" } });
    expect(saved.body.values).not.toHaveProperty("stranger");
    expect(saved.body.form.fields.text).toEqual({ shown: true, required: true });
    expect((await call("GET", "/v1/flows/copy/draft")).body).toEqual(saved.body);
  });

  it("seals secrets, shows their mark, and keeps them for it", async () => {
    const saved = await call("PUT", "/v1/flows/copy/draft", { values: { token: "hush-hush" } });
    expect(saved.body.values.token).toEqual({ $secret: true });
    await call("PUT", "/v1/flows/copy/draft", { values: { on: true, token: { $secret: true } } });
    const [row] = await ws.db.select().from(drafts).where(eq(drafts.workspace, ws.id));
    expect(JSON.stringify(row)).not.toContain("hush");
    expect(await openSecret(env, ws.id, "setup/token", String(row?.body.values.token))).toBe("hush-hush");
    const dropped = await call("PUT", "/v1/flows/copy/draft", { values: { on: true } });
    expect(dropped.body.values).toEqual({ on: true });
    const none = await call("PUT", "/v1/flows/copy/draft", { values: { token: { $secret: true } } });
    expect(none.body.values).toEqual({});
  });

  it("is one user's own, and is forgotten when they say so", async () => {
    await call("PUT", "/v1/flows/copy/draft", { name: "Ada's", values: {} });
    const grace = edgeClient(await ws.token({ sub: "grace" }));
    expect((await grace("GET", "/v1/flows/copy/draft")).body.savedAt).toBeNull();
    expect((await call("DELETE", "/v1/flows/copy/draft")).status).toBe(204);
    expect((await call("GET", "/v1/flows/copy/draft")).body.savedAt).toBeNull();
  });

  it("of an upgrade has nothing in it that a field of another kind could not show, and is then saved", async () => {
    const flow = (fields: string) =>
      ws.flow(
        `inlay: 1\nkey: turned\nname: Turned\nsetup: { pages: [{ key: one, title: One, fields: [${fields}] }] }\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [{ key: v, value: 1 }] }]\n`,
      );
    await flow(
      "{ key: tags, type: text }, { key: level, type: text }, { key: word, type: multiselect, options: [a, b] }, { key: all, type: text }",
    );
    const values = { tags: "x,y", level: "high", word: ["a"], all: "stays" };
    const { id } = (await call("POST", "/v1/integrations", { flow: "turned", values })).body;
    await flow(
      "{ key: tags, type: list, fields: [{ key: n, type: text }] }, { key: level, type: number }, { key: word, type: text }, { key: all, type: textarea }",
    );
    const at = `/v1/flows/turned/draft?integration=${id}`;
    expect((await call("GET", at)).body.values).toEqual({ tags: null, level: null, word: null, all: "stays" });
    expect((await call("PUT", at, { values: { tags: "x,y", level: "1e", all: "stays" } })).body.values).toEqual({
      tags: null,
      level: "1e",
      all: "stays",
    });
    const upgraded = await call("POST", `/v1/integrations/${id}/upgrade`, {
      values: { tags: null, level: null, word: null, all: "stays" },
    });
    expect(upgraded.status).toBe(200);
    expect((await call("GET", `/v1/integrations/${id}`)).body).toMatchObject({ version: 2, values: { all: "stays" } });
  });

  it("of an integration starts from it, on the newest form, or on that of its own version", async () => {
    const { id } = (await call("POST", "/v1/integrations", { flow: "copy", values: { token: "abc", v1: "x" } })).body;
    await ws.flow(FLOW(2));
    const keyOf = (body: { setup: { pages: { fields: { key: string }[] }[] } }) => body.setup.pages[0]?.fields.at(-1)?.key;
    const newest = await call("GET", `/v1/flows/copy?integration=${id}`);
    expect([newest.body.version, keyOf(newest.body)]).toEqual([2, "v2"]);
    const own = await call("GET", `/v1/flows/copy?integration=${id}&version=1`);
    expect([own.body.version, keyOf(own.body)]).toEqual([1, "v1"]);
    expect((await call("GET", `/v1/flows/copy?integration=${id}&version=7`)).status).toBe(404);
    const { body } = await call("GET", `/v1/flows/copy/draft?integration=${id}`);
    expect(body).toMatchObject({ integration: id, savedAt: null, values: { token: { $secret: true }, v1: "x" } });
    expect(body.form.fields).toHaveProperty("v2");
    expect(body.form.fields.hook.value).toMatch(`http://edge.test/hooks/${id}/received/`);
    expect((await call("GET", `/v1/flows/copy/draft?integration=${id}&version=1`)).body.form.fields).toHaveProperty("v1");
  });

  it("of an integration goes with its changes, and works on after the flow was withdrawn", async () => {
    const { id } = (await call("POST", "/v1/integrations", { flow: "copy", values: { token: "abc" } })).body;
    await setPublished(ws.db, ws.id, "copy", null);
    expect((await call("GET", `/v1/flows/copy?integration=${id}`)).body.version).toBe(2);
    await call("PUT", `/v1/flows/copy/draft?integration=${id}`, { values: { token: "newer", v2: "y" } });
    const patched = await call("PATCH", `/v1/integrations/${id}`, { values: { token: { $secret: true }, v2: "y" } });
    expect(patched.body.values).toMatchObject({ token: { $secret: true }, v2: "y" });
    const [row] = await ws.db.select().from(integrations).where(eq(integrations.id, id));
    expect(await openSecret(env, ws.id, "setup/token", String(row?.values.token))).toBe("newer");
    expect((await call("GET", `/v1/flows/copy/draft?integration=${id}`)).body.savedAt).toBeNull();
    await setPublished(ws.db, ws.id, "copy", 2);
  });

  it("refuses bodies that are too large, too deep, of another type, or broken", async () => {
    const put = (body: string, type = "application/json") => call("PUT", "/v1/flows/copy/draft", body, { "content-type": type });
    expect((await put(`{"values":{"a":"${"x".repeat(1_000_000)}"}}`)).body.code).toBe("too_large");
    expect((await put(`{"values":{"a":${"[".repeat(201)}${"]".repeat(201)}}}`)).body.code).toBe("bad_request");
    expect((await put("{", "text/plain")).body.code).toBe("unsupported_media_type");
    expect((await put('{"values":')).body).toMatchObject({ code: "bad_request", detail: expect.stringMatching(/not JSON/) });
    expect((await put('{"values":{"__proto__":{"x":1}}}')).body.code).toBe("bad_request");
    expect((await put('{"values":[]}')).body).toMatchObject({ code: "invalid", errors: [{ path: "values" }] });
  });
});
