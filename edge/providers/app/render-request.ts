import type { AppFile, OperationRequest } from "../../../shared/flow/app-file.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";
import { UrlShapeError } from "../../engine/join-url.ts";
import { isRecord } from "../../engine/plain.ts";
import type { Carry } from "../../objects/account/rpc.ts";
import type { GuardedRequest } from "../http/guarded-fetch.ts";
import { renderUrl } from "./render-url.ts";

/** A request with its values filled in, before credentials are put on. */
export interface RenderedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
  encoding: "json" | "form";
}

/** Fills in a request of an app file. Throws ExpressionError, and UrlShapeError where the address cannot be made. */
export async function renderRequest(app: AppFile, request: OperationRequest, scope: Record<string, unknown>): Promise<RenderedRequest> {
  const headers = toTexts(await evaluateRecord({ ...app.headers, ...request.headers }, scope));
  return {
    method: request.method,
    url: await addressOf(app, request, scope),
    headers,
    query: await evaluateRecord(request.query, scope),
    body: request.body === undefined ? undefined : await evaluateValue(request.body, scope),
    encoding: request.encoding ?? "json",
  };
}

async function addressOf(app: AppFile, request: OperationRequest, scope: Record<string, unknown>): Promise<string> {
  if (request.url !== undefined) return resolveUrl(app, await renderUrl(request.url, scope), scope);
  const path = await renderUrl(request.path ?? "", scope, true);
  return joinPath(await baseUrl(app, scope), path);
}

/** The app's `baseUrl` in `scope`, without a slash at its end. Throws UrlShapeError where it is empty, or more than that. */
export async function baseUrl(app: AppFile, scope: Record<string, unknown>): Promise<string> {
  const base = app.baseUrl === undefined ? "" : await renderUrl(app.baseUrl, scope);
  if (base === "")
    throw new UrlShapeError(
      `${app.name} has no base address: set the variable or the account's field that ${app.baseUrl ?? "baseUrl"} names`,
    );
  if (/[?#]/.test(base)) throw new UrlShapeError("the base address holds a ? or a #: write it up to there");
  return base.replace(/\/+$/, "");
}

/** `url` as it is where it is absolute, else behind the app's base address. */
export async function resolveUrl(app: AppFile, url: string, scope: Record<string, unknown>): Promise<string> {
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : joinPath(await baseUrl(app, scope), url);
}

const joinPath = (base: string, path: string) => (path === "" ? base : `${base}${/^[/?]/.test(path) ? "" : "/"}${path}`);

async function evaluateRecord(record: OperationRequest["query"], scope: Record<string, unknown>): Promise<Record<string, unknown>> {
  return record ? ((await evaluateValue(record, scope)) as Record<string, unknown>) : {};
}

const toTexts = (record: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, printValue(value)]])),
  );

/** The request as it goes out, with what `carry` adds. Nothing undefined or null goes into the query; lists repeat the name. */
export function toGuardedRequest(rendered: RenderedRequest, carry: Carry | null): GuardedRequest {
  const [address = ""] = rendered.url.split("#", 1);
  const [path = "", given = ""] = address.split(/\?(.*)/s);
  const query = new URLSearchParams(given);
  for (const [name, value] of Object.entries({ ...rendered.query, ...carry?.query })) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== undefined && one !== null) query.append(name, printValue(one));
  }
  const text = query.toString();
  const headers: Record<string, string> = {
    accept: "application/json",
    ...lowerCase(rendered.headers),
    ...lowerCase(carry?.headers ?? {}),
  };
  const body = encodeBody(rendered, carry?.body ?? {}, headers);
  return { method: rendered.method, url: text ? `${path}?${text}` : path, headers, ...(body === undefined ? {} : { body }) };
}

const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function encodeBody(
  { body, encoding, method }: RenderedRequest,
  extra: Record<string, string>,
  headers: Record<string, string>,
): string | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  const hasExtra = Object.keys(extra).length > 0;
  if (body === undefined && !hasExtra) return undefined;
  if (typeof body === "string" && encoding === "json") {
    headers["content-type"] ??= "text/plain; charset=utf-8";
    return body;
  }
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  const whole = hasExtra && (isObject || body === undefined) ? { ...(body ?? {}), ...extra } : body;
  if (encoding === "form") {
    headers["content-type"] ??= "application/x-www-form-urlencoded";
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(whole ?? {})) appendField(form, name, value);
    return form.toString();
  }
  headers["content-type"] ??= "application/json";
  return JSON.stringify(whole);
}

/** Lists repeat the name; what lies deeper has brackets behind it: `metadata[order]`, `items[0][price]`. */
function appendField(form: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value))
    value.forEach((one: unknown, index) => {
      appendField(form, isRecord(one) ? `${name}[${index}]` : name, one);
    });
  else if (isRecord(value)) for (const [key, one] of Object.entries(value)) appendField(form, `${name}[${key}]`, one);
  else form.append(name, printValue(value));
}
