const LONGEST = 20_000;

/** A payload for reading: JSON indented, text that holds JSON too, cut at 20,000 characters. */
export function printPayload(value: unknown): string {
  const text = typeof value === "string" ? printText(value) : JSON.stringify(value, unfoldBody, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function printText(text: string): string {
  const parsed = parseObject(text);
  return parsed === undefined ? text : JSON.stringify(parsed, null, 2);
}

/** Bodies of logged calls are text; JSON in them is shown as such. */
function unfoldBody(key: string, value: unknown): unknown {
  return key === "body" && typeof value === "string" ? (parseObject(value) ?? value) : value;
}

function parseObject(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
