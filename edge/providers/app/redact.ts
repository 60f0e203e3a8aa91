// What the log keeps of a call. Masks by value (every known credential, in the spellings that it travels in) and by name.
import type { LoggedRequest, LoggedResponse } from "../../../shared/api/run.ts";
import { base64Pieces } from "../../security/base64-pieces.ts";
import type { FetchAnswer, GuardedRequest } from "../http/guarded-fetch.ts";

const MASK = "•••";
const MAX_BODY = 16_000;
/** Shorter values would mask half of every text. */
const SHORTEST = 4;
const SECRET_NAME = /authorization|cookie|token|secret|password|passwd|credential|api[-_]?key|access[-_]?key|private[-_]?key|signature/i;
const SECRET_MEMBER = /("(?:[\w-]*(?:token|secret|password|api_?key|private_?key)|authorization)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
const SECRET_PARAMETER = /(^|[?&])((?:[\w-]*(?:token|secret|password|api_?key|signature)|key|code)=)[^&#\s]*/gi;

/** `text` with every value of `secrets` masked, as it is, as it stands in JSON, in a URL and in base64, also inside something longer. */
export function maskValues(text: string, secrets: readonly string[]): string {
  if (!secrets.length) return text;
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < SHORTEST) continue;
    for (const spelling of spellings(secret)) masked = masked.replaceAll(spelling, MASK);
  }
  return masked;
}

/** Of each secret that was looked for: a call looks for the same few in ten places. */
const known = new Map<string, Set<string>>();
const MAX_KNOWN = 500;

function spellings(secret: string): Set<string> {
  const made = known.get(secret);
  if (made) return made;
  if (known.size >= MAX_KNOWN) known.clear();
  const all = spell(secret);
  known.set(secret, all);
  return all;
}

function spell(secret: string): Set<string> {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(secret))).replace(/=+$/, "");
  const encoded = encodeURIComponent(secret);
  const nested = JSON.stringify(inJson).slice(1, -1);
  return new Set([secret, nested, inJson, encoded, encoded.replaceAll("%20", "+"), base64, ...base64Pieces(secret)]);
}

const isForm = (headers: Record<string, string>) =>
  Object.entries(headers).some(([name, value]) => name.toLowerCase() === "content-type" && value.includes("form-urlencoded"));

function maskBody(body: string, secrets: readonly string[], form: boolean): string {
  const masked = maskValues(body, secrets).replace(SECRET_MEMBER, `$1"${MASK}"`);
  const whole = form ? masked.replace(SECRET_PARAMETER, `$1$2${MASK}`) : masked;
  return whole.length > MAX_BODY ? `${whole.slice(0, MAX_BODY)}…` : whole;
}

/** Names of headers that were seen, and whether their values are secret: the same few come all the time. */
const seenNames = new Map<string, boolean>();
const MAX_SEEN = 1_000;

function isSecretName(name: string): boolean {
  const known = seenNames.get(name);
  if (known !== undefined) return known;
  if (seenNames.size >= MAX_SEEN) seenNames.clear();
  const isSecret = SECRET_NAME.test(name);
  seenNames.set(name, isSecret);
  return isSecret;
}

function maskHeaders(headers: Record<string, string>, secrets: readonly string[]): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, isSecretName(name) ? MASK : maskValues(value, secrets)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The request as the log keeps it. */
export function logRequest(request: GuardedRequest, secrets: readonly string[]): LoggedRequest {
  const [path = "", query] = request.url.split(/\?(.*)/s);
  const masked = query === undefined ? "" : `?${maskValues(query, secrets).replace(SECRET_PARAMETER, `$1$2${MASK}`)}`;
  return {
    method: request.method,
    url: maskValues(path, secrets) + masked,
    headers: maskHeaders(request.headers, secrets),
    ...(request.body === undefined ? {} : { body: maskBody(request.body, secrets, isForm(request.headers)) }),
  };
}

/** The answer as the log keeps it. */
export function logResponse(answer: FetchAnswer, secrets: readonly string[]): LoggedResponse {
  const { status, headers, body } = answer;
  return { status, headers: maskHeaders(headers, secrets), ...(body === "" ? {} : { body: maskBody(body, secrets, isForm(headers)) }) };
}
