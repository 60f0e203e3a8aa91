const encoder = new TextEncoder();

/** Bytes of `value` as JSON; 0 for undefined. Long texts are counted exactly only where three bytes a character would pass `limit`. */
export function jsonSize(value: unknown, limit: number): number {
  const text = JSON.stringify(value) ?? "";
  return text.length * 3 <= limit ? text.length : encoder.encode(text).byteLength;
}

/** `value` for a log: whole where its JSON is short, else the beginning of it as text. */
export function cutValue(value: unknown, characters: number): unknown {
  const text = JSON.stringify(value) ?? "";
  return text.length <= characters ? value : `${text.slice(0, characters)}… (${text.length} characters)`;
}
