const startsWith = (bytes: Uint8Array, at: number, text: string) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** What kind of image `bytes` are by what they begin with, as a content type; undefined for anything that is no SVG, PNG or WebP. */
export function imageKind(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 0, "\u0089PNG\r\n\u001a\n")) return "image/png";
  if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) return "image/webp";
  const head = new TextDecoder().decode(bytes.subarray(0, 1_024));
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(head) ? "image/svg+xml" : undefined;
}
