// The cases W of what comes in badly by webhook, through the whole Worker, each by its number, with the answer that its sender reads.
import { exports } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, it } from "vitest";
import type { RunDetail } from "../../shared/api/run.ts";
import { edgeClient } from "./call-edge.ts";
import { ended } from "./integration-config.ts";
import { makeWorkspace } from "./test-workspace.ts";

const FLOW = `inlay: 1
key: hooks
name: Hooks
setup:
  pages:
    - key: one
      title: One
      fields:
        - { key: signing, type: secret, label: Signing secret, required: true }
blocks:
  - key: signed
    name: Signed
    trigger: { webhook: { verify: { scheme: standard-webhooks, secret: "{{ setup.signing }}" } } }
    steps: [{ key: got, value: "{{ trigger.body }}" }]
  - key: hub
    name: Hub
    trigger: { webhook: { verify: { scheme: github, secret: "{{ setup.signing }}" } } }
    steps: [{ key: got, value: "{{ trigger.body }}" }]
  - key: open
    name: Open
    trigger: { webhook: { dedupe: "{{ body.id }}" } }
    steps: [{ key: got, value: "{{ trigger.body }}" }]
  - key: echo
    name: Echo
    trigger: { webhook: { respond: true } }
    steps: [{ key: answer, respond: { status: 200, headers: { content-type: text/html, set-cookie: "a=b" }, body: "{{ trigger.query.challenge }}" } }]
`;
const SIGNING = `whsec_${btoa("the signing secret of these tests")}`;
const OTHER = `whsec_${btoa("the signing secret of somebody else")}`;

let paths: Record<string, string>;
let ada: ReturnType<typeof edgeClient>;
let foreign: string;
let integration: string;

const setUp = async (client: ReturnType<typeof edgeClient>) => {
  const { body } = await client("POST", "/v1/integrations", { flow: "hooks", accounts: {}, values: { signing: SIGNING } });
  const blocks = body.blocks as { key: string; url: string }[];
  return { id: body.id as string, paths: Object.fromEntries(blocks.map(({ key, url }) => [key, new URL(url).pathname])) };
};
beforeAll(async () => {
  const ws = await makeWorkspace();
  await ws.flow(FLOW);
  ada = edgeClient(await ws.token({ sub: "ada" }));
  ({ paths, id: integration } = await setUp(ada));
  const other = await makeWorkspace();
  await other.flow(FLOW);
  foreign = (await setUp(edgeClient(await other.token({ sub: "ada" })))).paths.signed ?? "";
});

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  exports.default.fetch(`http://edge.test${path}`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
const signed = (body: string, { secret = SIGNING, id = "msg_1", at = new Date() } = {}) => ({
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
  "webhook-signature": new Webhook(secret).sign(id, at, body),
});
const problemOf = async (response: Response) => {
  const { code, detail } = (await response.json()) as { code: string; detail: string };
  return { status: response.status, code, detail };
};
const refused = (status: number, code: string, words: RegExp) => ({ status, code, detail: expect.stringMatching(words) });
const runOf = async (response: Response) => {
  expect(response.status).toBe(202);
  const { run } = (await response.json()) as { run: string };
  const reader = { readRun: async (id: string) => (await ada("GET", `/v1/runs/${id}`)).body as RunDetail };
  return ended(reader, run);
};
const later = (seconds: number) => new Date(Date.now() + seconds * 1000);

describe("a webhook whose sender cannot be verified", () => {
  const BODY = JSON.stringify({ a: 1 });
  it.each([
    ["W01 no signature", () => ({}), /missing or malformed/],
    ["W02 the signature of another address", () => signed(BODY, { secret: OTHER }), /verified/],
    ["W04 a timestamp six minutes old", () => signed(BODY, { at: later(-360) }), /too old/],
    ["W05 a timestamp six minutes ahead", () => signed(BODY, { at: later(360) }), /too new/],
    ["W11 the tag of another algorithm", () => relabel(signed(BODY), "v1a,"), /verified/],
    ["W13 an id with a dot", () => signed(BODY, { id: "msg.1" }), /malformed/],
    ["a changed body", () => signed(`${BODY} `), /verified/],
  ])("%s: 401", async (_, headers, words) => {
    expect(await problemOf(await post(paths.signed ?? "", BODY, headers()))).toEqual(refused(401, "unauthenticated", words));
  });

  it("W08 is let in by the second of two signatures", async () => {
    const good = signed(BODY);
    const two = `${signed(BODY, { secret: OTHER })["webhook-signature"]} ${good["webhook-signature"]}`;
    expect((await runOf(await post(paths.signed ?? "", BODY, { ...good, "webhook-signature": two }))).status).toBe("succeeded");
  });

  it("W10 is let in whatever the case of its hex digits, and by nothing that merely looks like it", async () => {
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(SIGNING), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(BODY)));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const ask = async (signature: string) => (await post(paths.hub ?? "", BODY, { "x-hub-signature-256": signature })).status;
    expect(await ask(`sha256=${hex}`)).toBe(202);
    expect(await ask(`sha256=${hex.toUpperCase()}`)).toBe(202);
    for (const bad of [hex, `sha1=${hex}`, `sha256=${hex}=`, `sha256= ${hex}`, `sha256=${hex.slice(0, -2)}`, "sha256="])
      expect(await ask(bad)).toBe(401);
  });
});

describe("a webhook's address", () => {
  it("W22 that is unknown, of another block, or of another tenant: the same 404", async () => {
    const [, , , , key = ""] = (paths.signed ?? "").split("/");
    const [, , other = ""] = foreign.split("/");
    const answers = await Promise.all(
      [
        `/hooks/${integration}/signed/${"x".repeat(32)}`,
        `/hooks/${integration}/open/${key}`,
        `/hooks/${integration}/gone/${key}`,
        `/hooks/${other}/signed/${key}`,
        `/hooks/int_${"0".repeat(22)}/signed/${key}`,
      ].map(async (path) => problemOf(await post(path, "{}"))),
    );
    for (const answer of answers) expect(answer).toEqual(refused(404, "not_found", /address/));
    expect(new Set(answers.map(({ detail }) => detail)).size).toBe(1);
  });

  it("W23 in percent-encoding passes the same checks as plain, and twice encoded is none", async () => {
    const encode = (path: string) => path.replace("signed", "%73igned");
    expect(await problemOf(await post(encode(paths.signed ?? ""), "{}"))).toMatchObject({ status: 401 });
    expect((await post(encode(paths.signed ?? "").replace("%", "%25"), "{}")).status).toBe(404);
    expect((await post(`/hooks/../v1/accounts`, "{}")).status).toBe(401);
  });

  it("takes POST alone", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      const response = await exports.default.fetch(`http://edge.test${paths.open}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
  });
});

describe("a webhook's body", () => {
  it("W07 that comes again starts nothing a second time", async () => {
    const [first, second] = [await post(paths.open ?? "", '{"id":"o1"}'), await post(paths.open ?? "", '{"id":"o1"}')];
    expect(second.status).toBe(202);
    expect(await second.json()).toEqual(await first.json());
  });

  it("W14 of 20 MB in chunks without a length: 413, after the first megabyte", async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(64_000));
        sent += 64_000;
        if (sent >= 20_000_000) controller.close();
      },
    });
    expect(await problemOf(await post(paths.open ?? "", body))).toEqual(refused(413, "too_large", /larger than 1 MB/));
    expect(sent).toBeLessThan(2_000_000);
  });

  it("W16 that imitates a file upload is data", async () => {
    const fake = { id: "w16", files: { f: { filepath: "/etc/passwd" } } };
    expect(await runOf(await post(paths.open ?? "", JSON.stringify(fake)))).toMatchObject({ input: { body: fake } });
  });

  it("W17 that is compressed is not inflated: 400", async () => {
    const bomb = new Blob([new Uint8Array(5_000_000)]).stream().pipeThrough(new CompressionStream("gzip"));
    const bytes = await new Response(bomb).arrayBuffer();
    expect(await problemOf(await post(paths.open ?? "", bytes, { "content-encoding": "gzip" }))).toEqual(
      refused(400, "bad_request", /UTF-8/),
    );
  });

  it("W19 with odd keys and characters is kept as it is, or refused in words", async () => {
    const odd = '{"id":"w19","a":1,"a":2,"__proto__":{"polluted":true},"constructor":{"prototype":{}},"lone":"\\ud800","nul":"\\u0000"}';
    const run = await runOf(await post(paths.open ?? "", odd));
    expect(run.status).toBe("succeeded");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(run.input).toMatchObject({ body: { a: 2, lone: expect.any(String), nul: "\u0000" } });
    expect((await post(paths.open ?? "", '\ufeff{"id":"bom"}')).status).toBe(202);
    const marked = '\ufeff{"id":"signed-bom"}';
    expect((await runOf(await post(paths.signed ?? "", marked, signed(marked)))).output).toEqual({ id: "signed-bom" });
    expect(await problemOf(await post(paths.open ?? "", new Uint8Array([0x7b, 0xff, 0x7d])))).toEqual(refused(400, "bad_request", /UTF-8/));
    expect(await problemOf(await post(paths.open ?? "", "{"))).toEqual(refused(400, "bad_request", /not valid JSON/));
    expect(await problemOf(await post(paths.open ?? "", `${"[".repeat(300)}${"]".repeat(300)}`))).toEqual(
      refused(400, "bad_request", /200 levels/),
    );
    const deep = `${"[".repeat(400_000)}${"]".repeat(400_000)}`;
    expect(await problemOf(await post(paths.open ?? "", deep))).toEqual(refused(400, "bad_request", /200 levels/));
  });

  it("W20 with as many keys as a megabyte holds is taken, or refused, in good time", async () => {
    const keys = JSON.stringify(Object.fromEntries(Array.from({ length: 90_000 }, (_, i) => [`k${i}`, 0])));
    const begun = Date.now();
    expect([202, 413]).toContain((await post(paths.open ?? "", keys)).status);
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  it("W25 with a challenge in HTML is answered by nothing that runs", async () => {
    const response = await post(`${paths.echo}?challenge=${encodeURIComponent("<script>alert(1)</script>")}`, "{}");
    expect(response.status).toBe(200);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(response.headers.get("set-cookie")).toBeNull();
  });
});

function relabel(headers: ReturnType<typeof signed>, tag: string) {
  return { ...headers, "webhook-signature": headers["webhook-signature"].replace("v1,", tag) };
}
