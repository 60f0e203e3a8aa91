// Variables, and what members and addresses are told.
import { type Listing, one, words } from "../listing.ts";

const webhook = one("notifications/webhooks");

/** In the order of the help. */
export const SETTING_LISTINGS: readonly Listing[] = [
  {
    name: "variables",
    about: "Lists variables (env.NAME in expressions), sets and removes them. What must stay secret is set by inlay secrets.",
    columns: [
      ["VARIABLE", "name"],
      ["VALUE", "value"],
    ],
    path: () => "/variables",
    rows: (answer) => Object.entries(answer as Record<string, string>).map(([name, value]) => ({ name, value })),
    verbs: {
      set: {
        takes: ["VARIABLE", "VALUE"],
        about: "holds from the next run on",
        call: ([name, value]) => ({ method: "PUT", path: one("variables")(name), body: { value } }),
      },
      remove: {
        ...{ takes: ["VARIABLE"], about: "what reads it finds nothing from the next run on" },
        asks: ([name]) => `Remove the variable ${name}? What reads it finds nothing from the next run on.`,
        call: ([name]) => ({ method: "DELETE", path: one("variables")(name) }),
      },
    },
  },
  {
    name: "notifications",
    about: "Lists what members are told of, newest first.",
    columns: [
      ["WHEN", "at"],
      ["TYPE", "type"],
      ["READ", "read"],
      ["RESOLVED", "resolvedAt"],
      ["MESSAGE", "message"],
    ],
    path: () => "/notifications",
    filters: { type: "account.expired, account.restored or webhook.stopped", unread: "true: those alone" },
    verbs: { read: { takes: [], about: "marks all as read", call: () => ({ method: "POST", path: "/notifications/read", body: {} }) } },
  },
  {
    name: "webhooks",
    about: "Lists addresses that notifications are sent to, and changes and tests them.",
    columns: [
      ["WEBHOOK", "id"],
      ["URL", "url"],
      ["TYPES", "types"],
      ["ON", "enabled"],
      ["LAST", "lastDelivery.message"],
    ],
    path: () => "/notifications/webhooks",
    more: { types: "which notifications, with commas between: all without it" },
    verbs: {
      add: {
        takes: ["URL"],
        about: "prints the secret that signs them, this once",
        call: ([url], { types }) => ({ method: "POST", path: "/notifications/webhooks", body: { url, types: words(types) } }),
      },
      enable: {
        takes: ["WEBHOOK"],
        about: "switches it on",
        call: ([id]) => ({ method: "PATCH", path: webhook(id), body: { enabled: true } }),
      },
      disable: {
        takes: ["WEBHOOK"],
        about: "switches it off",
        call: ([id]) => ({ method: "PATCH", path: webhook(id), body: { enabled: false } }),
      },
      types: {
        takes: ["WEBHOOK", "TYPES"],
        about: "what is sent, with commas between: all for all",
        call: ([id, types]) => ({ method: "PATCH", path: webhook(id), body: { types: types === "all" ? [] : words(types) } }),
      },
      test: {
        takes: ["WEBHOOK"],
        about: "sends one, and prints the answer",
        call: ([id]) => ({ method: "POST", path: webhook(id, "/test") }),
      },
      remove: {
        ...{ takes: ["WEBHOOK"], about: "for good" },
        asks: ([id]) => `Send nothing more to ${id}?`,
        call: ([id]) => ({ method: "DELETE", path: webhook(id) }),
      },
    },
  },
];
