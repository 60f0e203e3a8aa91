// Writes edge/catalogue/files.ts: the Worker has no folder to read the app files and templates from that come with the product.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./settings.ts";

const folder = join(ROOT, "edge/catalogue");
const textsOf = (name: string, ending: string) =>
  readdirSync(join(folder, name))
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => `  ${JSON.stringify(readFileSync(join(folder, name, file), "utf8"))},\n`)
    .join("");

const icons = readdirSync(join(folder, "icons"))
  .sort()
  .map((file) => `  ${JSON.stringify(`catalogue/${file}`)}: ${JSON.stringify(readFileSync(join(folder, "icons", file), "utf8"))},\n`)
  .join("");

const text = `// Written by \`npm run catalogue\` from the files beside it. Do not edit.
// biome-ignore-all format: each file is one line

/** App files that come with the product, as their text. */
export const CATALOGUE_APPS: readonly string[] = [\n${textsOf("apps", ".app.yaml")}];

/** Flow files to start from, as their text. */
export const CATALOGUE_TEMPLATES: readonly string[] = [\n${textsOf("templates", ".flow.yaml")}];

/** Marks of the apps, by the path that their files name: from Simple Icons (CC0), on a tile where a mark is dark. */
export const CATALOGUE_ICONS: Readonly<Record<string, string>> = {\n${icons}};
`;
writeFileSync(join(folder, "files.ts"), text);
console.log("edge/catalogue/files.ts");
