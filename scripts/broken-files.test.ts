// Three hundred flow files, each broken in one place: each is refused with a line and a reason, and none is too much for the reader.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import { checkFlow } from "../edge/engine/check-flow.ts";
import { seededRandom } from "../edge/engine/seeded-random.ts";
import { AppFile } from "../shared/flow/app-file.ts";
import { FlowFile } from "../shared/flow/flow-file.ts";
import { type FileFault, placeFaults, readFile } from "../shared/flow/read-file.ts";
import { ROOT } from "./settings.ts";

const FOLDERS = ["demo/catalogue", "edge/catalogue/templates", "edge/catalogue/apps"].map((folder) => join(ROOT, folder));
const texts = (ending: string) =>
  FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(join(folder, name), "utf8")),
  );
const apps = Object.fromEntries(
  texts(".app.yaml").flatMap((text) => {
    const result = readFile(text, AppFile);
    return result.ok ? [[result.value.key, result.value]] : [];
  }),
);

/** What keeps the file from being published, each at its place. */
function faultsOf(text: string): FileFault[] {
  const result = readFile(text, FlowFile);
  return result.ok ? placeFaults(text, checkFlow(result.value, apps)) : result.faults;
}

type Pick = <T>(list: readonly T[]) => T;
/** A change that breaks any flow file in one place. */
const BREAKS: Record<string, (text: string, pick: Pick) => string> = {
  "a required key is gone": (text, pick) => withoutPair(text, pick(["inlay", "key", "name", "blocks"]), "root"),
  "a block has no trigger": (text, pick) => withoutPair(text, pick(["trigger", "steps", "name", "key"]), "block"),
  "a key that is none": (text, pick) => {
    const at = pick([...text.matchAll(/^( *)(?:- )?(key|name|trigger|title|label|steps|blocks|pages|fields|description): /gm)]);
    return `${text.slice(0, at.index)}${at[0].replace(/(\w+): $/, "$1x: ")}${text.slice(at.index + at[0].length)}`;
  },
  "a number where a list belongs": (text, pick) => replaceValue(text, pick(["blocks", "steps", "tags", "pages"]), "17"),
  "a word that is no choice": (text) =>
    `${text.trimEnd()}\ninstances: several\naudience: friends\n`
      .replace(/^instances: (?!several).*\n/m, "")
      .replace(/^audience: (?!friends).*\n/m, ""),
  "an open expression": (text, pick) => {
    const at = pick([...text.matchAll(/ *\}\}"/g)]);
    return `${text.slice(0, at.index)}"${text.slice(at.index + at[0].length)}`;
  },
  "an expression that does not parse": (text, pick) => {
    const at = pick([...text.matchAll(/\{\{ /g)]);
    return `${text.slice(0, at.index)}{{ ) + ( ${text.slice(at.index + at[0].length)}`;
  },
  "a line that is no YAML": (text, pick) => {
    const lines = text.split("\n");
    const at = pick(lines.map((line, index) => (/^\w+:/.test(line) ? index : -1)).filter((index) => index >= 0));
    lines.splice(at, 0, pick(["\t- x", "  : : [", '"unclosed', "]", "{ a: b"]));
    return lines.join("\n");
  },
  "a key twice": (text) => `${text.trimEnd()}\nname: Again\n`,
  "a slot, operation or block that is not there": (text, pick) => {
    const at = pick([...text.matchAll(/\b(?:action|query|call|poll|app_event): ([\w.]+)/g), ...text.matchAll(/^ {2}(\w+): \{ app: /gm)]);
    if (!at) return text;
    return `${text.slice(0, at.index)}${at[0].replace(at[1] ?? "", at[0].includes("app:") ? "other" : (at[1] ?? "").includes(".") ? "nobody.nothing" : "nobody")}${text.slice(at.index + at[0].length)}`;
  },
};

/** The file without a pair of this name, at its root or in one of its blocks. */
function withoutPair(text: string, name: string, where: "root" | "block"): string {
  const document = parseDocument(text);
  const blocks = document.get("blocks");
  const map = where === "root" ? document.contents : isSeq(blocks) ? blocks.items[0] : undefined;
  if (isMap(map)) map.delete(name);
  return String(document);
}

/** The file with another value for the first pair of this name. */
function replaceValue(text: string, name: string, value: string): string {
  const document = parseDocument(text);
  let isDone = false;
  visit(document, {
    Pair(_, pair) {
      if (isDone || !isScalar(pair.key) || pair.key.value !== name) return undefined;
      isDone = true;
      pair.value = document.createNode(Number(value));
      return visit.BREAK;
    },
  });
  return String(document);
}

it("300 broken flow files are refused, each with a line and a reason", () => {
  const random = seededRandom("broken files");
  const pick: Pick = (list) => list[Math.floor(random() * list.length)] as (typeof list)[number];
  const flows = texts(".flow.yaml");
  for (const text of flows) expect(faultsOf(text)).toEqual([]);
  const kinds = Object.entries(BREAKS);
  let refused = 0;
  for (let number = 0; refused < 300; number++) {
    const [kind, breakIt] = kinds[number % kinds.length] as (typeof kinds)[number];
    const whole = pick(flows);
    const broken = breakIt(whole, pick);
    if (broken === whole || (kind === "a number where a list belongs" && !/: 17$/m.test(broken))) continue;
    const faults = faultsOf(broken);
    expect(faults.length, `${kind}:\n${broken}`).toBeGreaterThan(0);
    for (const { line, column, message } of faults) {
      expect(line, kind).toBeGreaterThan(0);
      expect(line, kind).toBeLessThanOrEqual(broken.split("\n").length);
      expect(column, kind).toBeGreaterThan(0);
      expect(message.length, kind).toBeGreaterThan(5);
    }
    refused++;
  }
  expect(refused).toBe(300);
});
