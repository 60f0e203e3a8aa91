// The API's document, and a page that shows it: rendered here, so that it needs no script and asks nobody else.
import { Hono } from "hono";
import { html, raw } from "hono/html";
import { generateSpecs } from "hono-openapi";
import { PROBLEM_STATUS } from "../../shared/api/problem.ts";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { openApiOptions } from "../http/openapi.ts";
import { type PrintedSchema, printSchema } from "../http/print-schema.ts";
import { hashSource } from "../http/style-hash.ts";
import { DOCS_STYLE } from "./docs-style.ts";

interface Content {
  content?: Record<string, { schema?: PrintedSchema }>;
  description?: string;
}
interface Operation {
  tags?: string[];
  summary?: string;
  description?: string;
  security?: Record<string, unknown>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: PrintedSchema }[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}
interface Document {
  info: { title: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, PrintedSchema> };
}

/** The document of `routes`, made at the first request: it does not change while the Worker runs. */
export function docs(routes: () => Hono<AppEnv>) {
  let made: Promise<Document> | undefined;
  const document = () => {
    made ??= generateSpecs(routes(), openApiOptions).then((specs) => JSON.parse(JSON.stringify(specs)) as Document);
    return made;
  };
  return new Hono<AppEnv>()
    .get(
      "/openapi.json",
      describe({ tag: "Service", summary: "This document (OpenAPI 3.1)", answers: { 200: null }, security: "none" }),
      async (c) => {
        c.header("access-control-allow-origin", "*");
        return c.json(await document());
      },
    )
    .get("/docs", async (c) => {
      const policy = `default-src 'none'; style-src ${await hashSource(DOCS_STYLE)}; frame-ancestors 'none'; base-uri 'none'`;
      c.header("content-security-policy", policy);
      return c.html(page(await document()));
    });
}

function page(document: Document) {
  const schemas = document.components?.schemas ?? {};
  const sections = bySection(document);
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${document.info.title} API</title><style>${raw(DOCS_STYLE)}</style></head>
<body><nav aria-label="Sections"><strong>${document.info.title} API</strong><ul>${[...sections.keys(), "Errors"].map((name) => html`<li><a href="#${slug(name)}">${name}</a></li>`)}</ul><p><a href="/openapi.json">openapi.json</a></p><p><a href="/docs/widget">Widget</a></p></nav>
<main><h1>${document.info.title} API</h1><p>${inline(document.info.description ?? "")}</p>
${[...sections].map(
  ([name, operations]) => html`<section id="${slug(name)}"><h2>${name}</h2>${operations.map((one) => operationOf(one, schemas))}</section>`,
)}
<section id="errors"><h2>Errors</h2><p>Every refusal is <code>application/problem+json</code> with one of these codes.</p>
<table><thead><tr><th scope="col">Code</th><th scope="col">Status</th></tr></thead><tbody>${Object.entries(PROBLEM_STATUS).map(
    ([code, status]) => html`<tr id="problem-${code}"><td><code>${code}</code></td><td>${status}</td></tr>`,
  )}</tbody></table></section></main></body></html>`;
}

interface Route extends Operation {
  method: string;
  path: string;
}

function bySection({ paths }: Document): Map<string, Route[]> {
  const sections = new Map<string, Route[]>();
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      const name = operation.tags?.[0] ?? "Others";
      sections.set(name, [...(sections.get(name) ?? []), { ...operation, method, path }]);
    }
  return sections;
}

function operationOf(route: Route, schemas: Record<string, PrintedSchema>) {
  const { method, path, summary = "", description, parameters = [], requestBody, responses = {}, security } = route;
  const signIn = security?.map((one) => Object.keys(one).join(" and ")).join(" or ");
  return html`<details><summary><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code> <span class="what">${summary}</span></summary>
<div class="body">${description ? html`<p>${inline(description)}</p>` : ""}${signIn ? html`<p class="quiet">Sign-in: ${signIn}</p>` : ""}
${parameters.length ? html`<h3>Parameters</h3><ul class="list">${parameters.map((one) => html`<li><code>${one.name}</code> <span class="quiet">${one.in}${one.required ? ", required" : ""}</span> ${inline(one.description ?? "")}</li>`)}</ul>` : ""}
${requestBody ? html`<h3>Body</h3>${schemaOf(requestBody, schemas)}` : ""}
<h3>Answers</h3>${Object.entries(responses).map(
    ([status, response]) =>
      html`<p><b>${status}</b> <span class="quiet">${inline(response.description ?? "")}</span></p>${status < "300" ? schemaOf(response, schemas) : ""}`,
  )}</div></details>`;
}

function schemaOf({ content = {} }: Content, schemas: Record<string, PrintedSchema>) {
  return Object.values(content).map(({ schema }) => (schema ? html`<pre tabindex="0">${printSchema(schema, schemas)}</pre>` : ""));
}

/** Text with its `code` in backticks marked. */
const inline = (text: string) => text.split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));

const slug = (name: string) => name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
