// The folder commands against a workspace that keeps files as the edge does: by key, with an ETag, refusing a stale If-Match.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { CATALOGUE_APPS, CATALOGUE_TEMPLATES } from "../../edge/catalogue/files.ts";
import { diff } from "./diff.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { type WorkspaceAccess, withToken } from "./workspace-access.ts";

const kept = { flows: new Map<string, { text: string; revision: number }>(), apps: new Map<string, { text: string; revision: number }>() };
const keyOf = (text: string) => /^key: ?(\S+)/m.exec(text)?.[1] ?? "";
let server: Server;
let access: WorkspaceAccess;
let folder: string;
let beforeStore: () => void = () => undefined;
/** How many requests are refused first. */
let refusals = 0;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const [, , , kind = "", key = "", file] = (request.url ?? "").split(/[/?]/);
    const files = kept[kind as keyof typeof kept];
    const send = (status: number, body: string, headers: Record<string, string> = {}) => response.writeHead(status, headers).end(body);
    if (refusals-- > 0) return send(429, "{}", { "retry-after": "0" });
    if (request.method === "GET" && file !== "file")
      return send(200, JSON.stringify({ items: [...files.keys()].map((one) => ({ key: one })), nextCursor: null }));
    const found = files.get(key);
    if (request.method === "GET") return found ? send(200, found.text, { etag: `"${found.revision}.draft"` }) : send(404, "{}");
    let text = "";
    for await (const chunk of request) text += String(chunk);
    beforeStore();
    const before = files.get(keyOf(text));
    const wanted = request.headers["if-match"];
    if (wanted !== undefined && wanted !== `"${before?.revision}.draft"`) return send(412, "{}");
    files.set(keyOf(text), { text, revision: (before?.revision ?? 0) + 1 });
    return send(200, "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  access = withToken(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "inlay_x");
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
});
afterAll(() => {
  vi.restoreAllMocks();
  server.close();
});
beforeEach(() => {
  kept.flows.clear();
  kept.apps.clear();
  beforeStore = () => undefined;
  folder = mkdtempSync(join(tmpdir(), "inlay-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const put = (kind: keyof typeof kept, text: string) => kept[kind].set(keyOf(text), { text, revision: 1 });
const flow = (key: string, name = "A") =>
  `# stays\ninlay: 1\nkey: ${key}\nname: ${name}\nblocks: [{ key: go, name: Go, trigger: { manual: {} }, steps: [] }]\n`;

describe("pull, then push", () => {
  it("changes no byte, over every file that comes with the product", async () => {
    for (const text of CATALOGUE_APPS) put("apps", text);
    for (const text of CATALOGUE_TEMPLATES) put("flows", text);
    const before = JSON.stringify([[...kept.apps], [...kept.flows]]);
    expect(await pull(access, folder, { yes: false, only: [] })).toBe(true);
    expect(readdirSync(folder)).toHaveLength(CATALOGUE_APPS.length + CATALOGUE_TEMPLATES.length);
    for (const text of [...CATALOGUE_TEMPLATES]) expect(readFileSync(join(folder, `${keyOf(text)}.flow.yaml`), "utf8")).toBe(text);
    expect(await diff(access, [folder])).toBe(true);
    expect(await push(access, [folder], { yes: false, publish: false })).toBe(true);
    expect(JSON.stringify([[...kept.apps], [...kept.flows]])).toBe(before);
  });
});

it("a limit of requests is waited out", async () => {
  put("flows", flow("a"));
  writeFileSync(join(folder, "a.flow.yaml"), flow("a"));
  refusals = 3;
  expect(await diff(access, [folder])).toBe(true);
  expect(refusals).toBeLessThan(0);
});

describe("push", () => {
  it("asks first, and where nobody is there to ask it does nothing without --yes", async () => {
    put("flows", flow("a"));
    writeFileSync(join(folder, "mine.flow.yaml"), flow("a", "B"));
    await expect(push(access, [folder], { yes: false, publish: false })).rejects.toThrow("--yes");
    expect(kept.flows.get("a")?.text).toBe(flow("a"));
    expect(await diff(access, [folder])).toBe(false);
    expect(await push(access, [folder], { yes: true, publish: false })).toBe(true);
    expect(kept.flows.get("a")?.text).toBe(flow("a", "B"));
  });

  it("keeps what somebody else has changed meanwhile", async () => {
    put("flows", flow("a"));
    writeFileSync(join(folder, "a.flow.yaml"), flow("a", "Mine"));
    beforeStore = () => kept.flows.set("a", { text: flow("a", "Theirs"), revision: 2 });
    await expect(push(access, [folder], { yes: true, publish: false })).rejects.toThrow("Somebody else has changed the flow “a”");
    expect(kept.flows.get("a")?.text).toBe(flow("a", "Theirs"));
  });

  it("refuses credentials by their place, files with a fault, and one key in two files", async () => {
    const secret = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
    writeFileSync(join(folder, "a.flow.yaml"), `${flow("a")}settings: { k: ${secret} }\n`);
    const refused = await push(access, [folder], { yes: true, publish: false }).catch((error: Error) => error.message);
    expect(refused).toMatch(/a\.flow\.yaml:6:\d+ a Stripe key/);
    expect(refused).not.toContain(secret);
    writeFileSync(join(folder, "a.flow.yaml"), flow("a").replace("name:", "nmae:"));
    await expect(push(access, [folder], { yes: true, publish: false })).rejects.toThrow(/:4:\d+ nmae: .*did you mean “name”/);
    writeFileSync(join(folder, "a.flow.yaml"), flow("a"));
    writeFileSync(join(folder, "b.flow.yaml"), flow("a"));
    await expect(push(access, [folder], { yes: true, publish: false })).rejects.toThrow("have one key");
    expect(kept.flows.size).toBe(0);
  });
});

describe("pull", () => {
  it("overwrites no file that differs unless it is told to, whatever the file is called", async () => {
    put("flows", flow("a", "Theirs"));
    writeFileSync(join(folder, "mine.flow.yaml"), flow("a", "Mine"));
    await expect(pull(access, folder, { yes: false, only: [] })).rejects.toThrow("--yes");
    expect(readFileSync(join(folder, "mine.flow.yaml"), "utf8")).toBe(flow("a", "Mine"));
    expect(await pull(access, folder, { yes: true, only: ["other"] })).toBe(true);
    expect(await pull(access, folder, { yes: true, only: [] })).toBe(true);
    expect(readFileSync(join(folder, "mine.flow.yaml"), "utf8")).toBe(flow("a", "Theirs"));
  });
});
