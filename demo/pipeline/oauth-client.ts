import { createHash, timingSafeEqual } from "node:crypto";

/** An application that may ask Pipeline's people for access. Redirect addresses match as a whole or not at all. */
export interface OAuthClient {
  id: string;
  secret: string;
  name: string;
  redirectUris: string[];
}

const digest = (text: string) => createHash("sha256").update(text).digest();
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));

const decode = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
};

/** RFC 6749 2.3.1: whether the request proves to come from `client`, by Basic or by `client_id` and `client_secret` in the body. */
export function isClientProven(client: OAuthClient, authorization: string | undefined, form: Record<string, string>): boolean {
  const [, basic] = /^Basic +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (!basic) return isSame(form.client_id ?? "", client.id) && isSame(form.client_secret ?? "", client.secret);
  const [id = "", ...secret] = Buffer.from(basic, "base64").toString().split(":");
  return isSame(decode(id), client.id) && isSame(decode(secret.join(":")), client.secret);
}
