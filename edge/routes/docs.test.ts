import { describe, expect, it } from "vitest";
import { app } from "../app.ts";
import { printSchema } from "../http/print-schema.ts";
import { edgeClient } from "../testing/call-edge.ts";

describe("the document", () => {
  it("describes every route that the outside may use", async () => {
    const { body } = await edgeClient()("GET", "/openapi.json");
    expect(body.openapi).toMatch(/^3\.1/);
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const mounted = app.routes
      .filter(({ method, path }) => method !== "ALL" && /^\/(v1|hooks|health|icons|openapi)/.test(path) && !path.includes("*"))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)(\{[^}]+\})?/g, "{$1}")}`);
    expect(mounted.length).toBeGreaterThan(25);
    expect([...new Set(mounted)].filter((one) => !described.includes(one))).toEqual([]);
    const create = body.paths["/v1/integrations"].post;
    expect(create.requestBody.content["application/json"].schema).toBeTruthy();
    expect(Object.keys(create.responses)).toEqual(expect.arrayContaining(["201", "401", "404", "409", "410", "422"]));
  });

  it("is shown without a script and without asking anybody else", async () => {
    const { body, headers } = await edgeClient()("GET", "/docs");
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(body).toContain("/v1/integrations");
    expect(body).toContain('id="problem-account_expired"');
    expect(body).not.toMatch(/<script|https?:\/\//);
  });

  it("prints schemas as types, and one within itself by its name", () => {
    const field = { properties: { key: { type: "string" }, fields: { items: { $ref: "#/x/Field" } } }, required: ["key"] };
    expect(printSchema({ $ref: "#/x/Field" }, { Field: { anyOf: [field, { type: ["string", "null"] }] } })).toMatch(
      /key: string\n {2}fields\?: /,
    );
    expect(printSchema({ enum: ["a", 1] }, {})).toBe('"a" | 1');
  });
});
