// The guarded fetch against a resolver that answers over HTTP, as `INLAY_RESOLVER` names one: real requests, real waiting.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedFetch } from "../edge/providers/http/guarded-fetch.ts";

/** Records by name and type; `wait`: no answer, `html`, `away`: what no resolver should say. */
const ZONE: Record<string, Partial<Record<"A" | "AAAA", string[] | "wait" | "html" | "away">>> = {
  "inner.test-zone.example": { A: ["10.0.0.7"] },
  "half.test-zone.example": { A: ["93.184.215.14"], AAAA: ["fd00::7"] },
  "one-of-many.test-zone.example": { A: ["93.184.215.14", "169.254.169.254"] },
  "mapped.test-zone.example": { A: ["93.184.215.14"], AAAA: ["::ffff:127.0.0.1"] },
  "slow.test-zone.example": { A: "wait", AAAA: "wait" },
  "page.test-zone.example": { A: "html", AAAA: "html" },
  "away.test-zone.example": { A: "away", AAAA: "away" },
};
const TYPES = { A: 1, AAAA: 28 };

let origin: string;
const asked: { name: string; type: string; accept: string | undefined; key: unknown }[] = [];
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "", origin);
  const [name, type] = [url.searchParams.get("name") ?? "", (url.searchParams.get("type") ?? "A") as "A" | "AAAA"];
  const records = ZONE[name]?.[type] ?? [];
  if (url.pathname === "/dns-query") asked.push({ name, type, accept: request.headers.accept, key: request.headers["x-key"] });
  if (url.pathname === "/to-inner") response.writeHead(302, { location: "https://inner.test-zone.example/" }).end();
  else if (records === "html") response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  else if (records === "away") response.writeHead(302, { location: `${origin}/dns-query?name=public&type=A` }).end();
  else if (records !== "wait") {
    const alias = { name, type: 5, TTL: 60, data: "elsewhere.example." };
    const answers = records.map((data) => ({ name, type: TYPES[type], TTL: 60, data }));
    response.writeHead(200, { "content-type": "application/dns-json" }).end(JSON.stringify({ Status: 0, Answer: [alias, ...answers] }));
  }
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const call = (url: string, timeout = 5_000) =>
  guardedFetch({ PUBLIC_URL: "https://edge.example", INLAY_LOCAL_HOSTS: "localhost", INLAY_RESOLVER: `${origin}/dns-query` })({
    ...{ method: "GET", headers: { "x-key": "a-credential" }, url, timeout },
  });

describe("a name whose resolver", () => {
  it.each(["inner", "half", "one-of-many", "mapped"])("S16 tells a private address is not called: %s", async (name) => {
    const host = `${name}.test-zone.example`;
    expect(await call(`https://${host}/`)).toMatchObject({ ok: false, code: "blocked", message: expect.stringContaining("private") });
    const questions = asked.filter((one) => one.name === host);
    expect(questions.map(({ type }) => type).sort()).toEqual(["A", "AAAA"]);
    expect(questions.every(({ accept, key }) => accept === "application/dns-json" && key === undefined)).toBe(true);
  });

  it("tells a private address is not called behind a redirect either", async () => {
    expect(await call(`${origin}/to-inner`)).toMatchObject({ ok: false, code: "blocked", message: expect.stringContaining("private") });
  });

  it("does not answer in time is not called", async () => {
    expect(await call("https://slow.test-zone.example/", 300)).toMatchObject({ ok: false, code: "timeout" });
  });

  it.each(["page", "away"])("answers with something else is not called: %s", async (name) => {
    expect(await call(`https://${name}.test-zone.example/`)).toMatchObject({
      ...{ ok: false, code: "network", message: expect.stringContaining("looked up") },
    });
  });
});
