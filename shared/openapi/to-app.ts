// An app file out of an OpenAPI 3.x or Swagger 2 document: sign-in, base address, and the chosen operations as queries and actions.
import { stringify } from "yaml";
import { scopesAsked, toAuth } from "./auth.ts";
import { type BaseUrl, ofServer, originOf, toBaseUrl } from "./base-url.ts";
import { isObject, type Json, listOfObjects, type OpenApiDocument, objectOf, resolve, schemaOf, textOf, typeOf } from "./document.ts";
import { bodyProperties, toField } from "./fields.ts";
import { firstSentence, Keys, toKey } from "./names.ts";
import { type DocumentOperation, listOperations } from "./operations.ts";
import { answerSchema, recognisePaging } from "./paging.ts";

export interface AppWish {
  key?: string | undefined;
  name?: string | undefined;
  /** Ids of operations; all of them where it is not given. */
  operations?: readonly string[] | undefined;
  /** Where the document is from, for the file to say. */
  document?: string | undefined;
}

/** `source`: the app file. `notes`: what could not be taken over, in words. */
export interface MadeApp {
  key: string;
  source: string;
  operations: string[];
  notes: string[];
}

const IGNORED_HEADERS = /^(authorization|content-type|accept|user-agent|host|content-length)$/i;

/** Makes the app file. Operations that the document does not have are told in `notes`. */
export function toApp(document: OpenApiDocument, wish: AppWish): MadeApp {
  const { root, title, version } = document;
  const key = toKey(wish.key ?? title, "app").replaceAll("_", "-");
  const all = listOperations(document);
  const chosen = wish.operations ? all.filter(({ id }) => wish.operations?.includes(id)) : all;
  const notes = (wish.operations ?? []).filter((id) => !all.some((one) => one.id === id)).map((id) => `There is no operation “${id}”.`);
  const base = toBaseUrl(document, key);
  const scopes = new Set(chosen.flatMap(({ raw }) => scopesAsked(root, raw)));
  const { auth, notes: authNotes } = toAuth(document, key, base.url, base.fields, scopes);
  const hosts = new Set<string>();
  const parts: Record<"queries" | "actions", Json> = { queries: {}, actions: {} };
  const taken: string[] = [];
  for (const operation of chosen) {
    const made = toOperation(document, operation, { key, base, hosts, notes });
    if (!made) continue;
    parts[operation.kind === "query" ? "queries" : "actions"][operation.key] = made;
    taken.push(operation.id);
  }
  const description = firstSentence(textOf(objectOf(root.info).description));
  const test = findTest(root, chosen, parts.queries);
  const app: Json = {
    inlay: 1,
    key,
    name: (wish.name ?? title).slice(0, 200),
    ...(description ? { description } : {}),
    baseUrl: base.url,
    ...(hosts.size ? { hosts: [...hosts] } : {}),
    auth,
    ...(test ? { test } : {}),
    ...(Object.keys(parts.queries).length ? { queries: parts.queries } : {}),
    ...(Object.keys(parts.actions).length ? { actions: parts.actions } : {}),
    from_openapi: { document: wish.document ?? `${title} ${version}`.trim(), operations: taken },
  };
  const source = `# Made from ${wish.document ? `${wish.document} (` : ""}${title} ${version}`.trim().replaceAll("\n", " ");
  return {
    key,
    source: `${source}${wish.document ? ")" : ""}\n${stringify(app, { lineWidth: 0, aliasDuplicateObjects: false })}`,
    operations: taken,
    notes: [...base.notes, ...authNotes, ...notes],
  };
}

interface Around {
  key: string;
  base: BaseUrl;
  hosts: Set<string>;
  notes: string[];
}

function toOperation({ root, kind }: OpenApiDocument, operation: DocumentOperation, { key, base, hosts, notes }: Around): Json | undefined {
  const { raw, parameters, path, method, title } = operation;
  const keys = new Keys();
  const input: Json[] = [];
  const ask = (name: string, schema: unknown, description: string, required: boolean) => {
    const field = toField(root, name, schema, { description, required }, keys);
    input.push({ ...field });
    return `{{ input.${field.key} }}`;
  };
  const of = (parameter: Json) => parameter.schema ?? (parameter.content ? { type: "object" } : parameter);
  const [server] = listOfObjects(raw.servers);
  const own = server ? ofServer(server, key, []) : undefined;
  const origin = originOf((own ?? base).url);
  const paging = operation.kind === "query" ? recognisePaging(root, raw, parameters, origin) : undefined;
  const values = new Map<string, string>();
  for (const one of parameters.filter((parameter) => parameter.in === "path"))
    values.set(textOf(one.name), ask(textOf(one.name), of(one), textOf(one.description), true));
  const address = path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => values.get(name) ?? ask(name, {}, "", true));
  if (address.includes("#")) {
    notes.push(`“${operation.id}” has “#” in its path and is left out.`);
    return undefined;
  }
  const query: Json = { ...paging?.fixed };
  const headers: Json = {};
  for (const one of parameters) {
    const name = textOf(one.name);
    if (one.in === "query" && !paging?.taken.includes(name))
      query[name] = ask(name, of(one), textOf(one.description), one.required === true);
    if (one.in === "header" && !IGNORED_HEADERS.test(name))
      headers[name] = ask(name, of(one), textOf(one.description), one.required === true);
  }
  const body = method === "GET" || method === "HEAD" ? {} : bodyOf(root, kind, operation, ask);
  if (body === undefined) {
    notes.push(`“${operation.id}” takes a body that is neither JSON nor a form, and is left out.`);
    return undefined;
  }
  const ownOrigin = own && originOf(own.url);
  if (ownOrigin) hosts.add(ownOrigin.replace(/^https?:\/\//, ""));
  const place = own && ownOrigin ? { url: `${own.url}${address}` } : { path: address };
  const description = firstSentence(textOf(raw.description));
  return {
    title,
    ...(description && description !== title ? { description } : {}),
    ...(input.length ? { input } : {}),
    request: {
      ...(method === "GET" ? {} : { method }),
      ...place,
      ...(Object.keys(query).length ? { query } : {}),
      ...(Object.keys(headers).length ? { headers } : {}),
      ...body,
    },
    ...(paging ? { page: paging.page } : {}),
  };
}

type Ask = (name: string, schema: unknown, description: string, required: boolean) => string;

/** The body of a request as a template; `{}` where it has none, undefined where it cannot be sent. */
function bodyOf(root: Json, kind: OpenApiDocument["kind"], { raw, parameters }: DocumentOperation, ask: Ask): Json | undefined {
  if (kind === "swagger") {
    const form = parameters.filter((one) => one.in === "formData");
    if (form.some((one) => one.type === "file")) return undefined;
    if (form.length) {
      const body = Object.fromEntries(
        form.map((one) => [textOf(one.name), ask(textOf(one.name), one, textOf(one.description), one.required === true)]),
      );
      return { encoding: "form", body };
    }
    const whole = parameters.find((one) => one.in === "body");
    return whole ? { body: fromSchema(root, whole.schema, whole.required === true, ask) } : {};
  }
  const content = objectOf(resolve(root, raw.requestBody).content);
  const types = Object.keys(content);
  if (!types.length) return {};
  const json = types.find((one) => /json/i.test(one) || one === "*/*");
  const form = types.find((one) => /x-www-form-urlencoded/i.test(one));
  const type = json ?? form;
  if (type === undefined) return undefined;
  const isRequired = resolve(root, raw.requestBody).required === true;
  const body = fromSchema(root, objectOf(content[type]).schema, isRequired, ask);
  return json === undefined ? { encoding: "form", body } : { body };
}

function fromSchema(root: Json, given: unknown, isRequired: boolean, ask: Ask): unknown {
  const schema = schemaOf(root, given);
  const properties = typeOf(schema) === "object" ? bodyProperties(root, schema) : undefined;
  if (!properties) return ask("body", { type: "object" }, textOf(schema.description), isRequired);
  return Object.fromEntries(
    properties.map(({ name, schema: one, required }) => [name, ask(name, one, textOf(resolve(root, one).description), required)]),
  );
}

const WHO = /(^|[/_.-])(me|myself|whoami|userinfo|user|account|profile|self|users\/me|viewer|current[_-]?user|auth\.test)$/i;

/** A query without inputs that tells whose account it is, and how. */
function findTest(root: Json, chosen: readonly DocumentOperation[], queries: Json): Json | undefined {
  const plain = chosen.filter(({ key, kind }) => kind === "query" && isObject(queries[key]) && !required(queries[key]));
  const found =
    plain.find(({ path }) => WHO.test(path.replace(/\.json$/, "").replace(/\/+$/, ""))) ??
    plain.find((one) => /[a-z]me$|whoami|authenticated|current/i.test(one.id));
  if (!found || objectOf(queries[found.key]).page !== undefined) return undefined;
  const properties = objectOf(answerSchema(root, found.raw)?.properties);
  const pick = (names: string[]) => names.find((name) => Object.hasOwn(properties, name));
  const [id, label] = [pick(["id", "uuid", "user_id", "gid", "account_id"]), pick(["email", "login", "username", "display_name", "name"])];
  return { query: found.key, ...(id ? { id: `{{ body.${id} }}` } : {}), ...(label ? { label: `{{ body.${label} }}` } : {}) };
}

const required = (query: unknown) => listOfObjects(objectOf(query).input).some((field) => field.required === true);
