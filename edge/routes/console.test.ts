import { describe, expect, it } from "vitest";
import { edgeClient } from "../testing/call-edge.ts";

describe("the console's page", () => {
  it.each(["/console", "/console/flows/hello", "/console/%3Cscript%3E"])(
    "at %s runs our own scripts alone, in no frame, held by no opener",
    async (path) => {
      const page = await edgeClient()("GET", path);
      expect(page.status).toBe(200);
      const policy = page.headers.get("content-security-policy") ?? "";
      expect(policy).toMatch(/default-src 'none'.*script-src 'self';.*frame-ancestors 'none'; base-uri 'none'/);
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin-allow-popups");
      expect(page.headers.get("referrer-policy")).toBe("no-referrer");
      expect(page.headers.get("cache-control")).toBe("no-store");
      expect(page.body).not.toContain("<script>");
    },
  );
});
