// The guarded fetch in the shape that oauth4webapi calls, with what single providers do differently from RFC 6749 evened out on the way:
// names and encoding of parameters going out; answers without a token type, as a form, with errors told in a 200, or with the tokens deeper.
import type { OAuthQuirks } from "../../../shared/flow/oauth-provider.ts";
import { evaluateValue } from "../../engine/expression.ts";
import type { GuardedFetch, GuardedRequest } from "../http/guarded-fetch.ts";

/** The part of fetch that oauth4webapi calls. */
export type OAuthFetch = (url: string, options: { method: string; headers: Record<string, string>; body?: unknown }) => Promise<Response>;

/** The provider cannot be asked now: no answer, overloaded, or broken. Nothing is known about the credentials. */
export class ProviderUnavailableError extends Error {
  override readonly name = "ProviderUnavailableError";
}

const PASSED_ON = ["cache-control"];
const MAX_ANSWER = 500_000;

/** Calls a provider by `guarded`. Throws ProviderUnavailableError where it does not answer. `keepsIdToken`: for whoever reads it. */
export function tokenFetch(guarded: GuardedFetch, quirks: OAuthQuirks = {}, keepsIdToken = false): OAuthFetch {
  return async (url, { method, headers, body }) => {
    const parameters = body instanceof URLSearchParams ? body : undefined;
    const plain = { method, url, headers, ...(body === undefined || body === null ? {} : { body: String(body) }) };
    const answer = await guarded({ ...(parameters ? encode(plain, parameters, quirks) : plain), maxBytes: MAX_ANSWER });
    if (!answer.ok) throw new ProviderUnavailableError(answer.message);
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408)
      throw new ProviderUnavailableError(`${URL.parse(url)?.host} answered ${answer.status}`);
    const kept = PASSED_ON.flatMap((name) =>
      answer.headers[name] === undefined ? [] : [[name, answer.headers[name]] as [string, string]],
    );
    if (answer.status === 204 || answer.status === 304) return new Response(null, { status: answer.status, headers: kept });
    const type = answer.headers["content-type"] ?? "";
    const read = parameters ? await evenOut(answer.body, type, quirks.tokenAnswer, keepsIdToken) : undefined;
    if (!read) return new Response(answer.body, { status: answer.status, headers: [...kept, ["content-type", type]] });
    const isRefused = answer.status < 300 && typeof read.error === "string" && typeof read.access_token !== "string";
    return new Response(JSON.stringify(read), {
      status: isRefused ? 400 : answer.status,
      headers: [...kept, ["content-type", "application/json"]],
    });
  };
}

function encode(request: GuardedRequest, given: URLSearchParams, quirks: OAuthQuirks): GuardedRequest {
  const names: Record<string, string | undefined> = { client_id: quirks.clientIdParam, client_secret: quirks.clientSecretParam };
  const parameters = new URLSearchParams([...given].map(([name, value]) => [names[name] ?? name, value]));
  for (const [name, value] of Object.entries(quirks.tokenParams ?? {})) parameters.set(name, value);
  const { "content-type": _form, ...headers } = request.headers;
  if (quirks.tokenEncoding === "query") {
    const url = new URL(request.url);
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    return { method: "GET", url: url.href, headers };
  }
  if (quirks.tokenEncoding === "json")
    return {
      ...request,
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(Object.fromEntries(parameters)),
    };
  return { ...request, body: parameters.toString() };
}

type Answer = Record<string, unknown>;

/** The answer as the standard has it; undefined where it is nothing that can be read so. */
async function evenOut(text: string, type: string, place: string | undefined, keepsIdToken: boolean): Promise<Answer | undefined> {
  const read = parse(text, type);
  const found: unknown = read && place !== undefined ? await evaluateValue(place, { body: read }).catch(() => read) : read;
  const body = isRecord(found) ? found : read;
  if (!body) return undefined;
  const { id_token: idToken, ...rest } = body;
  const { scope, refresh_token: refresh, expires_in: life } = rest;
  return {
    ...rest,
    ...(typeof rest.access_token === "string" ? { token_type: "bearer" } : {}),
    ...(Array.isArray(scope) ? { scope: scope.join(" ") } : scope === null ? { scope: undefined } : {}),
    ...(typeof refresh === "string" && refresh !== "" ? {} : { refresh_token: undefined }),
    ...(Number(life) > 0 ? { expires_in: Number(life) } : { expires_in: undefined }),
    ...(keepsIdToken && idToken !== undefined ? { id_token: idToken } : {}),
  };
}

function parse(text: string, type: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    const isForm = /x-www-form-urlencoded|text\/plain/.test(type) && /^\s*[\w.-]+=/.test(text);
    return isForm ? Object.fromEntries(new URLSearchParams(text.trim())) : undefined;
  }
}

const isRecord = (value: unknown): value is Answer => typeof value === "object" && value !== null && !Array.isArray(value);
