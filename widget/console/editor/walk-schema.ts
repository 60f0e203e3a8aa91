// What a JSON Schema (draft 2020-12, as zod prints it) allows at a place of a file.

/** The parts of a schema that suggestions are read from. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema | boolean;
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
  default?: unknown;
  $ref?: string;
  $defs?: Record<string, Schema>;
}

const MAX_DEPTH = 12;

/** The schemas that `schema` stands for: references followed, unions taken apart. */
export function alternatives(root: Schema, schema: Schema | boolean | undefined, depth = 0): Schema[] {
  if (!schema || schema === true || depth > MAX_DEPTH) return [];
  if (schema.$ref)
    return alternatives(root, root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? (schema.$ref === "#" ? root : undefined), depth + 1);
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return parts.length ? parts.flatMap((part) => alternatives(root, part, depth + 1)) : [schema];
}

/** The schemas of what stands at `path`; `*` is an item of a sequence. */
export function schemasAt(root: Schema, path: readonly string[]): Schema[] {
  let at = alternatives(root, root);
  for (const part of path)
    at = at.flatMap((schema) => {
      if (part === "*") return alternatives(root, schema.items);
      const known = schema.properties?.[part];
      return alternatives(root, known ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined));
    });
  return at;
}

/** A key that may stand in a mapping. `holds`: what its value is. */
export interface AllowedKey {
  key: string;
  isRequired: boolean;
  holds: "map" | "list" | "text";
  detail: string;
}

/** Keys that a mapping at `path` may have beside those that it has: of a union, those of the members that fit. */
export function allowedKeys(root: Schema, path: readonly string[], siblings: readonly string[]): AllowedKey[] {
  const maps = schemasAt(root, path).filter(({ properties }) => properties);
  const fitting = maps.filter(({ properties = {} }) => siblings.every((key) => key in properties));
  const found = new Map<string, AllowedKey>();
  for (const { properties = {}, required = [] } of fitting.length ? fitting : maps)
    for (const [key, schema] of Object.entries(properties)) {
      if (siblings.includes(key)) continue;
      const isRequired = required.includes(key) && fitting.length <= 1;
      const known = found.get(key);
      if (known) known.isRequired ||= isRequired;
      else found.set(key, { key, isRequired, ...describe(root, schema) });
    }
  return [...found.values()];
}

function describe(root: Schema, schema: Schema): Pick<AllowedKey, "holds" | "detail"> {
  const kinds = alternatives(root, schema);
  const isMap = kinds.length > 0 && kinds.every(({ type, properties }) => type === "object" || properties);
  const isList = kinds.length > 0 && kinds.every(({ type }) => type === "array");
  const values = allowedValuesOf(kinds);
  const detail = values.length
    ? values.slice(0, 4).join(" | ")
    : [...new Set(kinds.flatMap(({ type }) => type ?? []))].slice(0, 3).join(" | ");
  return { holds: isMap ? "map" : isList ? "list" : "text", detail };
}

/** Values that may stand at `path`, where there are few: enumerations, constants, true and false. */
export const allowedValues = (root: Schema, path: readonly string[]): string[] => allowedValuesOf(schemasAt(root, path));

function allowedValuesOf(schemas: readonly Schema[]): string[] {
  const values = schemas.flatMap((schema) =>
    schema.enum ? schema.enum : schema.const !== undefined ? [schema.const] : schema.type === "boolean" ? [true, false] : [],
  );
  return [...new Set(values.map(String))];
}
