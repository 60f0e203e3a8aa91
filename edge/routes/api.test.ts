import { beforeAll, describe, expect, it } from "vitest";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const FLOW = `inlay: 1
key: echo
name: Echo
blocks:
  - key: say
    name: Say
    trigger: { api: { method: POST } }
    steps:
      - { key: answer, respond: { status: 201, headers: { x-from: flow }, body: { you: "{{ trigger.body.word }}", asked: "{{ trigger.query.q }}", token: "{{ trigger.headers.authorization }}" } } }
  - key: add
    name: Add
    trigger: { api: { method: POST, input: [{ key: name, type: text, label: Name, required: true }, { key: age, type: number }, { key: note, type: text }] } }
    steps: [{ key: answer, respond: { status: 201 } }]
`;
let ws: TestWorkspace;
let id: string;
let call: ReturnType<typeof edgeClient>;
beforeAll(async () => {
  ws = await makeWorkspace();
  await ws.flow(FLOW);
  call = edgeClient(await ws.token({ sub: "ada" }));
  id = (await call("POST", "/v1/integrations", { flow: "echo" })).body.id;
});

describe("an api trigger", () => {
  it("is answered by its block, which never sees the caller's token", async () => {
    const { status, headers, body } = await call("POST", `/api/${id}/say?q=1`, { word: "hello" });
    expect([status, headers.get("x-from"), body]).toEqual([201, "flow", { you: "hello", asked: "1" }]);
    expect(headers.get("inlay-run")).toMatch(/^run_/);
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  it("is open to API tokens of its workspace that may write, and to no others", async () => {
    const tokenOf = async (workspace: TestWorkspace, scopes: ("read" | "write")[]) =>
      (await createApiToken(workspace.db, workspace.id, { name: "t", scopes, expiresAt: null })).token;
    expect((await edgeClient(await tokenOf(ws, ["write"]))("POST", `/api/${id}/say`, {})).status).toBe(201);
    expect((await edgeClient(await tokenOf(ws, ["read"]))("POST", `/api/${id}/say`, {})).body.code).toBe("forbidden");
    expect((await edgeClient(await tokenOf(await makeWorkspace(), ["write"]))("POST", `/api/${id}/say`, {})).body.code).toBe("not_found");
    expect((await edgeClient(await ws.token({ sub: "grace" }))("POST", `/api/${id}/say`, {})).body.code).toBe("not_found");
    expect((await edgeClient()("POST", `/api/${id}/say`, {})).status).toBe(401);
    expect((await edgeClient("inlay_nonsense")("POST", `/api/${id}/say`, {})).status).toBe(401);
  });

  it("names each input that it does not take", async () => {
    const { status, body } = await call("POST", `/api/${id}/add`, { age: "old", note: "fine" });
    expect([status, body.code, body.detail]).toEqual([422, "invalid", "Name: Fill this in"]);
    expect(body.errors).toEqual([
      { path: "name", code: "required", message: "Name: Fill this in" },
      { path: "age", code: "type", message: "age: Enter a number" },
    ]);
    expect((await call("POST", `/api/${id}/add`, { name: "Ada", age: 36 })).status).toBe(201);
  });

  it("takes its own method, and says when it is switched off", async () => {
    const refused = await call("DELETE", `/api/${id}/say`);
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await call("POST", `/api/${id}/none`, {})).status).toBe(404);
    await call("PATCH", `/v1/integrations/${id}`, { enabled: false });
    expect((await call("POST", `/api/${id}/say`, {})).status).toBe(409);
  });
});
