import type { TemplatePart } from "../../shared/flow/expression.ts";
import type { StepBody } from "./compile-block.ts";
import type { Effect, RawRequest } from "./deps.ts";
import { type CompiledTemplate, printValue } from "./expression.ts";
import { ExpressionError } from "./expression-error.ts";
import { evaluateIn, type Frame } from "./frame.ts";
import { joinUrl, UrlShapeError } from "./join-url.ts";
import { isRecord } from "./plain.ts";

type EffectBody = Extract<StepBody, { type: "query" | "action" | "http" | "code" }>;

/** Evaluates what an effect needs. Rejects with ExpressionError. */
export async function prepareEffect(frame: Frame, path: string, body: EffectBody): Promise<Effect> {
  if (body.type === "code") return { kind: "code", source: body.source, scope: frame.scope };
  if (body.type === "http")
    return { kind: "http", slot: body.slot, request: readRequest(await evaluateHttp(frame, path, body.request), body.pieces) };
  const input = await evaluateIn(frame, path, "with", body.input);
  return { kind: "operation", type: body.type, slot: body.slot, operation: body.operation, input: isRecord(input) ? input : {} };
}

/** The parts of an address with values in it have no names of their own. */
async function evaluateHttp(frame: Frame, path: string, request: CompiledTemplate): Promise<unknown> {
  try {
    return await evaluateIn(frame, path, "http", request);
  } catch (error) {
    if (error instanceof ExpressionError && error.field?.startsWith("http.url.")) error.field = "http.url";
    throw error;
  }
}

function readRequest(value: unknown, pieces?: readonly TemplatePart[]): RawRequest {
  const { method, url, headers, query, body } = isRecord(value) ? value : {};
  return {
    method: printValue(method) || (body === undefined ? "GET" : "POST"),
    url: pieces ? addressOf(pieces, isRecord(url) ? url : {}) : printValue(url),
    headers: isRecord(headers) ? headers : {},
    query: isRecord(query) ? query : {},
    ...(body === undefined ? {} : { body }),
  };
}

function addressOf(pieces: readonly TemplatePart[], values: Record<string, unknown>): string {
  const joined = pieces.map((piece, place) => ("text" in piece ? piece : { ...piece, value: printValue(values[place]) }));
  try {
    return joinUrl(joined);
  } catch (error) {
    if (!(error instanceof UrlShapeError)) throw error;
    throw new ExpressionError(
      "value",
      `The address cannot be called: ${error.message}`,
      joined.map((piece) => ("text" in piece ? piece.text : `{{${piece.expression}}}`)).join(""),
    );
  }
}
