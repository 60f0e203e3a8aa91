import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../app.ts";
import { edgeClient } from "../testing/call-edge.ts";

describe("the service", () => {
  it("is healthy when the database and an object answer", async () => {
    const { status, body } = await edgeClient()("GET", "/health");
    expect([status, body]).toEqual([200, { status: "ok", database: "ok", objects: "ok" }]);
  });

  it("answers nothing without a master key, and says which setting is missing", async () => {
    for (const path of ["/health", "/v1/flows", "/docs"]) {
      const response = await app.request(path, {}, { ...env, INLAY_MASTER_KEY: "" });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: "unavailable", detail: expect.stringContaining("INLAY_MASTER_KEY") });
    }
  });

  it("is not healthy without its database", async () => {
    const response = await app.request("/health", {}, { ...env, DB: {} as D1Database });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining("the database") });
  });
});
