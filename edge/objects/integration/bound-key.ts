const LONGEST = 500;

/** `text` as a key of a table: a long one by its beginning and a hash of all of it, so that what begins alike stays apart. */
export async function boundKey(text: string): Promise<string> {
  if (text.length <= LONGEST) return text;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return text.slice(0, LONGEST - hash.length) + hash;
}
