// How a list goes on, told from its parameters and from the shape of its answer.
import type { Paging } from "../flow/app-file.ts";
import { isObject, type Json, objectOf, schemaOf, textOf, typeOf } from "./document.ts";

const SIZES = /^(per_?page|page_?size|limit|max_?results|count|size|top|\$top|page\[size\]|page\[limit\])$/i;
const NUMBERS = /^(page|page_?number|page_?num|page\[number\])$/i;
const OFFSETS = /^(offset|start|skip|start_?at|start_?index|\$skip|page\[offset\])$/i;
const CURSORS =
  /^(cursor|page_?token|next_?token|next_?page_?token|continuation(_?token)?|after|starting_after|page\[after\]|page\[cursor\]|start_cursor|marker|next_?cursor)$/i;
const NEXT_CURSOR =
  /^(next_?cursor|next_?page_?token|next_?token|continuation(_?token)?|cursor|after|next_?marker|end_?cursor|cursor_?next)$/i;
const NEXT_ADDRESS = /^(next|next_?page|next_?page_?uri|next_?page_?url|next_?url|next_?link|@odata\.nextlink|nextlink)$/i;
const LISTS = /^(data|items|results?|values?|records|entries|rows|list|content|objects|elements|collection)$/i;
const SIZE = 100;

export interface Recognised {
  page: Paging;
  /** Query parameters that the paging itself fills in, and with what. */
  fixed: Record<string, string | number>;
  /** Parameters that the paging takes over: they are no inputs. */
  taken: string[];
}

/** The schema of the answer that says that all went well. */
export function answerSchema(root: Json, raw: Json): Json | undefined {
  const responses = objectOf(raw.responses);
  const code = ["200", "201", "2XX", "2xx", "default"].find((one) => isObject(responses[one]));
  if (!code) return undefined;
  const response = schemaFree(root, responses[code]);
  const content = objectOf(response.content);
  const type = Object.keys(content).find((one) => /json/i.test(one));
  const schema = type ? objectOf(content[type]).schema : response.schema;
  return schema === undefined ? undefined : schemaOf(root, schema);
}

const schemaFree = (root: Json, value: unknown): Json => {
  const found = objectOf(value);
  return typeof found.$ref === "string" ? schemaOf(root, found) : found;
};

/** A property within the answer as an expression: names that are no words stand in backticks. */
const member = (path: string[]): string => ["body", ...path.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``))].join(".");

/** Where the items are: the answer itself, or the one list in it. */
export function itemsPath(root: Json, schema: Json | undefined): string[] | undefined {
  if (!schema) return undefined;
  if (typeOf(schema) === "array") return [];
  const lists = listsWithin(root, schema, 2);
  const named = lists.filter((path) => LISTS.test(path.at(-1) ?? ""));
  const [only] = lists.length === 1 ? lists : named;
  return only;
}

function listsWithin(root: Json, schema: Json, depth: number): string[][] {
  const found: string[][] = [];
  for (const [name, one] of Object.entries(objectOf(schema.properties))) {
    if (name.includes("`")) continue;
    const inner = schemaOf(root, one);
    if (typeOf(inner) === "array") found.push([name]);
    else if (depth > 1 && typeOf(inner) === "object") found.push(...listsWithin(root, inner, depth - 1).map((path) => [name, ...path]));
  }
  return found;
}

/** The way to a property whose name fits, at most three levels down. */
function findProperty(root: Json, schema: Json, name: RegExp, depth = 3): string[] | undefined {
  const properties = Object.entries(objectOf(schema.properties)).filter(([key]) => !key.includes("`"));
  const direct = properties.find(([key, one]) => name.test(key) && !["array", "object", "boolean"].includes(typeOf(schemaOf(root, one))));
  if (direct) return [direct[0]];
  if (depth <= 1) return undefined;
  for (const [key, one] of properties) {
    const inner = schemaOf(root, one);
    const found = typeOf(inner) === "object" ? findProperty(root, inner, name, depth - 1) : undefined;
    if (found) return [key, ...found];
  }
  return undefined;
}

/** How a GET of the document pages, or undefined where it does not, or not in a way that can be told. `origin`: of the API, for relative addresses. */
export function recognisePaging(root: Json, raw: Json, parameters: Json[], origin: string | undefined): Recognised | undefined {
  const schema = answerSchema(root, raw);
  const path = itemsPath(root, schema);
  if (!schema || !path) return undefined;
  const query = parameters.filter((one) => one.in === "query" && one.required !== true).map((one) => ({ name: textOf(one.name), one }));
  const find = (pattern: RegExp) => query.find(({ name }) => pattern.test(name));
  const size = find(SIZES);
  const fixed = size ? { [size.name]: pageSize(root, size.one) } : {};
  const items = `{{ ${member(path)} }}`;
  const make = (page: Omit<Paging, "items">, ...names: (string | undefined)[]): Recognised => ({
    page: { items, ...page },
    fixed,
    taken: [...names, size?.name].filter((name) => name !== undefined),
  });
  const cursor = find(CURSORS);
  if (cursor) {
    const next = nextCursorExpression(root, schema, path, cursor.name);
    if (next) return make({ next: `{{ ${next} }}`, as: `query.${cursor.name}` }, cursor.name);
  }
  const number = find(NUMBERS);
  const isSized = size ? { size: fixed[size.name] as number } : {};
  if (number && typeOf(schemaOf(root, number.one.schema ?? number.one)) !== "object")
    return make({ number: `query.${number.name}`, first: firstPage(root, number.one), ...isSized }, number.name);
  const offset = find(OFFSETS);
  if (offset) return make({ offset: `query.${offset.name}`, ...isSized }, offset.name);
  const address = findProperty(root, schema, NEXT_ADDRESS);
  if (!address || !origin) return undefined;
  const at = member(address);
  return make({ next: `{{ ${at} ? ($contains($string(${at}), '://') ? ${at} : '${origin}' & ${at}) }}` });
}

function nextCursorExpression(root: Json, schema: Json, items: string[], name: string): string | undefined {
  if (/^starting_after$/i.test(name)) {
    const more = findFlag(schema, "has_more");
    return more && items.length ? `body.has_more ? ${member(items)}[-1].id` : undefined;
  }
  const found = findProperty(root, schema, NEXT_CURSOR);
  return found && member(found);
}

const findFlag = (schema: Json, name: string) => Object.hasOwn(objectOf(schema.properties), name);

function pageSize(root: Json, parameter: Json): number {
  const { maximum } = schemaOf(root, parameter.schema ?? parameter);
  return typeof maximum === "number" && maximum >= 1 ? Math.min(SIZE, Math.floor(maximum)) : SIZE;
}

function firstPage(root: Json, parameter: Json): number {
  const { default: standard, minimum } = schemaOf(root, parameter.schema ?? parameter);
  if (standard === 0 || minimum === 0) return 0;
  return 1;
}
