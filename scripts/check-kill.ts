// `npm run check:kill [-- --only load|migration|refresh] [--rounds 50 --senders 64]`: the started product under load, killed with -9: at any
// time, while it brings its schemas up to date, and while it renews tokens. What was answered 202 must arrive; what arrives twice must have
// been under way at a kill, and come under its first key.
import { parseArgs } from "node:util";
import { killUnderLoad } from "./check-kill/under-load.ts";
import { killWhileMigrating } from "./check-kill/while-migrating.ts";
import { killWhileRenewing } from "./check-kill/while-renewing.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, rounds: { type: "string" }, senders: { type: "string" }, integrations: { type: "string" } },
});
const number = (text: string | undefined, fallback: number) => Number(text ?? fallback);
const trials: Record<string, () => Promise<boolean>> = {
  load: () =>
    killUnderLoad({
      rounds: number(values.rounds, 50),
      senders: number(values.senders, 64),
      integrations: number(values.integrations, 8),
    }),
  migration: () =>
    killWhileMigrating({ rounds: number(values.only && values.rounds, 5), senders: number(values.only && values.senders, 16) }),
  refresh: () =>
    killWhileRenewing({ rounds: number(values.only && values.rounds, 12), senders: number(values.only && values.senders, 16) }),
};
if (values.only !== undefined && !(values.only in trials)) {
  console.error(`--only takes ${Object.keys(trials).join(", ")}, not “${values.only}”.`);
  process.exit(2);
}
const failed: string[] = [];
for (const [name, run] of Object.entries(trials)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`kill -9: ${name}`);
  if (!(await run())) failed.push(name);
}
if (failed.length) console.error(`Failed: ${failed.join(", ")}.`);
process.exit(failed.length ? 1 : 0);
