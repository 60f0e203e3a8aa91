import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../http/app-env.ts";

// `connect-src data:` is for the icons that the console's controls carry inside them; nothing can be sent there.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' data:; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const page = (c: Context<AppEnv>) => {
  c.header("content-security-policy", POLICY);
  // Whoever opened the console keeps no hold of it; its own windows, in which accounts are connected, stay its own.
  c.header("cross-origin-opener-policy", "same-origin-allow-popups");
  return c.html(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Inlay console</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/console.css"><script type="module" src="/console.js"></script></head><body><inlay-console></inlay-console></body></html>`,
  );
};

/** The console's page: one element, which asks the API with the member's session. Each of its views has an address below it. */
export const consolePage = new Hono<AppEnv>().get("/console", page).get("/console/*", page);
