// The package's declarations, from the manifest and the event map: what hosts see, without a trace of how the elements are made.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { en } from "../widget/i18n/en.ts";
import { enMore } from "../widget/i18n/en-more.ts";
import { enYours } from "../widget/i18n/en-yours.ts";
import { setupEn } from "../widget/i18n/setup/en.ts";
import { scheduleEn } from "../widget/i18n/setup/en-schedule.ts";
import type { Declaration, Manifest, Member, Named } from "./manifest-shape.ts";
import { ROOT } from "./settings.ts";

const sourceOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The package's declaration files, by name. */
export function makeTypes(): Record<string, string> {
  const { modules } = JSON.parse(sourceOf("widget/custom-elements.json")) as Manifest;
  const elements = modules.flatMap(({ declarations }) => declarations);
  return {
    "index.d.ts": indexTypes(elements),
    "define.d.ts": '// Defines the elements, unless the page has them.\nimport "./index.js";\nexport {};\n',
    "react.d.ts": jsxTypes(elements, "react", reactProps),
    "react-18.d.ts": jsxTypes(elements, "react", reactPropsOld),
    "preact.d.ts": jsxTypes(elements, "preact", preactProps),
    "solid.d.ts": jsxTypes(elements, "solid-js", solidProps),
    "vue.d.ts": vueTypes(elements),
    "svelte.d.ts": svelteTypes(elements),
  };
}

interface Parts {
  tag: string;
  class: string;
  /** `inlay-x` as `InlayX`. */
  base: string;
  attributes: Named[];
  properties: Member[];
  methods: Member[];
}

function partsOf({ name, tagName = "", attributes = [], members = [] }: Declaration): Parts {
  const reflected = new Set(attributes.map((one) => (one as { fieldName?: string }).fieldName ?? one.name));
  return {
    tag: tagName,
    class: name,
    base: tagName.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    attributes,
    properties: members.filter((one) => one.kind === "field" && !reflected.has(one.name)),
    methods: members.filter(({ kind }) => kind === "method"),
  };
}

const doc = (text: string | undefined, indent: string) =>
  text ? `${indent}/** ${text.replaceAll("\n", " ").replaceAll("*/", "* /")} */\n` : "";
const typeOf = (one: Named) => (one.type?.text ?? "string").replace(/^Overrides$/, "Messages");

function indexTypes(elements: Declaration[]): string {
  const events = sourceOf("widget/events.ts");
  const map = events
    .slice(events.indexOf("export type View"), events.indexOf("export type InlayEventName"))
    .replaceAll('Integration["status"]', "IntegrationStatus")
    .replaceAll('Run["status"]', "RunStatus");
  const publicTypes = sourceOf("widget/package/public-types.ts").replace(/^\/\/.*\n\n?/, "");
  const keys = Object.keys({ ...en, ...enMore, ...enYours, ...setupEn, ...scheduleEn }).map((key) => `  | ${JSON.stringify(key)}`);
  const parts = elements.map(partsOf);
  return `import { LitElement } from "lit";

${publicTypes}
${map}export type InlayEventName = keyof InlayEventMap;

/** A public event; bubbles and is composed, cancelable where its name begins with \`inlay-before-\`. */
export declare class InlayEvent<Name extends InlayEventName = InlayEventName> extends CustomEvent<InlayEventMap[Name]> {
  constructor(name: Name, detail: InlayEventMap[Name]);
}

/** Why an app was not connected; \`message\` is in the user's language. */
export declare class ConnectError extends Error {
  readonly reason: ConnectFailure;
}

/** The keys of every text that the widget shows. */
export type MessageKey =
${keys.join("\n")};

/** Other words than the shipped ones, by language tag and key. */
export type Messages = Readonly<Record<string, Partial<Record<MessageKey, Message>>>>;

${parts.map(classTypes).join("\n")}
/** The elements by tag. */
export declare const elements: Readonly<Record<string, CustomElementConstructor>>;

declare global {
  interface HTMLElementTagNameMap {
${parts.map(({ tag, class: name }) => `    "${tag}": ${name};`).join("\n")}
  }
  interface HTMLElementEventMap extends InlayEvents {}
}
type InlayEvents = { [Name in InlayEventName]: InlayEvent<Name> };
`;
}

function classTypes({ tag, class: name, base, attributes, properties, methods }: Parts): string {
  const fields = [...attributes.map((one) => ({ ...one, name: (one as { fieldName?: string }).fieldName ?? one.name })), ...properties];
  const signature = ({ parameters = [], ...one }: Member) =>
    `${one.name}(${parameters.map((param) => (/^\w+$/.test(param.name) ? `${param.name}: ${typeOf(param)}` : `options?: ${optionsOf(param)}`)).join(", ")}): ${one.return?.type?.text ?? "void"};`;
  return `/** What \`<${tag}>\` takes as attributes. */
export interface ${base}Attributes {
${attributes.map((one) => `${doc(one.description, "  ")}  ${one.name}?: ${typeOf(one).replace(" | null", "")} | undefined;`).join("\n")}
}

/** What \`<${tag}>\` takes as properties alone. */
export interface ${base}Properties {
${properties.map((one) => `${doc(one.description, "  ")}  ${one.name}?: ${typeOf(one)}${/undefined/.test(typeOf(one)) ? "" : " | undefined"};`).join("\n")}
}

/** \`<${tag}>\` */
export declare class ${name} extends LitElement {
${fields.map((one) => `${doc(one.description, "  ")}  ${one.name}: ${typeOf(one)};`).join("\n")}
${methods.map((one) => `${doc(one.description, "  ")}  ${signature(one)}`).join("\n")}
}
`;
}

/** The type of a destructured last parameter. */
const optionsOf = (one: Named) =>
  typeOf(one) === "OpenOptions" ? "{ integration?: string; prefill?: Record<string, unknown> }" : typeOf(one);

function jsxTypes(elements: Declaration[], module: string, props: (parts: Parts) => string): string {
  const parts = elements.map(partsOf);
  return `// Types of the elements in JSX for ${module}. Import it once: import type {} from "@inlay/widget/…".
import type * as Inlay from "./index.js";
${HEADS[module] ?? ""}
declare module "${module}" {
  namespace JSX {
    interface IntrinsicElements {
${parts.map((one) => `      "${one.tag}": ${props(one)};`).join("\n")}
    }
  }
}
export {};
`;
}

const HEADS: Record<string, string> = {
  react: `import type { DetailedHTMLProps, HTMLAttributes } from "react";
type Events = { [Name in Inlay.InlayEventName as \`on\${Name}\`]?: (event: Inlay.InlayEvent<Name>) => void };
type InlayElement<Target, Own> = Omit<DetailedHTMLProps<HTMLAttributes<Target>, Target>, keyof Own> & Own;
`,
  preact: `import type { HTMLAttributes } from "preact";
type Events = { [Name in Inlay.InlayEventName as \`on\${Name}\`]?: (event: Inlay.InlayEvent<Name>) => void };
type InlayElement<Target extends EventTarget, Own> = Omit<HTMLAttributes<Target>, keyof Own> & Own;
`,
  "solid-js": `import type { JSX } from "solid-js";
type Events = { [Name in Inlay.InlayEventName as \`on:\${Name}\`]?: (event: Inlay.InlayEvent<Name>) => void };
type Prop<Own> = { [Name in keyof Own & string as \`prop:\${Name}\`]?: Own[Name] };
type InlayElement<Target, Own> = Omit<JSX.HTMLAttributes<Target>, keyof Own> & Own;
`,
};

const reactProps = ({ base, class: name }: Parts) =>
  `InlayElement<Inlay.${name}, Inlay.${base}Attributes & Inlay.${base}Properties & Events>`;
/** React 18 writes attributes alone: properties and events go by \`ref\`. */
const reactPropsOld = ({ base, class: name }: Parts) =>
  `InlayElement<Inlay.${name}, Omit<Inlay.${base}Attributes, "readonly"> & { readonly?: "" | undefined; class?: string | undefined }>`;
const preactProps = reactProps;
const solidProps = ({ base, class: name }: Parts) =>
  `InlayElement<Inlay.${name}, Inlay.${base}Attributes & Prop<Inlay.${base}Properties> & Events>`;

const handlerName = (event: string) => `on${event.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;

function vueTypes(elements: Declaration[]): string {
  const events = (elements[0]?.events ?? []).map(({ name }) => `  ${handlerName(name)}?: (event: Inlay.InlayEvent<"${name}">) => void;`);
  return `// Types of the elements in Vue templates. Import it once: import type {} from "@inlay/widget/vue".
import type { HTMLAttributes } from "vue";
import type * as Inlay from "./index.js";
interface Events {
${events.join("\n")}
}
type InlayElement<Own> = new () => { $props: Omit<HTMLAttributes, keyof Own> & Own & Events };

declare module "vue" {
  interface GlobalComponents {
${elements
  .map(partsOf)
  .map(({ tag, base }) => `    "${tag}": InlayElement<Inlay.${base}Attributes & Inlay.${base}Properties>;`)
  .join("\n")}
  }
}
export {};
`;
}

function svelteTypes(elements: Declaration[]): string {
  return `// Types of the elements in Svelte templates. Import it once: import type {} from "@inlay/widget/svelte".
import type { HTMLAttributes } from "svelte/elements";
import type * as Inlay from "./index.js";
type Events = { [Name in Inlay.InlayEventName as \`on\${Name}\` | \`on:\${Name}\`]?: (event: Inlay.InlayEvent<Name>) => void };
type InlayElement<Target extends EventTarget, Own> = Omit<HTMLAttributes<Target>, keyof Own> & Own & Events;

declare module "svelte/elements" {
  interface SvelteHTMLElements {
${elements
  .map(partsOf)
  .map(({ tag, base, class: name }) => `    "${tag}": InlayElement<Inlay.${name}, Inlay.${base}Attributes & Inlay.${base}Properties>;`)
  .join("\n")}
  }
}
export {};
`;
}
