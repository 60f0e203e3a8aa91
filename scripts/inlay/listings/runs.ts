// Errors by what went wrong, and runs: looked at, tried again, resolved.
import { readJson } from "../json-input.ts";
import { type Listing, named, one, words } from "../listing.ts";

const [error, run] = [one("errors"), one("runs")];
const RETRY = { from: "of a retry: the step that it begins with", input: "of a retry: JSON, @FILE or -, instead of what started the run" };

/** In the order of the help. */
export const RUN_LISTINGS: readonly Listing[] = [
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
    more: RETRY,
    verbs: {
      runs: { takes: ["ERROR"], about: "its failed runs", call: ([id]) => ({ method: "GET", path: error(id, "/runs") }) },
      show: { takes: ["ERROR"], about: "with its last message in full", call: ([id]) => ({ method: "GET", path: error(id) }) },
      retry: {
        ...{ takes: ["ERROR"], about: "all its open runs, with other input where it is given", isPaged: true },
        call: async ([id], given) => ({
          ...{ method: "POST", path: error(id, "/retry") },
          body: { limit: 100, ...named(given, "from"), input: await readJson(given.input) },
        }),
      },
      resolve: {
        takes: ["ERROR"],
        about: "all of it",
        call: ([id]) => ({ method: "PATCH", path: error(id), body: { status: "resolved" } }),
      },
      reopen: {
        takes: ["ERROR"],
        about: "what members have resolved of it",
        call: ([id]) => ({ method: "PATCH", path: error(id), body: { status: "open" } }),
      },
      assign: {
        takes: ["ERROR", "MEMBER"],
        about: "to a member, or nobody",
        call: ([id, who]) => ({ method: "PATCH", path: error(id), body: { assignee: who === "nobody" ? null : who } }),
      },
      tag: {
        takes: ["ERROR", "TAGS"],
        about: "with these instead, commas between: none for none",
        call: ([id, tags]) => ({ method: "PATCH", path: error(id), body: { tags: words(tags) } }),
      },
    },
  },
  {
    name: "runs",
    about: "Lists runs, newest first, and tries them again and cancels them; inlay logs shows one with its steps.",
    columns: [
      ["RUN", "id"],
      ["FLOW", "flow"],
      ["BLOCK", "block"],
      ["STATUS", "status"],
      ["TASKS", "tasks"],
      ["ACCEPTED", "acceptedAt"],
      ["REASON", "reason"],
    ],
    path: () => "/runs",
    filters: {
      ...{ status: "queued, running, waiting, succeeded, failed, stopped or canceled", flow: "of this flow", block: "of this block" },
      ...{ integration: "of this integration", user: "the host's own id, or usr_…", to: "accepted before: ISO 8601" },
    },
    more: RETRY,
    verbs: {
      show: { takes: ["RUN"], about: "with its steps, as JSON", call: ([id]) => ({ method: "GET", path: run(id) }) },
      retry: {
        takes: ["RUN"],
        about: "from its first step or a later one, with other input where it is given",
        call: async ([id], given) => ({
          ...{ method: "POST", path: run(id, "/retry") },
          body: { ...named(given, "from"), input: await readJson(given.input) },
        }),
      },
      cancel: { takes: ["RUN"], about: "where it has not ended", call: ([id]) => ({ method: "POST", path: run(id, "/cancel") }) },
    },
  },
];
