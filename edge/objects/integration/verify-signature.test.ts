import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { type Verification, verifySignature } from "./verify-signature.ts";

const NOW = Date.now();
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY = '{"id":1}';
const at = (seconds = 0) => String(Math.floor(NOW / 1_000) + seconds);
const check = (verification: Verification, headers: Record<string, string>, body = BODY) =>
  verifySignature(verification, { method: "POST", headers, query: {}, body }, NOW);
const hmac = async (hash: string, secret: string, text: string) => {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
};
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

describe("standard webhooks", () => {
  const headers = (id = "msg_1", seconds = 0, secret = SECRET, body = BODY) => ({
    "webhook-id": id,
    "webhook-timestamp": at(seconds),
    "webhook-signature": new Webhook(secret).sign(id, new Date(Number(at(seconds)) * 1_000), body),
  });
  const scheme: Verification = { scheme: "standard-webhooks", secret: SECRET };
  test("let a signed message through, also as the second of two signatures", async () => {
    expect(await check(scheme, headers())).toBeUndefined();
    const good = headers();
    expect(await check(scheme, { ...good, "webhook-signature": `v1,AAAA ${good["webhook-signature"]}` })).toBeUndefined();
  });
  test.each([
    ["no signature", {}],
    ["another key's signature", headers("msg_1", 0, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
    ["another body's signature", headers("msg_1", 0, SECRET, '{"id":2}')],
    ["a timestamp of six minutes ago", headers("msg_1", -360)],
    ["a timestamp six minutes ahead", headers("msg_1", 360)],
    ["an id that could be split elsewhere", headers("msg.1")],
    ["another version's label", { ...headers(), "webhook-signature": headers()["webhook-signature"].replace("v1,", "v1a,") }],
  ])("refuse %s", async (_, given) => {
    expect(await check(scheme, given)).toEqual(expect.any(String));
  });
});

test("GitHub, Stripe, Slack, plain HMAC, tokens and basic auth prove the sender, and only with the right secret", async () => {
  const good: [Verification, Record<string, string>][] = [
    [{ scheme: "github", secret: "s3cret" }, { "x-hub-signature-256": `sha256=${hex(await hmac("SHA-256", "s3cret", BODY))}` }],
    [
      { scheme: "stripe", secret: "s3cret" },
      { "stripe-signature": `t=${at()},v1=00,v1=${hex(await hmac("SHA-256", "s3cret", `${at()}.${BODY}`))}` },
    ],
    [
      { scheme: "slack", secret: "s3cret" },
      { "x-slack-request-timestamp": at(), "x-slack-signature": `v0=${hex(await hmac("SHA-256", "s3cret", `v0:${at()}:${BODY}`))}` },
    ],
    [
      { scheme: "hmac", secret: "s3cret", header: "X-Sig", algorithm: "sha1", prefix: "sha1=" },
      { "x-sig": `sha1=${hex(await hmac("SHA-1", "s3cret", BODY))}` },
    ],
    [
      { scheme: "hmac", secret: "s3cret", encoding: "base64" },
      { "x-signature": btoa(String.fromCharCode(...(await hmac("SHA-256", "s3cret", BODY)))) },
    ],
    [{ scheme: "token", secret: "s3cret" }, { authorization: "Bearer s3cret" }],
    [{ scheme: "token", secret: "s3cret", header: "x-token" }, { "x-token": "s3cret" }],
    [{ scheme: "basic", secret: "s3cret", username: "ada" }, { authorization: `Basic ${btoa("ada:s3cret")}` }],
  ];
  for (const [verification, headers] of good) {
    expect(await check(verification, headers), verification.scheme).toBeUndefined();
    expect(await check({ ...verification, secret: "another" }, headers), verification.scheme).toEqual(expect.any(String));
    expect(await check({ ...verification, secret: "" }, headers), verification.scheme).toEqual(expect.any(String));
    expect(await check(verification, {}), verification.scheme).toEqual(expect.any(String));
  }
});

test("an old timestamp is refused though its signature is right", async () => {
  const old = at(-400);
  const stripe = { "stripe-signature": `t=${old},v1=${hex(await hmac("SHA-256", "s", `${old}.${BODY}`))}` };
  expect(await check({ scheme: "stripe", secret: "s" }, stripe)).toContain("5 minutes");
  const slack = { "x-slack-request-timestamp": old, "x-slack-signature": `v0=${hex(await hmac("SHA-256", "s", `v0:${old}:${BODY}`))}` };
  expect(await check({ scheme: "slack", secret: "s" }, slack)).toContain("5 minutes");
});
