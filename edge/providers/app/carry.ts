// How an account's credentials travel: which header, query or body member holds them, and which hosts may see them.
import type { AppFile, Auth } from "../../../shared/flow/app-file.ts";
import { evaluateValue, printValue } from "../../engine/expression.ts";
import type { Carry, Credentials } from "../../objects/account/rpc.ts";
import { isAmong } from "../http/address.ts";
import { completeAuth } from "../oauth/complete-auth.ts";
import { authFields, isSecretField } from "./auth-fields.ts";
import { baseUrl, resolveUrl } from "./render-request.ts";
import { renderUrl } from "./render-url.ts";

/** The auth kind of `app` with this key, with what its provider says. */
export function findAuth(app: AppFile, key: string): Auth | undefined {
  const found = app.auth.find((auth) => auth.key === key);
  return found && completeAuth(found);
}

/** What requests with these credentials carry. Throws ExpressionError or UrlShapeError where the app file's templates fail. */
export async function makeCarry(app: AppFile, auth: Auth, credentials: Credentials, env: Record<string, string>): Promise<Carry> {
  const { accessToken, refreshToken, fields } = credentials;
  const declared = authFields(auth);
  const isOpen = (key: string) => declared.some((field) => field.key === key && !isSecretField(field));
  const scope = { env, account: fields, token: accessToken };
  const place = await placeCredentials(auth, credentials, scope);
  const secrets = [accessToken, refreshToken, ...Object.entries(fields).flatMap(([key, value]) => (isOpen(key) ? [] : [value]))];
  return {
    headers: {},
    query: {},
    body: {},
    ...place,
    redact: [...new Set(secrets.filter((secret): secret is string => secret !== undefined && secret !== ""))],
    hosts: await carryHosts(app, auth, fields, env),
    fields: Object.fromEntries(Object.entries(fields).filter(([key]) => isOpen(key))),
  };
}

type Place = Partial<Pick<Carry, "headers" | "query" | "body">>;

async function placeCredentials(auth: Auth, { accessToken, fields }: Credentials, scope: Record<string, unknown>): Promise<Place> {
  const text = async (template: string) => printValue(await evaluateValue(template, scope));
  const first = fields.key ?? fields.token ?? fields[authFields(auth).find(isSecretField)?.key ?? ""] ?? Object.values(fields)[0] ?? "";
  switch (auth.type) {
    case "oauth2":
    case "oauth2_client_credentials":
      return auth.carry ? placeAs(auth.carry, scope) : { headers: { authorization: `Bearer ${accessToken ?? ""}` } };
    case "bearer":
      return { headers: { authorization: withPrefix(auth.prefix ?? "Bearer", auth.value ? await text(auth.value) : first) } };
    case "api_key": {
      const value = withPrefix(auth.prefix ?? "", auth.value ? await text(auth.value) : first);
      if (auth.in === "query") return { query: { [auth.name]: value } };
      return auth.in === "body" ? { body: { [auth.name]: value } } : { headers: { [auth.name.toLowerCase()]: value } };
    }
    case "basic": {
      const username = auth.username ? await text(auth.username) : (fields.username ?? "");
      const password = auth.password ? await text(auth.password) : (fields.password ?? "");
      const bytes = new TextEncoder().encode(`${username}:${password}`);
      return { headers: { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` } };
    }
    case "custom":
      if (auth.carry) return placeAs(auth.carry, scope);
      return accessToken ? { headers: { authorization: `Bearer ${accessToken}` } } : {};
    case "none":
      return {};
  }
}

async function placeAs(carry: NonNullable<Extract<Auth, { type: "custom" }>["carry"]>, scope: Record<string, unknown>): Promise<Place> {
  const whole = { headers: carry.headers ?? {}, query: carry.query ?? {} };
  const { headers = {}, query = {} } = (await evaluateValue(whole, scope)) as Partial<Record<"headers" | "query", Record<string, unknown>>>;
  return { headers: toTexts(headers), query: toTexts(query) };
}

const withPrefix = (prefix: string, value: string) => (/\w$/.test(prefix) ? `${prefix} ${value}` : prefix + value);
const toTexts = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, printValue(value)]));

async function carryHosts(app: AppFile, given: Auth, fields: Record<string, string>, env: Record<string, string>): Promise<string[]> {
  const scope = { env, account: fields };
  const auth = completeAuth(given);
  const urls: string[] = app.baseUrl === undefined ? [] : [await baseUrl(app, scope)];
  for (const name of ["authorizeUrl", "tokenUrl", "revokeUrl"] as const) {
    const template = name in auth ? (auth as Partial<Record<typeof name, string>>)[name] : undefined;
    if (template !== undefined) urls.push(await resolveUrl(app, await renderUrl(template, scope), scope));
  }
  const hosts = urls.flatMap((url) => URL.parse(url)?.host ?? []);
  return [...new Set([...hosts, ...(app.hosts ?? []).map((host) => host.toLowerCase())])];
}

/** Whether credentials bound to `hosts` may go to `url`. `*.example.com` stands for every host below example.com. */
export function mayCarryTo(hosts: readonly string[], url: string): boolean {
  const host = URL.parse(url)?.host;
  return host !== undefined && host !== "" && isAmong(hosts, host);
}
