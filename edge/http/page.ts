// The few pages that the edge shows by itself: plain HTML, one inline stylesheet allowed by its hash, and no script but the one that closes a popup.
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { logRefusal } from "../security/log-line.ts";
import type { PageLanguage } from "./page-words.ts";
import { requestOf } from "./request-of.ts";

interface Page {
  title: string;
  text: string;
  /** English, where it is not given. */
  language?: Pick<PageLanguage, "lang" | "dir">;
  status?: ContentfulStatusCode;
  /** What the log says of a refusal, in English; the title where it is not given. */
  reason?: string;
  /** Closes its window at once: for pages in popups that have nothing more to say. */
  closes?: boolean;
  form?: { action: string; label: string; fields: Record<string, string> };
  link?: { href: string; label: string };
}

const STYLE = `:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:15px/1.5 system-ui,sans-serif;background:light-dark(#f7f7f8,#131316);color:light-dark(#1a1a1f,#ededf0)}
main{box-sizing:border-box;inline-size:min(24rem,calc(100% - 3rem));overflow-wrap:anywhere;padding:2rem;border:1px solid light-dark(#e4e4e8,#2a2a30);border-radius:12px;background:light-dark(#fff,#1b1b1f)}
h1{margin:0 0 .5rem;font-size:1.125rem;line-height:1.3}p{margin:0;color:light-dark(#5c5c66,#a5a5b0)}
button,a{display:block;box-sizing:border-box;text-align:center;text-decoration:none;margin-block-start:1.5rem;inline-size:100%;padding:.625rem 1rem;border:0;border-radius:8px;font:inherit;font-weight:550;color:#fff;background:#4f46e5;cursor:pointer}
:is(button,a):hover{background:#4338ca}:is(button,a):focus-visible{outline:2px solid #818cf8;outline-offset:2px}`;

const CLOSE = "window.close()";

let hashes: Promise<{ style: string; script: string }> | undefined;
const hashOf = async (text: string) => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
};

/** Answers a small page with a heading, a sentence and perhaps one button. Everything in it is escaped. */
export async function page(
  c: Context,
  { title, text, language, status = 200, reason = title, closes = false, form, link }: Page,
): Promise<Response> {
  const { lang, dir } = language ?? { lang: "en", dir: "ltr" };
  if (status >= 400) logRefusal("refused", { reason, status, ...requestOf(c) });
  hashes ??= Promise.all([hashOf(STYLE), hashOf(CLOSE)]).then(([style, script]) => ({ style, script }));
  const { style, script } = await hashes;
  const scripts = closes ? ` script-src 'sha256-${script}';` : "";
  const csp = `default-src 'none'; style-src 'sha256-${style}';${scripts} form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
  c.header("content-security-policy", csp);
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "same-origin");
  const fields = Object.entries(form?.fields ?? {}).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const button = form ? html`<form method="post" action="${form.action}">${fields}<button>${form.label}</button></form>` : "";
  const onward = link ? html`<a href="${link.href}">${link.label}</a>` : "";
  return c.html(
    html`<!doctype html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${raw(STYLE)}</style></head><body><main><h1>${title}</h1><p>${text}</p>${button}${onward}</main>${closes ? html`<script>${raw(CLOSE)}</script>` : ""}</body></html>`,
    status,
  );
}
