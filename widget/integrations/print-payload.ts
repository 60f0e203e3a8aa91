import type { LoggedRequest, LoggedResponse } from "../../shared/api/run.ts";

const LONGEST = 20_000;

/** A payload for reading: JSON indented, text that holds JSON too, cut at 20,000 characters. */
export function printPayload(value: unknown): string {
  return cut(typeof value === "string" ? printText(value) : (JSON.stringify(value, null, 2) ?? String(value)));
}

/** A logged call as it went over the wire, its body for reading. */
export const printRequest = ({ method, url, headers, body }: LoggedRequest): string => printMessage(`${method} ${url}`, headers, body);

/** A logged answer, likewise. */
export const printResponse = ({ status, headers, body }: LoggedResponse): string => printMessage(String(status), headers, body);

function printMessage(line: string, headers: Record<string, string>, body: string | undefined): string {
  const head = [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\n");
  return cut(body ? `${head}\n\n${printText(body)}` : head);
}

function printText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
