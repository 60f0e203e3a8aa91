import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { PROBLEM_STATUS } from "../../shared/api/problem.ts";
import { edgeClient } from "../testing/call-edge.ts";
import type { AppEnv } from "./app-env.ts";
import { ProblemError, problem, refusalProblem } from "./problem.ts";

describe("a problem", () => {
  const asked = async (error: unknown) => {
    const one = new Hono<AppEnv>()
      .get("/", () => {
        throw error;
      })
      .onError((thrown, c) =>
        thrown instanceof ProblemError ? problem(c, thrown.code, thrown.message, thrown.options) : problem(c, "internal"),
      );
    return one.request("/");
  };

  it("carries the status of its code, and when to come back", async () => {
    for (const [code, status] of Object.entries(PROBLEM_STATUS))
      expect((await asked(new ProblemError(code as keyof typeof PROBLEM_STATUS, "x"))).status).toBe(status);
    const response = await asked(new ProblemError("rate_limited", "Later", { retryAfter: 1.2 }));
    expect(response.headers.get("retry-after")).toBe("2");
  });

  it("tells nothing of a fault of ours", async () => {
    const text = await (await asked(new Error("password=hunter2"))).text();
    expect(text).not.toContain("hunter2");
  });

  it("keeps an object's own code, or takes the one of its status", () => {
    expect(refusalProblem({ status: 409, code: "disabled", message: "off" }).code).toBe("disabled");
    expect(refusalProblem({ status: 401, code: "bad_signature", message: "no" }).code).toBe("unauthenticated");
    expect(refusalProblem({ status: 429, code: "full", message: "full", retryAfter: 3 }).options.retryAfter).toBe(3);
  });

  it("is what every unknown address answers", async () => {
    const { status, body, headers } = await edgeClient()("GET", "/v1/nothing");
    expect([status, body.code, headers.get("content-type")]).toEqual([404, "not_found", "application/problem+json"]);
    expect(body.type).toBe("/docs#problem-not_found");
  });

  it("names the methods that an address does take", async () => {
    const { status, body, headers } = await edgeClient()("DELETE", "/v1/flows/x/draft/y");
    expect([status, headers.get("allow")]).toEqual([404, null]);
    const wrong = await edgeClient()("POST", "/v1/flows/x/draft", {});
    expect([wrong.status, wrong.body.code, wrong.headers.get("allow")]).toEqual([405, "method_not_allowed", "GET, PUT, DELETE"]);
    expect(body.code).toBe("not_found");
  });
});
