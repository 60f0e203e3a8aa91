// Commands that work on flow, app and test files. What reads files and runs flows is loaded when it is asked for.
import { defineCommand, expectPositionals, UsageError } from "./command.ts";
import { COMMON, TOKEN } from "./common-options.ts";
import { login } from "./login.ts";
import { openWorkspace } from "./workspace-access.ts";

const { url, workspace, json, yes } = COMMON;

/** `inlay login`. */
export const signIn = defineCommand({
  usage: ["login --url URL [--json]"],
  about: "Checks an API token, typed unseen or piped in, and keeps it: commands use its workspace from now on.",
  more: "Each workspace has a token of its own: sign in to as many as you like, and see inlay workspaces.",
  options: { url: { ...url, about: "which Inlay" }, json },
  run(values, positionals) {
    expectPositionals(positionals, []);
    if (!values.url) throw new UsageError("Say where: --url https://…");
    return login(values.url, values.json);
  },
});

/** `inlay pull`. */
export const fetchFiles = defineCommand({
  usage: ["pull [FOLDER] [--only KEY …] [--yes] [--json]"],
  about: "Writes the workspace's flows (their drafts) and apps into a folder, byte for byte; asks before it overwrites.",
  more: TOKEN,
  options: { only: { type: "string", multiple: true, value: "KEY", about: "of this flow or app alone" }, json, yes, url, workspace },
  async run(values, positionals) {
    const [folder = "."] = expectPositionals(positionals, ["FOLDER?"]);
    const { pull } = await import("./pull.ts");
    return pull(openWorkspace(values), folder, { yes: values.yes === true, only: values.only ?? [], json: values.json === true });
  },
});

/** `inlay push`. */
export const storeFiles = defineCommand({
  usage: ["push [PATH …] [--publish] [--note TEXT] [--yes] [--json]"],
  about: "Shows what would change in the workspace, asks, and stores it: apps, then flows as drafts. Refuses credentials.",
  more: TOKEN,
  options: {
    publish: { type: "boolean", about: "publish the flows as well" },
    note: { type: "string", value: "TEXT", about: "what the new versions bring" },
    ...{ json, yes, url, workspace },
  },
  async run(values, positionals) {
    const { publish = false, note, yes: isSure = false, json: asJson = false } = values;
    const { push } = await import("./push.ts");
    return push(openWorkspace(values), positionals.length ? positionals : ["."], { yes: isSure, publish, note, json: asJson });
  },
});

/** `inlay diff`. */
export const compareFiles = defineCommand({
  usage: ["diff [PATH …] [--json]"],
  about: "Shows what folder and workspace differ in. Exit code 1 where they do.",
  more: TOKEN,
  options: { json, url, workspace },
  async run(values, positionals) {
    const { diff } = await import("./diff.ts");
    return diff(openWorkspace(values), positionals.length ? positionals : ["."], values.json);
  },
});

/** `inlay validate`. */
export const validate = defineCommand({
  usage: ["validate PATH … [--json]"],
  about: "Checks flow, app and test files, and those of folders; every fault with its line and column. Asks no server.",
  options: { json },
  async run(values, positionals) {
    if (!positionals.length) throw new UsageError("Say which files or folders.");
    const { validateFiles } = await import("../validate.ts");
    return validateFiles(positionals, values.json === true);
  },
});

/** `inlay test`. */
export const test = defineCommand({
  usage: ["test [PATH …] [--only TEXT] [--json]", "test --record RUN [PATH …]"],
  about: "Runs flow tests (NAME.test.yaml beside NAME.flow.yaml) with the real engine, offline, against declared answers.",
  more: `
A test gives setup values, accounts, state and what starts the block; answers for operations and addresses, among them faults (status: 429,
fault: reset, fault: timeout, slow: 20s); and what it expects of steps, of the requests that were sent, of the run's end and of its state.
With --record, a test that does what a run did is added beside its flow file; credentials are left out.`,
  options: {
    only: { type: "string", value: "TEXT", about: "tests alone that have this in their name" },
    record: { type: "string", value: "RUN", about: "make a test of this run's log" },
    ...{ json, url, workspace },
  },
  async run(values, positionals) {
    const given = positionals.length ? positionals : ["."];
    const { testFlows } = await import("./test.ts");
    if (values.record === undefined) return testFlows(given, { json: values.json === true, only: values.only });
    const { recordRun } = await import("./record-test.ts");
    const { path, name } = await recordRun(openWorkspace(values), values.record, given);
    if (!values.json) console.log(`${path}: “${name}” was added.`);
    return testFlows([path], { json: values.json === true, only: name });
  },
});

/** `inlay app`. */
export const app = defineCommand({
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
