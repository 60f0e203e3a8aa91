// An API as its own OpenAPI document describes it: it answers what the document says, and refuses what the document forbids.

import { authFields } from "../edge/providers/app/auth-fields.ts";
import { makeCarry } from "../edge/providers/app/carry.ts";
import { type AccountGate, performOperation } from "../edge/providers/app/perform.ts";
import type { FetchAnswer, GuardedRequest } from "../edge/providers/http/guarded-fetch.ts";
import type { AppFile } from "../shared/flow/app-file.ts";
import type { Field } from "../shared/flow/field.ts";
import { type Json, type OpenApiDocument, objectOf, schemaOf, textOf, typeOf } from "../shared/openapi/document.ts";
import { type DocumentOperation, listOperations } from "../shared/openapi/operations.ts";
import { answerSchema } from "../shared/openapi/paging.ts";

/** A value that `schema` allows, at most a few levels deep; lists have one item (none where `isPast` the end), and nothing goes on. */
export function example(root: Json, given: unknown, isPast = false, depth = 0): unknown {
  const schema = schemaOf(root, given);
  if (schema.example !== undefined && depth > 0 && !isPast) return schema.example;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  switch (typeOf(schema)) {
    case "array":
      return depth > 4 || isPast ? [] : [example(root, schema.items, isPast, depth + 1)];
    case "object":
      if (depth > 4) return {};
      return Object.fromEntries(
        Object.entries(objectOf(schema.properties)).map(([name, one]) => [
          name,
          goesOn(name) ? null : example(root, one, isPast, depth + 1),
        ]),
      );
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? schema.minimum : 1;
    case "boolean":
      return false;
    default:
      return "text";
  }
}

const goesOn = (name: string) => /next|cursor|continuation|after|has_more|more$/i.test(name);

/** Answers GETs as the document says. What it refuses is in `refused`, in words. */
export function mockOf(
  document: OpenApiDocument,
  baseUrl: string,
): { answer: (request: GuardedRequest) => FetchAnswer; refused: string[] } {
  const refused: string[] = [];
  const read = new Set<string>();
  const operations = listOperations(document).filter(({ method }) => method === "GET");
  const answer = (request: GuardedRequest): FetchAnswer => {
    const url = new URL(request.url);
    const make = (status: number, body: unknown): FetchAnswer => ({
      ...{ ok: true, status, url: request.url, headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    });
    const refuse = (status: number, message: string) => {
      refused.push(`${request.method} ${request.url}: ${message}`);
      return make(status, { message });
    };
    const found = operations.filter((one) => patternOf(one, baseUrl).test(`${url.origin}${url.pathname}`));
    const exact = found.sort((a, b) => countParts(a.path) - countParts(b.path))[0];
    if (!exact) return refuse(404, "no such path in the document");
    for (const one of exact.parameters)
      if (one.required === true && one.in === "query" && !url.searchParams.has(textOf(one.name)))
        return refuse(400, `${textOf(one.name)} is required`);
    // Every list has one page: where pages are numbered, the one behind it is empty.
    const isPast = read.has(url.pathname);
    read.add(url.pathname);
    return make(200, example(document.root, answerSchema(document.root, exact.raw) ?? {}, isPast));
  };
  return { answer, refused };
}

const countParts = (path: string) => path.split("{").length;

function patternOf({ path, raw }: DocumentOperation, baseUrl: string): RegExp {
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const parts = path.split(/\{[^{}]+\}/).map(literal);
  const isElsewhere = Array.isArray(raw.servers) && raw.servers.length > 0;
  return new RegExp(`^${isElsewhere ? "https?://.+" : literal(baseUrl)}${parts.join("[^/]+")}$`);
}

/** A value for a field that asks for one. */
function fill({ type, options, default: standard, validate }: Field): unknown {
  if (standard !== undefined) return standard;
  const [first] = Array.isArray(options) ? options : [];
  if (first !== undefined) return typeof first === "object" ? first.value : first;
  if (type === "number") return Number(validate?.min ?? 1);
  if (type === "toggle") return true;
  if (type === "json") return ["a"];
  if (type === "date") return "2026-01-02";
  if (type === "datetime") return "2026-01-02T03:04:05Z";
  return "abc";
}

export interface Tried {
  query: string;
  ok: boolean;
  message: string;
}

/** Runs queries of an app against a mock made from the document that it was made from; the first `most` of them. */
export async function tryQueries(document: OpenApiDocument, app: AppFile, most: number): Promise<Tried[]> {
  const [auth] = app.auth;
  const fields = Object.fromEntries([...(auth ? authFields(auth) : [])].map(({ key }) => [key, "x1"]));
  const filled = { [`${app.key.replaceAll("-", "_").toUpperCase()}_URL`]: "https://api.example" };
  const base = (app.baseUrl ?? "").replaceAll(/\{\{ account\.(\w+) \}\}/g, "x1").replaceAll(/\{\{ env\.\w+ \}\}/g, "https://api.example");
  const mock = mockOf(document, base.replace(/\/+$/, ""));
  const carry = auth
    ? await makeCarry(app, auth, { auth: auth.key, fields, accessToken: "t0ken" }, filled)
    : { headers: {}, query: {}, body: {}, redact: [], hosts: [], fields: {} };
  const accounts: AccountGate = {
    lease: async () => ({ ok: true, lease: 1, delay: 0, carry }),
    report: async () => ({ retry: false, ended: true }),
  };
  const tried: Tried[] = [];
  for (const [query, operation] of Object.entries(app.queries).slice(0, most)) {
    const input = Object.fromEntries((operation.input ?? []).filter((field) => field.required).map((field) => [field.key, fill(field)]));
    const result = await performOperation(app, "query", query, input, {
      ...{ env: filled, accounts, effectKey: "e", signal: AbortSignal.timeout(10_000), now: Date.now },
      fetch: async (request) => mock.answer(request),
    });
    tried.push({ query, ok: result.ok, message: result.ok ? "" : `${result.error.message} ${mock.refused.at(-1) ?? ""}` });
  }
  return tried;
}
