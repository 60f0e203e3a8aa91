// Webhooks as the senders' own libraries sign them. Each is let in as it is, and refused with any one byte of it changed.
import { exports } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, it } from "vitest";
import { edgeClient } from "./call-edge.ts";
import { Stripe, Webhooks } from "./sender-libraries.js";
import { makeWorkspace } from "./test-workspace.ts";

const FLOW = `inlay: 1
key: senders
name: Senders
setup: { pages: [{ key: one, title: One, fields: [{ key: signing, type: secret, label: Signing secret }] }] }
blocks:
  - { key: standard, name: S, trigger: { webhook: { verify: { scheme: standard-webhooks, secret: "{{ setup.signing }}" } } }, steps: [{ key: a, value: 1 }] }
  - { key: stripe, name: T, trigger: { webhook: { verify: { scheme: stripe, secret: "{{ setup.signing }}" } } }, steps: [{ key: a, value: 1 }] }
  - { key: github, name: G, trigger: { webhook: { verify: { scheme: github, secret: "{{ setup.signing }}" } } }, steps: [{ key: a, value: 1 }] }
`;
const SECRET = `whsec_${btoa("a signing secret of 32 characters")}`;
const BODY = JSON.stringify({ id: "evt_1", type: "invoice.paid", data: { name: "Zoë’s shop", total: 12.5 } });

let paths: Record<string, string>;
beforeAll(async () => {
  const ws = await makeWorkspace();
  await ws.flow(FLOW);
  const ada = edgeClient(await ws.token({ sub: "ada" }));
  const { body } = await ada("POST", "/v1/integrations", { flow: "senders", values: { signing: SECRET } });
  paths = Object.fromEntries((body.blocks as { key: string; url: string }[]).map(({ key, url }) => [key, new URL(url).pathname]));
});

const post = async (block: string, body: Uint8Array, headers: Record<string, string>) => {
  const init = { method: "POST", body: new Uint8Array(body), headers: { "content-type": "application/json", ...headers } };
  return (await exports.default.fetch(new Request(`http://edge.test${paths[block]}`, init))).status;
};

const senders: Record<string, (secret: string) => Promise<Record<string, string>>> = {
  standard: async (secret) => {
    const now = new Date();
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    return { "webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": new Webhook(secret).sign("msg_1", now, BODY) };
  },
  stripe: async (secret) => ({ "stripe-signature": await Stripe.webhooks.generateTestHeaderStringAsync({ payload: BODY, secret }) }),
  github: async (secret) => ({ "x-hub-signature-256": await new Webhooks({ secret }).sign(BODY), "x-github-event": "push" }),
};
const proofs = { standard: "webhook-signature", stripe: "stripe-signature", github: "x-hub-signature-256" };

describe.each(Object.entries(proofs))("a webhook signed by the library of %s", (block, proof) => {
  const bytes = new TextEncoder().encode(BODY);
  const sign = (secret = SECRET) => senders[block]?.(secret) ?? Promise.reject(new Error("no such sender"));

  it("is let in", async () => expect(await post(block, bytes, await sign())).toBe(202));

  it("is refused with one byte of its body changed, wherever that is", async () => {
    const headers = await sign();
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = new Uint8Array(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([400, 401], `byte ${at}`).toContain(await post(block, changed, headers));
    }
    expect(await post(block, bytes.slice(0, -1), headers)).toBe(401);
    expect(await post(block, new Uint8Array([...bytes, 0x20]), headers)).toBe(401);
  });

  it("is refused with one character of its signature changed, wherever that is", async () => {
    const headers = await sign();
    const text = headers[proof] ?? "";
    const start = text.search(/v1[,=]|=/);
    for (let at = start; at < text.length - 2; at += 5) {
      const other = text[at] === "a" ? "b" : "a";
      expect(await post(block, bytes, { ...headers, [proof]: text.slice(0, at) + other + text.slice(at + 1) }), `character ${at}`).toBe(
        401,
      );
    }
  });

  it("is refused under another secret, or without its proof", async () => {
    expect(await post(block, bytes, await sign(`whsec_${btoa("another secret of the same length")}`))).toBe(401);
    const { [proof]: _, ...bare } = await sign();
    expect(await post(block, bytes, bare)).toBe(401);
  });
});
