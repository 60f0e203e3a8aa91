// Inputs of operations out of parameters and body schemas.
import type { Field } from "../flow/field.ts";
import { type Json, objectOf, schemaOf, textOf, typeOf } from "./document.ts";
import { firstSentence, type Keys, toLabel } from "./names.ts";

const FORMATS: Record<string, Field["type"]> = { date: "date", "date-time": "datetime", email: "email", uri: "url", url: "url" };
const MAX_OPTIONS = 100;

/** The field that asks for a value of `schema`, under a key of its own. */
export function toField(root: Json, name: string, given: unknown, about: { description: string; required: boolean }, keys: Keys): Field {
  const schema = schemaOf(root, given);
  const options = optionsOf(schema);
  const help = firstSentence(about.description || textOf(schema.description));
  const standard = defaultOf(schema, options);
  return {
    key: keys.take(name, "value"),
    type: options ? "select" : fieldType(schema),
    label: toLabel(name),
    ...(help ? { help } : {}),
    ...(about.required ? { required: true } : {}),
    ...(standard === undefined ? {} : { default: standard }),
    ...(options ? { options } : {}),
    ...validationOf(schema, options),
  };
}

function fieldType(schema: Json): Field["type"] {
  switch (typeOf(schema)) {
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "toggle";
    case "object":
    case "array":
      return "json";
    default:
      return FORMATS[textOf(schema.format)] ?? "text";
  }
}

function optionsOf(schema: Json): (string | number)[] | undefined {
  const values = Array.isArray(schema.enum) ? schema.enum.filter((one) => typeof one === "string" || typeof one === "number") : [];
  const unique = [...new Set(values)].filter((one) => one !== "");
  return unique.length > 0 && unique.length <= MAX_OPTIONS ? unique : undefined;
}

/** A default that the API itself would take is left to it, unless it is a plain value that a reader may want to see. */
function defaultOf({ default: value }: Json, options: (string | number)[] | undefined): string | number | boolean | undefined {
  if (options && !options.includes(value as string)) return undefined;
  if (typeof value === "string") return value === "" || value.includes("{{") ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function validationOf(schema: Json, options: unknown): Pick<Field, "validate"> {
  if (options) return {};
  const number = (name: string) => (typeof schema[name] === "number" && Number.isFinite(schema[name]) ? schema[name] : undefined);
  const length = (name: string) => {
    const value = number(name);
    return value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined;
  };
  const type = typeOf(schema);
  const isNumber = type === "integer" || type === "number";
  const found = isNumber
    ? { min: number("minimum"), max: number("maximum") }
    : { minLength: type === "string" ? length("minLength") : undefined, maxLength: type === "string" ? length("maxLength") : undefined };
  const validate = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return Object.keys(validate).length ? { validate } : {};
}

/** A body's schema as fields, one a property; undefined where it is better asked for as a whole. */
export function bodyProperties(root: Json, schema: Json): { name: string; schema: unknown; required: boolean }[] | undefined {
  const properties = Object.entries(objectOf(schema.properties)).filter(([, one]) => objectOf(one).readOnly !== true);
  if (!properties.length || properties.length > 60) return undefined;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return properties.map(([name, one]) => ({
    name,
    schema: one,
    required: required.includes(name) && schemaOf(root, one).default === undefined,
  }));
}
