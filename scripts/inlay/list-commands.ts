// Commands that list what a workspace has, and do what can be done to one of it: the same as the console offers.
import { type Command, defineCommand, expectPositionals, UsageError } from "./command.ts";
import { COMMON, TOKEN } from "./common-options.ts";
import { type Column, printRows } from "./list-table.ts";
import { defineListing, type Given, type Listing, named } from "./listing.ts";
import { ACCESS_LISTINGS } from "./listings/access.ts";
import { APP_LISTINGS } from "./listings/apps.ts";
import { FLOW_LISTINGS } from "./listings/flows.ts";
import { HOME_LISTINGS } from "./listings/home.ts";
import { INTEGRATION_LISTINGS } from "./listings/integrations.ts";
import { RUN_LISTINGS } from "./listings/runs.ts";
import { SETTING_LISTINGS } from "./listings/settings.ts";
import { openWorkspace } from "./workspace-access.ts";

const LISTINGS: readonly Listing[] = [
  ...[...FLOW_LISTINGS, ...HOME_LISTINGS, ...APP_LISTINGS, ...INTEGRATION_LISTINGS],
  ...[...RUN_LISTINGS, ...ACCESS_LISTINGS, ...SETTING_LISTINGS],
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
const { json, url, workspace } = COMMON;

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
    user: { type: "string", value: "USER", about: "of this user: the host's own id, or usr_…" },
    csv: { type: "boolean", about: "the table as CSV" },
    ...{ json, url, workspace },
  },
  async run(values, positionals) {
    expectPositionals(positionals, []);
    if (values.csv && values.json) throw new UsageError("Give --csv or --json, not both.");
    const query = new URLSearchParams(named(values as unknown as Given, "by", "from", "to", "flow", "user"));
    if (values.csv) for (const [name, value] of Object.entries({ format: "csv", table: "items" })) query.set(name, value);
    const { text } = await openWorkspace(values).ask("GET", `/analytics?${query}`);
    if (values.csv) return void process.stdout.write(text);
    const found = JSON.parse(text) as { totals: object; items: object[] };
    if (values.json) return console.log(JSON.stringify(found, null, 2));
    printRows([["", "name"], ...COUNTS], [...found.items, { name: "all", ...found.totals }], false);
  },
});

/** Commands that list things, in the order of the help. */
export const LIST_COMMANDS: readonly Command[] = [...LISTINGS.map(defineListing), analytics];
