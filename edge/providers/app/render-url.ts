import { parseTemplate } from "../../../shared/flow/expression.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";
import { joinUrl, type UrlPiece } from "../../engine/join-url.ts";

/** Renders an absolute address, or a path that `inPath` says is one. Throws UrlShapeError, and ExpressionError. */
export async function renderUrl(template: string, scope: Record<string, unknown>, inPath = false): Promise<string> {
  const pieces: UrlPiece[] = [];
  for (const part of parseTemplate(template)) {
    if ("text" in part) pieces.push(part);
    else pieces.push({ value: printValue(await evaluateValue(`{{${part.expression}}}`, scope)), expression: part.expression });
  }
  return joinUrl(pieces, inPath);
}
