import type { Field } from "./field.ts";

/** How a provider's OAuth 2.0 departs from the standard; an app file may say the same of its own. */
export interface OAuthQuirks {
  /** Between scopes. */
  scopeSeparator?: string | undefined;
  /** Where the client's secret goes at the token endpoint. */
  tokenAuth?: "basic" | "body" | "none" | undefined;
  /** Further parameters of the sign-in's address. */
  authorizeParams?: Record<string, string> | undefined;
  /** Further parameters of requests to the token endpoint. */
  tokenParams?: Record<string, string> | undefined;
  /** How those requests are sent: `query` is a GET. */
  tokenEncoding?: "form" | "json" | "query" | undefined;
  /** Where the token endpoint's answer holds the tokens (an expression over `body`), if not at its top. */
  tokenAnswer?: string | undefined;
  /** Names of parameters, where they are not those of the standard. */
  scopeParam?: string | undefined;
  clientIdParam?: string | undefined;
  clientSecretParam?: string | undefined;
}

/** A provider's addresses, which may read `account.FIELD`, and its quirks. */
export interface OAuthProvider extends OAuthQuirks {
  authorizeUrl: string;
  tokenUrl: string;
}

const host = "^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$";
const FIELDS: Record<string, Omit<Field, "key" | "type">> = {
  subdomain: {
    label: "Subdomain",
    placeholder: "your-company",
    help: "The first part of the address at which you use it",
    validate: { pattern: host, message: "Enter the first part of the address alone, such as your-company" },
  },
  domain: {
    label: "Host name",
    placeholder: "login.example.com",
    help: "The address at which you use it, without https:// and without what follows the host",
    validate: { pattern: host, message: "Enter a host name, such as login.example.com" },
  },
  realm: {
    label: "Realm",
    placeholder: "master",
    validate: { pattern: "^[A-Za-z0-9._~-]+$", message: "Enter the realm's name as it stands in its addresses" },
  },
};

/** The fields that a provider's addresses read, to be asked of whoever connects. */
export function providerFields(...addresses: string[]): Field[] {
  const keys = [...addresses.join(" ").matchAll(/\{\{ account\.(\w+) \}\}/g)].map(([, key = ""]) => key);
  return [...new Set(keys)].map((key): Field => ({ key, type: "text", required: true, ...FIELDS[key] }));
}
