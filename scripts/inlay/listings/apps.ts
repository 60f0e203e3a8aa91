// Apps: the workspace's, those that come with Inlay, what they have answered, and icons.
import { readJson } from "../json-input.ts";
import { at, fileAt, type Listing, named, one, print } from "../listing.ts";

const app = one("apps");
const sample = (key = "", kind = "", operation = "") => app(key, `/samples/${at(kind)}/${at(operation)}`);
const iconAt = (icon = "") => `/icons/${icon.split("/").map(at).join("/")}`;
const ICONS: Readonly<Record<string, string>> = { svg: "image/svg+xml", png: "image/png", webp: "image/webp" };

/** In the order of the help. */
export const APP_LISTINGS: readonly Listing[] = [
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
      show: { takes: ["APP"], about: "and how its accounts are connected", call: ([key]) => ({ method: "GET", path: app(key) }) },
      file: { takes: ["APP"], about: "prints its file", call: ([key]) => ({ method: "GET", path: app(key, "/file") }), done: print },
      webhook: {
        takes: ["APP"],
        about: "the address of its one webhook for all customers, and what signs it",
        call: ([key]) => ({ method: "POST", path: app(key, "/webhook") }),
      },
      try: {
        takes: ["APP", "OPERATION"],
        about: "really calls the app; of a list, the first page",
        call: async ([key, operation], given) => ({
          method: "POST",
          path: app(key, "/try"),
          body: { operation, ...named(given, "account", "kind"), input: await readJson(given.input) },
        }),
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
    path: (key) => app(key, "/samples"),
    more: { input: "JSON, @FILE or -: what it was called with", output: "JSON, @FILE or -: what it has answered" },
    verbs: {
      keep: {
        takes: ["APP", "KIND", "OPERATION"],
        about: "kind: query or action",
        call: async ([key, kind, operation], given) => ({
          method: "PUT",
          path: sample(key, kind, operation),
          body: { input: await readJson(given.input), output: await readJson(given.output) },
        }),
      },
      forget: {
        takes: ["APP", "KIND", "OPERATION"],
        about: "removes it",
        call: ([key, kind, operation]) => ({ method: "DELETE", path: sample(key, kind, operation) }),
      },
    },
  },
  {
    name: "icons",
    about: "Lists images that flow and app files name, stores and removes them.",
    columns: [
      ["ICON", "path"],
      ["TYPE", "type"],
    ],
    path: () => "/icons",
    verbs: {
      set: {
        takes: ["ICON", "PATH"],
        about: "an SVG, PNG or WebP of up to 64,000 bytes: inlay icons set crm/logo.svg logo.svg",
        call: ([icon = "", path]) => ({ method: "PUT", path: iconAt(icon), file: fileAt(path, ICONS[icon.split(".").at(-1) ?? ""]) }),
      },
      remove: {
        ...{ takes: ["ICON"], about: "what names it shows its first letter" },
        asks: ([icon]) => `Remove the icon ${icon}? Flows and apps that name it show their first letter.`,
        call: ([icon]) => ({ method: "DELETE", path: iconAt(icon) }),
      },
    },
  },
];
