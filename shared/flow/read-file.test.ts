import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppFile } from "./app-file.ts";
import { FlowFile } from "./flow-file.ts";
import { readFile } from "./read-file.ts";

const CATALOGUE = join(import.meta.dirname, "../../demo/catalogue");
const source = (name: string) => readFileSync(join(CATALOGUE, name), "utf8");
const faultsOf = (text: string) => {
  const result = readFile(text, FlowFile);
  return result.ok ? [] : result.faults;
};
const FLOW = source("orders-to-anywhere.flow.yaml");

describe("reading a file", () => {
  it("names a key that is missing", () => {
    expect(faultsOf(FLOW.replace(/^key: .*$/m, "")).map(({ message }) => message)).toEqual(["“key” is missing here"]);
  });

  it.each(readdirSync(CATALOGUE).filter((name) => /\.(?:flow|app)\.yaml$/.test(name)))("takes %s as it stands", (name) => {
    const result = name.endsWith(".app.yaml") ? readFile(source(name), AppFile) : readFile(source(name), FlowFile);
    expect(result.ok ? [] : result.faults).toEqual([]);
  });

  it("reads a comma inside the text of a flow mapping as part of the text", () => {
    const text = source("contacts-to-newsletter.flow.yaml");
    const result = readFile(text, FlowFile);
    expect(JSON.stringify(result)).toContain(`"stop":"Not tagged, or no address"`);
  });

  it("names an unknown key where it stands, not what is under it", () => {
    const text = "inlay: 1\nkey: x\nname: X\nblocks:\n  - key: go\n    triger:\n      manual: {}\n    steps: []\n";
    const result = readFile(text, FlowFile);
    expect(result.ok ? [] : result.faults.filter(({ code }) => code === "unknown_key")).toMatchObject([
      { line: 6, column: 5, path: "blocks.0.triger", suggestion: "trigger" },
    ]);
  });

  it("names an unknown key with its line and column", () => {
    const [fault] = faultsOf(FLOW.replace("category:", "kategory:"));
    expect(fault).toMatchObject({ code: "unknown_key", path: "kategory", line: 6 });
    expect(fault?.message).toContain("kategory");
  });

  it("names a fault deep in a step at its place", () => {
    const [fault] = faultsOf(FLOW.replace("method: POST", "metod: POST"));
    expect(fault).toMatchObject({ code: "unknown_key", path: "blocks.0.steps.1.then.0.http.metod", line: 29 });
  });

  it("refuses a step without a kind, and one with two", () => {
    const [none] = faultsOf(FLOW.replace("stop: Below the smallest amount", "name: nothing"));
    expect(none?.message).toMatch(/a step needs one kind/);
    const [two] = faultsOf(FLOW.replace("stop: Below the smallest amount", "stop: x, fail: y"));
    expect(two?.message).toMatch(/stop and fail/);
  });

  it("Y02 refuses broken YAML, a repeated key and an open expression, each with a line", () => {
    for (const text of [`${FLOW}\n  x: [`, `${FLOW}\nkey: again`, FLOW.replace('"{{ setup.url }}"', '"{{ setup.url"')]) {
      const faults = faultsOf(text);
      expect(faults.length).toBeGreaterThan(0);
      expect(faults[0]?.line).toBeGreaterThan(0);
    }
  });

  it("makes plain values alone, whatever tag a file puts before them", () => {
    for (const tag of ["!!js/function", "!!python/object/apply:os.system", "!<tag:yaml.org,2002:js/regexp>", "!!binary"]) {
      const result = readFile(FLOW.replace(/^name: .*$/m, `name: ${tag} "() => 1"`), FlowFile);
      if (result.ok) expect(result.value.name).toBe("() => 1");
      else expect(result.faults[0]?.line).toBeGreaterThan(0);
    }
  });

  it("Y01 Y07 refuses aliases that blow up, and files over 1 MB", () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]`;
    expect(faultsOf(bomb)[0]?.code).toBe("aliases");
    expect(faultsOf(`# ${"x".repeat(1_000_001)}`)[0]?.code).toBe("too_large");
  });
});
