const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `prefix` and 43 random characters of base62 (256 bits). */
export function randomToken(prefix: string): string {
  let text = "";
  while (text.length < 43)
    for (const byte of crypto.getRandomValues(new Uint8Array(64))) if (byte < 248 && text.length < 43) text += ALPHABET.charAt(byte % 62);
  return prefix + text;
}

/** SHA-256 of a token, in hex: what is stored instead of it. Tokens are random, so a plain hash is enough. */
export async function hashToken(token: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
