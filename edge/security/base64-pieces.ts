/** Fewer characters would be found in every second text. */
const SHORTEST = 8;

/**
 * How `text` looks inside the base64 of something longer, such as a user name and a password: the characters that are the same whatever stands
 * around it, for each of the three places at which a group of three bytes may begin, in both alphabets. None where they are less than 8.
 */
export function base64Pieces(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const pieces = [0, 1, 2].map((before) => {
    const whole = new Uint8Array(before + bytes.length - ((before + bytes.length) % 3));
    whole.set(bytes.subarray(0, whole.length - before), before);
    return btoa(String.fromCharCode(...whole)).slice(before === 0 ? 0 : 4);
  });
  const all = pieces.flatMap((piece) => [piece, piece.replaceAll("+", "-").replaceAll("/", "_")]);
  return [...new Set(all)].filter((piece) => piece.length >= SHORTEST);
}
