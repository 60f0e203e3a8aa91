import type { Verify } from "../../../shared/flow/trigger.ts";
import type { IncomingRequest } from "./rpc.ts";

/** Whoever sends these proves who they are; no flow has business with them. Flows check senders by `verify`. */
const ALWAYS = ["authorization", "proxy-authorization", "cookie"];
const PROOFS: Record<Verify["scheme"], string[]> = {
  "standard-webhooks": ["webhook-signature"],
  github: ["x-hub-signature", "x-hub-signature-256"],
  hmac: ["x-signature"],
  stripe: ["stripe-signature"],
  slack: ["x-slack-signature"],
  token: [],
  basic: [],
};

/** `request` (header names in lower case) as a run may keep it: without what proved its sender, which has been checked by now. */
export function withoutProof(request: IncomingRequest, verify?: Pick<Verify, "scheme" | "header">): IncomingRequest {
  const names = [...ALWAYS, ...(verify ? [...PROOFS[verify.scheme], verify.header?.toLowerCase() ?? ""] : [])];
  const found = names.filter((name) => name in request.headers);
  if (!found.length) return request;
  const headers = { ...request.headers };
  for (const name of found) delete headers[name];
  return { ...request, headers };
}
