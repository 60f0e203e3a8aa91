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
export function printSchema(schema: PrintedSchema, components: Record<string, PrintedSchema>, above: string[] = []): string {
  const indent = "  ".repeat(above.length);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const target = components[name];
    return !target || above.includes(name) || above.length >= MAX_DEPTH ? name || "unknown" : printSchema(target, components, above);
  }
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return [...new Set(options.map((one) => printSchema(one, components, above)))].join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => printSchema(one, components, above)).join(" & ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.properties) {
    if (above.length >= MAX_DEPTH) return "{ … }";
    const lines = Object.entries(schema.properties).map(([name, property]) => {
      const mark = schema.required?.includes(name) ? "" : "?";
      const note = property.description ? `  // ${property.description}` : "";
      return `${indent}  ${name}${mark}: ${printSchema(property, components, [...above, name])}${note}`;
    });
    return `{\n${lines.join("\n")}\n${indent}}`;
  }
  if (schema.items) return `${printSchema(schema.items, components, above)}[]`;
  if (typeof schema.additionalProperties === "object") return `{ [key]: ${printSchema(schema.additionalProperties, components, above)} }`;
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? ["unknown"] : [schema.type];
  return types.join(" | ");
}
