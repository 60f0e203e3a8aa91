// Templates and the expressions in them. JSONata computes; plain dotted paths never reach it, so they are quick and keep their types.
// No clock and no randomness: `$now`, `$millis`, `$random` and `$shuffle` answer from the `Clock` that the caller passes.
import { parseTemplate, TemplateError, type TemplateValue } from "../../shared/flow/expression.ts";
import { ExpressionError } from "./expression-error.ts";
import { compileJsonata } from "./jsonata-guard.ts";
import { EXPRESSION_LIMITS as LIMITS } from "./limits.ts";
import { type Budget, type Clock, type Evaluator, isRecord } from "./plain.ts";
import { parsePath, readPath } from "./plain-path.ts";

export { ExpressionError } from "./expression-error.ts";
export type { Clock } from "./plain.ts";

/** One `{{ … }}`: how to evaluate it, and the paths that it reads. */
interface Expression {
  text: string;
  evaluate: Evaluator;
  reads: string[];
}

/** A value with its expressions parsed. Immutable, shared between runs. */
export type CompiledTemplate =
  | { kind: "literal"; value: unknown }
  | { kind: "expression"; expression: Expression }
  | { kind: "text"; parts: (string | Expression)[] }
  | { kind: "array"; items: CompiledTemplate[] }
  | { kind: "object"; entries: [string, CompiledTemplate][] };

const MAX_CACHED = 2_000;
const MAX_TEXT = 20_000;
const MAX_DEPTH = 64;
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

const texts = new Map<string, CompiledTemplate>();
const trees = new WeakMap<object, CompiledTemplate>();

/** Parses the expressions in `value`, once for the same text. Throws ExpressionError with the position in the text. */
export function compileTemplate(value: TemplateValue): CompiledTemplate {
  if (typeof value === "string") return compileText(value);
  if (value === null || typeof value !== "object") return { kind: "literal", value };
  const known = trees.get(value);
  if (known) return known;
  const compiled = compileTree(value, 0);
  trees.set(value, compiled);
  return compiled;
}

function compileTree(value: TemplateValue, depth: number): CompiledTemplate {
  if (typeof value === "string") return compileText(value);
  if (value === null || typeof value !== "object") return { kind: "literal", value };
  if (depth > MAX_DEPTH) throw new ExpressionError("depth", `values nest deeper than ${MAX_DEPTH} levels`, "");
  const isPlain = (one: CompiledTemplate) => one.kind === "literal";
  if (Array.isArray(value)) {
    const items = value.map((item) => compileTree(item, depth + 1));
    return items.every(isPlain) ? { kind: "literal", value } : { kind: "array", items };
  }
  const entries = Object.entries(value).map(([key, item]): [string, CompiledTemplate] => {
    if (FORBIDDEN_KEYS.has(key)) throw new ExpressionError("syntax", `“${key}” cannot be the name of a property`, "");
    return [key, compileTree(item, depth + 1)];
  });
  return entries.every(([, item]) => isPlain(item)) ? { kind: "literal", value } : { kind: "object", entries };
}

function compileText(text: string): CompiledTemplate {
  if (!text.includes("{{")) return { kind: "literal", value: text };
  const known = texts.get(text);
  if (known) {
    texts.delete(text);
    texts.set(text, known);
    return known;
  }
  const compiled = parseText(text);
  texts.set(text, compiled);
  if (texts.size > MAX_CACHED) texts.delete(texts.keys().next().value ?? "");
  return compiled;
}

function parseText(text: string): CompiledTemplate {
  if (text.length > MAX_TEXT)
    throw new ExpressionError("size", `a text with expressions has at most ${MAX_TEXT} characters`, text.slice(0, 80));
  let parts: ReturnType<typeof parseTemplate>;
  try {
    parts = parseTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError) throw new ExpressionError("syntax", error.message, text, error.position);
    throw error;
  }
  const compiled = parts.map((part) => ("text" in part ? part.text : compileExpression(part.expression, part.offset)));
  const [first] = compiled;
  return compiled.length === 1 && first !== undefined && typeof first !== "string"
    ? { kind: "expression", expression: first }
    : { kind: "text", parts: compiled };
}

function compileExpression(source: string, offset: number): Expression {
  const text = source.trim();
  const at = offset + source.length - source.trimStart().length;
  if (!text) throw new ExpressionError("syntax", "there is nothing between {{ and }}", source, offset);
  const path = parsePath(text);
  if (!path) return { text, ...compileJsonata(text, at) };
  let slow: Evaluator | undefined;
  const evaluate: Evaluator = async (scope, clock, budget) => {
    const read = readPath(path, scope);
    if (read.found) return read.value;
    slow ??= compileJsonata(text, at).evaluate;
    return slow(scope, clock, budget);
  };
  return { text, evaluate, reads: [path.slice(0, 2).join(".")] };
}

/**
 * The value of `template` in `scope`. An expression that yields nothing is undefined as a whole value, leaves its key out of an
 * object and its place out of a list, and is empty text inside text. Rejects with ExpressionError. What comes back is plain JSON.
 */
export async function evaluateTemplate(
  template: CompiledTemplate,
  scope: Record<string, unknown>,
  clock?: Clock,
  budget?: Budget,
): Promise<unknown> {
  switch (template.kind) {
    case "literal":
      return template.value;
    case "expression":
      return template.expression.evaluate(scope, clock, budget);
    case "text": {
      let text = "";
      for (const part of template.parts) {
        if (typeof part === "string") text += part;
        else text += printValue(await part.evaluate(scope, clock, budget));
        if (text.length > LIMITS.text && typeof part !== "string")
          throw new ExpressionError("size", `the text has more than ${LIMITS.text} characters`, part.text);
      }
      return text;
    }
    case "array": {
      const list: unknown[] = [];
      for (const item of template.items) {
        const value = await evaluateTemplate(item, scope, clock, budget);
        if (value !== undefined) list.push(value);
      }
      return list;
    }
    case "object": {
      const object: Record<string, unknown> = {};
      for (const [key, item] of template.entries) {
        const value = await evaluateTemplate(item, scope, clock, budget);
        if (value !== undefined) object[key] = value;
      }
      return object;
    }
  }
}

/** The way within `template` to the expression that `error` speaks of: `body.lines.0`; empty where the template is that expression. */
export function placeOfError(template: CompiledTemplate, error: ExpressionError): string {
  const found = findExpression(template, error.expression);
  return found ? found.join(".") : "";
}

function findExpression(template: CompiledTemplate, text: string): string[] | undefined {
  if (template.kind === "expression") return template.expression.text === text ? [] : undefined;
  if (template.kind === "text") return template.parts.some((part) => typeof part !== "string" && part.text === text) ? [] : undefined;
  const inner =
    template.kind === "array"
      ? template.items.map((item, index): [string, CompiledTemplate] => [String(index), item])
      : template.kind === "object"
        ? template.entries
        : [];
  for (const [key, item] of inner) {
    const found = findExpression(item, text);
    if (found) return [key, ...found];
  }
  return undefined;
}

/** Compiles (cached) and evaluates `value`. */
export async function evaluateValue(value: TemplateValue, scope: Record<string, unknown>, clock?: Clock): Promise<unknown> {
  return evaluateTemplate(compileTemplate(value), scope, clock);
}

/** What stands for `value` inside text: nothing for undefined and null, JSON for lists and objects. */
export function printValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The paths that the expressions in `value` read from the scope, cut at two steps: `["setup.audience", "search"]`. */
export function readsOf(value: TemplateValue): string[] {
  const found = new Set<string>();
  const visit = (template: CompiledTemplate): void => {
    if (template.kind === "expression") for (const path of template.expression.reads) found.add(path);
    else if (template.kind === "text")
      for (const part of template.parts) for (const path of typeof part === "string" ? [] : part.reads) found.add(path);
    else if (template.kind === "array") template.items.forEach(visit);
    else if (template.kind === "object") for (const [, item] of template.entries) visit(item);
  };
  visit(compileTemplate(value));
  return [...found];
}

/** Whether `value` counts as true in a condition: JSONata's `$boolean`, so an empty list, object or text is false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isTrue);
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
