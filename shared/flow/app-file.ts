import { z } from "zod";
import { Duration } from "./duration.ts";
import { Template, TemplateValue } from "./expression.ts";
import { Field } from "./field.ts";
import { Key } from "./key.ts";
import { OAUTH_PROVIDERS } from "./oauth-providers.ts";
import { Verify } from "./trigger.ts";

/** One HTTP request of an operation. `path` stands behind the app's `baseUrl`; `url` replaces both. `idempotency` names the header that carries the effect's key. */
export const OperationRequest = z.strictObject({
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
  path: Template.optional(),
  url: Template.optional(),
  query: z.record(z.string(), TemplateValue).optional(),
  headers: z.record(z.string(), TemplateValue).optional(),
  body: TemplateValue.optional(),
  encoding: z.enum(["json", "form"]).optional(),
  idempotency: z.string().optional(),
});
export type OperationRequest = z.infer<typeof OperationRequest>;

/** Paging. By cursor: `next` is an expression, sent `as` `query.NAME` or `body.NAME`. By `offset` (`query.NAME`) in steps of `size`. By `number` (`query.NAME`, from `first`). */
export const Paging = z.strictObject({
  items: Template,
  next: Template.optional(),
  as: z.string().optional(),
  offset: z.string().optional(),
  number: z.string().optional(),
  first: z.number().int().optional(),
  size: z.number().int().min(1).optional(),
  max: z.number().int().min(1).max(10_000).optional(),
});
export type Paging = z.infer<typeof Paging>;

/** A query (pulls, one call or paged) or an action (pushes, one call). */
export const Operation = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  input: z.array(Field).optional(),
  scopes: z.array(z.string()).optional(),
  request: OperationRequest,
  page: Paging.optional(),
  missing: z.strictObject({ status: z.number().int().default(404), output: TemplateValue }).optional(),
  output: TemplateValue.optional(),
  sample: z.json().optional(),
});
export type Operation = z.infer<typeof Operation>;

const authBase = { key: Key, label: z.string().optional(), help: z.string().optional(), fields: z.array(Field).optional() };
const client = z.strictObject({ id: z.string(), secret: z.string().optional() });
/** How requests carry what the sign-in gave; by default as `Authorization: Bearer`. */
const carry = z
  .strictObject({ headers: z.record(z.string(), Template).optional(), query: z.record(z.string(), Template).optional() })
  .optional();

const NAMES = Object.keys(OAUTH_PROVIDERS);
/** The first few names that begin as `wrong` does: enough to find the one that was meant. */
const similarTo = (wrong: string) => NAMES.filter((name) => name.startsWith(wrong.slice(0, 2).toLowerCase())).slice(0, 5);
/** One of the providers whose addresses and quirks are known (`oauth-providers.ts`). */
const ProviderName = z.enum(NAMES, {
  error: ({ input }) => {
    const similar = typeof input === "string" ? similarTo(input) : [];
    return `no provider of this name is known${similar.length ? `, but ${similar.join(", ")}` : ""}; else give authorizeUrl and tokenUrl`;
  },
});

/**
 * A way to sign in to an app. `client.id` and `client.secret` are names of workspace secrets; `client: user` asks whoever connects for a
 * client of their own. `provider` knows the addresses and the quirks, each of which may be given here instead.
 */
export const Auth = z.discriminatedUnion("type", [
  z.strictObject({
    ...authBase,
    type: z.literal("oauth2"),
    provider: ProviderName.optional(),
    issuer: z.string().optional(),
    authorizeUrl: Template.optional(),
    tokenUrl: Template.optional(),
    revokeUrl: Template.optional(),
    scopes: z.array(z.string()).optional(),
    scopeSeparator: z.string().optional(),
    pkce: z.boolean().optional(),
    tokenAuth: z.enum(["basic", "body", "none"]).optional(),
    authorizeParams: z.record(z.string(), z.string()).optional(),
    tokenParams: z.record(z.string(), z.string()).optional(),
    tokenEncoding: z.enum(["form", "json", "query"]).optional(),
    tokenAnswer: Template.optional(),
    scopeParam: z.string().min(1).optional(),
    clientIdParam: z.string().min(1).optional(),
    clientSecretParam: z.string().min(1).optional(),
    client: z.union([client, z.literal("user")]).optional(),
    carry,
  }),
  z.strictObject({
    ...authBase,
    type: z.literal("oauth2_client_credentials"),
    tokenUrl: Template,
    scopes: z.array(z.string()).optional(),
    tokenAuth: z.enum(["basic", "body"]).optional(),
    client: z.union([client, z.literal("user")]).optional(),
    carry,
  }),
  z.strictObject({
    ...authBase,
    type: z.literal("api_key"),
    in: z.enum(["header", "query", "body"]).default("header"),
    name: z.string(),
    prefix: z.string().optional(),
    value: Template.optional(),
  }),
  z.strictObject({ ...authBase, type: z.literal("basic"), username: Template.optional(), password: Template.optional() }),
  z.strictObject({ ...authBase, type: z.literal("bearer"), prefix: z.string().optional(), value: Template.optional() }),
  z.strictObject({
    ...authBase,
    type: z.literal("custom"),
    request: OperationRequest.optional(),
    token: Template.optional(),
    expiresIn: Template.optional(),
    carry,
  }),
  z.strictObject({ ...authBase, type: z.literal("none") }),
]);
export type Auth = z.infer<typeof Auth>;

export const ERROR_CLASSES = ["auth", "rate_limit", "invalid", "missing", "duplicate", "too_large", "intermittent"] as const;

/** Classes an answer; the first rule whose `when` is true wins. */
export const ErrorRule = z.strictObject({ when: Template, class: z.enum(ERROR_CLASSES), message: Template.optional() });
export type ErrorRule = z.infer<typeof ErrorRule>;

/** An app's own event: by a webhook that Inlay subscribes to for each integration, or by polling a query. */
export const AppTrigger = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  input: z.array(Field).optional(),
  webhook: z
    .strictObject({
      /** `expires`: when the app ends the subscription by itself, as a date or in seconds or ms since 1970. It is made anew before. */
      subscribe: z.strictObject({ request: OperationRequest, id: Template.optional(), expires: Template.optional() }).optional(),
      /** Asks the app, `every` so often (a day), whether the subscription still stands. 404, 410 or an error of class `missing`: it is made anew. */
      check: z.strictObject({ request: OperationRequest, every: Duration.optional() }).optional(),
      unsubscribe: z.strictObject({ request: OperationRequest }).optional(),
      verify: Verify.optional(),
      /** Comes by the app's one webhook for all customers (`webhook` of the app): nothing is subscribed to. */
      shared: z.boolean().optional(),
      match: Template.optional(),
      id: Template.optional(),
      output: TemplateValue.optional(),
    })
    .optional(),
  poll: z
    .strictObject({
      query: Key,
      with: z.record(z.string(), TemplateValue).optional(),
      every: Duration.optional(),
      items: Template.optional(),
      id: Template,
      cursor: Template.optional(),
      output: TemplateValue.optional(),
    })
    .optional(),
  sample: z.json().optional(),
});
export type AppTrigger = z.infer<typeof AppTrigger>;

/**
 * An app's one webhook for all customers. `account` yields the unique id at the app (`test.id`) of whom a call is about, or a list of
 * them; triggers that are `shared` start for those accounts. `verify` may read `secrets.NAME` of the workspace. `challenge` answers a
 * call that only asks whether the address is ours: text to send back.
 */
export const AppWebhook = z.strictObject({ verify: Verify.optional(), account: Template, challenge: Template.optional() });
export type AppWebhook = z.infer<typeof AppWebhook>;

/** An app as a builder writes it (`NAME.app.yaml`). Unknown keys are errors. */
export const AppFile = z
  .strictObject({
    inlay: z.literal(1),
    key: Key,
    name: z.string().min(1).max(200),
    icon: z.string().optional(),
    description: z.string().max(2_000).default(""),
    categories: z.array(z.string()).default([]),
    baseUrl: Template.optional(),
    /** Further hosts that credentials may be sent to; the hosts of `baseUrl` and of the auth's URLs always are. */
    hosts: z.array(z.string()).optional(),
    headers: z.record(z.string(), TemplateValue).optional(),
    auth: z.array(Auth).default([]),
    test: z.strictObject({ query: Key, id: Template.optional(), label: Template.optional() }).optional(),
    limits: z
      .strictObject({ requests: z.number().int().min(1), per: Duration, concurrency: z.number().int().min(1).optional() })
      .optional(),
    queries: z.record(Key, Operation).default({}),
    actions: z.record(Key, Operation).default({}),
    triggers: z.record(Key, AppTrigger).default({}),
    webhook: AppWebhook.optional(),
    errors: z.array(ErrorRule).default([]),
    from_openapi: z.strictObject({ document: z.string(), operations: z.array(z.string()) }).optional(),
  })
  .refine(({ webhook, triggers }) => webhook !== undefined || !Object.values(triggers).some((trigger) => trigger.webhook?.shared), {
    message: "a trigger is shared: say in “webhook” of the app whom a call is about",
    path: ["webhook"],
  });
export type AppFile = z.infer<typeof AppFile>;
