// The app files and templates that come with the product: each can be used as it stands, and the Worker carries what the folders hold.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CATALOGUE_APPS, CATALOGUE_TEMPLATES } from "../edge/catalogue/files.ts";
import { checkApp } from "../edge/engine/check-app.ts";
import { checkFlow } from "../edge/engine/check-flow.ts";
import { AppFile } from "../shared/flow/app-file.ts";
import { FlowFile } from "../shared/flow/flow-file.ts";
import { readFile } from "../shared/flow/read-file.ts";
import { ROOT } from "./settings.ts";

const OURS = join(ROOT, "edge/catalogue");
const DEMO = join(ROOT, "demo/catalogue");
const filesOf = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const appFiles = [...filesOf(join(OURS, "apps"), ".app.yaml"), ...filesOf(DEMO, ".app.yaml")];
const flowFiles = [...filesOf(join(OURS, "templates"), ".flow.yaml"), ...filesOf(DEMO, ".flow.yaml")];
const apps = Object.fromEntries(
  appFiles.flatMap(({ text }) => {
    const result = readFile(text, AppFile);
    return result.ok ? [[result.value.key, result.value]] : [];
  }),
);

describe("an app file of the catalogue", () => {
  it.each(appFiles)("$name holds expressions that parse, and names what is there", ({ name, text }) => {
    const result = readFile(text, AppFile);
    expect(result.ok ? [] : result.faults).toEqual([]);
    if (!result.ok) return;
    expect(checkApp(result.value)).toEqual([]);
    expect(name).toBe(`${result.value.key}.app.yaml`);
    expect(result.value.test, "an account is proved").toBeDefined();
    expect(result.value.limits, "its rate is known").toBeDefined();
  });
});

describe("a flow file of the catalogue", () => {
  it.each(flowFiles)("$name can be published", ({ name, text }) => {
    const result = readFile(text, FlowFile);
    expect(result.ok ? [] : result.faults).toEqual([]);
    if (!result.ok) return;
    expect(name).toBe(`${result.value.key}.flow.yaml`);
    expect(checkFlow(result.value, apps)).toEqual([]);
  });
});

it("what the Worker carries is what the folders hold (npm run catalogue writes it)", () => {
  expect(CATALOGUE_APPS).toEqual(filesOf(join(OURS, "apps"), ".yaml").map(({ text }) => text));
  expect(CATALOGUE_TEMPLATES).toEqual(filesOf(join(OURS, "templates"), ".yaml").map(({ text }) => text));
});
