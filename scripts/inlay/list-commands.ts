// Commands that list what a workspace has, and do what can be done to one of it: the same as the console offers.
import { type Command, defineCommand, expectPositionals, UsageError } from "./command.ts";
import { COMMON, TOKEN } from "./common-options.ts";
import { readJson } from "./json-input.ts";
import { type Column, printRows } from "./list-table.ts";
import { at, defineListing, type Given, type Listing, named, nameOf, one } from "./listing.ts";
import { SETTINGS_LISTINGS } from "./settings-listings.ts";
import { openWorkspace } from "./workspace-access.ts";

const [flow, integration, error, member, account] = [one("flows"), one("integrations"), one("errors"), one("members"), one("accounts")];

const LISTINGS: readonly Listing[] = [
  {
    name: "flows",
    about: "Lists flows, and copies, withdraws and deletes them.",
    columns: [
      ["FLOW", "key"],
      ["NAME", "name"],
      ["VERSION", "version"],
      ["ON", "enabled"],
      ["ERRORS", "openErrors"],
      ["TAGS", "tags"],
      ["CHANGED", "updatedAt"],
    ],
    path: () => "/flows",
    filters: {
      ...{ search: "part of the name, key or description", category: "of this category", label: "with this label" },
      ...{ tag: "a tag expression", app: "that use this app", availability: "published or unpublished", health: "ok, attention or errors" },
    },
    more: { key: "the key of a copy", name: "the name of a copy" },
    verbs: {
      fork: {
        takes: ["FLOW"],
        about: "a copy that knows where it comes from",
        call: ([key], given) => ({ method: "POST", path: flow(key, "/fork"), body: named(given, "key", "name") }),
      },
      clone: {
        takes: ["FLOW"],
        about: "a copy of its own",
        call: ([key], given) => ({ method: "POST", path: flow(key, "/clone"), body: named(given, "key", "name") }),
      },
      withdraw: {
        takes: ["FLOW"],
        about: "nobody can set it up anew",
        call: ([key]) => ({ method: "PATCH", path: flow(key), body: { published: null } }),
      },
      delete: {
        ...{ takes: ["FLOW"], about: "into the bin for 30 days, with its integrations" },
        asks: ([key]) => `Delete the flow ${key}, with its integrations?`,
        call: async ([key], _, access) => ({ method: "DELETE", path: flow(key, `?confirm=${at(await nameOf(access, flow(key)))}`) }),
      },
      restore: { takes: ["FLOW"], about: "out of the bin", call: ([key]) => ({ method: "POST", path: one("bin")(key, "/restore") }) },
      move: {
        takes: ["FLOW", "FOLDER"],
        about: "into a folder: its id, or standalone",
        call: ([key, folder]) => ({ method: "PATCH", path: flow(key), body: { folder: folder === "standalone" ? null : folder } }),
      },
    },
  },
  {
    name: "versions",
    about: "Lists the versions of a flow, and publishes, compares and restores them.",
    columns: [
      ["VERSION", "version"],
      ["LIVE", "published"],
      ["AVAILABLE", "available"],
      ["INTEGRATIONS", "integrations"],
      ["BY", "author"],
      ["WHEN", "createdAt"],
      ["NOTE", "note"],
    ],
    of: "FLOW",
    path: (key) => flow(key, "/versions"),
    filters: {},
    more: { note: "what has changed" },
    verbs: {
      publish: {
        takes: ["FLOW"],
        about: "the draft as the next version",
        call: ([key], given) => ({ method: "POST", path: flow(key, "/versions"), body: named(given, "note") }),
      },
      use: {
        takes: ["FLOW", "VERSION"],
        about: "the version that users get",
        call: ([key, number]) => ({ method: "PATCH", path: flow(key), body: { published: Number(number) } }),
      },
      restore: {
        takes: ["FLOW", "VERSION"],
        about: "makes a version the draft",
        call: ([key, number]) => ({ method: "POST", path: flow(key, `/versions/${at(number ?? "")}/restore`) }),
      },
      compare: {
        takes: ["FLOW", "FROM", "TO"],
        about: "numbers, or draft",
        call: ([key, from, to]) => ({ method: "GET", path: flow(key, `/compare?from=${at(from ?? "")}&to=${at(to ?? "")}`) }),
      },
      upgrade: {
        takes: ["FLOW"],
        about: "all integrations that can be, 50 at a time",
        call: ([key]) => ({ method: "POST", path: flow(key, "/upgrade"), body: {} }),
      },
    },
  },
  {
    name: "integrations",
    about: "Lists users' integrations, sets them up, switches, upgrades and removes them.",
    columns: [
      ["INTEGRATION", "id"],
      ["FLOW", "flow"],
      ["NAME", "name"],
      ["VERSION", "version"],
      ["USER", "user"],
      ["ORG", "org"],
      ["STATUS", "status"],
      ["LAST RUN", "lastRun.status"],
      ["TASKS", "tasks"],
    ],
    path: () => "/integrations",
    filters: { flow: "of this flow", user: "of this user: usr_…", status: "enabled, disabled or needs_attention" },
    more: {
      ...{ org: "of a new user", name: "of a new user", email: "of a new user" },
      ...{ accounts: "JSON, @FILE or -: account by slot", values: "JSON, @FILE or -: what stands in the form" },
    },
    verbs: {
      deploy: {
        takes: ["FLOW", "USER"],
        about: "sets it up for a user, or prints a link that asks them for what is missing",
        call: async ([key, id], given) => ({
          method: "POST",
          path: flow(key, "/deploy"),
          body: {
            user: { id, ...named(given, "org", "name", "email") },
            ...{ accounts: await readJson(given.accounts), values: await readJson(given.values) },
          },
        }),
      },
      enable: {
        takes: ["INTEGRATION"],
        about: "switches it on",
        call: ([id]) => ({ method: "PATCH", path: integration(id), body: { enabled: true } }),
      },
      disable: {
        takes: ["INTEGRATION"],
        about: "switches it off",
        call: ([id]) => ({ method: "PATCH", path: integration(id), body: { enabled: false } }),
      },
      upgrade: {
        takes: ["INTEGRATION"],
        about: "to the newest version",
        call: ([id]) => ({ method: "POST", path: integration(id, "/upgrade"), body: {} }),
      },
      slots: {
        takes: ["INTEGRATION"],
        about: "how the due times of schedules and polls ended",
        call: ([id]) => ({ method: "GET", path: integration(id, "/slots") }),
      },
      remove: {
        ...{ takes: ["INTEGRATION"], about: "for good, with its runs" },
        asks: ([id]) => `Remove ${id}, with its runs?`,
        call: ([id]) => ({ method: "DELETE", path: integration(id) }),
      },
    },
  },
  {
    name: "errors",
    about: "Lists errors of all flows by what went wrong, and retries and resolves them.",
    columns: [
      ["ERROR", "id"],
      ["FLOW", "flow"],
      ["STEP", "step"],
      ["CLASS", "class"],
      ["OPEN", "open"],
      ["LAST", "lastAt"],
      ["PATTERN", "pattern"],
    ],
    path: () => "/errors",
    filters: {
      ...{ status: "open or resolved", flow: "of this flow", block: "of this block", class: "of this class" },
      ...{ assignee: "a member's id, me or nobody", tag: "with this tag", search: "part of the message or step" },
    },
    verbs: {
      runs: { takes: ["ERROR"], about: "its failed runs", call: ([id]) => ({ method: "GET", path: error(id, "/runs") }) },
      retry: {
        takes: ["ERROR"],
        about: "its open runs, up to 100 at a time",
        call: ([id]) => ({ method: "POST", path: error(id, "/retry"), body: { limit: 100 } }),
      },
      resolve: {
        takes: ["ERROR"],
        about: "all of it",
        call: ([id]) => ({ method: "PATCH", path: error(id), body: { status: "resolved" } }),
      },
      assign: {
        takes: ["ERROR", "MEMBER"],
        about: "to a member",
        call: ([id, who]) => ({ method: "PATCH", path: error(id), body: { assignee: who } }),
      },
    },
  },
  {
    name: "accounts",
    about: "Lists the accounts of users and of the workspace, and tests, moves and removes them.",
    columns: [
      ["ACCOUNT", "id"],
      ["APP", "app"],
      ["LABEL", "label"],
      ["USER", "user"],
      ["KEY", "key"],
      ["STATUS", "status"],
    ],
    path: () => "/accounts",
    filters: { app: "of this app", owner: "user or workspace", status: "connected, expired, revoked or error", user: "the host's own id" },
    verbs: {
      test: { takes: ["ACCOUNT"], about: "calls the app with it", call: ([id]) => ({ method: "POST", path: account(id, "/test") }) },
      move: {
        takes: ["ACCOUNT", "TO"],
        about: "its integrations to another one",
        call: ([id, to]) => ({ method: "POST", path: account(id, "/move"), body: { to } }),
      },
      remove: {
        ...{ takes: ["ACCOUNT"], about: "what uses it stops" },
        asks: ([id]) => `Remove the account ${id}? What uses it stops.`,
        call: ([id]) => ({ method: "DELETE", path: account(id) }),
      },
    },
  },
  {
    name: "users",
    about: "Lists users of the host.",
    columns: [
      ["USER", "id"],
      ["ID", "externalId"],
      ["ORG", "org"],
      ["NAME", "name"],
      ["EMAIL", "email"],
      ["SEEN", "seenAt"],
    ],
    path: () => "/users",
    filters: { search: "part of the host's id, name, email or org" },
  },
  {
    name: "apps",
    about: "Lists the workspace's apps, and tries what they do.",
    columns: [
      ["APP", "key"],
      ["NAME", "name"],
      ["VERSION", "version"],
      ["QUERIES", "queries.length"],
      ["ACTIONS", "actions.length"],
      ["TRIGGERS", "triggers.length"],
      ["CHANGED", "updatedAt"],
    ],
    path: () => "/apps",
    filters: {},
    more: { account: "whose account it is tried with", input: "JSON, @FILE or -", kind: "query (default) or action" },
    verbs: {
      try: {
        takes: ["APP", "OPERATION"],
        about: "really calls the app; of a list, the first page",
        call: async ([key, operation], given) => ({
          method: "POST",
          path: one("apps")(key, "/try"),
          body: { operation, ...named(given, "account", "kind"), input: await readJson(given.input) },
        }),
      },
    },
  },
  {
    name: "members",
    about: "Lists members, invites them, and gives them roles.",
    columns: [
      ["MEMBER", "id"],
      ["NAME", "name"],
      ["EMAIL", "email"],
      ["ROLE", "role"],
      ["SINCE", "createdAt"],
    ],
    path: () => "/members",
    filters: {},
    verbs: {
      invite: {
        takes: ["EMAIL", "ROLE"],
        about: "prints the link to send them",
        call: ([email, role]) => ({ method: "POST", path: "/invitations", body: { email, role } }),
      },
      role: {
        takes: ["MEMBER", "ROLE"],
        about: "owner, admin, builder, operator or viewer",
        call: ([id, role]) => ({ method: "PATCH", path: member(id), body: { role } }),
      },
      remove: {
        ...{ takes: ["MEMBER"], about: "and ends their sessions" },
        asks: ([id]) => `Remove the member ${id}?`,
        call: ([id]) => ({ method: "DELETE", path: member(id) }),
      },
    },
  },
];

const COUNTS: readonly Column[] = [
  ["RUNS", "runs"],
  ["SUCCEEDED", "succeeded"],
  ["FAILED", "failed"],
  ["STOPPED", "stopped"],
  ["CANCELED", "canceled"],
  ["TASKS", "tasks"],
  ["AVERAGE MS", "averageMs"],
];
const { json, url } = COMMON;

/** `inlay analytics`. */
const analytics = defineCommand({
  usage: ["analytics [--by flow|block|user] [--from TIME] [--to TIME] [--flow KEY] [--csv | --json]"],
  about: "Runs by outcome, with tasks and duration: the last seven days, where no range is given.",
  more: TOKEN,
  options: {
    by: { type: "string", value: "BY", about: "flow, block or user" },
    from: { type: "string", value: "TIME", about: "ISO 8601" },
    to: { type: "string", value: "TIME", about: "ISO 8601" },
    flow: { type: "string", value: "KEY", about: "of this flow" },
    user: { type: "string", value: "USER", about: "of this user: usr_…" },
    csv: { type: "boolean", about: "the table as CSV" },
    ...{ json, url },
  },
  async run(values, positionals) {
    expectPositionals(positionals, []);
    if (values.csv && values.json) throw new UsageError("Give --csv or --json, not both.");
    const query = new URLSearchParams(named(values as unknown as Given, "by", "from", "to", "flow", "user"));
    if (values.csv) for (const [name, value] of Object.entries({ format: "csv", table: "items" })) query.set(name, value);
    const { text } = await openWorkspace(values.url).ask("GET", `/analytics?${query}`);
    if (values.csv) return void process.stdout.write(text);
    const found = JSON.parse(text) as { totals: object; items: object[] };
    if (values.json) return console.log(JSON.stringify(found, null, 2));
    printRows([["", "name"], ...COUNTS], [...found.items, { name: "all", ...found.totals }], false);
  },
});

/** Commands that list things, in the order of the help. */
export const LIST_COMMANDS: readonly Command[] = [...[...LISTINGS, ...SETTINGS_LISTINGS].map(defineListing), analytics];
