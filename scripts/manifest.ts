// `custom-elements.json` and the README's lists of attributes, events, slots, parts and tokens, from the doc blocks in the code.
// `--check` changes nothing and refuses what is out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cli } from "@custom-elements-manifest/analyzer/cli.js";
import type { Manifest, Named } from "./manifest-shape.ts";
import { ROOT } from "./settings.ts";

const MANIFEST = join(ROOT, "widget/custom-elements.json");
const README = join(ROOT, "README.md");
const TAGS: Record<string, string> = {
  MarketplaceElement: "inlay-marketplace",
  SetupElement: "inlay-setup",
  IntegrationsElement: "inlay-integrations",
  AccountsElement: "inlay-accounts",
};
/** Members that lit asks for, which are no API of ours. */
const INNER = /^(render|willUpdate|updated|firstUpdated|userChanged|renderContent|connectedCallback|disconnectedCallback)/;

const sourceOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** `"inlay-x": { … };` of the event map, with the comment above it. */
function readEvents(): Named[] {
  const map = /interface InlayEventMap \{\n([\s\S]*?)\n\}/.exec(sourceOf("widget/events.ts"))?.[1] ?? "";
  return [...map.matchAll(/(?:\/\*\* (.*?) \*\/\s*)?"(inlay-[a-z-]+)": (.*);/g)].map(([, description, name = "", detail = ""]) => ({
    name,
    type: { text: `CustomEvent<${detail}>` },
    ...(description ? { description } : {}),
  }));
}

/** `@cssproperty --inlay-x - what it is`. */
const readTokens = (): Named[] =>
  [...sourceOf("widget/styles/tokens.ts").matchAll(/@cssproperty (--inlay-[a-z-]+) - (.*)/g)].map(([, name = "", description = ""]) => ({
    name,
    description,
  }));

/** The strings of `PARTS`. */
const readParts = (): string[] => [...sourceOf("widget/host/parts.ts").matchAll(/^ {2}"([a-z-]+)",$/gm)].map(([, name = ""]) => name);

async function analyze(): Promise<Manifest> {
  const globs = [
    "host/host-element",
    "marketplace/marketplace-element",
    "setup/setup-element",
    "integrations/integrations-element",
    "accounts/accounts-element",
  ];
  const argv = ["analyze", "--litelement", "--quiet", ...globs.flatMap((name) => ["--globs", `widget/${name}.ts`])];
  return (await cli({ argv, cwd: ROOT, noWrite: true })) as Manifest;
}

function complete(manifest: Manifest): Manifest {
  const [events, cssProperties] = [readEvents(), readTokens()];
  const modules = manifest.modules.flatMap((module) => {
    const declarations = module.declarations.flatMap((declaration) => {
      const tagName = TAGS[declaration.name];
      if (!tagName) return [];
      const members = (declaration.members ?? []).filter(
        ({ name, privacy, static: isStatic }) => !privacy && !isStatic && !name.startsWith("#") && !INNER.test(name),
      );
      const parts = new Map((declaration.cssParts ?? []).map((part) => [part.name, part]));
      const cssParts = readParts().map((name) => parts.get(name) ?? { name });
      return [{ ...declaration, tagName, customElement: true, members, events, cssParts, cssProperties }];
    });
    return declarations.length ? [{ ...module, declarations }] : [];
  });
  return { ...manifest, modules: modules.sort((a, b) => a.path.localeCompare(b.path)) };
}

const cell = (text = "") => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const rows = (list: Named[] = []) =>
  list.map(({ name, description, type }) => `| \`${name}\` | ${cell(description ?? (type ? `\`${type.text}\`` : ""))} |`).join("\n");

function describe(manifest: Manifest): string {
  const elements = manifest.modules.flatMap(({ declarations }) => declarations);
  const first = elements.find(({ tagName }) => tagName === "inlay-marketplace");
  const perElement = elements.map(
    ({ tagName, description, attributes, slots }) =>
      `**\`<${tagName}>\`** ${cell(description)}\n\nAttributes: ${(attributes ?? []).map(({ name }) => `\`${name}\``).join(" ")}. Slots: ${(slots ?? []).map(({ name }) => `\`${name}\``).join(" ")}.`,
  );
  const eventRows = (first?.events ?? [])
    .map(
      ({ name, type, description }) =>
        `| \`${name}\` | ${cell(`\`${type?.text.replace(/^CustomEvent<(.*)>$/, "$1")}\` ${description ?? ""}`.trim())} |`,
    )
    .join("\n");
  return [
    "### Elements",
    perElement.join("\n\n"),
    `| Attribute of \`<${first?.tagName}>\` | |\n| --- | --- |\n${rows(first?.attributes)}`,
    "### Events",
    "All bubble and cross shadow roots. `inlay-before-…` can be cancelled, which stops what would follow.",
    `| Event | Detail |\n| --- | --- |\n${eventRows}`,
    "### Styling",
    `Parts: ${(first?.cssParts ?? []).map(({ name }) => `\`${name}\``).join(" ")}.`,
    `| Custom property | |\n| --- | --- |\n${rows(first?.cssProperties)}`,
  ].join("\n\n");
}

const manifest = complete(await analyze());
const json = `${JSON.stringify(manifest, null, 2)}\n`;
const readme = sourceOf("README.md");
const next = readme.replace(
  /(<!-- elements -->\n)[\s\S]*?(<!-- \/elements -->)/,
  (_, open: string, close: string) => `${open}\n${describe(manifest)}\n\n${close}`,
);
if (process.argv.includes("--check")) {
  const stale = [json !== sourceOf("widget/custom-elements.json") && "widget/custom-elements.json", next !== readme && "README.md"].filter(
    Boolean,
  );
  if (stale.length) console.error(`${stale.join(" and ")} out of date: run npm run manifest`);
  process.exit(stale.length ? 1 : 0);
}
writeFileSync(MANIFEST, json);
writeFileSync(README, next);
