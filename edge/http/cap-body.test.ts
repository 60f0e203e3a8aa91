import { afterEach, describe, expect, it, vi } from "vitest";
import { BODY_TIME, depthOf, MAX_BODY, readBody } from "./cap-body.ts";

afterEach(() => void vi.useRealTimers());

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
    ["of a length that was told", { "content-length": "1000" }],
    ["of no told length", {}],
  ])("%s that trickles in is left when its time is over", async (_, headers) => {
    vi.useFakeTimers();
    let isLeft = false;
    const trickle = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        if (!isLeft) controller.enqueue(Uint8Array.of(32));
      },
      cancel() {
        isLeft = true;
      },
    });
    const read = readBody(new Request("http://x.test", { method: "POST", headers, body: trickle }));
    const refused = expect(read).rejects.toMatchObject({
      code: "request_timeout",
      message: "The body was not there within 50 s. Send it faster.",
    });
    await vi.advanceTimersByTimeAsync(BODY_TIME.any + (MAX_BODY / BODY_TIME.rate) * 1_000);
    await refused;
    isLeft = true;
  });

  it.each([
    ["1", 0],
    ["[[1],[[2]]]", 3],
    ['{"a":"[[[[", "b\\"{":{"c":[]}}', 3],
    ["[".repeat(500), 500],
  ])("of %s is that deep", (text, depth) => expect(depthOf(text)).toBe(depth));
});
