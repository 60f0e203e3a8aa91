// Where an API is reached: the first server, or scheme, host and base path.
import { type Json, listOfObjects, type OpenApiDocument, objectOf, textOf } from "./document.ts";
import { toKey, toLabel } from "./names.ts";

export interface BaseUrl {
  /** May hold `{{ account.NAME }}` or `{{ env.NAME }}`. */
  url: string;
  /** Fields of the account that stand in it. */
  fields: Json[];
  notes: string[];
}

/** The base address. What differs from customer to customer becomes a field of the account; an address that is not given, a variable. */
export function toBaseUrl(document: OpenApiDocument, app: string): BaseUrl {
  const { root, kind } = document;
  const notes: string[] = [];
  if (kind === "swagger") {
    const schemes = Array.isArray(root.schemes) ? root.schemes : [];
    const scheme = schemes.includes("https") || !schemes.includes("http") ? "https" : "http";
    const base = textOf(root.basePath).replace(/\/+$/, "");
    if (root.host) return { url: `${scheme}://${textOf(root.host)}${base}`, fields: [], notes };
    return missing(app, base, notes);
  }
  const servers = listOfObjects(root.servers);
  const server = servers.find((one) => textOf(one.url).startsWith("https://")) ?? servers[0];
  return server ? ofServer(server, app, notes) : missing(app, "", notes);
}

function missing(app: string, path: string, notes: string[]): BaseUrl {
  const name = `${toKey(app, "app").toUpperCase()}_URL`;
  notes.push(`The document does not say where the API is: set the variable ${name}.`);
  return { url: `{{ env.${name} }}${path}`, fields: [], notes };
}

/** A server's address: variables with a sensible default are filled in, others are asked for. */
export function ofServer(server: Json, app: string, notes: string[]): BaseUrl {
  const variables = objectOf(server.variables);
  const fields: Json[] = [];
  const url = textOf(server.url)
    .replace(/\/+$/, "")
    .replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
      const variable = objectOf(variables[name]);
      const standard = textOf(variable.default) || (typeof variable.default === "number" ? String(variable.default) : "");
      if (standard && (Array.isArray(variable.enum) || !/domain|tenant|subdomain|org|company|account|site|shop|instance|host/i.test(name)))
        return standard;
      const key = toKey(name, "server");
      if (!fields.some((field) => field.key === key))
        fields.push({ key, type: "text", label: toLabel(name), required: true, ...(standard ? { placeholder: standard } : {}) });
      return `{{ account.${key} }}`;
    });
  if (/^https?:\/\//.test(url)) return { url, fields, notes };
  if (url.startsWith("//")) return { url: `https:${url}`, fields, notes };
  return missing(app, url.startsWith("/") ? url : "", notes);
}

/** Scheme and host of an address; undefined where it has none, or a template in it. */
export const originOf = (url: string): string | undefined => /^https?:\/\/[^/?#{}]+(?=[/?#]|$)/.exec(url)?.[0];
