import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../app.ts";

const ask = (path: string, publicUrl: string) =>
  app.fetch(new Request(`https://edge.example${path}`), { ...env, PUBLIC_URL: publicUrl }, createExecutionContext());

it.each(["/health", "/v1/accounts", "/nowhere", "/auth/sign-in", "/console", "/hooks/x"])(
  "%s is neither stored nor guessed at, and asks for https",
  async (path) => {
    const { headers } = await ask(path, "https://edge.example");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
    expect(headers.get("referrer-policy")).toMatch(/^(?:no-referrer|same-origin)$/);
    expect((await ask(path, "http://localhost:8787")).headers.get("strict-transport-security")).toBeNull();
  },
);
