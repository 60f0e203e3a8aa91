// Commands that work on a workspace, or on the deployment.
import { existsSync, readFileSync } from "node:fs";
import { verifyAudit } from "../audit.ts";
import { CommandError } from "../edge-access.ts";
import { printKey, rotateMasterKey, showKeys } from "../keys.ts";
import { paths } from "../settings.ts";
import { callApi } from "./api.ts";
import { defineCommand, expectPositionals, UsageError } from "./command.ts";
import { COMMON, TOKEN } from "./common-options.ts";
import { findLogin, forgetLogin, keepLogin, readLogins } from "./kept-logins.ts";
import { type Column, limitOf, printRows, readList } from "./list-table.ts";
import { type Given, named } from "./listing.ts";
import { listRuns, readFilter, showRun } from "./logs.ts";
import { runBlockNow } from "./run.ts";
import { deleteSecret, listSecrets, setSecret } from "./secrets.ts";
import { addSigningKey, listKeys, makeSigningKey, revokeSigningKey } from "./signing-keys.ts";
import { openWorkspace } from "./workspace-access.ts";

const { url, workspace, json, yes } = COMMON;
const AUDIT: readonly Column[] = [
  ["ENTRY", "seq"],
  ["WHEN", "at"],
  ["WHO", "actor.name"],
  ["ACTION", "action"],
  ["TARGET", "target"],
];

/** `inlay dev`. */
export const dev = defineCommand({
  usage: ["dev [--json]"],
  about: "Prints what scripts need to reach the local Inlay that npm start serves.",
  options: { json },
  run(values, positionals) {
    expectPositionals(positionals, []);
    if (!existsSync(paths.dev)) throw new CommandError("No local Inlay has been started yet: run npm start, then ask again.");
    const text = readFileSync(paths.dev, "utf8");
    if (values.json) return void process.stdout.write(text);
    const info = JSON.parse(text) as Record<string, unknown>;
    for (const [name, value] of Object.entries(info)) console.log(`${name.padEnd(14)} ${Array.isArray(value) ? value.join(", ") : value}`);
  },
});

const WORKSPACES: readonly Column[] = [
  ["", "inUse"],
  ["NAME", "name"],
  ["WORKSPACE", "workspace"],
  ["URL", "url"],
  ["TOKEN", "member"],
];

/** `inlay workspaces`. */
export const workspaces = defineCommand({
  usage: ["workspaces [--json]", "workspaces switch WORKSPACE", "workspaces forget WORKSPACE"],
  about: "Lists the workspaces that you have signed in to, and chooses the one that commands use.",
  more: `
switch      commands use it from now on; --workspace NAME of a command uses it this once
forget      its token is kept here no longer, and goes on being good: inlay tokens revoke ends it

A workspace goes by its name or its id. inlay login --url URL adds one.`,
  options: { json, url },
  run(values, positionals) {
    const [verb = "list", wanted = ""] = positionals;
    expectPositionals(positionals.slice(1), verb === "list" ? [] : ["WORKSPACE"]);
    if (verb === "list") {
      const rows = readLogins().map(({ token: _, ...one }, at) => ({ ...one, inUse: at === 0 }));
      if (values.json) return console.log(JSON.stringify(rows, null, 2));
      if (!rows.length) return console.log("You have signed in to no workspace. inlay login --url URL adds one.");
      const shown = rows.map((row) => ({ ...row, inUse: row.inUse ? "*" : "" }));
      return printRows(WORKSPACES, shown, false);
    }
    if (verb !== "switch" && verb !== "forget") throw new UsageError(`There is no inlay workspaces ${verb}.`);
    const login = findLogin(wanted, values.url?.replace(/\/+$/, ""));
    if (verb === "switch") keepLogin(login);
    else forgetLogin(login);
    const [inUse] = readLogins();
    console.log(inUse ? `Commands use ${inUse.name || inUse.url} (${inUse.url}) now.` : "You are signed in to no workspace any more.");
  },
});

/** `inlay run`. */
export const run = defineCommand({
  usage: ["run INTEGRATION BLOCK [--input JSON] [--no-wait] [--json]", "run FLOW BLOCK [--user USER] …"],
  about: "Starts a block of an integration, waits until the run has ended, and prints its steps. Exit code 1 where it fails.",
  more: TOKEN,
  options: {
    input: { type: "string", short: "i", value: "JSON", about: "what starts it: JSON, @FILE, or - for what is piped in" },
    user: { type: "string", value: "USER", about: "whose integration of the flow: the host's own id, or usr_…" },
    "no-wait": { type: "boolean", about: "print the run's id and do not wait" },
    timeout: { type: "string", value: "5m", about: "wait at most so long" },
    ...{ json, url, workspace },
  },
  run(values, positionals) {
    const [integration = "", block = ""] = expectPositionals(positionals, ["INTEGRATION", "BLOCK"]);
    const { "no-wait": noWait, user, input, timeout } = values;
    return runBlockNow(openWorkspace(values), integration, block, { user, input, timeout, noWait, json: values.json });
  },
});

/** `inlay logs`. */
export const logs = defineCommand({
  usage: ["logs [--flow KEY] [--block KEY] [--status STATUS] [--follow] [--json]", "logs RUN [--follow] [--json]"],
  about: "Lists runs, oldest first, or shows one with its steps. With --json: one JSON document a line.",
  more: `${TOKEN} For one run, exit code 1 where it failed or was canceled.`,
  options: {
    flow: { type: "string", value: "KEY", about: "of this flow" },
    block: { type: "string", value: "KEY", about: "of this block" },
    integration: { type: "string", value: "ID", about: "of this integration" },
    user: { type: "string", value: "USER", about: "of this user: the host's own id, or usr_…" },
    status: { type: "string", value: "STATUS", about: "queued, running, waiting, succeeded, failed, stopped or canceled" },
    since: { type: "string", value: "WHEN", about: "accepted since: a time, or 30m, 2d ago" },
    limit: { type: "string", short: "n", value: "20", about: "at most so many, the newest" },
    follow: { type: "boolean", short: "f", about: "go on with what comes, until Ctrl-C" },
    ...{ json, url, workspace },
  },
  run(values, positionals) {
    const [id] = expectPositionals(positionals, ["RUN?"]);
    if (id !== undefined) return showRun(openWorkspace(values), id, values);
    const filter = readFilter(values);
    return listRuns(openWorkspace(values), filter, values);
  },
});

/** `inlay secrets`. */
export const secrets = defineCommand({
  usage: ["secrets list [--json]", "secrets set NAME", "secrets delete NAME [--yes]"],
  about: "Secrets of the workspace, which app files name. Their values are never shown again.",
  more: `A value is typed unseen, or piped in: inlay secrets set NAME < file. As an argument it would stand in the list of processes. ${TOKEN}`,
  options: { json, yes, url, workspace },
  run(values, positionals) {
    const [verb = "list", name, more] = positionals;
    if (verb === "set" && more !== undefined)
      throw new UsageError("A value does not stand on the command line: type it when asked, or pipe it in.");
    expectPositionals(positionals.slice(1), verb === "list" ? [] : ["NAME"]);
    const access = openWorkspace(values);
    if (verb === "list") return listSecrets(access, values.json === true);
    if (verb === "set") return setSecret(access, name ?? "");
    if (verb === "delete") return deleteSecret(access, name ?? "", values.yes === true);
    throw new UsageError(`There is no inlay secrets ${verb}.`);
  },
});

/** `inlay keys`. */
export const keys = defineCommand({
  usage: [
    "keys [list] [--json]",
    "keys add KID FILE",
    "keys new KID [--alg ES256] [--out FILE]",
    "keys revoke KID [--yes]",
    "keys master | rotate | make",
  ],
  about: "Keys that your backend signs user tokens with, and, for whoever operates the deployment, its master keys.",
  more: `
list      the workspace's signing keys
add       registers the public half in FILE (PEM or JWK: RS256, ES256 or EdDSA)
new       makes a pair, registers the public half and writes the private one into FILE
revoke    tokens signed with it stop within a minute
master    which master keys the deployment has, and how many workspaces need each (INLAY_BOOTSTRAP_TOKEN)
rotate    wraps every workspace's key by the newest master key, while all is serving
make      prints a fresh master key`,
  options: {
    alg: { type: "string", value: "ALG", about: "ES256 (default), RS256 or EdDSA" },
    out: { type: "string", value: "FILE", about: "where the private half goes: KID.private.pem by default" },
    ...{ json, yes, url, workspace },
  },
  run(values, positionals) {
    const [verb = "list", kid = "", file = ""] = positionals;
    const takes: Record<string, string[]> = { add: ["KID", "FILE"], new: ["KID"], revoke: ["KID"] };
    expectPositionals(positionals.slice(1), takes[verb] ?? []);
    switch (verb) {
      case "list":
        return listKeys(openWorkspace(values), values.json === true);
      case "add":
        return addSigningKey(openWorkspace(values), kid, file);
      case "new":
        return makeSigningKey(openWorkspace(values), kid, values.out ?? `${kid}.private.pem`, values.alg);
      case "revoke":
        return revokeSigningKey(openWorkspace(values), kid, values.yes === true);
      case "master":
        return showKeys(values.url, values.json);
      case "rotate":
        return rotateMasterKey(values.url);
      case "make":
        return printKey();
      default:
        throw new UsageError(`There is no inlay keys ${verb}.`);
    }
  },
});

/** `inlay api`. */
export const api = defineCommand({
  usage: ["api METHOD PATH [--input JSON] [--all]"],
  about: "Calls any route of the workspace's API and prints its answer: what has no command of its own.",
  more: `
inlay api GET 'errors?status=open'
inlay api POST flows/my-flow/versions --input '{"note": "Faster"}'

The routes stand in the API document, below /v1/workspace. ${TOKEN}`,
  options: {
    input: { type: "string", short: "i", value: "JSON", about: "the body: JSON, @FILE, or - for what is piped in" },
    all: { type: "boolean", about: "of a list: the items of all pages" },
    ...{ url, workspace },
  },
  run(values, positionals) {
    const [method = "", path = ""] = expectPositionals(positionals, ["METHOD", "PATH"]);
    return callApi(openWorkspace(values), method, path, values);
  },
});

/** `inlay audit`. */
export const audit = defineCommand({
  usage: ["audit [--actor ID] [--action ACTION] [--target ID] [--csv | --json]", "audit verify [--head NUMBER:CODE] [--json]"],
  about: "Lists changes of the workspace, newest first, and checks that no entry was changed or removed: with an admin's API token.",
  options: {
    actor: { type: "string", value: "ID", about: "by this member, token or user" },
    action: { type: "string", value: "ACTION", about: "such as flow.published; account. for all that begin so" },
    target: { type: "string", value: "ID", about: "what was changed" },
    from: { type: "string", value: "TIME", about: "ISO 8601" },
    to: { type: "string", value: "TIME", about: "ISO 8601" },
    limit: { type: "string", short: "n", value: "100", about: "at most so many" },
    csv: { type: "boolean", about: "all that fit as CSV" },
    head: { type: "string", value: "NUMBER:CODE", about: "what an earlier check printed: tells whether the end was cut off" },
    ...{ json, url, workspace },
  },
  async run({ head, csv, limit, ...values }, positionals) {
    const [verb = "list"] = expectPositionals(positionals, ["verify?"]);
    if (verb === "verify") return verifyAudit(openWorkspace(values), { head, json: values.json });
    if (verb !== "list") throw new UsageError(`There is no inlay audit ${verb}.`);
    if (csv && values.json) throw new UsageError("Give --csv or --json, not both.");
    const access = openWorkspace(values);
    const query = named(values as unknown as Given, "actor", "action", "target", "from", "to");
    if (csv) return void process.stdout.write((await access.ask("GET", `/audit?${new URLSearchParams({ ...query, format: "csv" })}`)).text);
    printRows(AUDIT, await readList(access, "/audit", query, limitOf(limit)), values.json === true);
    return undefined;
  },
});
