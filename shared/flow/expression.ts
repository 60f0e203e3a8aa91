// Text with `{{ … }}` in it, taken apart. What stands inside the braces is JSONata; only the edge evaluates it.
import { z } from "zod";

/** One piece of a template: literal text, or an expression with the offset of its first character. */
export type TemplatePart = { text: string } | { expression: string; offset: number };

/** A template whose braces do not match. `position` counts characters from 0. */
export class TemplateError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.name = "TemplateError";
    this.position = position;
  }
}

/** Splits `text` into literal text and expressions. Quoted strings and nested braces inside an expression are skipped. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{{", at);
    if (open < 0) break;
    if (open > at) parts.push({ text: text.slice(at, open) });
    const close = findClose(text, open + 2);
    parts.push({ expression: text.slice(open + 2, close), offset: open + 2 });
    at = close + 2;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

function findClose(text: string, from: number): number {
  let quote = "";
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charAt(i);
    if (quote) {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === '"' || c === "'" || c === "`") quote = c;
    else if (c === "{") depth++;
    else if (c === "}" && depth > 0) depth--;
    else if (c === "}" && text.charAt(i + 1) === "}") return i;
  }
  throw new TemplateError("an expression opens with {{ and is not closed with }}", from - 2);
}

/** Whether any string in `value` holds an expression. */
export function hasExpression(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{{");
  if (Array.isArray(value)) return value.some(hasExpression);
  if (value !== null && typeof value === "object") return Object.values(value).some(hasExpression);
  return false;
}

const wellFormed = (text: string) => {
  try {
    parseTemplate(text);
    return true;
  } catch {
    return false;
  }
};

/** A string that may hold expressions. */
export const Template = z.string().refine(wellFormed, "an expression opens with {{ and is not closed with }}");
export type Template = z.infer<typeof Template>;

/** Any JSON value; strings in it, at any depth, may hold expressions. */
export type TemplateValue = string | number | boolean | null | TemplateValue[] | { [key: string]: TemplateValue };
export const TemplateValue: z.ZodType<TemplateValue> = z.lazy(() =>
  z.union([Template, z.number(), z.boolean(), z.null(), z.array(TemplateValue), z.record(z.string(), TemplateValue)]),
);
