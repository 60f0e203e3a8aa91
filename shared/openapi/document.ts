// OpenAPI 3.x and Swagger 2 documents, read leniently: real ones break their own rules. What an app needs is picked out; the rest is let be.
import { parse } from "yaml";

export type Json = Record<string, unknown>;

/** A document that can be worked on. `kind`: which of the two formats. */
export interface OpenApiDocument {
  kind: "openapi" | "swagger";
  root: Json;
  title: string;
  version: string;
}

export const isObject = (value: unknown): value is Json => value !== null && typeof value === "object" && !Array.isArray(value);
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
export const listOfObjects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Reads JSON or YAML. Answers the document, or why it is none. */
export function readDocument(text: string): { ok: true; document: OpenApiDocument } | { ok: false; message: string } {
  let root: unknown;
  try {
    root = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text, { maxAliasCount: 100, strict: false, logLevel: "error" });
  } catch (error) {
    return { ok: false, message: `The document is neither JSON nor YAML: ${error instanceof Error ? error.message.slice(0, 300) : error}` };
  }
  if (!isObject(root)) return { ok: false, message: "The document holds no mapping. Give an OpenAPI 3.x or Swagger 2.0 document." };
  const openapi = textOf(root.openapi);
  if (!openapi.startsWith("3.") && String(root.swagger) !== "2" && String(root.swagger) !== "2.0")
    return { ok: false, message: "The document says neither “openapi: 3.…” nor “swagger: 2.0”." };
  if (!isObject(root.paths)) return { ok: false, message: "The document has no “paths”." };
  const info = objectOf(root.info);
  return {
    ok: true,
    document: {
      kind: openapi ? "openapi" : "swagger",
      root,
      title: textOf(info.title) || "An API",
      version: textOf(info.version),
    },
  };
}

const MAX_DEPTH = 30;

/** What a reference within the document stands for; anything else as it is. A reference that leads nowhere, or in a circle, is an empty object. */
export function resolve(root: Json, value: unknown): Json {
  let found: unknown = value;
  for (let depth = 0; depth < MAX_DEPTH && isObject(found) && typeof found.$ref === "string"; depth++) {
    const ref: string = found.$ref;
    if (!ref.startsWith("#/")) return {};
    found = ref
      .slice(2)
      .split("/")
      .map((part) => decode(part).replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((node, part) => (isObject(node) && Object.hasOwn(node, part) ? node[part] : undefined), root);
  }
  return isObject(found) && !("$ref" in found && typeof found.$ref === "string") ? found : {};
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A schema with what `allOf` adds to it; the first of `oneOf` or `anyOf` where it says nothing else. */
export function schemaOf(root: Json, value: unknown, depth = 0): Json {
  const schema = resolve(root, value);
  if (depth > 8) return schema;
  const parts = listOfObjects(schema.allOf).map((one) => schemaOf(root, one, depth + 1));
  const choice = listOfObjects(schema.oneOf ?? schema.anyOf).filter((one) => one.type !== "null");
  const [first] = schema.type === undefined && schema.properties === undefined && !parts.length ? choice : [];
  if (first) parts.push(schemaOf(root, first, depth + 1));
  if (!parts.length) return schema;
  const merged: Json = { ...Object.assign({}, ...parts), ...schema };
  const properties = Object.assign({}, ...parts.map((part) => objectOf(part.properties)), objectOf(schema.properties));
  if (Object.keys(properties).length) merged.properties = properties;
  const required = [...parts, schema].flatMap((part) => (Array.isArray(part.required) ? part.required : []));
  if (required.length) merged.required = [...new Set(required)];
  return merged;
}

/** A schema's type; of several, the first that is not null. */
export function typeOf(schema: Json): string {
  const { type } = schema;
  if (Array.isArray(type)) return textOf(type.find((one) => one !== "null"));
  if (typeof type === "string") return type;
  if (isObject(schema.properties)) return "object";
  return schema.items === undefined ? "" : "array";
}
