// Who sent a webhook: the schemes of `verify`, over the raw body, in constant time. Everything fails closed.
import { Webhook } from "standardwebhooks";
import type { Verify } from "../../../shared/flow/trigger.ts";
import { equalText } from "../../security/equal-text.ts";
import type { IncomingRequest } from "./rpc.ts";

/** A `Verify` with its templates evaluated. */
export interface Verification extends Omit<Verify, "secret" | "username"> {
  secret: string;
  username?: string;
}

/** Undefined where `request` proves that it knows the secret; else why not, in words that tell nothing about it. `now` in ms. */
export async function verifySignature(check: Verification, request: IncomingRequest, now: number): Promise<string | undefined> {
  if (!check.secret) return "this address has no secret to verify with; save the setup again";
  const header = (name: string) => request.headers[name.toLowerCase()] ?? "";
  switch (check.scheme) {
    case "standard-webhooks":
      return verifyStandard(check.secret, request);
    case "github":
      return matches(header(check.header ?? "x-hub-signature-256"), "sha256=", await sign("SHA-256", check.secret, request.body));
    case "hmac":
      return verifyHmac(check, header(check.header ?? "x-signature"), request.body);
    case "stripe":
      return verifyStripe(check.secret, header(check.header ?? "stripe-signature"), request.body, now);
    case "slack": {
      const at = header("x-slack-request-timestamp");
      if (isStale(at, now)) return "the timestamp is missing or more than 5 minutes off";
      return matches(header(check.header ?? "x-slack-signature"), "v0=", await sign("SHA-256", check.secret, `v0:${at}:${request.body}`));
    }
    case "token": {
      const given = header(check.header ?? "authorization");
      const token = check.header
        ? given.slice(given.startsWith(check.prefix ?? "") ? (check.prefix ?? "").length : 0)
        : given.replace(/^Bearer /i, "");
      return equalText(token, check.secret) ? undefined : "the token is not the one that was agreed on";
    }
    case "basic":
      return equalText(header("authorization"), `Basic ${btoa(toBinary(`${check.username ?? ""}:${check.secret}`))}`)
        ? undefined
        : "the user name or password is not the one that was agreed on";
  }
}

const TOLERANCE = 300;

function isStale(seconds: string, now: number): boolean {
  return !/^\d{1,12}$/.test(seconds) || Math.abs(now / 1_000 - Number(seconds)) > TOLERANCE;
}

function verifyStandard(secret: string, { headers, body }: IncomingRequest): string | undefined {
  const id = headers["webhook-id"] ?? "";
  if (!id || /[.\s]/.test(id) || !/^\d{1,12}$/.test(headers["webhook-timestamp"] ?? ""))
    return "webhook-id or webhook-timestamp is missing or malformed";
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "the signature does not match";
  }
}

async function verifyHmac(check: Verification, given: string, body: string): Promise<string | undefined> {
  const hash = ({ sha1: "SHA-1", sha256: "SHA-256", sha512: "SHA-512" } as const)[check.algorithm ?? "sha256"];
  const bytes = await sign(hash, check.secret, body);
  return check.encoding === "base64"
    ? compare(given, (check.prefix ?? "") + btoa(String.fromCharCode(...bytes)))
    : matches(given, check.prefix ?? "", bytes);
}

async function verifyStripe(secret: string, header: string, body: string, now: number): Promise<string | undefined> {
  const parts = header.split(",").map((part) => part.trim().split("="));
  const at = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (isStale(at, now)) return "the timestamp is missing or more than 5 minutes off";
  const bytes = await sign("SHA-256", secret, `${at}.${body}`);
  const given = parts.filter(([name]) => name === "v1").slice(0, 8);
  return given.some(([, signature]) => matches(signature ?? "", "", bytes) === undefined) ? undefined : MISMATCH;
}

const MISMATCH = "the signature does not match";
const compare = (given: string, expected: string) => (equalText(given, expected) ? undefined : MISMATCH);

function matches(given: string, prefix: string, bytes: Uint8Array): string | undefined {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return given.startsWith(prefix) ? compare(given.slice(prefix.length).toLowerCase(), hex) : MISMATCH;
}

async function sign(hash: "SHA-1" | "SHA-256" | "SHA-512", secret: string, text: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
}

const toBinary = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
