// From a JSON Schema to values: those that fit it, those that nearly do, and those that are far from it.
import fc from "fast-check";

/** As much of JSON Schema as the OpenAPI document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  format?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

export const ODD_TEXTS = [
  ...["", " ", "0", "-1", "1e309", "null", "true", "__proto__", "constructor", "prototype", "../..", "..%2f..", "%00", "%", "%2e%2e"],
  ...["\u0000", "a\r\nx: y", "é́", "\u202eexe", "😀", "\ufeff", "'; DROP TABLE users;--", "{{ $$ }}", "{{", "*", "[]", "[object Object]"],
  ...["<script>alert(1)</script>", "=1+1", "a".repeat(3_000), "9".repeat(30), "2026-02-30T25:61:61Z", "https://127.0.0.1/", "javascript:1"],
];
const ODD_NUMBERS = [0, -0, -1, 1.5, 1e21, -1e300, 2 ** 31, 2 ** 53, Number.MAX_VALUE, 5e-324];

const MAX_DEPTH = 5;
const text = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ maxLength: 20 }), fc.string({ unit: "binary", maxLength: 20 }));

/** Values for `schema`; texts are often one of `known`, which mean something to whoever reads them. */
export function valuesOf(schema: Schema, components: Record<string, Schema>, known: readonly string[], depth = 0): fc.Arbitrary<unknown> {
  const inner = (one: Schema) => valuesOf(one, components, known, depth + 1);
  const fits = fitting(schema, components, known, depth, inner);
  const far = fc.oneof(text, fc.constantFrom<unknown>(null, true, [], {}, ...ODD_NUMBERS), fc.jsonValue({ maxDepth: 2 }));
  return depth === 0 ? fits : fc.oneof({ weight: 12, arbitrary: fits }, { weight: 1, arbitrary: far });
}

function fitting(
  schema: Schema,
  components: Record<string, Schema>,
  known: readonly string[],
  depth: number,
  inner: (one: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (depth > MAX_DEPTH) return fc.constantFrom<unknown>(null, "", 0, {}, []);
  const ref = schema.$ref?.replace("#/components/schemas/", "");
  if (ref !== undefined) return inner(components[ref] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum?.length) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.length) return fc.oneof(...choices.map(inner));
  if (schema.allOf?.length)
    return inner(Object.assign({}, ...schema.allOf, { properties: Object.assign({}, ...schema.allOf.map((one) => one.properties)) }));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object":
      return objects(schema, inner);
    case "array":
      return fc.array(inner(schema.items ?? {}), {
        minLength: Math.min(schema.minItems ?? 0, 3),
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "integer":
    case "number":
      return fc.oneof(
        fc.integer({ min: Math.max(schema.minimum ?? -5, -1_000), max: Math.min(schema.maximum ?? 200, 1_000) }),
        fc.constantFrom(...ODD_NUMBERS),
      );
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return strings(schema, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function strings({ format }: Schema, known: readonly string[]): fc.Arbitrary<string> {
  const formed = {
    "date-time": fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") }).map((date) => date.toISOString()),
    email: fc.constantFrom("a@example.com", "ü@example.com", `${"a".repeat(300)}@example.com`),
    uri: fc.constantFrom("https://example.com/", "http://localhost:1/", "data:,x"),
  }[format ?? ""];
  const meant = known.length ? fc.constantFrom(...known) : text;
  return fc.oneof({ weight: 3, arbitrary: formed ?? meant }, { weight: 1, arbitrary: text });
}

function objects({ properties = {}, required = [], additionalProperties }: Schema, inner: (one: Schema) => fc.Arbitrary<unknown>) {
  const members = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one)]));
  const own = fc.record(members, { requiredKeys: required.filter((name) => name in members) });
  if (additionalProperties === false) return own;
  const more = fc.dictionary(text, inner(typeof additionalProperties === "object" ? additionalProperties : {}), { maxKeys: 2 });
  return fc.tuple(own, more).map(([a, b]) => ({ ...b, ...a }));
}
