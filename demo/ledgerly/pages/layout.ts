import { html } from "hono/html";
import { initialsOf, type Markup, NOTHING } from "../../http/markup.ts";
import { type LedgerlyUser, USERS } from "../users.ts";

const SECTIONS = [
  { key: "overview", href: "/", label: "Overview" },
  { key: "invoices", href: "/invoices", label: "Invoices" },
  { key: "customers", href: "/customers", label: "Customers" },
  { key: "integrations", href: "/integrations", label: "Integrations" },
] as const;

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Products that stand in Ledgerly's place, to see the widget in the look of each. The first is Ledgerly itself. */
export const LOOKS = { ledgerly: "Ledgerly", harbor: "Harbor", petal: "Petal" } as const;
export type Look = keyof typeof LOOKS;

/** Who looks, where, and in which theme. */
export interface PageContext {
  user: LedgerlyUser;
  theme: Theme;
  look: Look;
  /** The page's own path and query, to come back to. */
  here: string;
}

export interface PageOptions extends PageContext {
  title: string;
  section: (typeof SECTIONS)[number]["key"];
  lead?: Markup | string;
  aside?: Markup;
  notice?: string | undefined;
  /** More for the head: scripts. */
  head?: Markup;
  /** False where no script of this page's own may run. */
  scripts?: boolean;
  wide?: boolean;
  body: Markup;
}

/** An address of its own, so that a page under a strict policy (`img-src … data:`) shows it too. */
export const ICON = html`<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%2318604a'/%3E%3Cpath d='M10 7v17h13' fill='none' stroke='%23fff' stroke-width='3.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3Cpath d='M16 17h7M16 11h7' stroke='%239fd8bf' stroke-width='3.4' stroke-linecap='round'/%3E%3C/svg%3E">`;

const MARK = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" /><path class="ink" d="M10 7v17h13" /><path class="rule" d="M16 17h7M16 11h7" /></svg>`;

function userSwitch(current: LedgerlyUser, here: string): Markup {
  const choice = (user: LedgerlyUser) => html`<button name="user" value="${user.id}" aria-pressed="${String(user.id === current.id)}">
  <span class="avatar" aria-hidden="true">${initialsOf(user.name)}</span><span>${user.name}</span></button>`;
  return html`<form class="switch" method="post" action="/switch" aria-label="Signed in as"><input type="hidden" name="back" value="${here}">${USERS.map(choice)}</form>`;
}

function themeSelect(theme: Theme): Markup {
  const names = { auto: "Auto", light: "Light", dark: "Dark" };
  const options = THEMES.map((key) => html`<option value="${key}" ${key === theme ? html`selected` : NOTHING}>${names[key]}</option>`);
  return html`<label class="theme">Theme <select id="theme">${options}</select></label>`;
}

/** A page of Ledgerly with its header. */
export function page(options: PageOptions): Markup {
  const {
    title,
    user,
    theme,
    look,
    here,
    section,
    lead = NOTHING,
    aside = NOTHING,
    notice,
    head = NOTHING,
    scripts = true,
    wide = false,
    body,
  } = options;
  const links = SECTIONS.map(
    ({ key, href, label }) => html`<a href="${href}" ${key === section ? html`aria-current="page"` : NOTHING}>${label}</a>`,
  );
  return html`<!doctype html>
<html lang="en" data-theme="${theme}" data-look="${look}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${LOOKS[look]}</title>
${ICON}
<link rel="stylesheet" href="/assets/style.css">
${look === "ledgerly" ? NOTHING : html`<link rel="stylesheet" href="/assets/looks.css">`}
${scripts ? html`<script type="module" src="/assets/theme.js"></script>` : NOTHING}
${head}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top">
  <a class="brand" href="/">${MARK}${LOOKS[look]}</a>
  <nav aria-label="Ledgerly">${links}</nav>
  <div class="tools">${scripts ? themeSelect(theme) : NOTHING}${userSwitch(user, here)}</div>
</header>
<main id="content" ${wide ? html`class="wide"` : NOTHING}>
  <div class="heading"><div><p class="org">${user.orgName}</p><h1>${title}</h1><p class="lead">${lead}</p></div>${aside}</div>
  ${notice ? html`<p class="notice" role="status">${notice}</p>` : NOTHING}
  ${body}
</main>
</body>
</html>`;
}
