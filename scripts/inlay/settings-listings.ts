// What a workspace keeps besides its flows' own life: folders, templates, attachments, samples, access, variables, notifications.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Home } from "../../shared/api/workspace-flow.ts";
import { CommandError } from "../edge-access.ts";
import { readInput } from "./ask-user.ts";
import { readJson } from "./json-input.ts";
import { at, type Listing, named, one } from "./listing.ts";
import type { Body, WorkspaceAccess } from "./workspace-access.ts";

const flow = one("flows");
const [folder, token, provider, webhook] = [one("folders"), one("tokens"), one("sign-in-providers"), one("notifications/webhooks")];
const template = (origin = "", key = "", rest = "") => `/templates/${at(origin)}/${at(key)}${rest}`;
const sample = (app = "", kind = "", operation = "") => `/apps/${at(app)}/samples/${at(kind)}/${at(operation)}`;
const attachment = (key = "", id = "") => flow(key, `/attachments/${at(id)}`);
const words = (list = "") => list.split(",").filter(Boolean);

const ICONS: Readonly<Record<string, string>> = { svg: "image/svg+xml", png: "image/png", webp: "image/webp" };

/** The file at `path`, to be sent. Throws `CommandError` where it cannot be read. */
function fileAt(path = "", type = "application/octet-stream"): Body {
  try {
    return { text: new Uint8Array(readFileSync(path)), type };
  } catch {
    throw new CommandError(`There is no file ${path} that can be read.`);
  }
}

/** Home as it is arranged now, with `change`. */
const arranged = async (access: WorkspaceAccess, change: (home: Home) => Partial<Home>) => {
  const home = await access.json<Home>("/home");
  return { method: "PUT", path: "/home", body: { ...home, ...change(home) } };
};

/** In the order of the help. */
export const SETTINGS_LISTINGS: readonly Listing[] = [
  {
    name: "home",
    about: "Shows how you have arranged Home, and arranges it.",
    columns: [
      ["FLOW", "flow"],
      ["PINNED", "isPinned"],
    ],
    path: () => "/home",
    rows: (answer) => {
      const { order, pins } = answer as Home;
      return [...new Set([...pins, ...order])].map((key) => ({ flow: key, isPinned: pins.includes(key) }));
    },
    verbs: {
      view: {
        takes: ["VIEW"],
        about: "tiles or list",
        call: ([view], _, access) => arranged(access, () => ({ view: view as Home["view"] })),
      },
      order: {
        takes: ["FLOW…"],
        about: "these first, as they stand",
        call: (order, _, access) => arranged(access, () => ({ order: [...order] })),
      },
      pin: {
        takes: ["FLOW"],
        about: "to the top",
        call: ([key = ""], _, access) => arranged(access, ({ pins }) => ({ pins: [...pins, key] })),
      },
      unpin: {
        takes: ["FLOW"],
        about: "back into the order",
        call: ([key], _, access) => arranged(access, ({ pins }) => ({ pins: pins.filter((pin) => pin !== key) })),
      },
    },
  },
  {
    name: "folders",
    about: "Lists folders, makes, renames and removes them; inlay flows move puts a flow into one.",
    columns: [
      ["FOLDER", "id"],
      ["NAME", "name"],
      ["FLOWS", "flows"],
    ],
    path: () => "/folders",
    verbs: {
      add: { takes: ["NAME"], about: "makes one", call: ([name]) => ({ method: "POST", path: "/folders", body: { name } }) },
      rename: {
        takes: ["FOLDER", "NAME"],
        about: "gives it another name",
        call: ([id, name]) => ({ method: "PATCH", path: folder(id), body: { name } }),
      },
      remove: { takes: ["FOLDER"], about: "its flows move to Standalone", call: ([id]) => ({ method: "DELETE", path: folder(id) }) },
    },
  },
  {
    name: "bin",
    about: "Lists deleted flows, which inlay flows restore brings back.",
    columns: [
      ["FLOW", "key"],
      ["NAME", "name"],
      ["INTEGRATIONS", "integrations"],
      ["DELETED", "deletedAt"],
      ["GONE", "purgedAt"],
    ],
    path: () => "/bin",
  },
  {
    name: "templates",
    about: "Lists flows to start from, and makes flows of them and them of flows.",
    columns: [
      ["ORIGIN", "origin"],
      ["TEMPLATE", "key"],
      ["NAME", "name"],
      ["APPS", "apps"],
    ],
    path: () => "/templates",
    more: { key: "another key", name: "another name" },
    verbs: {
      use: {
        takes: ["ORIGIN", "TEMPLATE"],
        about: "a new flow of it, with the apps that it needs",
        call: ([origin, key], given) => ({ method: "POST", path: template(origin, key, "/flow"), body: named(given, "key", "name") }),
      },
      save: {
        takes: ["FLOW"],
        about: "a flow's draft as a template of the organisation",
        call: ([key], given) => ({ method: "POST", path: "/templates", body: { flow: key, ...named(given, "key", "name") } }),
      },
      remove: {
        ...{ takes: ["TEMPLATE"], about: "one of the organisation" },
        asks: ([key]) => `Remove the template ${key}?`,
        call: ([key]) => ({ method: "DELETE", path: template("workspace", key) }),
      },
    },
  },
  {
    name: "catalogue",
    about: "Lists the apps that come with Inlay, and adds them to the workspace.",
    columns: [
      ["APP", "key"],
      ["NAME", "name"],
      ["VERSION", "version"],
      ["NEWEST", "newest"],
    ],
    path: () => "/catalogue/apps",
    verbs: {
      add: {
        takes: ["APP"],
        about: "or brings it to the newest version",
        call: ([key]) => ({ method: "POST", path: one("catalogue/apps")(key) }),
      },
    },
  },
  {
    name: "samples",
    about: "Lists what operations of an app have answered once, and keeps and forgets it; inlay apps try has such answers.",
    columns: [
      ["KIND", "kind"],
      ["OPERATION", "operation"],
      ["BY", "author"],
      ["WHEN", "createdAt"],
    ],
    of: "APP",
    path: (app) => one("apps")(app, "/samples"),
    more: { input: "JSON, @FILE or -: what it was called with", output: "JSON, @FILE or -: what it has answered" },
    verbs: {
      keep: {
        takes: ["APP", "KIND", "OPERATION"],
        about: "kind: query or action",
        call: async ([app, kind, operation], given) => ({
          method: "PUT",
          path: sample(app, kind, operation),
          body: { input: await readJson(given.input), output: await readJson(given.output) },
        }),
      },
      forget: {
        takes: ["APP", "KIND", "OPERATION"],
        about: "removes it",
        call: ([app, kind, operation]) => ({ method: "DELETE", path: sample(app, kind, operation) }),
      },
    },
  },
  {
    name: "attachments",
    about: "Lists files that members keep with a flow, and adds, fetches, renames and removes them.",
    columns: [
      ["FILE", "id"],
      ["NAME", "name"],
      ["TYPE", "type"],
      ["BYTES", "size"],
      ["BY", "author"],
      ["WHEN", "createdAt"],
    ],
    of: "FLOW",
    path: (key) => flow(key, "/attachments"),
    verbs: {
      add: {
        takes: ["FLOW", "PATH"],
        about: "a file under its own name",
        call: ([key, path = ""]) => ({ method: "POST", path: flow(key, `/attachments?name=${at(basename(path))}`), file: fileAt(path) }),
      },
      get: {
        takes: ["FLOW", "FILE", "PATH"],
        about: "writes it there",
        call: ([key, id]) => ({ method: "GET", path: attachment(key, id) }),
        done: (bytes, [, , path = ""]) => {
          writeFileSync(path, bytes, { flag: "wx" });
          console.log(`${path}: ${bytes.length} bytes.`);
        },
      },
      rename: {
        takes: ["FLOW", "FILE", "NAME"],
        about: "its ending stays",
        call: ([key, id, name]) => ({ method: "PATCH", path: attachment(key, id), body: { name } }),
      },
      remove: {
        ...{ takes: ["FLOW", "FILE"], about: "for good" },
        asks: ([key, id]) => `Remove the file ${id} of ${key}?`,
        call: ([key, id]) => ({ method: "DELETE", path: attachment(key, id) }),
      },
    },
  },
  {
    name: "links",
    about: "Lists links of a flow that ask users for what a setup lacks (inlay integrations deploy), and withdraws them.",
    columns: [
      ["LINK", "id"],
      ["USER", "user.externalId"],
      ["BY", "author"],
      ["EXPIRES", "expiresAt"],
    ],
    of: "FLOW",
    path: (key) => flow(key, "/links"),
    verbs: {
      withdraw: {
        takes: ["FLOW", "LINK"],
        about: "it opens nothing any more",
        call: ([key, id]) => ({ method: "DELETE", path: flow(key, `/links/${at(id ?? "")}`) }),
      },
    },
  },
  {
    name: "icons",
    about: "Lists images that flow and app files name, and stores them.",
    columns: [
      ["ICON", "path"],
      ["TYPE", "type"],
    ],
    path: () => "/icons",
    verbs: {
      set: {
        takes: ["ICON", "PATH"],
        about: "an SVG, PNG or WebP of up to 64,000 bytes: inlay icons set crm/logo.svg logo.svg",
        call: ([icon = "", path]) => ({
          method: "PUT",
          path: `/icons/${icon.split("/").map(at).join("/")}`,
          file: fileAt(path, ICONS[icon.split(".").at(-1) ?? ""]),
        }),
      },
    },
  },
  {
    name: "variables",
    about: "Lists variables (env.NAME in expressions), and sets them. What must stay secret is set by inlay secrets.",
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
    },
  },
  {
    name: "tokens",
    about: "Lists API tokens, makes and revokes them.",
    columns: [
      ["TOKEN", "id"],
      ["NAME", "name"],
      ["MAY", "scopes"],
      ["MEMBER", "member"],
      ["EXPIRES", "expiresAt"],
      ["USED", "lastUsedAt"],
    ],
    path: () => "/tokens",
    more: { expires: "when it ends: ISO 8601" },
    verbs: {
      add: {
        takes: ["NAME", "SCOPES"],
        about: "shown this once; scopes: read,write,events,admin",
        call: ([name, scopes], { expires }) => ({
          method: "POST",
          path: "/tokens",
          body: { name, scopes: words(scopes), expiresAt: expires },
        }),
      },
      revoke: {
        ...{ takes: ["TOKEN"], about: "at once" },
        asks: ([id]) => `Revoke the token ${id}? What uses it is refused at once.`,
        call: ([id]) => ({ method: "DELETE", path: token(id) }),
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
  {
    name: "providers",
    about: "Lists OpenID providers that members sign in with, adds and removes them.",
    columns: [
      ["PROVIDER", "id"],
      ["LABEL", "label"],
      ["ISSUER", "issuer"],
      ["CLIENT", "clientId"],
      ["DOMAINS", "domains"],
      ["ROLE", "role"],
    ],
    path: () => "/sign-in-providers",
    more: { domains: "whose addresses may join, with commas between", role: "what they join as" },
    verbs: {
      add: {
        takes: ["LABEL", "ISSUER", "CLIENT"],
        about: "the client's secret is typed unseen or piped in; nothing makes a public client",
        call: async ([label, issuer, clientId], { domains, role }) => ({
          method: "POST",
          path: "/sign-in-providers",
          body: {
            ...{ label, issuer, clientId, domains: words(domains), role },
            clientSecret: (await readInput("Client secret: ", { isHidden: true })) || null,
          },
        }),
      },
      remove: {
        ...{ takes: ["PROVIDER"], about: "whoever signed in by it is signed out" },
        asks: ([id]) => `Remove the provider ${id}? Whoever signed in by it is signed out at once.`,
        call: ([id]) => ({ method: "DELETE", path: provider(id) }),
      },
    },
  },
];
