import { describe, expect, it } from "vitest";
import { depthOf, MAX_BODY, readBody } from "./cap-body.ts";

describe("a body", () => {
  it("is counted while it is read, whatever its length claims", async () => {
    const chunk = new Uint8Array(300_000).fill(97);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(chunk);
      },
    });
    await expect(readBody(new Request("http://x.test", { method: "POST", body: endless }))).rejects.toMatchObject({ code: "too_large" });
    expect(pulled).toBeLessThan(10);
    expect(await readBody(new Request("http://x.test", { method: "POST", body: "x".repeat(MAX_BODY) }))).toHaveLength(MAX_BODY);
  });

  it("must be UTF-8, also where a character is cut by a chunk", async () => {
    const bytes = new TextEncoder().encode("grüße");
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await readBody(new Request("http://x.test", { method: "POST", body: cut }))).toBe("grüße");
    const broken = new Request("http://x.test", { method: "POST", body: Uint8Array.of(0xff, 0xfe) });
    await expect(readBody(broken)).rejects.toMatchObject({ code: "bad_request" });
  });

  it("that breaks off is the caller's fault, not ours", async () => {
    const cut = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("Network connection lost."));
      },
    });
    await expect(readBody(new Request("http://x.test", { method: "POST", body: cut }))).rejects.toMatchObject({ code: "bad_request" });
  });

  it.each([
    ["1", 0],
    ["[[1],[[2]]]", 3],
    ['{"a":"[[[[", "b\\"{":{"c":[]}}', 3],
    ["[".repeat(500), 500],
  ])("of %s is that deep", (text, depth) => expect(depthOf(text)).toBe(depth));
});
