// The operations of a document, one entry each, with what its path says for all of them.
import { isObject, type Json, listOfObjects, type OpenApiDocument, objectOf, resolve, textOf } from "./document.ts";
import { firstSentence, Keys, toLabel } from "./names.ts";

const METHODS = ["get", "head", "post", "put", "patch", "delete"] as const;

/** An operation that can be chosen. `id`: the document's own, else method and path. */
export interface OperationInfo {
  id: string;
  key: string;
  method: string;
  path: string;
  title: string;
  kind: "query" | "action";
  tags: string[];
  deprecated: boolean;
}

/** An operation with its raw parts, references resolved. */
export interface DocumentOperation extends OperationInfo {
  raw: Json;
  parameters: Json[];
}

/** Every operation of the document, in its order. */
export function listOperations({ root }: OpenApiDocument): DocumentOperation[] {
  const keys = new Keys();
  return Object.entries(objectOf(root.paths)).flatMap(([path, item]) => {
    const shared = resolve(root, item);
    return METHODS.flatMap((method): DocumentOperation[] => {
      const raw = shared[method];
      if (!isObject(raw)) return [];
      const id = textOf(raw.operationId) || `${method.toUpperCase()} ${path}`;
      return [
        {
          id,
          key: keys.take(textOf(raw.operationId) || `${method} ${path.replaceAll(/[{}]/g, "")}`, "operation"),
          method: method.toUpperCase(),
          path,
          title: firstSentence(textOf(raw.summary)) || firstSentence(textOf(raw.description)) || toLabel(id),
          kind: method === "get" || method === "head" ? "query" : "action",
          tags: Array.isArray(raw.tags) ? raw.tags.filter((tag): tag is string => typeof tag === "string") : [],
          deprecated: raw.deprecated === true,
          raw,
          parameters: mergeParameters(root, listOfObjects(shared.parameters), listOfObjects(raw.parameters)),
        },
      ];
    });
  });
}

/** The operation's own parameters stand for those of its path with the same name and place. */
function mergeParameters(root: Json, shared: Json[], own: Json[]): Json[] {
  const resolved = own.map((one) => resolve(root, one));
  const isOwn = (one: Json) => resolved.some(({ name, in: place }) => name === one.name && place === one.in);
  return [...shared.map((one) => resolve(root, one)).filter((one) => !isOwn(one)), ...resolved].filter(
    ({ name, in: place }) => name && place,
  );
}
