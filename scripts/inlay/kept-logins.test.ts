import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { COMMANDS } from "./commands.ts";
import { findLogin, readLogins } from "./kept-logins.ts";
import { login } from "./login.ts";
import { openWorkspace } from "./workspace-access.ts";

const NAMES: Record<string, object> = {
  inlay_a: { id: "ws_a", name: "Ledgerly" },
  inlay_b: { id: "ws_b", name: "Staging" },
  inlay_c: { id: "ws_c", name: "ledgerly" },
};
const server = createServer((request, response) => {
  const workspace = NAMES[request.headers.authorization?.slice(7) ?? ""];
  response.statusCode = workspace ? 200 : 401;
  response.end(JSON.stringify(workspace ? { workspace, member: { name: "ci", scopes: ["read"] } } : { detail: "No such token." }));
});
const folder = mkdtempSync(join(tmpdir(), "inlay-logins-"));
const path = join(folder, "login.json");
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  rmSync(path, { force: true });
  vi.unstubAllEnvs();
  vi.stubEnv("INLAY_CONFIG", path);
  for (const name of ["INLAY_URL", "INLAY_WORKSPACE", "INLAY_TOKEN"]) vi.stubEnv(name, undefined);
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});

async function signIn(...tokens: string[]): Promise<void> {
  for (const token of tokens) {
    vi.stubEnv("INLAY_TOKEN", token);
    await login(url);
  }
  vi.stubEnv("INLAY_TOKEN", undefined);
}
const workspaces = (...args: string[]) => COMMANDS.find(({ name }) => name === "workspaces")?.run(args);
const inUse = async () => (await openWorkspace().json<{ workspace: { id: string } }>("")).workspace.id;

it("several workspaces of one address are signed in to; the last is in use, until another is named or switched to", async () => {
  await signIn("inlay_a", "inlay_b", "inlay_a");
  expect(readLogins().map(({ name }) => name)).toEqual(["Ledgerly", "Staging"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await inUse()).toBe("ws_a");
  expect(openWorkspace({ workspace: "staging" }).called).toBe(`Staging (${url})`);
  vi.stubEnv("INLAY_WORKSPACE", "ws_b");
  expect(await inUse()).toBe("ws_b");
  vi.stubEnv("INLAY_TOKEN", "inlay_c");
  expect(() => openWorkspace()).toThrow("INLAY_TOKEN is of one workspace already");
  vi.stubEnv("INLAY_WORKSPACE", undefined);
  expect(await inUse()).toBe("ws_c");
  vi.stubEnv("INLAY_TOKEN", undefined);
  await workspaces("switch", "Staging");
  expect([await inUse(), (await openWorkspace({ url }).json<{ workspace: { id: string } }>("")).workspace.id]).toEqual(["ws_b", "ws_b"]);
  await workspaces("--json");
  const printed = JSON.parse(String(vi.mocked(console.log).mock.lastCall?.[0]));
  expect(printed).toMatchObject([
    { name: "Staging", inUse: true },
    { name: "Ledgerly", inUse: false },
  ]);
  expect(JSON.stringify(printed)).not.toContain("inlay_");
  await workspaces("forget", "ws_b");
  expect([await inUse(), readFileSync(path, "utf8").includes("inlay_b")]).toEqual(["ws_a", false]);
});

it("a name that is unknown or of several says which there are", async () => {
  await signIn("inlay_a", "inlay_c");
  expect(() => findLogin("Ledgerly")).toThrow(`ws_c at ${url}, ws_a at ${url}`);
  expect(() => findLogin("Nowhere")).toThrow("You are signed in to “ledgerly”, “Ledgerly”");
  expect(() => findLogin("ws_a", "https://elsewhere.example")).toThrow("not signed in");
});

it("what an earlier release has kept is still good, and gives way to a new login", async () => {
  writeFileSync(path, JSON.stringify({ url, tokens: { "https://other.example": "inlay_x", [url]: "inlay_a" } }));
  expect(await inUse()).toBe("ws_a");
  await signIn("inlay_b");
  expect(readLogins().map(({ token }) => token)).toEqual(["inlay_b", "inlay_x"]);
});
