// Ways to sign in out of security schemes. Names of workspace secrets are made of the app's key.

import { originOf } from "./base-url.ts";
import { type Json, listOfObjects, type OpenApiDocument, objectOf, resolve, textOf } from "./document.ts";
import { firstSentence, Keys, toKey } from "./names.ts";

interface Found {
  auth: Json[];
  notes: string[];
}
const MAX_SCOPES = 30;

/** What the document's security schemes are as auth kinds of an app file; `scopes` are those that the chosen operations ask for. */
export function toAuth({ root, kind }: OpenApiDocument, app: string, baseUrl: string, fields: Json[], scopes: ReadonlySet<string>): Found {
  const schemes = kind === "swagger" ? objectOf(root.securityDefinitions) : objectOf(objectOf(root.components).securitySchemes);
  const notes: string[] = [];
  const keys = new Keys();
  const client = { id: `${secretName(app)}_CLIENT_ID`, secret: `${secretName(app)}_CLIENT_SECRET` };
  const auth = Object.entries(schemes).flatMap(([name, given]): Json[] => {
    const scheme = resolve(root, given);
    const make = (type: string, more: Json): Json[] => [
      {
        key: keys.take(name, "auth"),
        type,
        ...helpOf(scheme),
        ...more,
        ...(fields.length ? { fields: [...ownFields(type), ...fields] } : {}),
      },
    ];
    switch (scheme.type) {
      case "apiKey":
        if (scheme.in === "header" || scheme.in === "query")
          return make("api_key", { in: scheme.in, name: textOf(scheme.name) || "Authorization" });
        notes.push(`The sign-in “${name}” goes by a cookie, which apps cannot send.`);
        return [];
      case "basic":
        return make("basic", {});
      case "http":
        if (/^basic$/i.test(textOf(scheme.scheme))) return make("basic", {});
        if (/^bearer$/i.test(textOf(scheme.scheme))) return make("bearer", {});
        notes.push(`The sign-in “${name}” (${textOf(scheme.scheme) || "http"}) is not known.`);
        return [];
      case "openIdConnect":
        return make("oauth2", { issuer: textOf(scheme.openIdConnectUrl).replace(/\/\.well-known\/.*$/, ""), client });
      case "oauth2":
        return toOauth(scheme, name, make, { client, baseUrl, scopes, notes });
      default:
        notes.push(`The sign-in “${name}” is of no known kind.`);
        return [];
    }
  });
  if (!auth.length)
    notes.push(Object.keys(schemes).length ? "No sign-in of the document can be used: add one." : "The document names no sign-in.");
  return { auth: auth.length ? auth : [{ key: "none", type: "none", ...(fields.length ? { fields } : {}) }], notes };
}

const secretName = (app: string) => toKey(app, "app").toUpperCase();
const helpOf = ({ description }: Json): Json => {
  const help = firstSentence(textOf(description));
  return help ? { help } : {};
};

/** Fields that a kind would have had by itself, where the file names others. */
function ownFields(type: string): Json[] {
  if (type === "api_key") return [{ key: "key", type: "secret", label: "API key", required: true }];
  if (type === "bearer") return [{ key: "token", type: "secret", label: "Access token", required: true }];
  if (type !== "basic") return [];
  return [
    { key: "username", type: "text", label: "User name", required: true },
    { key: "password", type: "secret", label: "Password", required: true },
  ];
}

interface OauthContext {
  client: Json;
  baseUrl: string;
  scopes: ReadonlySet<string>;
  notes: string[];
}

function toOauth(
  scheme: Json,
  name: string,
  make: (type: string, more: Json) => Json[],
  { client, baseUrl, scopes, notes }: OauthContext,
): Json[] {
  const flows = objectOf(scheme.flows);
  const isSwagger = typeof scheme.flow === "string";
  const code = isSwagger ? (scheme.flow === "accessCode" ? scheme : undefined) : flows.authorizationCode;
  const machine = isSwagger ? (scheme.flow === "application" ? scheme : undefined) : flows.clientCredentials;
  const found: Json[] = [];
  if (code) {
    const { authorizationUrl, tokenUrl } = objectOf(code);
    const urls = { authorizeUrl: absolute(authorizationUrl, baseUrl), tokenUrl: absolute(tokenUrl, baseUrl) };
    if (urls.authorizeUrl && urls.tokenUrl) found.push(...make("oauth2", { ...urls, ...scopesOf(objectOf(code), scopes), client }));
  }
  if (machine) {
    const tokenUrl = absolute(objectOf(machine).tokenUrl, baseUrl);
    if (tokenUrl) found.push(...make("oauth2_client_credentials", { tokenUrl, ...scopesOf(objectOf(machine), scopes), client }));
  }
  if (!found.length)
    notes.push(`The sign-in “${name}” has neither the authorization code nor the client credentials flow, with its addresses.`);
  return found;
}

function scopesOf({ scopes: given }: Json, wanted: ReadonlySet<string>): Json {
  const known = Object.keys(objectOf(given));
  const some = known.filter((scope) => wanted.has(scope));
  const scopes = (some.length ? some : known).slice(0, MAX_SCOPES);
  return scopes.length ? { scopes } : {};
}

function absolute(url: unknown, baseUrl: string): string | undefined {
  const text = textOf(url);
  if (!text || text.includes("{{")) return undefined;
  if (/^https?:\/\//.test(text)) return text;
  const origin = originOf(baseUrl);
  if (!origin) return text.startsWith("/") ? text : undefined;
  return text.startsWith("/") ? `${origin}${text}` : `${baseUrl.replace(/\/+$/, "")}/${text}`;
}

/** Scopes that an operation asks for, of whatever scheme. */
export const scopesAsked = (root: Json, raw: Json): string[] =>
  listOfObjects(raw.security ?? root.security).flatMap((one) =>
    Object.values(one).flatMap((scopes) =>
      Array.isArray(scopes) ? scopes.filter((scope): scope is string => typeof scope === "string") : [],
    ),
  );
