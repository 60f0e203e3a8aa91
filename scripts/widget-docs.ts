// The reference page at `/docs/widget`: what `custom-elements.json` says of each element, around real elements that run on sample data.
// Rendered when the widget is built, so that it never speaks of another version than the one beside it.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { LOCALES } from "../widget/i18n/locales.ts";
import type { Declaration, Manifest, Named } from "./manifest-shape.ts";
import type { Release } from "./release.ts";
import { ROOT } from "./settings.ts";

/** What each example shows, by tag: attributes of the element. */
const EXAMPLES: Record<string, string> = {
  "inlay-marketplace": 'layout="grid"',
  "inlay-setup": 'flow="contacts-to-newsletter"',
  "inlay-integrations": "",
  "inlay-accounts": "",
};
const ORDER = Object.keys(EXAMPLES);

/** Writes the page, its script and its style into `folder`, beside the release that it describes. */
export async function writeWidgetDocs(folder: string, release: Release): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(ROOT, "widget/custom-elements.json"), "utf8")) as Manifest;
  mkdirSync(join(folder, "docs"), { recursive: true });
  writeFileSync(join(folder, "docs/widget.html"), renderWidgetDocs(manifest, release));
  copyFileSync(join(ROOT, "widget/docs/docs.css"), join(folder, "docs/widget.css"));
  await build({
    configFile: false,
    logLevel: "error",
    root: ROOT,
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      reportCompressedSize: false,
      rollupOptions: { input: { "docs/widget": "widget/docs/docs.ts" }, output: { entryFileNames: "[name].js" } },
    },
  });
}

/** The page's HTML. */
export function renderWidgetDocs(manifest: Manifest, release: Release): string {
  const elements = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .sort((a, b) => ORDER.indexOf(a.tagName ?? "") - ORDER.indexOf(b.tagName ?? ""));
  const [first] = elements;
  const sections: [string, string, string][] = [
    ["start", "Start", start(release)],
    ...elements.map((element): [string, string, string] => [element.tagName ?? "", `<${element.tagName}>`, elementSection(element)]),
    ["events", "Events", eventsSection(first?.events ?? [])],
    ["styling", "Styling", stylingSection(first)],
    ["languages", "Languages", languagesSection()],
    ["frameworks", "Frameworks", frameworksSection()],
    ["policies", "Security policies", policiesSection(release)],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Inlay widget reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/widget.css">
<script type="module" src="/inlay.js"></script>
<script type="module" src="/docs/widget.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the reference</a>
<nav aria-label="Sections"><strong>Inlay widget</strong><span class="version">${escapeHtml(release.version)}</span>
<ul>${sections.map(([id, title]) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join("")}</ul>
<a href="/docs">HTTP API</a></nav>
<main id="main">
<h1>Widget reference</h1>
<p class="lead">Native elements that put an integrations marketplace into any page. Everything below that looks like the widget is the widget, running on sample data in this page; nothing is sent anywhere.</p>
${controls()}
${sections.map(([id, title, body]) => `<section id="${id}"><h2>${escapeHtml(title)}</h2>${body}</section>`).join("\n")}
</main>
</body>
</html>
`;
}

function controls(): string {
  const locales = ["en", ...Object.keys(LOCALES)];
  const names = new Intl.DisplayNames("en", { type: "language" });
  const options = locales.map((tag) => `<option value="${tag}">${escapeHtml(names.of(tag) ?? tag)}</option>`).join("");
  return `<form class="controls" aria-label="How the examples look">
<label>Theme <select name="theme"><option>auto</option><option>light</option><option>dark</option></select></label>
<label>Language <select name="lang">${options}</select></label>
<label>Accent <input type="color" name="accent" value="#4f46e5"></label>
<label>Radius <input type="range" name="radius" min="0" max="16" value="7"></label>
<label class="check"><input type="checkbox" name="readonly"> Read only</label>
</form>`;
}

function start({ version, script, integrity, chunks }: Release): string {
  const tag = `<script type="module" src="https://EDGE/inlay.js"></script>\n<inlay-marketplace></inlay-marketplace>\n<script type="module">
  const element = document.querySelector("inlay-marketplace");
  element.getToken = async () => {
    const answer = await fetch("/session", { method: "POST" });
    return (await answer.json()).token;
  };
</script>`;
  const pinned = `<script type="module" src="https://EDGE${script}"\n  integrity="${integrity}"\n  crossorigin></script>`;
  const map = JSON.stringify(
    { integrity: Object.fromEntries(Object.entries(chunks).map(([path, hash]) => [`https://EDGE${path}`, hash])) },
    null,
    2,
  );
  return `<p><code>EDGE</code> is the address of your Inlay. The script defines the elements and does nothing else; nothing is asked for before an element has a token, which your backend signs for its user.</p>
${code(tag)}
<p>What stands below the element moves as the script and the list arrive, unless the page keeps their place: <code>inlay-marketplace { display: block; min-block-size: 100dvb }</code>.</p>
<h3>A version that never changes</h3>
<p><code>/inlay.js</code> is always the newest, kept by browsers for five minutes. <code>${escapeHtml(script)}</code> is this release and stays as it is; <code>integrity</code> lets the browser refuse anything else. <a href="/releases.json"><code>/releases.json</code></a> lists every release with its hashes.</p>
${code(pinned)}
<details><summary>Hashes of the chunks too</summary><p>The script names its chunks by their content. A page that wants each of them checked puts this import map before the script (Chrome 127, Safari 18, Firefox 138).</p>
${code(`<script type="importmap">\n${map}\n</script>`)}</details>
<p class="quiet">Version ${escapeHtml(version)}.</p>`;
}

function elementSection(element: Declaration): string {
  const { tagName = "", description = "", attributes = [], members = [], slots = [] } = element;
  const attributeNames = new Set(attributes.map((one) => (one as { fieldName?: string }).fieldName ?? one.name));
  const properties = members.filter(({ kind, name }) => kind === "field" && !attributeNames.has(name));
  const methods = members.filter(({ kind }) => kind === "method");
  return `<p>${inline(description)}</p>
<div class="example"><${tagName} ${EXAMPLES[tagName] ?? ""} data-example></${tagName}></div>
${table(
  "Attributes",
  ["Attribute", "Type", ""],
  attributes.map((one) => [codeOf(one.name), codeOf(one.type?.text), inline(one.description)]),
)}
${table(
  "Properties",
  ["Property", "Type", ""],
  properties.map((one) => [codeOf(one.name), codeOf(one.type?.text), inline(one.description)]),
)}
${table(
  "Methods",
  ["Method", "Answers", ""],
  methods.map(({ name, parameters = [], return: answer, description: says }) => [
    codeOf(`${name}(${parameters.map((one) => (/^\w+$/.test(one.name) ? one.name : "options?")).join(", ")})`),
    codeOf(answer?.type?.text ?? "void"),
    inline(says),
  ]),
)}
${table(
  "Slots",
  ["Slot", ""],
  slots.map((one) => [codeOf(one.name), inline(one.description)]),
)}`;
}

function eventsSection(events: Named[]): string {
  const rows = events.map(({ name, type, description }) => [
    codeOf(name),
    codeOf(type?.text.replace(/^CustomEvent<(.*)>$/s, "$1")),
    inline(description),
  ]);
  return `<p>All are <code>CustomEvent</code>s that bubble, cross shadow roots and are fired on the element that you placed, once the edge has confirmed what they tell. Those that begin with <code>inlay-before-</code> are cancelable: <code>preventDefault()</code> stops what would follow.</p>
<h3 id="log-title">Fired on this page</h3>
<ol class="log" role="log" aria-labelledby="log-title" tabindex="0" data-log></ol>
${table("", ["Event", "Detail", ""], rows)}`;
}

function stylingSection(element: Declaration | undefined): string {
  const { cssProperties = [], cssParts = [] } = element ?? {};
  return `<p>Custom properties inherit: set them on the element or on anything around it. Light and dark follow the page (<code>color-scheme</code>, or what the element stands on).</p>
${code("inlay-marketplace {\n  --inlay-color-accent: #0f766e;\n  --inlay-radius: 2px;\n  --inlay-font-family: Georgia, serif;\n}\ninlay-marketplace::part(card) {\n  border-width: 2px;\n}")}
${table(
  "Custom properties",
  ["Property", ""],
  cssProperties.map((one) => [codeOf(one.name), inline(one.description)]),
)}
<h3>Parts</h3><p class="names">${cssParts.map(({ name }) => codeOf(name)).join(" ")}</p>`;
}

function languagesSection(): string {
  const names = new Intl.DisplayNames("en", { type: "language" });
  const list = ["en", ...Object.keys(LOCALES)].map((tag) => `${names.of(tag) ?? tag} (${codeOf(tag)})`).join(", ");
  return `<p>${list}. <code>pt-PT</code> takes <code>pt-BR</code>, <code>de-AT</code> takes <code>de</code>; dates and numbers follow the tag that you gave. What is not there is English.</p>
<p>Override any text by language, or bring a language of your own:</p>
${code('element.messages = {\n  en: { "view.marketplace": "App store" },\n  sv: { "view.marketplace": "Appar", "view.accounts": "Konton" },\n};')}
<p>Flow files carry their own translations (<code>translations</code>, by language tag); the widget asks for them with <code>Accept-Language</code>.</p>`;
}

function frameworksSection(): string {
  return `<p>The npm package <code>@inlay/widget</code> holds the same elements as ES modules with Lit left out, types for TypeScript, JSX (React 18 and 19, Preact, Solid), Vue and Svelte, and may be imported on a server.</p>
<h3>React 19</h3>${code('import "@inlay/widget/define";\nimport type {} from "@inlay/widget/react";\n\nexport const Integrations = () => (\n  <inlay-marketplace api="https://EDGE" getToken={fetchToken} oninlay-run-finished={(event) => track(event.detail)} />\n);')}
<h3>Vue</h3>${code('<script setup lang="ts">\nimport "@inlay/widget/define";\n</script>\n<template>\n  <inlay-marketplace api="https://EDGE" :getToken="fetchToken" @inlay-run-finished="track($event.detail)" />\n</template>')}`;
}

function policiesSection({ script }: Release): string {
  return `<p>The widget needs neither inline scripts nor inline styles, makes no string into code, and works where Trusted Types are required; Lit's policy is called <code>lit-html</code>.</p>
${code("Content-Security-Policy:\n  script-src https://EDGE;\n  style-src 'self';\n  connect-src https://EDGE;\n  img-src https://EDGE data:;\n  require-trusted-types-for 'script';\n  trusted-types lit-html")}
<p>This page is served under such a policy. It leaves nothing in <code>window</code>, no style outside its shadow roots, and asks no origin but <code>EDGE</code>. With <code>${escapeHtml(script)}</code> and <code>integrity</code>, not even the edge can change what runs in your page.</p>`;
}

function table(title: string, head: string[], rows: string[][]): string {
  if (!rows.length) return "";
  const heading = title ? `<h3>${title}</h3>` : "";
  const cells = head.map((one) => `<th scope="col">${one}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
  return `${heading}<div class="scroll"><table><thead><tr>${cells}</tr></thead><tbody>${body}</tbody></table></div>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
const codeOf = (text = "") => `<code>${escapeHtml(text)}</code>`;
const code = (text: string) => `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>`;
/** Text with its `code` in backticks marked. */
const inline = (text = "") =>
  text
    .split("`")
    .map((part, index) => (index % 2 ? codeOf(part) : escapeHtml(part)))
    .join("");
