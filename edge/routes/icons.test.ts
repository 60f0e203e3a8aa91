import { beforeAll, describe, expect, it } from "vitest";
import { createApiToken } from "../db/tokens.ts";
import { edgeClient } from "../testing/call-edge.ts";
import { makeWorkspace, type TestWorkspace } from "../testing/test-workspace.ts";

const HOSTILE = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>";
const SVG = { "content-type": "image/svg+xml" };

let ws: TestWorkspace;
let builder: ReturnType<typeof edgeClient>;
beforeAll(async () => {
  ws = await makeWorkspace();
  builder = edgeClient((await createApiToken(ws.db, ws.id, { name: "t", scopes: ["write"], expiresAt: null })).token);
});
const put = (path: string, body: string | Uint8Array, headers: Record<string, string> = SVG) =>
  builder("PUT", `/v1/workspace/icons/${path}`, body, headers);

describe("an icon", () => {
  it("with a script in it is shown where no script runs", async () => {
    expect((await put("a/hostile.svg", HOSTILE)).status).toBe(204);
    const shown = await edgeClient()("GET", `/icons/${ws.id}/a/hostile.svg`);
    expect(shown).toMatchObject({ status: 200, body: HOSTILE });
    expect(shown.headers.get("content-security-policy")).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    expect(shown.headers.get("x-content-type-options")).toBe("nosniff");
    expect(shown.headers.get("content-type")).toMatch(/^image\/svg\+xml/);
  });

  it("is listed by its path, without what it shows", async () => {
    await put("listed/b.svg", HOSTILE);
    const { items } = (await builder("GET", "/v1/workspace/icons")).body;
    expect(items).toContainEqual({ path: "listed/b.svg", type: "image/svg+xml", updatedAt: expect.stringMatching(/^\d{4}-/) });
  });

  it("is what its content type says", async () => {
    const png = "\u0089PNG\r\n\u001a\n";
    const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect((await put("real.png", bytes(`${png}rest`), { "content-type": "image/png" })).status).toBe(204);
    expect((await put("real.webp", bytes("RIFF0000WEBPrest"), { "content-type": "image/webp" })).status).toBe(204);
    expect((await put("real.svg", `<?xml version="1.0"?>\n<!-- by hand -->\n${HOSTILE}`)).status).toBe(204);
    for (const [type, text] of [
      ["image/png", HOSTILE],
      ["image/png", "RIFF0000WEBP"],
      ["image/webp", "RIFF0000WAVE"],
      ["image/svg+xml", `${png}rest`],
      ["image/svg+xml", "<html><svg></svg></html>"],
      ["image/svg+xml", "<!DOCTYPE html><script>1</script>"],
    ] as const)
      expect(await put("fake.svg", bytes(text), { "content-type": type })).toMatchObject({ status: 415 });
  });

  it("of an app that comes with the product is there without being stored, until the workspace stores its own", async () => {
    const read = (path: string) => edgeClient()("GET", `/icons/${ws.id}/${path}`);
    const { items } = (await builder("GET", "/v1/workspace/catalogue/apps")).body as { items: { key: string; icon: string | null }[] };
    const icon = items.find(({ key }) => key === "github")?.icon;
    expect(icon).toMatch(/\/catalogue\/github\.svg$/);
    expect(await read("catalogue/github.svg")).toMatchObject({ status: 200, body: expect.stringContaining("<title>GitHub</title>") });
    expect((await read("catalogue/github.svg")).headers.get("content-security-policy")).toContain("sandbox");
    for (const path of ["catalogue/none.svg", "constructor"]) expect(await read(path)).toMatchObject({ status: 404 });
    await put("catalogue/github.svg", HOSTILE);
    expect((await read("catalogue/github.svg")).body).toBe(HOSTILE);
  });

  it("that is too large, of another kind, or goes to an odd place is refused", async () => {
    expect(await put("big.svg", "x".repeat(64_001))).toMatchObject({ status: 413, body: { code: "too_large" } });
    expect(await put("none.svg", "")).toMatchObject({ status: 413 });
    expect(await put("page.svg", "<html>", { "content-type": "text/html" })).toMatchObject({ status: 415 });
    for (const path of ["x.html", "X.svg", "%2e%2e%2fx.svg", "a b.svg", ".svg"])
      expect((await put(path, HOSTILE)).status).toBeGreaterThanOrEqual(400);
    expect(await edgeClient()("GET", `/icons/${ws.id}/big.svg`)).toMatchObject({ status: 404, body: { code: "not_found" } });
  });
});
