import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../app.ts";
import { isTransient } from "./is-transient.ts";

describe("a fault of the platform", () => {
  it.each([
    [new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued."), true],
    [new Error("Failed query: select 1", { cause: new Error("D1_ERROR: Network connection lost.") }), true],
    [Object.assign(new Error("Internal error in Durable Object storage"), { retryable: true }), true],
    [Object.assign(new Error("X22: the object has too much to do"), { overloaded: true }), true],
    [new Error("D1_ERROR: no such table: flows"), false],
    ["overloaded", false],
  ])("%s passes by itself: %s", (error, passes) => expect(isTransient(error)).toBe(passes));

  it("is answered with 503 and when to come again", async () => {
    const INTEGRATIONS = {
      getByName: () => ({
        acceptHook: async () => {
          throw Object.assign(new Error("Durable Object storage operation exceeded timeout"), { retryable: true });
        },
      }),
    };
    const response = await app.request(`/hooks/int_${"a".repeat(22)}/b/k`, { method: "POST", body: "x" }, { ...env, INTEGRATIONS });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await response.json()).toMatchObject({ code: "unavailable" });
  });
});
