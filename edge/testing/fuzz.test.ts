// Odd requests to every route, by those who may use it: nothing is answered with a fault of ours, and every refusal is a problem in words.
import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ROUTE_TABLE } from "./route-table.ts";
import { makeRouteWorld, type RouteWorld } from "./route-world.ts";

/** Requests a route. */
const TRIES = 25;

let x: RouteWorld;
beforeAll(async () => {
  vi.stubGlobal("fetch", async () => Response.json({ odd: true }));
  x = await makeRouteWorld();
});
afterAll(() => void vi.unstubAllGlobals());

const ODD_TEXTS = [
  "",
  "0",
  "-1",
  "1e309",
  "null",
  "__proto__",
  "constructor",
  "../..",
  "%00",
  "%",
  "é́",
  "\ud83d",
  "'; DROP TABLE users;--",
  "{{ $$ }}",
  "a".repeat(3_000),
];
const text = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: "binary", maxLength: 40 }));
const json = fc.jsonValue({ maxDepth: 3 });

/** A body near one that is right, or far from any. */
function bodyOf(good: unknown) {
  const keys = good !== null && typeof good === "object" ? Object.keys(good) : [];
  const near = fc.tuple(fc.constantFrom("", ...keys), json).map(([key, value]) => JSON.stringify({ ...(good as object), [key]: value }));
  return fc.oneof(
    { weight: 4, arbitrary: near },
    fc.string({ unit: "binary", maxLength: 60 }),
    json.map((value) => JSON.stringify(value)),
  );
}

const headers = fc.record(
  {
    "content-type": fc.constantFrom(
      "application/json",
      "application/json; charset=utf-16",
      "text/plain",
      "multipart/form-data",
      "application/x-www-form-urlencoded",
      "",
    ),
    "if-match": fc.constantFrom("*", '"x"', "W/x", "~"),
    "if-none-match": fc.constantFrom("*", '"x"', "x"),
    "idempotency-key": fc.constantFrom("", "a b", "k".repeat(300), "odd"),
    "last-event-id": fc.constantFrom("-1", "9".repeat(30), "x"),
    "x-http-method-override": fc.constantFrom("DELETE"),
    "content-encoding": fc.constantFrom("gzip", "br"),
  },
  { requiredKeys: [] },
);
const query = fc.dictionary(
  fc.constantFrom(
    "limit",
    "cursor",
    "tag",
    "flow",
    "from",
    "to",
    "status",
    "integration",
    "version",
    "steps",
    "path",
    "app",
    "search",
    "user",
    "token",
  ),
  text,
  { maxKeys: 3 },
);

const rows = Object.entries(ROUTE_TABLE).filter(([name, line]) => line.who !== "middleware" && !/stream|health|docs|openapi/.test(name));

describe.each(rows)("%s", (name, line) => {
  it("answers odd requests without a fault of ours", async () => {
    const [method = "GET", pattern = ""] = name.split(" ");
    const good = "path" in line ? new URL(line.path(x), "http://edge.test").pathname : undefined;
    const names = pattern.split("/");
    const place = (texts: string[], keep: number) =>
      names
        .map((part, index) =>
          part.startsWith(":")
            ? index % 3 === keep && good
              ? good.split("/")[index]
              : encodeURIComponent(clean(texts[index % texts.length] ?? ""))
            : part.replace("*", "x"),
        )
        .join("/");
    const body = "body" in line ? line.body?.(x) : undefined;
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.nat(3),
        query,
        headers,
        bodyOf(body),
        async (texts, keep, parameters, extra, sent) => {
          const path = keep === 3 && good ? good : place(texts, keep);
          const search = new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, clean(value)]));
          const verb = method === "ALL" ? "PUT" : method;
          const response = await exports.default.fetch(
            new Request(`http://edge.test${path}?${search}`, {
              method: verb,
              redirect: "manual",
              headers: { "content-type": "application/json", ...proof(line.who), ...ascii(extra) },
              ...(verb === "GET" ? {} : { body: sent }),
            }),
          );
          const answer = await response.text();
          const isApps = response.status === 502 && answer.includes('"app_failed"');
          expect(isApps ? 0 : response.status, `${verb} ${path}?${search} ${sent} ${JSON.stringify(extra)}: ${answer}`).toBeLessThan(500);
          if (response.status >= 400 && !/^\/(?:oauth|auth)\//.test(pattern))
            expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
        },
      ),
      { numRuns: TRIES, seed: 7 },
    );
  });
});

const clean = (value: string) => value.replaceAll(/[\ud800-\udfff]/g, "?");
const ascii = (given: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

function proof(who: string): Record<string, string> {
  if (who === "anyone") return {};
  const token = who === "member" ? x.home.apiTokens.admin : who === "operator" ? env.INLAY_BOOTSTRAP_TOKEN : x.tokens.ada;
  return { authorization: `Bearer ${token}` };
}
