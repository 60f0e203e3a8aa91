const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` random characters of base62, each worth 5.95 bits, without bias. */
export function randomBase62(length: number): string {
  let text = "";
  while (text.length < length)
    for (const byte of crypto.getRandomValues(new Uint8Array(length + 16)))
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % 62);
  return text;
}

/** `prefix` and 43 random characters of base62 (256 bits). */
export const randomToken = (prefix: string): string => prefix + randomBase62(43);

/** SHA-256 of a token, in hex: what is stored instead of it. Tokens are random, so a plain hash is enough. */
export async function hashToken(token: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
