// Every command of inlay: how it is called, what it takes, and where its work is done. What reads files and runs flows is loaded when it is asked for.
import { existsSync, readFileSync } from "node:fs";
import { verifyAudit } from "../audit.ts";
import { CommandError } from "../edge-access.ts";
import { printKey, rotateMasterKey, showKeys } from "../keys.ts";
import { paths } from "../settings.ts";
import { callApi } from "./api.ts";
import { type Command, defineCommand, expectPositionals, UsageError } from "./command.ts";
import { login } from "./login.ts";
import { listRuns, readFilter, showRun } from "./logs.ts";
import { runBlockNow } from "./run.ts";
import { deleteSecret, listSecrets, setSecret } from "./secrets.ts";
import { addSigningKey, listKeys, makeSigningKey, revokeSigningKey } from "./signing-keys.ts";
import { openWorkspace } from "./workspace-access.ts";

const url = {
  type: "string",
  value: "URL",
  about: "which Inlay: INLAY_URL, the one of the last login or the local one without it",
} as const;
const json = { type: "boolean", about: "JSON, for scripts" } as const;
const yes = { type: "boolean", short: "y", about: "do it without asking" } as const;
const WORKSPACE = "The API token is that of inlay login, or INLAY_TOKEN.";

const dev = defineCommand({
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

const signIn = defineCommand({
  usage: ["login --url URL [--json]"],
  about: "Checks an API token, typed unseen or piped in, and keeps it for the commands below.",
  options: { url: { ...url, about: "which Inlay" }, json },
  run(values, positionals) {
    expectPositionals(positionals, []);
    if (!values.url) throw new UsageError("Say where: --url https://…");
    return login(values.url, values.json);
  },
});

const fetchFiles = defineCommand({
  usage: ["pull [FOLDER] [--only KEY …] [--yes] [--json]"],
  about: "Writes the workspace's flows (their drafts) and apps into a folder, byte for byte; asks before it overwrites.",
  more: WORKSPACE,
  options: { only: { type: "string", multiple: true, value: "KEY", about: "of this flow or app alone" }, json, yes, url },
  async run(values, positionals) {
    const [folder = "."] = expectPositionals(positionals, ["FOLDER?"]);
    const { pull } = await import("./pull.ts");
    return pull(openWorkspace(values.url), folder, { yes: values.yes === true, only: values.only ?? [], json: values.json === true });
  },
});

const storeFiles = defineCommand({
  usage: ["push [PATH …] [--publish] [--note TEXT] [--yes] [--json]"],
  about: "Shows what would change in the workspace, asks, and stores it: apps, then flows as drafts. Refuses credentials.",
  more: WORKSPACE,
  options: {
    publish: { type: "boolean", about: "publish the flows as well" },
    note: { type: "string", value: "TEXT", about: "what the new versions bring" },
    ...{ json, yes, url },
  },
  async run(values, positionals) {
    const { publish = false, note, yes: isSure = false, json: asJson = false } = values;
    const { push } = await import("./push.ts");
    return push(openWorkspace(values.url), positionals.length ? positionals : ["."], { yes: isSure, publish, note, json: asJson });
  },
});

const compareFiles = defineCommand({
  usage: ["diff [PATH …] [--json]"],
  about: "Shows what folder and workspace differ in. Exit code 1 where they do.",
  more: WORKSPACE,
  options: { json, url },
  async run(values, positionals) {
    const { diff } = await import("./diff.ts");
    return diff(openWorkspace(values.url), positionals.length ? positionals : ["."], values.json);
  },
});

const validate = defineCommand({
  usage: ["validate PATH … [--json]"],
  about: "Checks flow, app and test files, and those of folders; every fault with its line and column. Asks no server.",
  options: { json },
  async run(values, positionals) {
    if (!positionals.length) throw new UsageError("Say which files or folders.");
    const { validateFiles } = await import("../validate.ts");
    return validateFiles(positionals, values.json === true);
  },
});

const test = defineCommand({
  usage: ["test [PATH …] [--only TEXT] [--json]", "test --record RUN [PATH …]"],
  about: "Runs flow tests (NAME.test.yaml beside NAME.flow.yaml) with the real engine, offline, against declared answers.",
  more: `
A test gives setup values, accounts, state and what starts the block; answers for operations and addresses, among them faults (status: 429,
fault: reset, fault: timeout, slow: 20s); and what it expects of steps, of the requests that were sent, of the run's end and of its state.
With --record, a test that does what a run did is added beside its flow file; credentials are left out.`,
  options: {
    only: { type: "string", value: "TEXT", about: "tests alone that have this in their name" },
    record: { type: "string", value: "RUN", about: "make a test of this run's log" },
    ...{ json, url },
  },
  async run(values, positionals) {
    const given = positionals.length ? positionals : ["."];
    const { testFlows } = await import("./test.ts");
    if (values.record === undefined) return testFlows(given, { json: values.json === true, only: values.only });
    const { recordRun } = await import("./record-test.ts");
    const { path, name } = await recordRun(openWorkspace(values.url), values.record, given);
    if (!values.json) console.log(`${path}: “${name}” was added.`);
    return testFlows([path], { json: values.json === true, only: name });
  },
});

const run = defineCommand({
  usage: ["run INTEGRATION BLOCK [--input JSON] [--no-wait] [--json]", "run FLOW BLOCK [--user USER] …"],
  about: "Starts a block of an integration, waits until the run has ended, and prints its steps. Exit code 1 where it fails.",
  more: WORKSPACE,
  options: {
    input: { type: "string", short: "i", value: "JSON", about: "what starts it: JSON, @FILE, or - for what is piped in" },
    user: { type: "string", value: "USER", about: "whose integration of the flow: the host's own id, or usr_…" },
    "no-wait": { type: "boolean", about: "print the run's id and do not wait" },
    timeout: { type: "string", value: "5m", about: "wait at most so long" },
    ...{ json, url },
  },
  run(values, positionals) {
    const [integration = "", block = ""] = expectPositionals(positionals, ["INTEGRATION", "BLOCK"]);
    const { "no-wait": noWait, user, input, timeout } = values;
    return runBlockNow(openWorkspace(values.url), integration, block, { user, input, timeout, noWait, json: values.json });
  },
});

const logs = defineCommand({
  usage: ["logs [--flow KEY] [--block KEY] [--status STATUS] [--follow] [--json]", "logs RUN [--follow] [--json]"],
  about: "Lists runs, oldest first, or shows one with its steps. With --json: one JSON document a line.",
  more: `${WORKSPACE} For one run, exit code 1 where it failed or was canceled.`,
  options: {
    flow: { type: "string", value: "KEY", about: "of this flow" },
    block: { type: "string", value: "KEY", about: "of this block" },
    integration: { type: "string", value: "ID", about: "of this integration" },
    user: { type: "string", value: "USER", about: "of this user: the host's own id, or usr_…" },
    status: { type: "string", value: "STATUS", about: "queued, running, waiting, succeeded, failed, stopped or canceled" },
    since: { type: "string", value: "WHEN", about: "accepted since: a time, or 30m, 2d ago" },
    limit: { type: "string", short: "n", value: "20", about: "at most so many, the newest" },
    follow: { type: "boolean", short: "f", about: "go on with what comes, until Ctrl-C" },
    ...{ json, url },
  },
  run(values, positionals) {
    const [id] = expectPositionals(positionals, ["RUN?"]);
    if (id !== undefined) return showRun(openWorkspace(values.url), id, values);
    const filter = readFilter(values);
    return listRuns(openWorkspace(values.url), filter, values);
  },
});

const secrets = defineCommand({
  usage: ["secrets list [--json]", "secrets set NAME", "secrets delete NAME [--yes]"],
  about: "Secrets of the workspace, which app files name. Their values are never shown again.",
  more: `A value is typed unseen, or piped in: inlay secrets set NAME < file. As an argument it would stand in the list of processes. ${WORKSPACE}`,
  options: { json, yes, url },
  run(values, positionals) {
    const [verb = "list", name, more] = positionals;
    if (verb === "set" && more !== undefined)
      throw new UsageError("A value does not stand on the command line: type it when asked, or pipe it in.");
    expectPositionals(positionals.slice(1), verb === "list" ? [] : ["NAME"]);
    const access = openWorkspace(values.url);
    if (verb === "list") return listSecrets(access, values.json === true);
    if (verb === "set") return setSecret(access, name ?? "");
    if (verb === "delete") return deleteSecret(access, name ?? "", values.yes === true);
    throw new UsageError(`There is no inlay secrets ${verb}.`);
  },
});

const keys = defineCommand({
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
    ...{ json, yes, url },
  },
  run(values, positionals) {
    const [verb = "list", kid = "", file = ""] = positionals;
    const takes: Record<string, string[]> = { add: ["KID", "FILE"], new: ["KID"], revoke: ["KID"] };
    expectPositionals(positionals.slice(1), takes[verb] ?? []);
    switch (verb) {
      case "list":
        return listKeys(openWorkspace(values.url), values.json === true);
      case "add":
        return addSigningKey(openWorkspace(values.url), kid, file);
      case "new":
        return makeSigningKey(openWorkspace(values.url), kid, values.out ?? `${kid}.private.pem`, values.alg);
      case "revoke":
        return revokeSigningKey(openWorkspace(values.url), kid, values.yes === true);
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

const api = defineCommand({
  usage: ["api METHOD PATH [--input JSON] [--all]"],
  about: "Calls any route of the workspace's API and prints its answer: what has no command of its own.",
  more: `
inlay api GET 'errors?status=open'
inlay api POST flows/my-flow/versions --input '{"note": "Faster"}'

The routes stand in the API document, below /v1/workspace. ${WORKSPACE}`,
  options: {
    input: { type: "string", short: "i", value: "JSON", about: "the body: JSON, @FILE, or - for what is piped in" },
    all: { type: "boolean", about: "of a list: the items of all pages" },
    url,
  },
  run(values, positionals) {
    const [method = "", path = ""] = expectPositionals(positionals, ["METHOD", "PATH"]);
    return callApi(openWorkspace(values.url), method, path, values);
  },
});

const app = defineCommand({
  usage: ["app from-openapi DOCUMENT [--key KEY] [--operations ID,…] [--out FILE] [--list] [--json]"],
  about: "Makes an app file of an OpenAPI 3.x or Swagger 2.0 document: a file, or an address.",
  options: {
    key: { type: "string", value: "KEY", about: "the app's key" },
    operations: { type: "string", value: "ID,…", about: "these operations alone" },
    out: { type: "string", value: "FILE", about: "KEY.app.yaml by default" },
    list: { type: "boolean", about: "list the document's operations instead" },
    json,
  },
  async run(values, positionals) {
    const [verb, document = ""] = expectPositionals(positionals, ["from-openapi", "DOCUMENT"]);
    if (verb !== "from-openapi") throw new UsageError(`There is no inlay app ${verb}.`);
    const { fromOpenApi } = await import("./from-openapi.ts");
    return fromOpenApi(document, values);
  },
});

const audit = defineCommand({
  usage: ["audit verify [--head NUMBER:CODE] [--json]"],
  about: "Checks that no entry of the workspace's audit log was changed or removed (INLAY_TOKEN: an admin's API token).",
  options: {
    head: { type: "string", value: "NUMBER:CODE", about: "what an earlier check printed: tells whether the end was cut off" },
    ...{ json, url },
  },
  run(values, positionals) {
    if (positionals.join(" ") !== "verify") throw new UsageError("The command is inlay audit verify.");
    return verifyAudit(values);
  },
});

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...[dev, signIn, fetchFiles, storeFiles, compareFiles, validate, test],
  ...[run, logs, secrets, keys, api, app, audit],
];
