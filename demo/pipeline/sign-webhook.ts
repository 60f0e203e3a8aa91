// Signing after the Standard Webhooks specification (https://github.com/standard-webhooks/standard-webhooks, version 1.0).
import { createHmac } from "node:crypto";

/** The key that a secret holds (`whsec_` and base64, or base64 alone, 16 to 64 bytes), or undefined where it is none. */
export function keyOfSecret(secret: string): Buffer | undefined {
  const text = secret.replace(/^whsec_/, "");
  const key = Buffer.from(text, "base64");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && key.length >= 16 && key.length <= 64 ? key : undefined;
}

/** The three headers that prove `body`. `at` is in milliseconds; the header counts seconds. Throws on a secret that `keyOfSecret` refuses. */
export function signWebhook(secret: string, id: string, at: number, body: string): Record<string, string> {
  const key = keyOfSecret(secret);
  if (!key) throw new Error("the webhook's secret is not base64 of 16 to 64 bytes");
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
