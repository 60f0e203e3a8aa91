// What an answer means: its body as data, its class by the app's rules and by its status, and what the provider said in words.
import type { RunError } from "../../../shared/api/run.ts";
import type { AppFile } from "../../../shared/flow/app-file.ts";
import { evaluateValue, isTrue, printValue } from "../../engine/expression.ts";
import type { FetchAnswer, FetchFault } from "../http/guarded-fetch.ts";
import { readRetryAfter } from "../http/retry-after.ts";

/** An answer as expressions see it: `headers` lower case, JSON bodies parsed, empty bodies null. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** A failed call. `retryAfter` in ms. */
export interface Failure {
  error: RunError;
  retryAfter?: number;
}

/** The answer with its body parsed: as JSON where it says or looks so, else text. */
export function readAnswer({ status, headers, body }: FetchAnswer): Answer {
  return { status, headers, body: parseBody(body, headers["content-type"] ?? "") };
}

function parseBody(text: string, type: string): unknown {
  if (text === "") return null;
  if (!/json/i.test(type) && (/html|xml|csv/i.test(type) || !/^\s*[[{]/.test(text))) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const STATUS_CLASS: Record<number, string> = {
  401: "auth",
  404: "missing",
  408: "intermittent",
  409: "duplicate",
  410: "missing",
  413: "too_large",
  425: "intermittent",
  429: "rate_limit",
  501: "invalid",
  505: "invalid",
};
const RETRYABLE = new Set(["intermittent", "rate_limit", "network", "timeout"]);

/** Why the answer is a failure, by the first rule of the app that fits, else by its status; undefined for 2xx. `name` is the app's, or the host's. */
export async function judgeAnswer(
  answer: Answer,
  rules: AppFile["errors"],
  scope: Record<string, unknown>,
  name: string,
  now: number,
): Promise<Failure | undefined> {
  const seen = { ...scope, ...answer };
  for (const rule of rules) {
    if (!isTrue(await evaluateValue(rule.when, seen))) continue;
    const message = rule.message === undefined ? "" : printValue(await evaluateValue(rule.message, seen));
    return failure(rule.class, rule.class, message || { by: name }, answer, now);
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const kind = STATUS_CLASS[status] ?? (status >= 500 ? "intermittent" : "invalid");
  return failure(`http_${status}`, kind, { by: name }, answer, now);
}

/** `words`: the app file's own, or who answered, whose words then count. */
function failure(code: string, kind: string, words: string | { by: string }, answer: Answer, now: number): Failure {
  const retryable = RETRYABLE.has(kind);
  const retryAfter = retryable ? readRetryAfter(answer.headers, now) : undefined;
  const said = typeof words === "string" ? { message: words } : saying(answer, words.by);
  return { error: { code, ...said, class: kind, retryable }, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** A call that got no answer, as an error. */
export function judgeFault({ code, message, params }: FetchFault): Failure {
  const kinds = { blocked: "invalid", redirects: "invalid", too_large: "too_large", network: "network", timeout: "timeout" } as const;
  const kind = kinds[code];
  return { error: { code, message, class: kind, retryable: RETRYABLE.has(kind), ...(params && { params }) } };
}

const saying = ({ status, body }: Answer, name: string) => {
  const said = wordsOf(body);
  const params = { by: name, status: String(status), said };
  return { message: `${name} answered ${status}${said ? `: ${said}` : ""}`, params };
};

/** What the provider says in words, from the places where providers put it; at most 300 characters. */
export function wordsOf(body: unknown): string {
  if (typeof body === "string") return /^\s*</.test(body) ? "" : cut(body);
  if (typeof body !== "object" || body === null) return "";
  if (Array.isArray(body)) return wordsOf(body[0]);
  const record = body as Record<string, unknown>;
  for (const name of ["error_description", "message", "detail", "error_message", "description", "title", "reason", "error", "errors"]) {
    const words = wordsOf(record[name]);
    if (words) return words;
  }
  return "";
}

const cut = (text: string) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};
