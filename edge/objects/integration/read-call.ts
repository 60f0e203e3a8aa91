import { isTooDeep, MAX_DEPTH } from "../../engine/plain.ts";
import { refuse } from "./accept.ts";
import type { IncomingRequest, Refusal } from "./rpc.ts";

/** `trigger` of webhook and api blocks: header names in lower case, the body read by its content type. */
export interface IncomingCall {
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
}

/** Reads the body: JSON, form fields, or text. Refuses JSON that does not parse or nests deeper than 200. */
export function readCall(request: IncomingRequest): { ok: true; call: IncomingCall } | Refusal {
  const { method, headers, query } = request;
  const text = request.body.replace(/^\ufeff/, "");
  const type = (headers["content-type"] ?? "").toLowerCase();
  let body: unknown = text;
  if (type.includes("application/x-www-form-urlencoded")) body = Object.fromEntries(new URLSearchParams(text));
  else if (text === "") body = null;
  else if (isJson(type) || (type === "" && /^\s*[[{]/.test(text))) {
    try {
      body = JSON.parse(text);
    } catch {
      return refuse(400, "invalid_json", "The body is not valid JSON, though its content-type says so");
    }
    if (isTooDeep(body)) return refuse(400, "too_deep", `The body nests deeper than ${MAX_DEPTH} levels`);
  }
  return { ok: true, call: { method: method.toUpperCase(), headers, query, body } };
}

const isJson = (type: string) => /\bjson\b|\+json/.test(type);
