import { afterEach, expect, it, vi } from "vitest";
import { LIST_COMMANDS } from "./list-commands.ts";
import { limitOf, tableOf } from "./list-table.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A workspace that answers each path, and what it was asked. */
function answering(answers: Record<string, unknown>) {
  vi.stubEnv("INLAY_URL", "https://edge.example");
  vi.stubEnv("INLAY_TOKEN", "inlay_x");
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, { method, body } = {}) => {
    const path = String(input).replace("https://edge.example/v1/workspace", "");
    asked.push(`${method} ${path}${body ? ` ${body}` : ""}`);
    const found = answers[`${method} ${path.split("&cursor")[0]}`];
    return found === undefined
      ? new Response(null, { status: 204 })
      : Response.json(/cursor/.test(`${path}${body ?? ""}`) ? { items: [], nextCursor: null } : found);
  });
  return asked;
}
const inlay = (name: string, ...args: string[]) => LIST_COMMANDS.find((one) => one.name === name)?.run(args);

it("columns are as wide as what stands in them, lists are joined, what is missing is a dash", () => {
  expect(
    tableOf(
      [
        ["A", "a"],
        ["B", "b.c"],
      ],
      [{ a: ["x", "y"], b: { c: 1 } }, { a: null }],
    ),
  ).toBe("A    B\nx y  1\n–    –");
  expect(() => limitOf("0")).toThrow("between 1 and 10000");
});

it("a list is read to its end, narrowed by what was given, as a table and as JSON", async () => {
  const row = { key: "hello", name: "Hello", version: 2, enabled: 1, openErrors: 0, tags: ["a"], updatedAt: "2026" };
  const asked = answering({ "GET /flows?tag=a&limit=100": { items: [row], nextCursor: "next" } });
  const print = vi.spyOn(console, "log").mockImplementation(() => undefined);
  expect(await inlay("flows", "--tag", "a")).toBe(0);
  expect(print.mock.calls[0]?.[0]).toMatch(/^FLOW .*\nhello {2}Hello {2}2/);
  expect(asked[1]).toContain("cursor=next");
  await inlay("flows", "list", "--tag", "a", "--json");
  expect(JSON.parse(print.mock.calls[1]?.[0])).toEqual([row]);
});

it("a verb calls its route; what cannot be taken back asks, and a flow is named as its owner would type it", async () => {
  const fallout = { name: "Hello & co", versions: 2, integrations: 1, users: 1 };
  const asked = answering({
    "GET /flows/hello": { name: "Hello & co" },
    "GET /flows/hello/fallout": fallout,
    "POST /errors/err_1/retry": { items: [{ run: "a" }], nextCursor: "next" },
  });
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  expect(await inlay("errors", "retry", "err_1")).toBe(0);
  await expect(inlay("flows", "delete", "hello")).rejects.toThrow("--yes");
  expect(await inlay("flows", "delete", "hello", "--yes")).toBe(0);
  expect(asked).toEqual([
    ...['POST /errors/err_1/retry {"limit":100}', 'POST /errors/err_1/retry {"limit":100,"cursor":"next"}'],
    ...["GET /flows/hello/fallout", "GET /flows/hello", "DELETE /flows/hello?confirm=Hello%20%26%20co"],
  ]);
  await expect(inlay("versions")).rejects.toThrow("FLOW is missing");
  await expect(inlay("errors", "frobnicate")).rejects.toThrow("one word too many");
});

it("Home is arranged as it is, but for the change; as many flows are ordered as are named", async () => {
  const home = { view: "list", order: ["a", "b"], pins: ["a"] };
  const asked = answering({ "GET /home": home });
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  await inlay("home", "pin", "b");
  await inlay("home", "order", "b", "c", "a");
  const puts = asked.filter((one) => one.startsWith("PUT")).map((one) => JSON.parse(one.slice("PUT /home ".length)));
  expect(puts).toEqual([
    { ...home, pins: ["a", "b"] },
    { ...home, order: ["b", "c", "a"] },
  ]);
  await expect(inlay("home", "order")).rejects.toThrow("FLOW… is missing");
  await expect(inlay("attachments", "add", "hello", "/no/such/file")).rejects.toThrow("no file /no/such/file");
});
