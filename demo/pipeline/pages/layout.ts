import { html } from "hono/html";
import { COMPANIES, type Person } from "../../data/people.ts";
import { initialsOf, type Markup, NOTHING } from "../../http/markup.ts";

const SECTIONS = [
  { key: "contacts", href: "/contacts", label: "Contacts" },
  { key: "webhooks", href: "/webhooks", label: "Webhooks" },
  { key: "apps", href: "/apps", label: "Connected apps" },
  { key: "api", href: "/settings/api", label: "API" },
] as const;

export type Section = (typeof SECTIONS)[number]["key"];

const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><rect x="2" y="4" width="5.4" height="16" rx="2.2" /><rect x="9.3" y="4" width="5.4" height="11" rx="2.2" opacity=".75" /><rect x="16.6" y="4" width="5.4" height="7" rx="2.2" opacity=".5" /></svg>`;

function shell(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Pipeline</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/style.css">
<script type="module" src="/assets/live.js"></script>
</head>
${body}
</html>`;
}

/** A page of the product, for `person`. `aside` stands at the right of the heading. */
export function productPage(options: {
  title: string;
  person: Person;
  section: Section;
  notice?: string | undefined;
  aside?: Markup;
  body: Markup;
}) {
  const { title, person, section, notice, aside = NOTHING, body } = options;
  const links = SECTIONS.map(
    ({ key, href, label }) => html`<a href="${href}" ${key === section ? html`aria-current="page"` : NOTHING}>${label}</a>`,
  );
  return shell(
    title,
    html`<body class="product">
<header class="side">
  <a class="brand" href="/contacts">${MARK}Pipeline</a>
  <nav aria-label="Pipeline">${links}</nav>
  <form class="who" method="post" action="/sign-out">
    <span class="avatar" aria-hidden="true">${initialsOf(person.name)}</span>
    <span class="who-text"><strong>${person.name}</strong><span>${COMPANIES[person.company].name}</span></span>
    <button class="quiet small">Sign out</button>
  </form>
</header>
<main>
  <div class="heading"><h1>${title}</h1>${aside}</div>
  ${notice ? html`<p class="notice" role="status">${notice}</p>` : NOTHING}
  ${body}
</main>
</body>`,
  );
}

/** A page that holds one card and nothing else: sign-in, consent, messages. */
export function cardPage(title: string, body: Markup): Markup {
  return shell(title, html`<body class="alone"><main class="card"><p class="brand">${MARK}Pipeline</p>${body}</main></body>`);
}
