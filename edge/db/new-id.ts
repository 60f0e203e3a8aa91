const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `prefix_` and 22 random characters of base62 (131 bits). The part behind the prefix has no underscore: run ids rely on it. */
export function newId(prefix: "ws" | "usr" | "app" | "acc" | "flw" | "ver" | "int" | "tok" | "key" | "att" | "mem" | "evt"): string {
  let id = "";
  while (id.length < 22)
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) if (byte < 248 && id.length < 22) id += ALPHABET.charAt(byte % 62);
  return `${prefix}_${id}`;
}
