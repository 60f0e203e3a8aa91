// JSON Schemas as a reader likes them: one line a property, in the manner of a TypeScript type.

/** The part of JSON Schema that the routes' documents use. */
export interface PrintedSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, PrintedSchema>;
  required?: string[];
  items?: PrintedSchema;
  additionalProperties?: boolean | PrintedSchema;
  anyOf?: PrintedSchema[];
  oneOf?: PrintedSchema[];
  allOf?: PrintedSchema[];
  description?: string;
}

const MAX_DEPTH = 6;

/** `schema` as text; references are followed through `components`, a schema within itself is named only. */
export function printSchema(schema: PrintedSchema, components: Record<string, PrintedSchema>): string {
  return print(schema, components, [], 0);
}

function print(schema: PrintedSchema, components: Record<string, PrintedSchema>, within: string[], depth: number): string {
  const inner = (one: PrintedSchema, more = 0) => print(one, components, within, depth + more);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const target = components[name];
    return target && !within.includes(name) ? print(target, components, [...within, name], depth) : name || "unknown";
  }
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return [...new Set(options.map((one) => inner(one)))].join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => inner(one)).join(" & ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.properties) return printObject(schema.properties, schema.required ?? [], depth, inner);
  if (schema.items) return `${inner(schema.items)}[]`;
  if (typeof schema.additionalProperties === "object") return `{ [key]: ${inner(schema.additionalProperties)} }`;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "unknown"];
  return types.join(" | ");
}

function printObject(
  properties: Record<string, PrintedSchema>,
  required: string[],
  depth: number,
  inner: (one: PrintedSchema, more: number) => string,
): string {
  if (depth >= MAX_DEPTH) return "{ … }";
  const indent = "  ".repeat(depth);
  const lines = Object.entries(properties).map(([name, property]) => {
    const note = property.description ? `  // ${property.description}` : "";
    return `${indent}  ${name}${required.includes(name) ? "" : "?"}: ${inner(property, 1)}${note}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}
