// What users have: integrations, accounts, and who they are.
import { readJson } from "../json-input.ts";
import { type Listing, named, one } from "../listing.ts";

const [flow, integration, account] = [one("flows"), one("integrations"), one("accounts")];

/** In the order of the help. */
export const INTEGRATION_LISTINGS: readonly Listing[] = [
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
    filters: { flow: "of this flow", user: "the host's own id, or usr_…", status: "enabled, disabled or needs_attention" },
    more: {
      ...{ org: "of a new user", name: "of a new user", email: "of a new user" },
      ...{ accounts: "JSON, @FILE or -: account by slot", values: "JSON, @FILE or -: what stands in the form" },
    },
    verbs: {
      show: {
        takes: ["INTEGRATION"],
        about: "with its blocks, accounts and values",
        call: ([id]) => ({ method: "GET", path: integration(id) }),
      },
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
      rename: {
        takes: ["INTEGRATION", "NAME"],
        about: "gives it another name",
        call: ([id, name]) => ({ method: "PATCH", path: integration(id), body: { name } }),
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
    verbs: {
      show: { takes: ["USER"], about: "the host's own id, or usr_…", call: ([id]) => ({ method: "GET", path: one("users")(id) }) },
    },
  },
  {
    name: "accounts",
    about: "Lists the accounts of users and of the workspace, connects those of the workspace, and tests, moves and removes them.",
    columns: [
      ["ACCOUNT", "id"],
      ["APP", "app"],
      ["LABEL", "label"],
      ["USER", "user"],
      ["KEY", "key"],
      ["STATUS", "status"],
      ["ASKED UNTIL", "asked.expiresAt"],
    ],
    path: () => "/accounts",
    filters: { app: "of this app", owner: "user or workspace", status: "connected, expired, revoked or error", user: "the host's own id" },
    more: {
      ...{ label: "what an account is called", key: "what flow files call it by", account: "connects this one anew" },
      fields: "JSON, @FILE or -: what its app asks for, such as a key",
    },
    verbs: {
      connect: {
        takes: ["APP", "AUTH"],
        about: "one of the workspace, with a key: --fields - types or pipes it in",
        call: async ([app, auth], given) => ({
          ...{ method: "POST", path: "/accounts" },
          body: { app, auth, ...named(given, "label", "key", "account"), fields: await readJson(given.fields) },
        }),
      },
      "sign-in": {
        takes: ["APP"],
        about: "one of the workspace: prints where to sign in at the app",
        call: ([app], given) => ({
          ...{ method: "POST", path: "/accounts/authorize" },
          body: { app, ...named(given, "label", "key", "account") },
        }),
      },
      rename: {
        takes: ["ACCOUNT", "LABEL"],
        about: "calls it something else",
        call: ([id, label]) => ({ method: "PATCH", path: account(id), body: { label } }),
      },
      ask: {
        takes: ["ACCOUNT"],
        about: "its user to connect it again: prints a link for that, which is shown this once",
        call: ([id]) => ({ method: "POST", path: account(id, "/link") }),
      },
      withdraw: {
        takes: ["ACCOUNT"],
        about: "the link that asks its user",
        call: ([id]) => ({ method: "DELETE", path: account(id, "/link") }),
      },
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
];
