// What a member's Home is made of: its order, folders, and the bin.
import type { Home } from "../../../shared/api/workspace-flow.ts";
import { CommandError } from "../../edge-access.ts";
import { at, type Listing, one } from "../listing.ts";
import type { WorkspaceAccess } from "../workspace-access.ts";

const folder = one("folders");

/** Home as it is arranged now, with `change`. */
const arranged = async (access: WorkspaceAccess, change: (home: Home) => Partial<Home>) => {
  const home = await access.json<Home>("/home");
  return { method: "PUT", path: "/home", body: { ...home, ...change(home) } };
};

/** The flow in the bin. Throws `CommandError` where there is none. */
async function binned(access: WorkspaceAccess, key: string | undefined): Promise<{ name: string }> {
  const { items } = await access.json<{ items: { key: string; name: string }[] }>("/bin");
  const found = items.find((flow) => flow.key === key);
  if (!found) throw new CommandError(`There is no flow ${key} in the bin.`);
  return found;
}

/** In the order of the help. */
export const HOME_LISTINGS: readonly Listing[] = [
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
    about: "Lists deleted flows, which inlay flows restore brings back, and removes them for good.",
    columns: [
      ["FLOW", "key"],
      ["NAME", "name"],
      ["INTEGRATIONS", "integrations"],
      ["DELETED", "deletedAt"],
      ["GONE", "purgedAt"],
    ],
    path: () => "/bin",
    verbs: {
      purge: {
        ...{ takes: ["FLOW"], about: "at once and for good, with its integrations and runs" },
        asks: async ([key], access) => {
          const { name } = await binned(access, key);
          return { question: `Remove “${name}” for good, with its integrations and their runs?`, word: name };
        },
        call: async ([key], _, access) => ({
          ...{ method: "DELETE", path: one("bin")(key, `?confirm=${at((await binned(access, key)).name)}`) },
        }),
      },
    },
  },
];
