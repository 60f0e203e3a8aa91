// A test file with the flow and the apps that it is about. Whatever is wrong with one of them is told at its place.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkFlow } from "../../../edge/engine/check-flow.ts";
import type { AppFile } from "../../../shared/flow/app-file.ts";
import type { FlowFile } from "../../../shared/flow/flow-file.ts";
import { type FileFault, type PathFault, placeFaults, readFile } from "../../../shared/flow/read-file.ts";
import { type AnswerRule, TestFile } from "../../../shared/flow/test-file.ts";
import { knownApps } from "../catalogue-apps.ts";
import { readLocal } from "../file-folder.ts";

/** A fault of a file, with the path of that file. */
export interface PlacedFault extends FileFault {
  file: string;
}

export interface LoadedTests {
  path: string;
  text: string;
  file: TestFile;
  flow: FlowFile;
  apps: Readonly<Record<string, AppFile>>;
}

/** Reads the tests at `path`, their flow and its apps; faults where one of them cannot be used. */
export function loadTests(path: string): { ok: true; tests: LoadedTests } | { ok: false; faults: PlacedFault[] } {
  const text = readFileSync(path, "utf8");
  const read = readFile(text, TestFile);
  if (!read.ok) return { ok: false, faults: read.faults.map((fault) => ({ ...fault, file: path })) };
  const file = read.value;
  const placed = (faults: PathFault[]) => ({
    ok: false as const,
    faults: placeFaults(text, faults).map((fault) => ({ ...fault, file: path })),
  });

  const flowPath = file.flow === undefined ? besideOf(path) : join(dirname(path), file.flow);
  if (!flowPath || !existsSync(flowPath))
    return placed([
      {
        code: "no_flow",
        message: `there is no ${flowPath ?? `${stemOf(path)}.flow.yaml`}; name another in “flow”`,
        path: file.flow === undefined ? "" : "flow",
      },
    ]);
  const local = readLocal(flowPath);
  if (!local.flow) return { ok: false, faults: local.faults.map((fault) => ({ ...fault, file: flowPath })) };

  const missing = (file.apps ?? []).findIndex((app) => !existsSync(join(dirname(path), app)));
  if (missing >= 0) return placed([{ code: "no_app", message: `there is no ${file.apps?.[missing]}`, path: `apps.${missing}` }]);
  const appFiles = [...appsBeside(path), ...(file.apps ?? []).map((app) => join(dirname(path), app))].map(readLocal);
  const appFaults = appFiles.flatMap((app) => app.faults.map((fault) => ({ ...fault, file: app.path })));
  if (appFaults.length) return { ok: false, faults: appFaults };
  const apps = knownApps(appFiles.flatMap(({ app }) => app ?? []));

  const deep = placeFaults(
    local.text,
    checkFlow(local.flow, apps).filter(({ code }) => code !== "unknown_app"),
  );
  if (deep.length) return { ok: false, faults: deep.map((fault) => ({ ...fault, file: flowPath })) };
  const faults = checkTests(file, local.flow, apps);
  return faults.length ? placed(faults) : { ok: true, tests: { path, text, file, flow: local.flow, apps } };
}

const stemOf = (path: string) => basename(path).replace(/\.test\.(?:ya?ml|json)$/, "");

function besideOf(path: string): string | undefined {
  return ["yaml", "yml", "json"].map((ending) => join(dirname(path), `${stemOf(path)}.flow.${ending}`)).find((one) => existsSync(one));
}

const appsBeside = (path: string) =>
  readdirSync(dirname(path))
    .filter((name) => /\.app\.(?:ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(dirname(path), name));

/** What tests name must be in the flow. */
function checkTests(file: TestFile, flow: FlowFile, apps: Readonly<Record<string, AppFile>>): PathFault[] {
  const faults: PathFault[] = [];
  const add = (code: string, message: string, path: string) => void faults.push({ code, message, path });
  const fields = new Set(flow.setup.pages.flatMap((page) => page.fields.map(({ key }) => key)));
  const check = (part: Pick<TestFile, "setup" | "accounts" | "answers">, at: string) => {
    for (const key of Object.keys(part.setup ?? {}))
      if (!fields.has(key)) add("unknown_field", `The setup form has no field “${key}”`, `${at}setup.${key}`);
    for (const slot of Object.keys(part.accounts ?? {}))
      if (!Object.hasOwn(flow.accounts, slot)) add("unknown_account", `The flow has no account “${slot}”`, `${at}accounts.${slot}`);
    for (const [index, rule] of (part.answers ?? []).entries()) {
      const wrong = wrongOperation(rule, flow, apps);
      if (wrong) add("unknown_operation", wrong, `${at}answers.${index}.${rule.query === undefined ? "action" : "query"}`);
    }
  };
  check(file, "");
  const isOne = flow.blocks.length === 1;
  for (const [index, test] of file.tests.entries()) {
    check(test, `tests.${index}.`);
    const known = flow.blocks.map(({ key }) => key).join(", ");
    if (test.block === undefined && !isOne) add("no_block", `Say which block: ${known}`, `tests.${index}`);
    if (test.block !== undefined && !flow.blocks.some(({ key }) => key === test.block))
      add("unknown_block", `The flow has no block “${test.block}”; it has ${known}`, `tests.${index}.block`);
  }
  return faults;
}

function wrongOperation({ query, action }: AnswerRule, flow: FlowFile, apps: Readonly<Record<string, AppFile>>): string | undefined {
  const ref = query ?? action;
  if (ref === undefined) return undefined;
  const [slot = "", operation = ""] = ref.split(".");
  const key = Object.hasOwn(flow.accounts, slot) ? flow.accounts[slot]?.app : undefined;
  if (key === undefined) return `The flow has no account “${slot}”`;
  const app = apps[key];
  const known = app && Object.keys(query === undefined ? app.actions : app.queries);
  return known && !known.includes(operation)
    ? `${app.name} has no ${query === undefined ? "action" : "query"} “${operation}”; it has ${known.join(", ")}`
    : undefined;
}
