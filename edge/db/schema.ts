// The catalogue: small, relational, read much, written seldom. Ids are text, times are milliseconds since epoch, JSON is text.
// Every table but `workspaces` carries its `workspace`, and every query names it. The indexes are those of the queries in this folder.
import { sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Attempt } from "../../shared/api/account.ts";
import type { Attention } from "../../shared/api/integration.ts";
import type { AppFile } from "../../shared/flow/app-file.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";

const at = (name: string) => integer(name).notNull();
const strings = (name: string) => text(name, { mode: "json" }).$type<string[]>().notNull();
const byString = <T>(name: string) => text(name, { mode: "json" }).$type<Record<string, T>>().notNull();

/** `dek`: the workspace's data key, wrapped by the master key. */
export const workspaces = sqliteTable("workspaces", {
  id: text().primaryKey(),
  name: text().notNull(),
  dek: text().notNull(),
  createdAt: at("created_at"),
});

const workspace = () =>
  text()
    .notNull()
    .references((): SQLiteColumn => workspaces.id, { onDelete: "cascade" });

/** Public halves of the keys that the host signs user tokens with. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    workspace: workspace(),
    kid: text().notNull(),
    alg: text().notNull(),
    publicJwk: text("public_jwk", { mode: "json" }).$type<JsonWebKey>().notNull(),
    createdAt: at("created_at"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.kid] })],
);

/** `hash`: SHA-256 of the token, in hex; the token itself is shown once and never stored. */
export const apiTokens = sqliteTable(
  "api_tokens",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    name: text().notNull(),
    hash: text().notNull(),
    scopes: strings("scopes"),
    /** What the member was who made it: a token is no stronger. Null: made by the deployment's operator, or before this was kept. */
    role: text(),
    /** Whose it is: the member who made it, themselves or by another of their tokens. It ends with them. Null: the workspace's, as for `role`. */
    member: text().references((): SQLiteColumn => members.id, { onDelete: "cascade" }),
    expiresAt: integer("expires_at"),
    lastUsedAt: integer("last_used_at"),
    createdAt: at("created_at"),
    revokedAt: integer("revoked_at"),
  },
  (table) => [
    uniqueIndex("api_tokens_hash").on(table.hash),
    index("api_tokens_workspace").on(table.workspace, table.createdAt),
    index("api_tokens_member").on(table.member),
  ],
);

export const members = sqliteTable(
  "members",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    email: text().notNull(),
    name: text().notNull(),
    role: text().notNull(),
    createdAt: at("created_at"),
  },
  (table) => [uniqueIndex("members_email").on(table.workspace, table.email), index("members_by_email").on(table.email)],
);

export const memberSessions = sqliteTable(
  "member_sessions",
  {
    hash: text().primaryKey(),
    member: text()
      .notNull()
      .references(() => members.id, { onDelete: "cascade" }),
    workspace: workspace(),
    expiresAt: at("expires_at"),
    createdAt: at("created_at"),
    /** `ses_…`: what lists and revocations name. */
    id: text(),
    /** The same for all sessions that one browser has opened; it may switch between them. */
    browser: text(),
    /** How it was opened: `link`, `invitation` or the id of a provider. */
    by: text(),
    agent: text(),
    seenAt: integer("seen_at"),
  },
  (table) => [
    index("member_sessions_member").on(table.workspace, table.member),
    uniqueIndex("member_sessions_id").on(table.id),
    index("member_sessions_browser").on(table.browser),
  ],
);

export const signInLinks = sqliteTable("sign_in_links", {
  hash: text().primaryKey(),
  member: text()
    .notNull()
    .references(() => members.id, { onDelete: "cascade" }),
  workspace: workspace(),
  expiresAt: at("expires_at"),
  usedAt: integer("used_at"),
});

const member = () =>
  text()
    .notNull()
    .references(() => members.id, { onDelete: "cascade" });

/** What a member is on single flows, in place of their role in the workspace. `flow` is `flows.id`. */
export const memberFlowRoles = sqliteTable(
  "member_flow_roles",
  {
    workspace: workspace(),
    member: member(),
    flow: text()
      .notNull()
      .references((): SQLiteColumn => flows.id, { onDelete: "cascade" }),
    role: text().notNull(),
    createdAt: at("created_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.member, table.flow] }), index("member_flow_roles_flow").on(table.flow)],
);

/** Who may become a member by a link. `hash`: SHA-256 of the link's token. `acceptedAt` is set once. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    email: text().notNull(),
    role: text().notNull(),
    hash: text().notNull(),
    invitedBy: text("invited_by").notNull(),
    expiresAt: at("expires_at"),
    createdAt: at("created_at"),
    acceptedAt: integer("accepted_at"),
  },
  (table) => [uniqueIndex("invitations_hash").on(table.hash), index("invitations_workspace").on(table.workspace, table.createdAt)],
);

/** OpenID providers that members sign in with. Whoever has an address in `domains` joins with `role`; where that is null, members alone get in. */
export const signInProviders = sqliteTable(
  "sign_in_providers",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    label: text().notNull(),
    issuer: text().notNull(),
    clientId: text("client_id").notNull(),
    /** The client's secret, sealed; null for a public client. */
    sealed: text(),
    domains: strings("domains"),
    role: text(),
    /** What the member was who has set it up: it signs in nobody stronger. Null: an owner, before this was kept. */
    setBy: text("set_by"),
    createdAt: at("created_at"),
    updatedAt: at("updated_at"),
  },
  (table) => [index("sign_in_providers_workspace").on(table.workspace, table.createdAt)],
);

/** Whom a provider's subject is: an address may change hands, a subject does not. */
export const memberIdentities = sqliteTable(
  "member_identities",
  {
    workspace: workspace(),
    provider: text()
      .notNull()
      .references(() => signInProviders.id, { onDelete: "cascade" }),
    subject: text().notNull(),
    member: member(),
  },
  (table) => [
    primaryKey({ columns: [table.workspace, table.provider, table.subject] }),
    index("member_identities_member").on(table.member),
  ],
);

/** Sign-ins at a provider that are under way: ten minutes, one return, one browser. */
export const memberAttempts = sqliteTable(
  "member_attempts",
  {
    stateHash: text("state_hash").primaryKey(),
    browserHash: text("browser_hash").notNull(),
    workspace: workspace(),
    provider: text()
      .notNull()
      .references(() => signInProviders.id, { onDelete: "cascade" }),
    nonce: text().notNull(),
    /** Sealed. */
    verifier: text().notNull(),
    expiresAt: at("expires_at"),
  },
  (table) => [index("member_attempts_expires").on(table.expiresAt)],
);

/** `source` is the file as the builder wrote it, byte for byte; `file` is what it says. */
export const apps = sqliteTable(
  "apps",
  {
    workspace: workspace(),
    key: text().notNull(),
    id: text().notNull(),
    version: integer().notNull(),
    source: text().notNull(),
    file: text({ mode: "json" }).$type<AppFile>().notNull(),
    updatedAt: at("updated_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.key] })],
);

/** The address of an app's one webhook for all customers: the secret part of it, and, sealed, what the provider may sign with. */
export const appHooks = sqliteTable(
  "app_hooks",
  {
    workspace: workspace(),
    app: text().notNull(),
    key: text().notNull(),
    sealed: text().notNull(),
    createdAt: at("created_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.app] }), uniqueIndex("app_hooks_key").on(table.key)],
);

/** `draft` is the newest source text; `published` the number of the version that users get, null where withdrawn. The rest repeats that version for lists. */
export const flows = sqliteTable(
  "flows",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    key: text().notNull(),
    draft: text(),
    published: integer(),
    name: text().notNull(),
    description: text().notNull().default(""),
    icon: text(),
    category: text(),
    tags: strings("tags").default([]),
    audience: text({ enum: ["everyone", "beta", "nobody"] })
      .notNull()
      .default("everyone"),
    labels: strings("labels").default([]),
    /** Keys of the apps that its account slots name. */
    apps: strings("apps").default([]),
    /** `folders.id`; null stands in Standalone. */
    folder: text(),
    /** Counts changes of the draft. */
    revision: integer().notNull().default(0),
    /** `key@version` of the flow that this is a fork of. */
    forkedFrom: text("forked_from"),
    /** When it went to the recycle bin, and which version was published then. */
    deletedAt: integer("deleted_at"),
    deletedPublished: integer("deleted_published"),
    createdAt: at("created_at"),
    updatedAt: at("updated_at"),
  },
  (table) => [
    uniqueIndex("flows_key").on(table.workspace, table.key),
    index("flows_name").on(table.workspace, table.name, table.key),
    index("flows_deleted").on(table.deletedAt),
  ],
);

/** Members sort flows into folders; what is in none stands in Standalone. */
export const folders = sqliteTable(
  "folders",
  { id: text().primaryKey(), workspace: workspace(), name: text().notNull(), createdAt: at("created_at") },
  (table) => [uniqueIndex("folders_name").on(table.workspace, table.name)],
);

/** How a member has arranged Home. `member` is `mem_…` or `tok_…`. */
export const homes = sqliteTable(
  "homes",
  {
    workspace: workspace(),
    member: text().notNull(),
    view: text({ enum: ["tiles", "list"] }).notNull(),
    order: strings("order"),
    pins: strings("pins"),
    updatedAt: at("updated_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.member] })],
);

/** Flow files that an organisation's members start new flows from. */
export const templates = sqliteTable(
  "templates",
  {
    workspace: workspace(),
    key: text().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    category: text(),
    apps: strings("apps"),
    source: text().notNull(),
    author: text(),
    updatedAt: at("updated_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.key] })],
);

/** Versions never change. `available`: integrations may be made of it or upgraded to it. */
export const flowVersions = sqliteTable(
  "flow_versions",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    flow: text()
      .notNull()
      .references(() => flows.id, { onDelete: "cascade" }),
    number: integer().notNull(),
    source: text().notNull(),
    file: text({ mode: "json" }).$type<FlowFile>().notNull(),
    note: text(),
    labels: strings("labels").default([]),
    /** Who published it: a member's or a token's name. */
    author: text(),
    available: integer({ mode: "boolean" }).notNull().default(true),
    createdAt: at("created_at"),
  },
  (table) => [uniqueIndex("flow_versions_number").on(table.workspace, table.flow, table.number)],
);

/** Files that members keep with a flow. What is in them stands in the bucket, under `workspace/flow/id`. `type` is what was found, not what was said. */
export const flowAttachments = sqliteTable(
  "flow_attachments",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    flow: text()
      .notNull()
      .references(() => flows.id, { onDelete: "cascade" }),
    name: text().notNull(),
    type: text().notNull(),
    size: integer().notNull(),
    author: text(),
    createdAt: at("created_at"),
  },
  (table) => [index("flow_attachments_flow").on(table.workspace, table.flow, table.createdAt)],
);

/** The answer of an operation that somebody tried and kept, one an operation. */
export const appSamples = sqliteTable(
  "app_samples",
  {
    workspace: workspace(),
    app: text().notNull(),
    kind: text({ enum: ["query", "action"] }).notNull(),
    operation: text().notNull(),
    input: byString<unknown>("input"),
    output: text({ mode: "json" }).$type<unknown>().notNull(),
    author: text(),
    createdAt: at("created_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.app, table.kind, table.operation] })],
);

/** Users of the host, known since their first token. `externalId` is the host's own id. `org` to `attributes` are their profile. */
export const users = sqliteTable(
  "users",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    externalId: text("external_id").notNull(),
    org: text(),
    name: text(),
    email: text(),
    locale: text(),
    attributes: byString<unknown>("attributes").default({}),
    /** Counts changes of the profile. */
    revision: integer().notNull().default(0),
    /** When the token was issued that the profile is from; what older ones say of it is out of date. */
    saidAt: integer("said_at").notNull().default(0),
    /** When integrations are told of the profile that have not been yet; null where all have. */
    tellAt: integer("tell_at"),
    createdAt: at("created_at"),
    seenAt: at("seen_at"),
  },
  (table) => [
    uniqueIndex("users_external").on(table.workspace, table.externalId),
    index("users_org").on(table.workspace, table.org),
    index("users_untold").on(table.tellAt, table.id).where(sql`${table.tellAt} is not null`),
  ],
);

const user = () =>
  text()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** Status and names only: the credentials are with the account's object. `user` is null where the workspace owns it. */
export const accounts = sqliteTable(
  "accounts",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    user: text().references(() => users.id, { onDelete: "cascade" }),
    app: text().notNull(),
    auth: text().notNull(),
    label: text().notNull(),
    /** What flow files call an account of the workspace by; null for users' accounts. */
    key: text(),
    externalId: text("external_id"),
    owner: text({ enum: ["user", "workspace"] }).notNull(),
    status: text({ enum: ["connected", "expired", "revoked", "error"] }).notNull(),
    scopes: strings("scopes").default([]),
    createdAt: at("created_at"),
    updatedAt: at("updated_at"),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [
    index("accounts_user").on(table.workspace, table.user, table.app, table.createdAt),
    index("accounts_latest").on(table.workspace, table.createdAt, table.id),
    index("accounts_app").on(table.workspace, table.app, table.externalId),
    uniqueIndex("accounts_external").on(table.workspace, table.user, table.app, table.externalId),
    uniqueIndex("accounts_key").on(table.workspace, table.app, table.key),
    uniqueIndex("accounts_of_workspace").on(table.workspace, table.app, table.externalId).where(sql`${table.user} is null`),
  ],
);

/** OAuth attempts, ten minutes long and good for one return. `user` is null where the account will be the workspace's, under `key`. */
export const attempts = sqliteTable(
  "attempts",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    user: text().references(() => users.id, { onDelete: "cascade" }),
    key: text(),
    label: text(),
    member: text(),
    /** The host's page to go back to, on the origin that asked; null where a popup closes instead. */
    returnTo: text("return_to"),
    app: text().notNull(),
    auth: text().notNull(),
    account: text(),
    stateHash: text("state_hash"),
    browserHash: text("browser_hash"),
    verifier: text(),
    fields: text(),
    status: text({ enum: ["pending", "connected", "failed"] }).notNull(),
    reason: text({ enum: ["denied", "expired", "invalid", "error"] }),
    message: text(),
    why: text({ mode: "json" }).$type<Attempt["why"]>(),
    existed: integer({ mode: "boolean" }),
    expiresAt: at("expires_at"),
    createdAt: at("created_at"),
  },
  (table) => [uniqueIndex("attempts_state").on(table.stateHash), index("attempts_expires").on(table.expiresAt)],
);

/** Links by which a user finishes what a member has begun for them. `hash`: SHA-256 of the link's token. `integration`: what came of it. */
export const setupLinks = sqliteTable(
  "setup_links",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    user: user(),
    flow: text()
      .notNull()
      .references(() => flows.id, { onDelete: "cascade" }),
    hash: text().notNull(),
    /** The member's name, as the user is told. */
    author: text().notNull(),
    integration: text(),
    expiresAt: at("expires_at"),
    createdAt: at("created_at"),
  },
  (table) => [uniqueIndex("setup_links_hash").on(table.hash), index("setup_links_flow").on(table.workspace, table.flow, table.createdAt)],
);

/** Links by which a user connects one account anew. `hash`: SHA-256 of the link's token. `usedAt`: when the account was connected. */
export const reconnectLinks = sqliteTable(
  "reconnect_links",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    account: text()
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    hash: text().notNull(),
    /** The member's name, as the user is told. */
    author: text().notNull(),
    usedAt: integer("used_at"),
    expiresAt: at("expires_at"),
    createdAt: at("created_at"),
  },
  (table) => [uniqueIndex("reconnect_links_hash").on(table.hash), index("reconnect_links_account").on(table.workspace, table.account)],
);

/**
 * What a change of an integration was. `restored`: it was refused, and the former state is in force again. `app`: nothing of it, but the file
 * of an app that it uses.
 */
export type Change = "created" | "enabled" | "updated" | "upgraded" | "disabled" | "restored" | "app";

/** A change that an integration's object has not confirmed; `revision` is that of the row that it made. */
export interface OwedChange {
  change: Change;
  revision: number;
}

/** `flow` is `flows.id`. `values` hold sealed text where `secretFields` names the key. `nextDue`: when the sweep looks after it, null where never. */
export const integrations = sqliteTable(
  "integrations",
  {
    id: text().primaryKey(),
    workspace: workspace(),
    user: user(),
    flow: text()
      .notNull()
      .references(() => flows.id),
    version: integer().notNull(),
    name: text().notNull(),
    enabled: integer({ mode: "boolean" }).notNull(),
    attention: text({ mode: "json" }).$type<Attention[]>().notNull().default([]),
    accounts: byString<string>("accounts").default({}),
    values: byString<unknown>("values").default({}),
    secretFields: strings("secret_fields").default([]),
    nextDue: integer("next_due"),
    /** Switched off because its flow is in the recycle bin; goes on when that comes back. */
    parked: integer({ mode: "boolean" }).notNull().default(false),
    /** The revision of the user's profile that its object has been told. */
    profile: integer().notNull().default(0),
    /** Counts what is written for its object to take; unlike `updatedAt`, it never goes back. */
    revision: integer().notNull().default(0),
    /** Changes that its object has not confirmed, oldest first. */
    owed: text({ mode: "json" }).$type<OwedChange[]>().notNull().default([]),
    /** When the sweep hands over what is owed, or goes on with a removal; null where nothing is left to do. */
    owedAt: integer("owed_at"),
    /** It is being removed: nobody sees it any more. */
    removing: integer({ mode: "boolean" }).notNull().default(false),
    createdAt: at("created_at"),
    updatedAt: at("updated_at"),
  },
  (table) => [
    index("integrations_user").on(table.workspace, table.user, table.createdAt, table.id),
    index("integrations_flow").on(table.workspace, table.flow, table.user),
    index("integrations_version").on(table.workspace, table.flow, table.version, table.id),
    index("integrations_newest").on(table.workspace, table.createdAt, table.id),
    index("integrations_due").on(table.enabled, table.nextDue, table.id),
    index("integrations_owed").on(table.owedAt, table.id).where(sql`${table.owedAt} is not null`),
  ],
);

/** Which integrations use an account, by slot. */
export const integrationAccounts = sqliteTable(
  "integration_accounts",
  {
    integration: text()
      .notNull()
      .references(() => integrations.id, { onDelete: "cascade" }),
    account: text().notNull(),
    slot: text().notNull(),
    workspace: workspace(),
  },
  (table) => [
    primaryKey({ columns: [table.integration, table.slot] }),
    index("integration_accounts_account").on(table.workspace, table.account),
  ],
);

/** An unfinished setup. `integration` is empty for a new one. `body`: name, page, accounts, values (secrets sealed), secretFields. */
export const drafts = sqliteTable(
  "drafts",
  {
    workspace: workspace(),
    user: user(),
    flow: text().notNull(),
    integration: text().notNull().default(""),
    body: text({ mode: "json" }).$type<DraftBody>().notNull(),
    updatedAt: at("updated_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.user, table.flow, table.integration] })],
);

/** What a draft keeps; `values` hold sealed text where `secretFields` names the key. */
export interface DraftBody {
  name?: string;
  page?: string;
  accounts: Record<string, string>;
  values: Record<string, unknown>;
  secretFields: string[];
}

/** Who waits for a host event: enabled integrations with an `event` block. `externalId` and `org` are the user's, as events name them. */
export const eventSubscriptions = sqliteTable(
  "event_subscriptions",
  {
    workspace: workspace(),
    type: text().notNull(),
    integration: text()
      .notNull()
      .references(() => integrations.id, { onDelete: "cascade" }),
    block: text().notNull(),
    user: text().notNull(),
    org: text(),
  },
  (table) => [
    primaryKey({ columns: [table.workspace, table.type, table.integration, table.block] }),
    index("event_subscriptions_integration").on(table.integration),
  ],
);

/** Workspaces with runs that should have gone on and have not, as their ledgers tell: how many, and since when the oldest (ms). */
export const overdue = sqliteTable("overdue", {
  workspace: text()
    .primaryKey()
    .references((): SQLiteColumn => workspaces.id, { onDelete: "cascade" }),
  runs: integer().notNull(),
  since: integer().notNull(),
});

export const secrets = sqliteTable(
  "secrets",
  { workspace: workspace(), name: text().notNull(), sealed: text().notNull(), updatedAt: at("updated_at") },
  (table) => [primaryKey({ columns: [table.workspace, table.name] })],
);

/** `env` in expressions: what differs between workspaces and is no secret. */
export const variables = sqliteTable(
  "variables",
  { workspace: workspace(), name: text().notNull(), value: text().notNull(), updatedAt: at("updated_at") },
  (table) => [primaryKey({ columns: [table.workspace, table.name] })],
);

/** Icons of apps and flows, as text (SVG) or base64 (`type` then ends in `;base64`). */
export const icons = sqliteTable(
  "icons",
  { workspace: workspace(), path: text().notNull(), type: text().notNull(), body: text().notNull(), updatedAt: at("updated_at") },
  (table) => [primaryKey({ columns: [table.workspace, table.path] })],
);

/** Answers to writes with an `Idempotency-Key`; `status` is null while the first is still being done. */
export const idempotency = sqliteTable(
  "idempotency",
  {
    workspace: workspace(),
    actor: text().notNull(),
    key: text().notNull(),
    requestHash: text("request_hash").notNull(),
    status: integer(),
    body: text(),
    createdAt: at("created_at"),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.actor, table.key] }), index("idempotency_created").on(table.createdAt)],
);
