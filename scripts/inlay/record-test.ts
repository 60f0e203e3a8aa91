import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Document, parseDocument, Document as YamlDocument } from "yaml";
import type { Integration } from "../../shared/api/integration.ts";
import type { StepRun } from "../../shared/api/run.ts";
import type { FlowTest } from "../../shared/flow/test-file.ts";
import { CommandError } from "../edge-access.ts";
import { findFiles, readLocal } from "./file-folder.ts";
import { recordTest } from "./flow-test/record.ts";
import { readRun } from "./print-run.ts";
import type { WorkspaceAccess } from "./workspace-access.ts";

interface Whose {
  externalId: string;
  org: string | null;
  attributes: Record<string, unknown>;
}

/** Adds a test that does what run `id` did to the tests beside its flow file, which is looked for in `paths`. Answers where it stands and its name. */
export async function recordRun(access: WorkspaceAccess, id: string, paths: readonly string[]): Promise<{ path: string; name: string }> {
  const run = await readRun(access, id);
  const files = findFiles(paths).map(readLocal);
  const local = files.find(({ flow }) => flow?.key === run.flow);
  if (!local?.flow)
    throw new CommandError(
      `The run is of the flow “${run.flow}”, of which no file is in ${paths.join(", ")}. Fetch it: inlay pull --only ${run.flow}`,
    );
  const steps: StepRun[] = [];
  for (const step of run.steps)
    steps.push(step.truncated ? await access.json(`/runs/${encodeURIComponent(id)}/steps?path=${encodeURIComponent(step.path)}`) : step);
  const integration = await access.json<Integration & { user: { id: string } }>(`/integrations/${encodeURIComponent(run.integration)}`);
  const user = await access.json<Whose>(`/users/${encodeURIComponent(integration.user.id)}`);
  const variables = await access.json<Record<string, string>>("/variables");
  const used = new Set(Object.values(local.flow.accounts).map((slot) => slot.app));
  const texts = files.flatMap((file) => (file === local || used.has(file.app?.key ?? "") ? file.text : [])).join("\n");
  const test = recordTest({ run: { ...run, steps }, integration, user, variables }, local.flow, texts);
  const path = local.path.replace(/\.flow\.(?:ya?ml|json)$/, ".test.yaml");
  write(path, test);
  return { path, name: test.name };
}

function write(path: string, test: FlowTest): void {
  if (!existsSync(path)) {
    writeFileSync(path, print(new YamlDocument({ inlay: 1, tests: [test] })));
    return;
  }
  const document = parseDocument(readFileSync(path, "utf8"));
  if (document.errors.length) throw new CommandError(`${path} cannot be read: mend it first.`);
  const tests = document.get("tests") as { items?: { get?(key: string): unknown }[] } | undefined;
  if (tests?.items?.some((one) => one.get?.("name") === test.name)) throw new CommandError(`${path} has a test “${test.name}” already.`);
  document.addIn(["tests"], document.createNode(test));
  writeFileSync(path, print(document));
}

const print = (document: Document) => document.toString({ lineWidth: 140 });
