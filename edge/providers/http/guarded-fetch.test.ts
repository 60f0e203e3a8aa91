import { afterEach, describe, expect, it, vi } from "vitest";
import { type GuardedRequest, guardedFetch } from "./guarded-fetch.ts";

type Answer = (request: Request) => Response | Promise<Response>;

/** Answers by URL, and keeps what was asked. */
function answerWith(answers: Record<string, Answer>): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    seen.push(request.clone());
    const answer = answers[request.url] ?? answers["*"];
    if (!answer) throw new TypeError(`nobody at ${request.url}`);
    return answer(request);
  });
  return seen;
}

afterEach(() => void vi.unstubAllGlobals());

const env = { PUBLIC_URL: "https://edge.example", INLAY_LOCAL_HOSTS: "localhost:8789, 127.0.0.1" };
const send = (request: Partial<GuardedRequest> & { url: string }) => guardedFetch(env)({ method: "GET", headers: {}, ...request });
const redirect =
  (to: string, status = 302) =>
  () =>
    new Response(null, { status, headers: { location: to } });

describe("before anything is sent", () => {
  it.each([
    ["http://example.com/", "https"],
    ["https://127.0.0.1:8443/", "only public|private"],
    ["https://localhost/", "private"],
    ["http://localhost:8788/", "private"],
    ["https://10.0.0.1/", "private"],
    ["https://[::ffff:10.0.0.1]/", "private"],
    ["https://edge.example/v1/flows", "Inlay itself"],
    ["https://EDGE.example:443/hooks/x", "Inlay itself"],
    ["https://edge.example./v1/flows", "Inlay itself"],
    ["https://user:pass@example.com/", "password"],
    ["https://good.example@evil.example/", "password"],
    ["https://example.com:22/", "port 22"],
    ["https://example.com/a\nb", "line break"],
    ["ftp://example.com/", "ftp"],
    ["file:///etc/passwd", "file"],
    ["data:text/plain,x", "data"],
    ["gopher://example.com/", "gopher"],
    ["blob:https://example.com/1", "blob"],
    ["not an address", "no web address"],
    [`https://example.com/${"a".repeat(20_000)}`, "longer"],
  ])("%s is refused", async (url, words) => {
    const seen = answerWith({ "*": () => new Response("reached") });
    const result = await send({ url });
    if (url.startsWith("https://127.0.0.1"))
      expect(result.ok).toBe(true); // named in INLAY_LOCAL_HOSTS, any port
    else {
      expect(result).toMatchObject({ ok: false, code: "blocked", message: expect.stringMatching(words) });
      expect(seen).toHaveLength(0);
    }
  });

  it.each(["127.0.0.1", "127.9.9.9", "localhost.", "LOCALHOST", "2130706433"])(
    "S23 Inlay itself on one's own machine is refused: %s",
    async (host) => {
      const seen = answerWith({ "*": () => new Response("reached") });
      const local = guardedFetch({ PUBLIC_URL: "http://localhost:8787", INLAY_LOCAL_HOSTS: "localhost,127.0.0.1" });
      const result = await local({ method: "GET", headers: {}, url: `http://${host}:8787/v1/flows` });
      expect(result).toMatchObject({ ok: false, code: "blocked", message: expect.stringContaining("Inlay itself") });
      expect(seen).toHaveLength(0);
    },
  );

  it("headers with line breaks are refused, and those that are ours to write are left out", async () => {
    const seen = answerWith({ "*": () => new Response("ok") });
    expect(await send({ url: "https://a.example/", headers: { "x-a": "1\r\nhost: b" } })).toMatchObject({ ok: false, code: "blocked" });
    expect(await send({ url: "https://a.example/", headers: { "x\na": "1" } })).toMatchObject({ ok: false, code: "blocked" });
    expect(seen).toHaveLength(0);
    await send({ url: "https://a.example/", headers: { "X-Forwarded-For": "1.2.3.4", "CF-Connecting-IP": "1.2.3.4", "X-Key": "k" } });
    expect(seen[0]?.headers.get("x-forwarded-for")).toBeNull();
    expect(seen[0]?.headers.get("cf-connecting-ip")).toBeNull();
    expect(seen[0]?.headers.get("x-key")).toBe("k");
  });

  it("plain http goes to the hosts of INLAY_LOCAL_HOSTS alone", async () => {
    answerWith({ "*": () => new Response("ok") });
    expect(await send({ url: "http://localhost:8789/v1/me" })).toMatchObject({ ok: true });
    expect(await send({ url: "http://127.0.0.1:5555/" })).toMatchObject({ ok: true });
    expect(await guardedFetch({ PUBLIC_URL: "" })({ url: "http://localhost:8789/", method: "GET", headers: {} })).toMatchObject({
      ok: false,
    });
  });
});

describe("where the operator lists who may be called", () => {
  const listed = guardedFetch({ ...env, INLAY_ALLOWED_HOSTS: "api.good.example, *.many.example, port.example:8443" });
  const get = (url: string) => listed({ method: "GET", headers: {}, url });

  it.each(["https://api.good.example/x", "https://API.good.example./x", "https://a.many.example/", "https://port.example:8443/"])(
    "%s is called",
    async (url) => {
      answerWith({ "*": () => new Response("reached") });
      expect(await get(url)).toMatchObject({ ok: true, body: "reached" });
    },
  );

  it.each([
    "https://good.example/",
    "https://api.good.example.evil.example/",
    "https://api.good.example:8443/",
    "https://many.example/",
    "https://evilmany.example/",
    "https://port.example/",
    "https://93.184.215.14/",
  ])("%s is not", async (url) => {
    const seen = answerWith({ "*": () => new Response("reached") });
    expect(await get(url)).toMatchObject({ ok: false, code: "blocked", message: expect.stringContaining("not among the hosts") });
    expect(seen).toHaveLength(0);
  });

  it("a redirect leads to no other", async () => {
    const seen = answerWith({ "https://api.good.example/": redirect("https://evil.example/") });
    expect(await get("https://api.good.example/")).toMatchObject({ ok: false, code: "blocked" });
    expect(seen).toHaveLength(1);
  });
});

describe("a name, where a resolver is set", () => {
  const RESOLVER = "https://dns.example/query";
  const guarded = (url: string) => guardedFetch({ ...env, INLAY_RESOLVER: RESOLVER })({ method: "GET", headers: { "x-key": "k" }, url });
  /** Answers for names by their records. */
  const resolve =
    (records: Record<string, { A?: string; AAAA?: string }>): Answer =>
    ({ url }) => {
      const asked = new URL(url).searchParams;
      const type = asked.get("type") as "A" | "AAAA";
      const data = records[asked.get("name") ?? ""]?.[type];
      const alias = { type: 5, data: "elsewhere.example." };
      return Response.json({ Status: 0, ...(data ? { Answer: [alias, { type: type === "A" ? 1 : 28, data }] } : {}) });
    };

  it.each([
    ["S16 public by IPv4, private by IPv6", { A: "93.184.215.14", AAAA: "fd00::1" }],
    ["S16 private by IPv4, public by IPv6", { A: "10.0.0.1", AAAA: "2606:2800::1" }],
    ["S16 this machine", { A: "127.0.0.1" }],
    ["S16 a cloud's metadata, inside IPv6", { AAAA: "::ffff:169.254.169.254" }],
    ["S16 no address at all", { A: "internal.name" }],
  ])("is not called: %s", async (what, record) => {
    const host = `${what.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.example`;
    const seen = answerWith({ "*": resolve({ [host]: record }) });
    expect(await guarded(`https://${host}/`)).toMatchObject({ ok: false, code: "blocked", message: expect.stringContaining("private") });
    expect(seen.every(({ url, headers }) => url.startsWith(RESOLVER) && !headers.has("x-key"))).toBe(true);
  });

  it("that is public is called, looked up once, and looked up again at each redirect", async () => {
    const dns = resolve({ "public.example": { A: "93.184.215.14" }, "inner.example": { A: "192.168.0.7" } });
    const seen = answerWith({
      "https://public.example/": () => new Response("hello"),
      "https://public.example/away": redirect("https://inner.example/"),
      "*": dns,
    });
    for (let i = 0; i < 3; i++) expect(await guarded("https://public.example/")).toMatchObject({ ok: true, body: "hello" });
    expect(seen.filter(({ url }) => url.startsWith(RESOLVER))).toHaveLength(2);
    expect(await guarded("https://public.example/away")).toMatchObject({ ok: false, code: "blocked" });
  });

  it("is not called while the resolver does not answer; what is named for development is", async () => {
    answerWith({ "http://localhost:8789/": () => new Response("local"), "*": () => new Response("down", { status: 503 }) });
    expect(await guarded("https://unknown.example/")).toMatchObject({
      ok: false,
      code: "network",
      message: expect.stringContaining("looked up"),
    });
    expect(await guarded("http://localhost:8789/")).toMatchObject({ ok: true, body: "local" });
  });
});

describe("a redirect", () => {
  it("is followed on the same host with its credentials", async () => {
    const seen = answerWith({ "https://a.example/": redirect("/b"), "https://a.example/b": () => new Response("there") });
    const result = await send({ url: "https://a.example/", headers: { authorization: "Bearer s" } });
    expect(result).toMatchObject({ ok: true, body: "there", url: "https://a.example/b" });
    expect(seen[1]?.headers.get("authorization")).toBe("Bearer s");
  });

  it("S19 to another host drops every header that could hold a credential", async () => {
    const seen = answerWith({ "https://a.example/": redirect("https://b.example/"), "https://b.example/": () => new Response("there") });
    await send({ url: "https://a.example/", headers: { Authorization: "Bearer s", "X-Api-Key": "k", Cookie: "c", Accept: "text/plain" } });
    expect([...(seen[1]?.headers ?? [])].map(([name]) => name).sort()).toEqual(["accept", "user-agent"]);
  });

  it("to a forbidden place is refused", async () => {
    const seen = answerWith({ "https://a.example/": redirect("http://169.254.169.254/latest/meta-data") });
    expect(await send({ url: "https://a.example/" })).toMatchObject({ ok: false, code: "blocked" });
    expect(seen).toHaveLength(1);
  });

  it("O14 that would carry a body to another host is refused", async () => {
    const seen = answerWith({ "https://a.example/token": redirect("https://b.example/token", 307) });
    const result = await send({ url: "https://a.example/token", method: "POST", headers: {}, body: "client_secret=s" });
    expect(result).toMatchObject({ ok: false, code: "redirects" });
    expect(seen).toHaveLength(1);
  });

  it("after a POST is read with GET on 303, and repeated on 307", async () => {
    const seen = answerWith({
      "https://a.example/1": redirect("/2", 303),
      "https://a.example/3": redirect("/2", 307),
      "https://a.example/2": () => new Response("ok"),
    });
    await send({ url: "https://a.example/1", method: "POST", body: "x" });
    await send({ url: "https://a.example/3", method: "POST", body: "x" });
    expect(seen.map((one) => one.method)).toEqual(["POST", "GET", "POST", "POST"]);
  });

  it("without an end is cut at five", async () => {
    const seen = answerWith({ "*": redirect("https://a.example/again") });
    expect(await send({ url: "https://a.example/" })).toMatchObject({ ok: false, code: "redirects" });
    expect(seen).toHaveLength(6);
  });
});

describe("the answer", () => {
  it("S25 is cut off while it streams once it is too large", async () => {
    let sent = 0;
    const body = () =>
      new ReadableStream({
        type: "bytes",
        pull(controller) {
          sent += 1000;
          controller.enqueue(new Uint8Array(1000));
        },
      });
    answerWith({ "*": () => new Response(body()) });
    expect(await send({ url: "https://a.example/", maxBytes: 10_000 })).toMatchObject({ ok: false, code: "too_large" });
    expect(sent).toBeLessThan(20_000);
  });

  it("that never comes ends in a timeout, and a canceled call in words", async () => {
    vi.stubGlobal(
      "fetch",
      (_: unknown, init: RequestInit) =>
        new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted")))),
    );
    expect(await send({ url: "https://a.example/", timeout: 20 })).toMatchObject({
      ok: false,
      code: "timeout",
      message: expect.stringMatching("a.example"),
    });
    const result = send({ url: "https://a.example/", signal: AbortSignal.timeout(10) });
    expect(await result).toMatchObject({ ok: false, code: "network", message: expect.stringMatching("canceled") });
  });

  it("whose connection is reset in the middle of its body is a fault, not half an answer", async () => {
    let pulls = 0;
    const body = () =>
      new ReadableStream({
        type: "bytes",
        pull(controller) {
          if (pulls++ < 3) controller.enqueue(new TextEncoder().encode('{"half":'));
          else controller.error(new Error("connection reset"));
        },
      });
    answerWith({ "*": () => new Response(body(), { headers: { "content-type": "application/json" } }) });
    expect(await send({ url: "https://a.example/" })).toMatchObject({
      ok: false,
      code: "network",
      message: expect.stringMatching("a.example"),
    });
  });

  it("S25 that drips is over when its time is, however long each byte keeps it alive", async () => {
    const body = () =>
      new ReadableStream({
        type: "bytes",
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          controller.enqueue(new Uint8Array([120]));
        },
      });
    answerWith({ "*": () => new Response(body()) });
    const since = Date.now();
    expect(await send({ url: "https://a.example/", timeout: 150 })).toMatchObject({ ok: false, code: "timeout" });
    expect(Date.now() - since).toBeLessThan(1_500);
  });

  it("that never comes because nobody is there is a value as well", async () => {
    answerWith({});
    expect(await send({ url: "https://a.example/x" })).toMatchObject({
      ok: false,
      code: "network",
      message: expect.stringMatching("a.example"),
    });
  });

  it("S26 is read in its own charset", async () => {
    const bytes = new Uint8Array([0x63, 0x61, 0x66, 0xe9]);
    answerWith({ "*": () => new Response(bytes, { headers: { "content-type": "text/plain; charset=iso-8859-1", "X-Mark": "1" } }) });
    expect(await send({ url: "https://a.example/" })).toMatchObject({ ok: true, body: "café", headers: { "x-mark": "1" }, status: 200 });
  });
});
