// Flows: from a blank one to versions that users get, with templates, files and links.
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { blankFlow, keyFromName } from "../../../shared/flow/blank-flow.ts";
import { readJson } from "../json-input.ts";
import { at, fileAt, type Given, type Listing, named, nameOf, one, print, words } from "../listing.ts";

const flow = one("flows");
const template = (origin = "", key = "", rest = "") => `/templates/${at(origin)}/${at(key)}${rest}`;
const attachment = (key = "", id = "") => flow(key, `/attachments/${at(id)}`);
const publishing = ({ note, labels }: Given) => ({
  ...(note === undefined ? {} : { note }),
  ...(labels === undefined ? {} : { labels: words(labels) }),
});

/** What goes with a flow. */
type Fallout = Record<"versions" | "integrations" | "users", number> & { name: string };

/** In the order of the help. */
export const FLOW_LISTINGS: readonly Listing[] = [
  {
    name: "flows",
    about: "Lists flows, begins new ones, and copies, withdraws, moves and deletes them.",
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
    more: {
      ...{ key: "of a new one or a copy", name: "of a copy" },
      accounts: "of a clone: JSON, @FILE or -, the workspace's account (its key) by slot",
    },
    verbs: {
      new: {
        takes: ["NAME"],
        about: "the smallest that can be published; inlay templates use begins with more, inlay push with a file",
        call: ([name = ""], { key = keyFromName(name) }) => ({
          ...{ method: "POST", path: "/flows", headers: { "if-none-match": "*" } },
          file: { text: blankFlow(key, name), type: "application/yaml" },
        }),
      },
      show: { takes: ["FLOW"], about: "all that is known of it", call: ([key]) => ({ method: "GET", path: flow(key) }) },
      file: { takes: ["FLOW"], about: "prints its draft", call: ([key]) => ({ method: "GET", path: flow(key, "/file") }), done: print },
      fork: {
        takes: ["FLOW"],
        about: "a copy that knows where it comes from",
        call: ([key], given) => ({ method: "POST", path: flow(key, "/fork"), body: named(given, "key", "name") }),
      },
      clone: {
        takes: ["FLOW"],
        about: "a copy of its own",
        call: async ([key], given) => ({
          ...{ method: "POST", path: flow(key, "/clone") },
          body: { ...named(given, "key", "name"), accounts: await readJson(given.accounts) },
        }),
      },
      withdraw: {
        takes: ["FLOW"],
        about: "nobody can set it up anew",
        call: ([key]) => ({ method: "PATCH", path: flow(key), body: { published: null } }),
      },
      delete: {
        ...{ takes: ["FLOW"], about: "into the bin for 30 days, with its integrations" },
        asks: async ([key], access) => {
          const { name, versions, integrations, users } = await access.json<Fallout>(flow(key, "/fallout"));
          const question = `“${name}” goes to the bin for 30 days. With it: versions ${versions}, integrations ${integrations}, of users ${users}. Their runs stop at once.`;
          return { question, word: name };
        },
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
    more: { note: "what has changed", labels: "with commas between", available: "yes or no" },
    verbs: {
      publish: {
        takes: ["FLOW"],
        about: "the draft as the next version",
        call: ([key], given) => ({ method: "POST", path: flow(key, "/versions"), body: publishing(given) }),
      },
      show: {
        takes: ["FLOW", "VERSION"],
        about: "prints its file",
        call: ([key, number = ""]) => ({ method: "GET", path: flow(key, `/versions/${at(number)}/file`) }),
        done: print,
      },
      change: {
        takes: ["FLOW", "VERSION"],
        about: "its --labels, --note or --available",
        call: ([key, number = ""], { labels, note, available }) => ({
          ...{ method: "PATCH", path: flow(key, `/versions/${at(number)}`) },
          body: {
            ...(labels === undefined ? {} : { labels: words(labels) }),
            ...(note === undefined ? {} : { note }),
            ...(available === undefined ? {} : { available: available === "yes" }),
          },
        }),
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
      plan: {
        takes: ["FLOW"],
        about: "what an upgrade would ask of users",
        call: ([key]) => ({ method: "GET", path: flow(key, "/upgrade") }),
      },
      upgrade: {
        ...{ takes: ["FLOW"], about: "all integrations that can be", isPaged: true },
        call: ([key]) => ({ method: "POST", path: flow(key, "/upgrade"), body: { limit: 50 } }),
      },
    },
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
      show: {
        takes: ["ORIGIN", "TEMPLATE"],
        about: "with its file",
        call: ([origin, key]) => ({ method: "GET", path: template(origin, key) }),
      },
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
];
