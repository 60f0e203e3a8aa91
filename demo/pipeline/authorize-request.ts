import type { OAuthClient } from "./oauth-client.ts";
import { SCOPES } from "./token-store.ts";

/** What an application asks a person for (RFC 6749 4.1.1 with RFC 7636). */
export interface AuthorizeRequest {
  client: OAuthClient;
  redirectUri: string;
  state: string | undefined;
  challenge: string;
  scopes: string[];
}

/** `untrusted`: tell the person, never redirect. `refused`: the application hears it at its redirect address. */
export type AuthorizeResult =
  | { ok: true; request: AuthorizeRequest }
  | { ok: false; tag: "untrusted"; message: string }
  | { ok: false; tag: "refused"; redirectUri: string; state: string | undefined; error: string; message: string };

/** Judges the query of `GET /oauth/authorize`. */
export function readAuthorizeRequest(query: Record<string, string>, client: OAuthClient): AuthorizeResult {
  const { redirect_uri: redirectUri = "", state, code_challenge: challenge = "" } = query;
  if (query.client_id !== client.id) return { ok: false, tag: "untrusted", message: "This application is not registered with Pipeline." };
  if (!client.redirectUris.includes(redirectUri))
    return {
      ok: false,
      tag: "untrusted",
      message: `${client.name} asked to return to an address that is not registered: ${redirectUri || "none"}.`,
    };
  const refuse = (error: string, message: string): AuthorizeResult => ({ ok: false, tag: "refused", redirectUri, state, error, message });
  if (query.response_type !== "code") return refuse("unsupported_response_type", "response_type must be code");
  if (query.code_challenge_method !== "S256" || !/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return refuse("invalid_request", "PKCE is required: send code_challenge and code_challenge_method=S256");
  const scopes = (query.scope ?? "contacts.read").split(" ").filter(Boolean);
  const unknown = scopes.find((scope) => !Object.hasOwn(SCOPES, scope));
  if (unknown) return refuse("invalid_scope", `the scope ${unknown} is not known`);
  return { ok: true, request: { client, redirectUri, state, challenge, scopes } };
}

/** The redirect address with the answer in its query; `iss` says who answers (RFC 9207). */
export function answerAt(redirectUri: string, answer: Record<string, string | undefined>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
