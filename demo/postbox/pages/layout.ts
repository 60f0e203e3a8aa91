import { html } from "hono/html";
import { COMPANIES, type Person } from "../../data/people.ts";
import { type Markup, NOTHING } from "../../http/markup.ts";

const SECTIONS = [
  { key: "audiences", href: "/audiences", label: "Audiences" },
  { key: "keys", href: "/keys", label: "API keys" },
  { key: "requests", href: "/requests", label: "Request log" },
] as const;

export type Section = (typeof SECTIONS)[number]["key"];

const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><rect x="2" y="5" width="20" height="14" rx="4" /><path d="m5.5 9.2 6.5 4.6 6.5-4.6" /></svg>`;

function shell(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Postbox</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/style.css">
<script type="module" src="/assets/live.js"></script>
</head>
${body}
</html>`;
}

/** A page of the product, for `person`. `lead` stands under the heading, `aside` at its right. */
export function productPage(options: {
  title: string;
  person: Person;
  section: Section;
  lead?: Markup;
  aside?: Markup;
  notice?: string | undefined;
  body: Markup;
}) {
  const { title, person, section, lead = NOTHING, aside = NOTHING, notice, body } = options;
  const links = SECTIONS.map(
    ({ key, href, label }) => html`<a href="${href}" ${key === section ? html`aria-current="page"` : NOTHING}>${label}</a>`,
  );
  return shell(
    title,
    html`<body>
<header class="top">
  <a class="brand" href="/audiences">${MARK}Postbox</a>
  <nav aria-label="Postbox">${links}</nav>
  <form class="who" method="post" action="/sign-out"><span>${COMPANIES[person.company].name}</span><button class="quiet small">Sign out</button></form>
</header>
<main>
  <div class="heading"><div><h1>${title}</h1>${lead}</div>${aside}</div>
  ${notice ? html`<p class="notice" role="status">${notice}</p>` : NOTHING}
  ${body}
</main>
</body>`,
  );
}

/** A page that holds one card: sign-in and messages. */
export function cardPage(title: string, body: Markup): Markup {
  return shell(
    title,
    html`<body class="alone"><main class="card"><p class="brand">${MARK}Postbox</p><h1>${title}</h1>${body}</main></body>`,
  );
}
